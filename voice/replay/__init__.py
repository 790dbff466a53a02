"""Recorded calls through the same pipeline, on a virtual clock."""

"""Anger, heard in the caller's voice and wording. Only ever given the caller's track."""

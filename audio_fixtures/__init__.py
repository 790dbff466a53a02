"""Recorded callers: scripts of who says what and how, the calls rendered from them, what each leads to."""

"""Reading a caller's words for one thing that must be known: pure, English and French, best guess first."""

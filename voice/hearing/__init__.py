"""From a caller's audio to words: voice activity, turns, the shared speech engine."""

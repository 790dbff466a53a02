"""From sentences to audio: voices, and prompts synthesised before they are needed."""

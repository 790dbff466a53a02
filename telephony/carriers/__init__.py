"""Where calls come from: each carrier's published protocol, and an emulator of its end."""

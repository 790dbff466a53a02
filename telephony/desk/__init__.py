"""Where agents sit: sign-in, presence, the page and its interface."""

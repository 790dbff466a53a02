"""What can happen on a call, and where it is written down. Imported by both packages; imports neither."""

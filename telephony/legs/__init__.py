"""One leg is one party on the line: the caller, an agent, the voice worker."""

"""Who has the call and who gets it next: the state machine, its parts, and the waiting line. No I/O."""

"""A whole call to watch: the system is started, rung by a recorded caller, and taken over by a person."""

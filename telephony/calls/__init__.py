"""A call as it runs: what the state machine asks for is done here, on legs, timers, journal and recording."""

"""The voice worker: hearing, feeling, answering, speaking, and knowing when to give way."""

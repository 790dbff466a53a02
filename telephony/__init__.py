"""The switchboard: lines, legs, people, queues and screens. It holds every caller and runs no model."""

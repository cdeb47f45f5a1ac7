"""The load test: what the service must bear."""

"""The load test: what the worker must bear."""

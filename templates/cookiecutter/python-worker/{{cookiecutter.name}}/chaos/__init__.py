"""Experiments: what the service must survive, tried."""

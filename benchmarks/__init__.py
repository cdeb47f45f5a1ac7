"""Measurements: how right the checks are, and how fast Handrail is."""

"""Scorecards: checks, evaluation, history, the gate and waivers."""

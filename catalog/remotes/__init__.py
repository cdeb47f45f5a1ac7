"""Repositories elsewhere: their addresses, what they may ask of us, and a bare shallow mirror of each."""

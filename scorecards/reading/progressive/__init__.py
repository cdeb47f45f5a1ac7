"""Progressive delivery: what releases to some users first, and what then decides whether the rest follow."""

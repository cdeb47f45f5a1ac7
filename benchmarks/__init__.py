"""What Handrail is worth, measured: how fast beside its peers (`make bench`), how often right (`accuracy`)."""

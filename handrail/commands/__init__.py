"""The commands, one module each, named as in the table of `handrail.__main__`."""

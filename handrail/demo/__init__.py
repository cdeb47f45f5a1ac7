"""The sample organisation: Tern, a ferry company that does not exist, with the troubles of those that do."""

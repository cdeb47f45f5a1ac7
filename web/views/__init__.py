"""Blueprints, one module a page; each is found by its file."""

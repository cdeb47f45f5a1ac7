"""Ways back from a bad release: what a repository declares, what its pipelines run, what nothing calls."""

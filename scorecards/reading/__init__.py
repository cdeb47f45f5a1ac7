"""What several checks read in common: where files count, what is hollow, pipelines, workloads, prose."""

"""Deployments: what a pipeline's commands and actions bring to run, what GitOps objects keep running."""

"""Golden paths: render, update and drift of cookiecutter templates."""

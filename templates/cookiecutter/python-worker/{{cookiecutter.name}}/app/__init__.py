"""The worker {{ cookiecutter.name }}: it delivers notices that wait in a queue."""

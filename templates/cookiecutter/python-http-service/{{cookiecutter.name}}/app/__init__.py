"""The service {{ cookiecutter.name }}: the price of something in another currency."""

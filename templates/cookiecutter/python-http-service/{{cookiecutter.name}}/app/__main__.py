"""Start the service: python -m app."""

import os
import sys

from app.server import serve
from app.settings import Settings, WrongSetting

if __name__ == "__main__":
    try:
        settings = Settings.from_environment(os.environ)
    except WrongSetting as error:
        sys.exit(f"{{ cookiecutter.name }}: {error}")
    sys.exit(serve(settings))

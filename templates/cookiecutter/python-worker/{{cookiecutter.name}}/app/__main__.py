"""The worker and what its operators need: python -m app [work | migrate | put | dead | revive].

    work                       take notices from the queue and deliver them (the default)
    migrate                    bring the database's tables up to this release
    put KEY RECIPIENT TEXT     put a notice into the queue
    dead                       list dead letters
    revive KEY...              put dead letters back into the queue; `revive --all` all of them
"""

from __future__ import annotations

import json
import os
import sys

import psycopg

from app import schema
from app.jobs import Queue
from app.settings import Settings, WrongSetting
from app.worker import work


def main(arguments: list[str]) -> int:
    settings = Settings.from_environment(os.environ)
    match arguments:
        case [] | ["work"]:
            return work(settings)
        case ["migrate"]:
            print(f"schema {schema.migrate(settings)}")
        case ["put", key, recipient, text]:
            with Queue.connect(settings) as queue:
                print("put" if queue.put(key, {"to": recipient, "text": text}) else "was there already")
        case ["dead"]:
            with Queue.connect(settings) as queue:
                for letter in queue.dead_letters():
                    print(json.dumps(letter, ensure_ascii=False))
        case ["revive", *keys] if keys:
            with Queue.connect(settings) as queue:
                print(f"{queue.revive(None if keys == ['--all'] else keys)} put back")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except WrongSetting as error:
        sys.exit(f"{{ cookiecutter.name }}: {error}")
    except psycopg.Error as error:
        sys.exit(f"{{ cookiecutter.name }}: the queue cannot be used: {error}")

"""Running Handrail in a repository that a test commits to."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from catalog.gitcommand import environment
from handrail.__main__ import main

Git = Callable[..., str]
ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "handrail" / "schemas"


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Checkout:
    """A working copy."""

    path: Path
    git: Git

    def commit(self, files: Mapping[str, str | None], message: str = "change") -> str:
        """Write these files, remove those that are None, commit all and give the commit's id."""
        for name, text in files.items():
            file = self.path / name
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
        self.git(self.path, "add", "-A")
        self.git(self.path, "commit", "--allow-empty", "-qm", message)
        return self.git(self.path, "rev-parse", "HEAD")

    def run(self, *arguments: str) -> Done:
        """Run Handrail in the working copy."""
        return handrail(self.path, *arguments)


def handrail(folder: Path, *arguments: str) -> Done:
    """Run Handrail in a folder, as `python -m handrail` does, without the cost of a process."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    err = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    status = 0
    before = Path.cwd(), sys.argv
    os.chdir(folder)
    sys.argv = ["handrail", *arguments]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        os.chdir(before[0])
        sys.argv = before[1]
    return Done(status, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def process(folder: Path, *arguments: str) -> Done:
    """Run Handrail in a folder as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "handrail", *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={
            **environment(),
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "PYTHONPATH": str(ROOT),
        },
    )
    return Done(done.returncode, done.stdout, done.stderr)


def descriptor(name: str = "payments", **spec: str | None) -> str:
    """A Component's descriptor; a field of the spec that is None is left out."""
    fields: dict[str, str | None] = {
        "type": "service",
        "lifecycle": "production",
        "owner": "group:default/payments",
        **spec,
    }
    lines = [f"  {key}: {value}" for key, value in fields.items() if value is not None]
    head = f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n"
    return head + "  description: Takes and settles card payments.\nspec:\n" + "\n".join(lines) + "\n"


def validate(name: str, data: object) -> None:
    """Hold a report against its JSON Schema."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(data)

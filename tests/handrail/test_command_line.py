"""The command line as it is called: what it imports, how it ends, whose code it runs."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from handrail.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
SAMPLE = {
    "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: payments}\n"
    "spec: {type: service, lifecycle: production, owner: group:payments}\n",
    "README.md": "# Payments\n\nTakes payments.\n\n## Run it\n\n    make run\n",
}


def handrail(*arguments: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "handrail", *arguments]
    given = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(
        command, cwd=cwd, env=given, capture_output=True, text=True, timeout=120, check=False
    )


def imported(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a fresh interpreter has imported when the command ends."""
    script = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('MODULES', *sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['handrail', *{list(arguments)!r}]\n"
        "from handrail.__main__ import main\nmain()\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    line = next(line for line in done.stderr.splitlines() if line.startswith("MODULES"))
    return set(line.split())


@pytest.fixture
def repository(tmp_path, git) -> Path:
    where = tmp_path / "payments"
    where.mkdir()
    git(where, "init", "-q")
    for name, content in SAMPLE.items():
        (where / name).write_text(content)
    git(where, "add", "-A")
    git(where, "commit", "-qm", "First")
    return where


def test_help_imports_no_command_and_nothing_heavy(tmp_path):
    modules = imported("--help", cwd=tmp_path)
    assert not [m for m in modules if m.startswith("handrail.commands.")]
    assert not modules & {
        "yaml",
        "pygit2",
        "sqlalchemy",
        "flask",
        "rich",
        "jsonschema",
        "git",
        "cookiecutter",
    }


@pytest.mark.parametrize(
    "arguments", [("check", "."), ("gate", ".", "--base", "HEAD"), ("explain",), ("validate", ".")]
)
def test_commands_without_a_database_never_import_one(repository, arguments):
    modules = imported(*arguments, cwd=repository)
    assert not modules & {"sqlmodel", "sqlalchemy", "flask", "alembic", "cookiecutter"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_examples(name):
    done = handrail(name, "--help")
    assert done.returncode == 0
    assert f"handrail {name}" in done.stdout
    assert "Examples:" in done.stdout


def test_the_summaries_are_those_of_the_table():
    shown = handrail("--help").stdout
    for name, summary in COMMANDS.items():
        assert re.search(rf"^  {name}\s+{re.escape(summary)}$", shown, re.MULTILINE)
    assert handrail("--version").stdout.startswith("handrail 0.")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("chek",), "No such command"),
        (("check", "nowhere"), "nowhere"),
        (("check", "--as-of", "tomorrow"), "not a date"),
        (("gate", ".", "--base", "no-such-ref"), "no-such-ref"),
        (("explain", "slo"), "slo"),
        (("new", "no-such-template"), "python-http-service"),
        (("crawl",), "Name a folder"),
        (("crawl", "nowhere"), "is not a folder"),
        (("services", "--db", "sqlite:///none.db"), "handrail crawl FOLDER"),
        (("serve", "--db", "sqlite:///none.db"), "handrail crawl FOLDER"),
        (("serve", "--db", "oracle://x"), "not a database address|not supported"),
        (("validate", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_ends_with_2(repository, arguments, says):
    done = handrail(*arguments, cwd=repository)
    assert done.returncode == 2, done.stderr
    assert re.search(says, done.stdout + done.stderr)
    assert "Traceback" not in done.stderr


CANARY = "import os\nopen(os.environ['CANARY'], 'a').write(__name__ + chr(10))\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("check", "."),
        ("gate", ".", "--base", "HEAD"),
        ("crawl", ".", "--db", "sqlite:///x.db"),
        ("services", "--db", "sqlite:///x.db"),
        ("validate", "."),
        ("explain", "owner-set"),
        ("new", "python-http-service", "made", "--defaults"),
        ("demo", "--folder", "demo", "--no-serve"),
    ],
)
@pytest.mark.parametrize("way", ["module", "script"])
def test_its_own_code_runs_in_a_repository_with_packages_of_the_same_names(
    repository, tmp_path, arguments, way
):
    handrail("crawl", ".", "--db", "sqlite:///x.db", cwd=repository)
    for room in ("handrail", "web", "scorecards", "templates", "catalog", "platform", "yaml"):
        if way == "module" and room == "handrail":
            continue  # python -m takes the package it is given from the working folder: that is what it means
        (repository / room).mkdir()
        (repository / room / "__init__.py").write_text(CANARY)
    canary = tmp_path / "canary"
    start = (
        [str(Path(sys.executable).parent / "handrail")]
        if way == "script"
        else [sys.executable, "-m", "handrail"]
    )
    path = "." if way == "script" else f".{os.pathsep}{ROOT}"
    env = {**os.environ, "PYTHONPATH": path, "CANARY": str(canary)}
    done = subprocess.run(
        [*start, *arguments],
        cwd=repository,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    ran = canary.read_text().split() if canary.exists() else []
    assert ran == []
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_interrupting_a_server_ends_it_cleanly(repository, tmp_path, command, sent):
    database = f"sqlite:///{tmp_path / 'x.db'}"
    if command == "serve":
        handrail("crawl", str(repository), "--db", database)
        arguments = ["serve", "--db", database, "--port", "0"]
    else:
        arguments = ["demo", "--folder", str(tmp_path / "demo"), "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "handrail", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has its children ignore interrupts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    assert process.stdout is not None
    address = re.search(r"http://[\d.:]+/", process.stdout.readline())
    assert address, process.stderr.read() if process.stderr else ""
    with urllib.request.urlopen(address.group() + "services", timeout=30) as answer:
        assert answer.status == 200
    process.send_signal(sent)
    started = time.monotonic()
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - started < 20
    assert process.returncode in (0, 130)
    assert "Traceback" not in errors


def test_a_reader_that_goes_away_is_no_error(repository):
    command = f"{sys.executable} -m handrail check --format json . | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_what_programs_read_matches_its_schema(repository, tmp_path):
    from jsonschema import Draft202012Validator

    database = f"sqlite:///{tmp_path / 'x.db'}"
    (repository / "broken").mkdir()
    (repository / "broken" / "catalog-info.yaml").write_text("kind: [\n")
    calls = {
        "crawl": ("crawl", str(repository), "--db", database),
        "services": ("services", "--db", database),
        "check": ("check", str(repository)),
        "gate": ("gate", str(repository), "--base", "HEAD"),
        "validate": ("validate", str(repository)),
    }
    for name, arguments in calls.items():
        done = handrail(*arguments, "--format", "json")
        schema = json.loads((ROOT / "handrail" / "schemas" / f"{name}.schema.json").read_text())
        Draft202012Validator.check_schema(schema)
        errors = list(Draft202012Validator(schema).iter_errors(json.loads(done.stdout)))
        assert errors == [], name

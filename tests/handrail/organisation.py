"""A folder of repositories and the database they are crawled into."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from handrail.crawl.outcome import Outcome
from handrail.crawl.run import crawl
from handrail.database import Database, open_database
from tests.handrail.running import ROOT, Git

_DESCRIPTOR = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
  description: {description}
  tags: [python, tier-1]
spec:
  type: service
  lifecycle: production
  owner: {owner}
  dependsOn: ["component:ledger"]
"""


def described(name: str, owner: str, description: str = "") -> str:
    """A service's descriptor."""
    return _DESCRIPTOR.format(name=name, owner=owner, description=description or f"Answers for {name}")


class Organisation:
    """A folder of repositories and the database they are crawled into."""

    def __init__(self, folder: Path, git: Git, url: str) -> None:
        self.folder = folder
        self.git = git
        self.url = url
        folder.mkdir()

    def commit(self, name: str, files: dict[str, str]) -> Path:
        """Commit these files to a repository, made if it is not there."""
        where = self.folder / name
        if not (where / ".git").exists():
            where.mkdir(parents=True)
            self.git(where, "init", "-q")
        for path, content in files.items():
            file = where / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        self.git(where, "add", "-A")
        self.git(where, "commit", "-qm", "Change", "--allow-empty")
        return where

    def service(self, name: str, owner: str = "group:payments", description: str = "") -> Path:
        """Commit a descriptor of a service."""
        last = name.rpartition("/")[2]
        return self.commit(name, {"catalog-info.yaml": described(last, owner, description)})

    def crawl(self, days: int = 0) -> Outcome:
        """Crawl it in this process, as on a day from now."""
        now = datetime.now(UTC) + timedelta(days=days)
        return crawl([self.folder], Database(self.url), lambda *_: None, now)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Begin to crawl it in a process of its own."""
        command = [sys.executable, "-m", "handrail", "crawl", str(self.folder), "--db", self.url, *arguments]
        return subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def rows(self, *columns):
        """Rows of the database."""
        engine = open_database(self.url)
        with engine.connect() as connection:
            found = connection.execute(select(*columns)).all()
        engine.dispose()
        return found

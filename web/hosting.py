"""Addresses of a repository, a file or a commit at the host that a remote's URL names."""

import re
from dataclasses import dataclass
from urllib.parse import quote

_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/@\s]+@)?|[A-Za-z0-9._-]+@)"
    r"(?P<host>[A-Za-z0-9.-]+)(?::\d+(?=/))?[:/](?P<path>[^\s?#]+?)(?:\.git)?/?\Z"
)
_FORMS = (
    ("github", "{base}/blob/{commit}/{path}", "#L{line}", "{base}/commit/{commit}"),
    ("gitlab", "{base}/-/blob/{commit}/{path}", "#L{line}", "{base}/-/commit/{commit}"),
    ("bitbucket", "{base}/src/{commit}/{path}", "#lines-{line}", "{base}/commits/{commit}"),
    ("gitea", "{base}/src/commit/{commit}/{path}", "#L{line}", "{base}/commit/{commit}"),
    ("codeberg", "{base}/src/commit/{commit}/{path}", "#L{line}", "{base}/commit/{commit}"),
    ("forgejo", "{base}/src/commit/{commit}/{path}", "#L{line}", "{base}/commit/{commit}"),
)


@dataclass(frozen=True, slots=True)
class Host:
    """A repository's pages; `file` and `commit_page` are None where the host's addresses are not known."""

    base: str
    commit: str | None

    @property
    def _form(self) -> tuple[str, str, str] | None:
        host = self.base.split("/")[2].lower()
        return next((form[1:] for form in _FORMS if form[0] in host), None)

    def file(self, path: str, line: int | None = None) -> str | None:
        """The page of one file at the commit."""
        form = self._form
        if form is None or self.commit is None:
            return None
        page = form[0].format(base=self.base, commit=self.commit, path=quote(path))
        return page + (form[1].format(line=line) if line else "")

    def commit_page(self) -> str | None:
        """The page of the commit."""
        form = self._form
        return (
            None
            if form is None or self.commit is None
            else form[2].format(base=self.base, commit=self.commit)
        )


def host_of(url: str | None, commit: str | None) -> Host | None:
    """The host of a remote's URL (https, ssh, git or `git@host:path`); None for a local path."""
    found = _REMOTE.match(url or "")
    if found is None:
        return None
    path = quote(found["path"].strip("/"), safe="/~._-")
    return Host(f"https://{found['host'].lower()}/{path}", commit) if path else None

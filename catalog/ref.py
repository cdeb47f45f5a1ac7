"""Entity refs, `kind:namespace/name`, as Backstage writes them."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\Z")


@dataclass(frozen=True, slots=True, eq=False)
class Ref:
    """The address of an entity; compared and printed in lower case, as Backstage does."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.namespace}/{self.name}".lower()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ref) and str(self) == str(other)

    def __lt__(self, other: "Ref") -> bool:
        return str(self) < str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def parse_ref(text: object, kind: str, namespace: str = "default") -> Ref | None:
    """The ref that `text` writes, with these defaults for parts left out; None where it is not one.

    `payments`, `group:payments` and `group:default/payments` are the same with kind `group`.
    """
    if not isinstance(text, str):
        return None
    rest = text.strip()
    if ":" in rest:
        kind, _, rest = rest.partition(":")
    if "/" in rest:
        namespace, _, rest = rest.partition("/")
    parts = (kind, namespace, rest)
    return Ref(kind, namespace, rest) if all(_NAME.match(p) for p in parts) else None


def is_name(text: str) -> bool:
    """Whether `text` can be the name of an entity as it is."""
    return _NAME.match(text) is not None


def slug(text: str) -> str:
    """`text` as an entity name: letters, digits, `-_.`, at most 63; empty where nothing is left of it."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:63].strip("-._")


def repository_name(origin: str | None, folder: str) -> str:
    """The name of a repository: the last part of its origin's address, else of its folder, without `.git`."""
    for address in (origin or "", folder):
        last = re.split(r"[/:\\]", address.strip().rstrip("/").removesuffix("/.git"))[-1].removesuffix(".git")
        if last:
            return last
    return "repository"

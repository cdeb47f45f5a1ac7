"""The start of what is missing: a new file with this repository's names, and what its author must fill in.

A check may offer one with a function `start(snapshot, service, result) -> Start | None` in its module; None
where something that is there is to be changed instead. A start holds placeholders wherever only the team
knows the answer. Those count as hollow, so that by itself it turns no check to `pass`.
"""

from typing import NamedTuple

from catalog.service import Service
from catalog.snapshot import Snapshot


class Start(NamedTuple):
    """A file to begin with, by its path in the repository; `fill` names what to fill in, a clause each."""

    path: str
    text: str
    fill: tuple[str, ...]


def fitted(text: str, service: Service, **words: str) -> str:
    """A text in which `@name@` is the service's name, `@Name@` the same as one capitalised word.

    `@team@` is its owner's name, or a placeholder; `@other@` is any further word that is given.
    """
    capitalised = "".join(part[:1].upper() + part[1:] for part in service.name.replace("_", "-").split("-"))
    owner = (service.owner or "").rpartition("/")[2].rpartition(":")[2]
    for word, value in {
        "name": service.name,
        "Name": capitalised,
        "team": owner or "<team>",
        **words,
    }.items():
        text = text.replace(f"@{word}@", value)
    return text


def on_kubernetes(snapshot: Snapshot) -> bool:
    """Whether the repository runs anything on Kubernetes."""
    from scorecards.reading.workloads import workloads

    return any(w.system == "Kubernetes" for w in workloads(snapshot))


_DESCRIPTOR = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: @name@
  description: "TODO: one sentence on what it does, and for whom"
spec:
  type: @type@
  lifecycle: TODO # experimental, production or deprecated
  owner: group:default/<team>
"""


def descriptor(snapshot: Snapshot, service: Service) -> Start | None:
    """The start of a descriptor, None where one is there, readable or not."""
    path = service.file("catalog-info.yaml")
    if service.document is not None or path in snapshot:
        return None
    fill = (
        "`description`: one sentence on what it does, and for whom",
        "`lifecycle`: experimental, production or deprecated",
        "`owner`: the team that answers for it, as a ref of a Group",
    )
    return Start(path, fitted(_DESCRIPTOR, service, type=service.type), fill)

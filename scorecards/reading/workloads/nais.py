"""nais, the platform of NAV: an Application names the paths of its probes.

https://doc.nais.io/workloads/application/reference/application-spec/
"""

from collections.abc import Iterator

from catalog.document import Document, Map, dig
from scorecards.reading.workload import Purpose, Workload
from scorecards.reading.workloads.kubernetes import probe_of

WORDS = ("nais.io/",)

_PURPOSES: dict[str, Purpose] = {"readiness": "readiness", "liveness": "liveness", "startup": "startup"}


def of_document(document: Document) -> Iterator[Workload]:
    """The Application of a document."""
    if not str(document.get("apiVersion")).startswith("nais.io/") or document.get("kind") != "Application":
        return
    spec = document.get("spec")
    probes = []
    if isinstance(spec, Map):
        for key, purpose in _PURPOSES.items():
            probe = probe_of(spec.get(key), purpose, document.path, spec.lines.get(key, spec.line))
            if probe is not None:
                probes.append(probe)
    name = str(dig(document.data, "metadata", "name") or "")
    yield Workload("nais", "Application", name, document.path, document.line, probes=tuple(probes))

"""Whether a pipeline runs for a change of a service's files: path filters, and folders of neighbours."""

from catalog.regex import regex
from catalog.service import Service
from scorecards.reading.pipeline import Pipeline, Step
from scorecards.reading.scope import is_neighbours

_PROSE = regex(r"(?:docs?|\.github|website)(?:/|\Z)")
_GLOB = regex(r"[*?\[{+$(]")


def covers(pipeline: Pipeline, service: Service) -> bool:
    """Whether the pipeline runs for a change of this service's files.

    An unfiltered pipeline at the root covers every service below it; one with path filters only what these
    name; one in a folder only what stands in that folder.
    """
    folder = pipeline.folder
    if folder and not _within(service.path, folder) and not _within(folder, service.path):
        return False
    if is_neighbours(pipeline.path, service):
        return False
    return matches(pipeline.paths, service)


def covers_step(step: Step, service: Service) -> bool:
    """Whether the step's own filters name the service."""
    return matches(step.paths, service)


def matches(filters: tuple[str, ...], service: Service) -> bool:
    """Whether path filters let a change of the service's files through; no filters let everything through."""
    wanted = [f for f in filters if not f.startswith("!")]
    unwanted = [f[1:] for f in filters if f.startswith("!")]
    if wanted and not any(_names(pattern, service) for pattern in wanted):
        return False
    return not any(_all_of(pattern, service) for pattern in unwanted)


def _within(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _literal(pattern: str) -> str:
    """The part of a pattern before its first special character, without a file's name."""
    found = _GLOB.search(pattern)
    head = pattern if found is None else pattern[: found.start()]
    return head.removeprefix("./").removeprefix("/")


def _names(pattern: str, service: Service) -> bool:
    literal = _literal(pattern)
    if not literal:
        return True
    if not service.path:
        if _PROSE.match(literal) or pattern.endswith((".md", ".rst", ".txt")):
            return False
        return not any(_within(literal.rstrip("/"), other) for other in service.neighbours if other)
    if literal.startswith(f"{service.path}/") or literal.rstrip("/") == service.path:
        return True
    return service.path.startswith(literal) and _GLOB.search(pattern) is not None


def _all_of(pattern: str, service: Service) -> bool:
    """Whether an excluding pattern takes the whole of the service's folder out."""
    if not service.path:
        return pattern in ("**", "**/*", "*")
    literal = _literal(pattern).rstrip("/")
    return bool(literal) and _within(service.path, literal) and pattern.rstrip("*/") == literal

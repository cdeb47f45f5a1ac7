"""Whether a chart's values switch a whole template off: `{{- if .Values.prometheusRule.enabled }}`."""

import posixpath

from catalog.document import dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.charts import chart_of
from scorecards.reading.flaw import Flaw
from scorecards.result import Status

_IF = regex(r"\{\{-?\s*if\b([^{}\n]{1,400})\}\}")
_VALUE = regex(r"(?<![\w.])\$?\.Values\.([\w.]{1,100})")
_UNLESS = regex(r"\b(?:not|or|ne|eq)\b")
_MAX_FILES = 20


def switch_of(snapshot: Snapshot, path: str, text: str) -> Flaw | None:
    """The flaw of a template that is off by default and that no values file of the repository switches on.

    Only a condition that stands before everything else is asked, and only where it names plain values.
    """
    chart = chart_of(snapshot, path)
    if chart is None:
        return None
    head = text[: text.find("kind:") if "kind:" in text else 500]
    for condition in _IF.findall(head):
        if _UNLESS.search(condition):
            continue
        for name in _VALUE.findall(condition):
            keys = name.split(".")
            if _value(snapshot, posixpath.join(chart, "values.yaml"), keys) is False and not _set(
                snapshot, chart, keys
            ):
                return Flaw(
                    Status.PARTIAL, f"the chart leaves `{name}` switched off, and no values file sets it"
                )
    return None


def switched(snapshot: Snapshot, path: str) -> tuple[Flaw, ...]:
    """The flaw that whatever stands in a switched-off template of a chart has; none in any other file."""
    if not ("/templates/" in path or path.startswith("templates/")):
        return ()
    flaw = switch_of(snapshot, path, snapshot.text(path) or "")
    return () if flaw is None else (flaw,)


def _value(snapshot: Snapshot, path: str, keys: list[str]) -> object:
    documents = snapshot.parsed(path).documents
    return dig(documents[0].data, *keys) if documents else None


def _set(snapshot: Snapshot, chart: str, keys: list[str]) -> bool:
    """Whether another values file of the repository sets the value to something."""
    asked = 0
    for path in snapshot.files:
        if (
            path.endswith((".yaml", ".yml"))
            and path != posixpath.join(chart, "values.yaml")
            and asked < _MAX_FILES
        ):
            text = (
                snapshot.text(path)
                if "values" in path or "env" in path or "release" in path.lower()
                else None
            )
            if text and f"{keys[-1]}: true" in text and keys[0] in text:
                asked += 1
                for document in snapshot.parsed(path).documents:
                    if any(dig(m, *keys) is True for m in document.maps()):
                        return True
    return False

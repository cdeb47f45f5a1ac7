"""Helm charts and other Go templates, rendered as far as default values decide.

This is no Helm: a `{{ .Values.x }}` takes the chart's default, what only steers (`if`, `range`, `end`) is
dropped, any other expression becomes a word that says it is unknown. What then is no YAML stays unread.
"""

import posixpath
import re
from typing import Any

from catalog.document import Map, Parsed, dig, parse_yaml
from catalog.regex import regex
from catalog.snapshot import Snapshot

UNRENDERED = "__RENDERED__"
"""What stands where an expression could not be decided."""

_MAX = 300_000
_MAX_LINE = 2_000
_EXPRESSION = regex(r"\{\{((?:[^{}`\"]|`[^`]*`|\"(?:[^\"\\]|\\.)*\")*)\}\}")
_STEERS = regex(r"^(?:if|else|end|range|with|define|block|template|/\*|include\b|toYaml\b|\$\w+\s*:?=)")
_VALUE = regex(r"^(?:\$|\()?\.?\$?\.?Values\.([\w.]+)\)?((?:\s*\|.*)?)$")
_DEFAULT = regex(r"\bdefault\s+(\"[^\"]*\"|[\w.]+)")
_LITERAL = regex(r"^(?:`([^`]*)`|\"((?:[^\"\\]|\\.)*)\")$")
_QUOTES = regex(r"\|\s*s?quote\b")


def chart_of(snapshot: Snapshot, path: str) -> str | None:
    """The folder of the Helm chart whose `templates/` hold this file, None outside of one."""
    folder, found, _ = path.rpartition("/templates/") if "/templates/" in path else ("", "", "")
    if path.startswith("templates/"):
        folder, found = "", "templates"
    if not found:
        return None
    return folder if posixpath.join(folder, "Chart.yaml") in snapshot else None


def is_template(path: str, text: str, snapshot: Snapshot) -> bool:
    """Whether a file is to be rendered before it is YAML."""
    if "{{" not in text:
        return path.endswith((".tmpl", ".gotmpl", ".tpl", ".j2"))
    return path.endswith((".tmpl", ".gotmpl", ".tpl", ".j2")) or chart_of(snapshot, path) is not None


def rendered(snapshot: Snapshot, path: str) -> Parsed:
    """The documents of a template with the chart's default values; lines stay those of the template."""
    text = snapshot.text(path)
    if text is None or len(text) > _MAX:
        return Parsed()
    chart = chart_of(snapshot, path)
    values: Any = None
    if chart is not None:
        documents = snapshot.parsed(posixpath.join(chart, "values.yaml")).documents
        values = documents[0].data if documents else None
    return parse_yaml(render(text, values), path)


def render(text: str, values: Any) -> str:
    """The template's text with its expressions replaced, line by line."""
    lines = []
    for line in text.split("\n"):
        if "{{" not in line or len(line) > _MAX_LINE:
            lines.append(line)
            continue
        alone = _EXPRESSION.fullmatch(line.strip())
        if alone and _STEERS.match(_bare(alone)):
            lines.append("")
        else:
            lines.append(_EXPRESSION.sub(lambda m: _word(_bare(m), values), line))
    return "\n".join(lines)


def _bare(found: re.Match[str]) -> str:
    """What stands between the braces, the marks that trim white space taken away."""
    return found.group(1).removeprefix("-").removesuffix("-").strip()


def _word(expression: str, values: Any) -> str:
    literal = _LITERAL.match(expression)
    if literal:
        return literal.group(1) if literal.group(1) is not None else literal.group(2).replace('\\"', '"')
    if _STEERS.match(expression):
        return ""
    value = _VALUE.match(expression)
    found = None
    if value:
        found = dig(values, *value.group(1).split("."))
    default = _DEFAULT.search(expression)
    if found is None and default:
        found = default.group(1).strip('"')
    if isinstance(found, (str, int, float, bool)):
        shown = str(found).lower() if isinstance(found, bool) else str(found)
        return f'"{shown}"' if _QUOTES.search(expression) else shown
    if isinstance(found, Map):
        return "{}"
    return f'"{UNRENDERED}"' if _QUOTES.search(expression) else UNRENDERED

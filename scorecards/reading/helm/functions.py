"""Functions of Helm's templates that values can pass through, as far as a verdict needs them.

https://helm.sh/docs/chart_template_guide/function_list/
"""

import json
from collections.abc import Callable
from typing import Any

from catalog.document import Map

UNKNOWN: Any = type("Unknown", (), {"__repr__": lambda self: "?", "__bool__": lambda self: True})()
"""What cannot be told here; as a condition it holds."""
WORD = "unknown-here"
"""What stands in the text for it."""


def shown(value: Any) -> str:
    """A value as a template prints it."""
    if value is UNKNOWN:
        return WORD
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else json.dumps(value, default=str)


def to_yaml(value: Any) -> str:
    """A value as YAML: JSON is YAML."""
    if value is UNKNOWN:
        return WORD
    if isinstance(value, Map) and value:
        return "\n".join(f"{json.dumps(k)}: {json.dumps(v, default=str)}" for k, v in value.items())
    if isinstance(value, list) and value:
        return "\n".join(f"- {json.dumps(v, default=str)}" for v in value)
    return json.dumps(value, default=str)


def _nindent(spaces: Any, text: Any) -> str:
    return "\n" + _indent(spaces, text)


def _indent(spaces: Any, text: Any) -> str:
    lead = " " * (min(spaces, 80) if isinstance(spaces, int) else 0)
    return "\n".join(lead + line for line in shown(text).split("\n"))


def _default(other: Any, value: Any = None) -> Any:
    return value if value is not UNKNOWN and value else other


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0


def _printf(pattern: Any, *given: Any) -> str:
    text = shown(pattern)
    for value in given:
        for mark in ("%s", "%d", "%v", "%q"):
            at = text.find(mark)
            if at >= 0:
                text = text[:at] + shown(value) + text[at + 2 :]
                break
    return text


def _get(holder: Any, key: Any) -> Any:
    return holder.get(shown(key)) if isinstance(holder, dict) else UNKNOWN if holder is UNKNOWN else None


def _dig(*given: Any) -> Any:
    *keys, other, holder = given
    for key in keys:
        holder = _get(holder, key)
    return other if holder is None else holder


def _merge(*given: Any) -> Any:
    made = Map()
    for holder in reversed(given):
        if isinstance(holder, dict):
            made.update(holder)
    return made


def _dict(*given: Any) -> Map:
    made = Map()
    made.update(zip(map(shown, given[::2]), given[1::2], strict=False))
    return made


def _index(holder: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(holder, list) and isinstance(key, int) and -1 < key < len(holder):
            holder = holder[key]
        else:
            holder = _get(holder, key)
    return holder


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Any, Any], Any]:
    def ask(a: Any, b: Any) -> Any:
        return UNKNOWN if UNKNOWN in (a, b) else compare(_number(a), _number(b))

    return ask


def _equal(a: Any, *others: Any) -> Any:
    return UNKNOWN if a is UNKNOWN or UNKNOWN in others else any(shown(a) == shown(o) for o in others)


def _and(*given: Any) -> Any:
    return next((g for g in given if not g), given[-1] if given else None)


def _or(*given: Any) -> Any:
    return next((g for g in given if g and g is not UNKNOWN), given[-1] if given else None)


def _not(value: Any) -> Any:
    return UNKNOWN if value is UNKNOWN else not value


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "toYaml": to_yaml,
    "toYamlPretty": to_yaml,
    "toJson": lambda v: WORD if v is UNKNOWN else json.dumps(v, default=str),
    "nindent": _nindent,
    "indent": _indent,
    "quote": lambda *v: json.dumps(" ".join(map(shown, v))),
    "squote": lambda *v: json.dumps(" ".join(map(shown, v))),
    "default": _default,
    "coalesce": _or,
    "required": lambda _, v: v,
    "ternary": lambda a, b, v: a if v else b,
    "empty": lambda v: UNKNOWN if v is UNKNOWN else not v,
    "not": _not,
    "and": _and,
    "or": _or,
    "eq": _equal,
    "ne": lambda a, b: _not(_equal(a, b)),
    "gt": _ordered(lambda a, b: a > b),
    "ge": _ordered(lambda a, b: a >= b),
    "lt": _ordered(lambda a, b: a < b),
    "le": _ordered(lambda a, b: a <= b),
    "int": lambda v: UNKNOWN if v is UNKNOWN else int(_number(v)),
    "int64": lambda v: UNKNOWN if v is UNKNOWN else int(_number(v)),
    "add": lambda *v: UNKNOWN if UNKNOWN in v else int(sum(map(_number, v))),
    "toString": shown,
    "printf": _printf,
    "print": lambda *v: "".join(map(shown, v)),
    "lower": lambda v: shown(v).lower(),
    "upper": lambda v: shown(v).upper(),
    "trim": lambda v: shown(v).strip(),
    "trunc": lambda n, v: shown(v)[: n if isinstance(n, int) and n > 0 else None],
    "trimSuffix": lambda x, v: shown(v).removesuffix(shown(x)),
    "trimPrefix": lambda x, v: shown(v).removeprefix(shown(x)),
    "replace": lambda a, b, v: shown(v)[:2_000].replace(shown(a) or "\0", shown(b)[:100]),
    "contains": lambda a, b: UNKNOWN if UNKNOWN in (a, b) else shown(a) in shown(b),
    "hasPrefix": lambda a, b: shown(b).startswith(shown(a)),
    "hasKey": lambda h, k: UNKNOWN if h is UNKNOWN else isinstance(h, dict) and shown(k) in h,
    "get": _get,
    "dig": _dig,
    "index": _index,
    "list": lambda *v: list(v),
    "dict": _dict,
    "merge": _merge,
    "mergeOverwrite": lambda *v: _merge(*reversed(v)),
    "len": lambda v: len(v) if isinstance(v, str | list | dict) else UNKNOWN,
    "kindIs": lambda k, v: UNKNOWN if v is UNKNOWN else _kind(v) == shown(k),
    "deepCopy": lambda v: v,
    "fromYaml": lambda _: UNKNOWN,
}


def _kind(value: Any) -> str:
    for kind, name in ((bool, "bool"), (str, "string"), (dict, "map"), (list, "slice"), (int, "int")):
        if isinstance(value, kind):
            return name
    return "invalid" if value is None else "float64"

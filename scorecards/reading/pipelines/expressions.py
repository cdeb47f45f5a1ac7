"""What expressions of a workflow stand for: inputs, environment, and the values of each run of a matrix."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Map, Seq
from scorecards.reading.pipelines.steps import filled, ordered

_MAX_ROWS = 16


class Scope(NamedTuple):
    """What expressions stand for: plain values, and one set of values for each run of a matrix."""

    values: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...] = ({},)

    def fill(self, text: str) -> str:
        """`text` with its known expressions filled in, those of a matrix by its first row."""
        return filled(text, {**self.values, **self.rows[0]}) if "${{" in text else text

    def each(self, text: str) -> Iterator["Scope"]:
        """This scope for each row of the matrix, where `text` depends on it."""
        if "matrix." not in text:
            yield self
            return
        for row in self.rows:
            yield Scope(self.values, (row,))

    def with_values(self, kind: str, table: Any) -> "Scope":
        """A scope that also knows the plain values of `table`."""
        more = values(kind, table)
        return Scope({**self.values, **more}, self.rows) if more else self

    def with_matrix(self, matrix: Any) -> "Scope":
        """A scope with the rows of a job's matrix, at most `_MAX_ROWS`."""
        if not isinstance(matrix, Map):
            return self
        rows: list[dict[str, str]] = [{}]
        for name, options, _ in ordered(matrix):
            if name in ("include", "exclude") or not isinstance(options, Seq):
                continue
            some = [_flat(f"matrix.{name}", option) for option in options[:_MAX_ROWS]]
            rows = [{**row, **option} for row in rows for option in some][:_MAX_ROWS] or rows
        included = matrix.get("include")
        more = [values("matrix", row) for row in included[:_MAX_ROWS]] if isinstance(included, Seq) else []
        if more and rows == [{}]:
            rows = more
        elif more:
            rows = [{**more[0], **row} for row in rows] + more
        return Scope(self.values, tuple(rows[: 2 * _MAX_ROWS]))


def _flat(name: str, option: Any) -> dict[str, str]:
    if isinstance(option, Map):
        return {f"{name}.{k}": str(v) for k, v in option.items() if isinstance(v, str | int | float)}
    return {name: str(option)}


def given_values(inputs: Mapping[str, Any]) -> dict[str, str]:
    """`inputs.name` to its value, for what a caller gives."""
    return {f"inputs.{k}": str(v) for k, v in inputs.items() if isinstance(v, str | int | float)}


def values(kind: str, table: Any) -> dict[str, str]:
    """`kind.name` to its value: a plain one, an input's default, the first of a matrix's."""
    found = {}
    for name, entry, _ in ordered(table):
        value = entry.get("default") if isinstance(entry, Map) else entry
        value = value[0] if isinstance(value, Seq) and value else value
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            found[f"{kind}.{name}"] = str(value)
    return found

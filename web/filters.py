"""What the list of services is asked for: filters, order and page, read from an address and written back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from web.wording import LACKING, STAGES, STATES, STATUSES, short_ref

NONE = "none"
"""The value that stands for a service without an owner, a stage or a lifecycle."""

SORTS = ("name", "owner", "stage", "score", "changed")
_UNSENDABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_FACETS = (
    "stage",
    "check",
    "status",
    "only",
    "owner",
    "state",
    "type",
    "lifecycle",
    "system",
    "tag",
    "moved",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """A list of services as its address says it. Empty means: not asked for."""

    q: str = ""
    stage: str = ""
    check: str = ""
    status: str = ""
    only: str = ""
    owner: str = ""
    state: str = ""
    type: str = ""
    lifecycle: str = ""
    system: str = ""
    tag: str = ""
    moved: str = ""
    sort: str = "name"
    page: int = 1
    more: str = ""

    @property
    def words(self) -> list[str]:
        """The words searched for, in lower case; each must occur."""
        return self.q.lower().split()[:8]

    @property
    def descending(self) -> bool:
        """Whether the order is turned round."""
        return self.sort.startswith("-")

    @property
    def sort_key(self) -> str:
        """The column of the order."""
        return self.sort.removeprefix("-")

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that `check` is looked for with: all that do not hold, unless one is named."""
        return (self.status,) if self.status else LACKING

    def without(self, name: str) -> "Filters":
        """The same with one filter taken away, on the first page."""
        gone = {"check": {"check": "", "status": ""}}.get(name, {name: ""})
        return replace(self, **gone, page=1)

    def having(self, name: str, value: str) -> "Filters":
        """The same with one filter set, on the first page."""
        return replace(self.without(name), **{name: value})  # type: ignore[arg-type]

    def query(self, **changes: str | int) -> str:
        """The part of an address after `?`, only with what is asked for."""
        values = ((name, changes.get(name, getattr(self, name)), default) for name, default in _DEFAULTS)
        pairs = [(name, value) for name, value, default in values if value != default]
        return urlencode(pairs)

    def chosen(self) -> list["Chip"]:
        """The filters that are set, in words."""
        chips = [Chip("q", "Text", self.q)] if self.q else []
        for name in _FACETS:
            value = getattr(self, name)
            if value and name != "status":
                chips.append(Chip(name, *self._in_words(name, value)))
        return chips

    def _in_words(self, name: str, value: str) -> tuple[str, str]:
        if name == "stage":
            return "Stage", "none" if value == NONE else f"{value} {STAGES[int(value)]}"
        if name == "check":
            status = STATUSES[self.status].lower() if self.status else "does not hold"
            return value, status
        if name == "only":
            return "Held back only by", value
        if name in ("owner", "system"):
            return name.capitalize(), NONE if value == NONE else short_ref(value)
        if name == "moved":
            return "In 7 days", value
        return name.capitalize(), STATES.get(value, value) if name == "state" else value


_DEFAULTS = tuple((field.name, field.default) for field in fields(Filters))


@dataclass(frozen=True, slots=True)
class Chip:
    """One chosen filter: its name in the address, and in words."""

    name: str
    label: str
    value: str


def read_filters(args: Mapping[str, str]) -> Filters:
    """The filters of an address; what is no filter, or no value of one, is as if it were not there."""
    texts = {
        f.name: _UNSENDABLE.sub("", args.get(f.name, ""))[:200].strip()
        for f in fields(Filters)
        if f.name != "page"
    }
    if texts["stage"] not in (NONE, *map(str, STAGES)):
        texts["stage"] = ""
    if texts["status"] not in STATUSES or not texts["check"]:
        texts["status"] = ""
    if texts["state"] not in STATES:
        texts["state"] = ""
    if texts["moved"] not in ("worse", "better", "new"):
        texts["moved"] = ""
    if texts["sort"].removeprefix("-") not in SORTS:
        texts["sort"] = "name"
    page = args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return Filters(**texts, page=max(number, 1))

"""A check's docstring as a page shows it: its first sentence, and its sections by heading."""

from dataclasses import dataclass
from functools import cache

from scorecards.check import all_checks


@dataclass(frozen=True, slots=True)
class Documentation:
    """What a check is. `sections` are Markdown by heading, in the order in which they stand.

    `starts` says whether `handrail check --fix` can write the start of what is missing.
    """

    id: str
    title: str
    stage: int
    required: bool
    weight: float
    intro: str
    sections: dict[str, str]
    starts: bool

    @property
    def why(self) -> str:
        """Why the practice matters, Markdown; empty where the check does not say."""
        return self.sections.get("Why it matters", "")


@cache
def documentation() -> dict[str, Documentation]:
    """The documentation of every check, by id."""
    found = {}
    for check in all_checks().values():
        title, _, rest = check.doc.partition("\n")
        intro, *parts = f"\n{rest}".split("\n## ")
        sections = {}
        for part in parts:
            heading, _, text = part.partition("\n")
            sections[heading.strip()] = text.strip("\n")
        found[check.id] = Documentation(
            check.id,
            title,
            check.stage,
            check.required,
            check.weight,
            intro.strip(),
            sections,
            check.start is not None,
        )
    return found

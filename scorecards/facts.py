"""What a check may know beside the snapshot. Every question asked is recorded, so a result can be kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from catalog.snapshot import Snapshot
from scorecards.evidence import EvidenceRule, covering, digest

Answer = bool | str | None
"""What a question comes to, as it is stored beside the results that rest on it."""


@lru_cache(maxsize=8)
def _any_owner(refs: frozenset[str]) -> bool:
    return any(ref.startswith(("group:", "user:")) for ref in refs)


@dataclass(frozen=True)
class Facts:
    """The same facts serve crawl, `check`, `gate` (both commits) and `new`.

    `refs` holds the refs of all entities the catalog knows, None where there is no catalog.
    `repositories` holds snapshots of other repositories that evidence and reusable workflows may stand in,
    by name.
    `templates` holds the newest version of each golden path that is at hand, by name.
    `evidence` says which of the repositories may hold evidence for which services; `home` is the name of the
    repository that is judged. `teams` says which Group an identifier of another catalog means.
    `asked` records, per question, the answer that was given: a result stays right while these stay the same.
    """

    as_of: date
    refs: frozenset[str] | None = None
    repositories: Mapping[str, Snapshot] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[EvidenceRule, ...] = ()
    home: str = ""
    teams: Mapping[str, str] = field(default_factory=dict)
    asked: dict[str, Answer] = field(default_factory=dict, compare=False)

    def resolves(self, ref: str) -> bool | None:
        """Whether the catalog has this entity; None without a catalog."""
        answer = None if self.refs is None else ref.lower() in self.refs
        self.asked[f"resolves {ref.lower()}"] = answer
        return answer

    def knows_owners(self) -> bool:
        """Whether the catalog has any Group or User at all."""
        answer = _any_owner(self.refs or frozenset())
        self.asked["knows owners"] = answer
        return answer

    def repository(self, name: str) -> Snapshot | None:
        """The snapshot of another repository, None where it is not at hand."""
        found = self.repositories.get(name)
        commit = None if found is None else found.commit or "none that is committed"
        self.asked[f"commit of repository {name}"] = commit
        return found

    def evidence_for(self, ref: str) -> tuple[tuple[str, str], ...]:
        """The repositories, each with a folder of it, in which the platform says a service's evidence is."""
        if not self.evidence:
            self.asked["evidence mapping"] = None
            return ()
        self.asked["evidence mapping"] = digest(self.evidence)
        return tuple(covering(self.evidence, ref, self.home))

    def team(self, identifier: str) -> str | None:
        """The ref of the Group that another catalog's identifier means; None where nobody has said."""
        answer = self.teams.get(identifier)
        self.asked[f"team {identifier}"] = answer
        return answer

    def newest_version(self, template: str) -> str | None:
        """The newest version of a golden path, None where the template is not at hand or has no version."""
        answer = self.templates.get(template)
        self.asked[f"version of template {template}"] = answer
        return answer

    def answer(self, question: str) -> Answer:
        """Ask a recorded question again."""
        if question.startswith("version of template "):
            return self.newest_version(question.removeprefix("version of template "))
        if question == "knows owners":
            return self.knows_owners()
        if question.startswith("team "):
            return self.team(question.removeprefix("team "))
        if question == "evidence mapping":
            return digest(self.evidence)
        if question.startswith("commit of repository "):
            self.repository(question.removeprefix("commit of repository "))
            return self.asked[question]
        return self.resolves(question.removeprefix("resolves "))

"""An automated repair: what sets it off, what it does, and what keeps it from doing harm."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.alert import words
from scorecards.reading.flaw import Flaw, worst
from scorecards.reading.paths import paths
from scorecards.result import Status

UNGUARDED = Flaw(Status.PARTIAL, "nothing limits it: no cool-down, limit, approval or precondition")
_ELSEWHERE = Flaw(Status.UNKNOWN, "what it does, and what limits it, stands in what is not at hand")


class Remediation(NamedTuple):
    """One repair that no person starts.

    `trigger` names the alert or condition, `action` what is done, `guards` what limits it. `about` is the
    text in which it may name a service.
    """

    name: str
    dialect: str
    path: str
    line: int
    trigger: str = ""
    action: str = ""
    guards: tuple[str, ...] = ()
    about: str = ""
    problems: tuple[Flaw, ...] = ()

    @property
    def status(self) -> Status:
        """What it counts for: PASS where it is set off by an alert, repairs something and is limited."""
        return worst(self.problems)

    @property
    def summary(self) -> str:
        """What sets it off, what it does and what limits it."""
        told = f"on {_short(self.trigger)}: {_short(self.action)}" if self.trigger else _short(self.action)
        return f"{told}; guards: {', '.join(self.guards)}" if self.guards else told


def listed(value: Any) -> Sequence[Any]:
    """The entries of a list, none where it is no list."""
    return value if isinstance(value, list) else ()


def _short(text: str) -> str:
    seen = " ".join(text.split())
    return seen[:80] + ("…" if len(seen) > 80 else "")


def make_remediation(  # noqa: PLR0913 - a repair has this many parts
    name: str,
    dialect: str,
    path: str,
    line: int,
    *,
    trigger: str,
    action: str,
    guarded_by: Iterable[str] = (),
    about: Any = "",
    off: bool = False,
    elsewhere: bool = False,
    flaws: Iterable[Flaw] = (),
) -> Remediation:
    """A repair with its flaws.

    `guarded_by` are texts that may hold guards; `elsewhere` says that its action is not at hand.
    """
    guards = tuple(dict.fromkeys(g for text in guarded_by for g in guards_in(text)))
    found = list(flaws)
    if off:
        found.append(Flaw(Status.FAIL, "it is switched off"))
    if not found and elsewhere:
        found.append(_ELSEWHERE)
    elif not found and not guards:
        found.append(UNGUARDED)
    return Remediation(
        name=" ".join(name.split())[:120] or "unnamed",
        dialect=dialect,
        path=path,
        line=line,
        trigger=trigger[:300],
        action=action[:300],
        guards=guards,
        about=words(about)[:4000],
        problems=tuple(found),
    )


_LIMIT = (
    r"rate[-_ ]?limit|max[-_ ]?(?:concurren|error|attempt|restart|target|node|action|remediation|pod"
    r"|unhealthy|unavailable|simultaneous|runs?\b|executions?\b|heal|reboot|replica|instance|per[-_]?(?:hour|day))\w*"
    r"|concurrency\b|\bserial\b|throttle|once[-_]?within|semaphore|mutex|circuit[-_ ]?breaker"
    r"|multiple[-_]?executions|reserved[-_]?concurren\w*|(?:attempt|restart)s?[-_]per|blast[-_ ]?radius"
    r"|(?:restart|action|remediation|heal|attempt)s?[-_]?(?:limit|budget|quota)|lock[-_]?file|\bflock\b"
    r"|\block\.acquire"
)
_COOL_DOWN = (
    r"cool[-_ ]?down|min[-_]?interval|once[-_]?(?:within|after)|debounce|grace[-_]?period"
    r"|back[-_]?off[-_]?(?:seconds|minutes|period|time)|last_(?:restart|action|run|heal|remediat)\w*"
)
_DRY_RUN = r"dry[-_ ]?run|\bwhat-?if\b|check_mode|simulate[-_]?only"
_APPROVAL = (
    r"(?<!auto)(?<!auto[-_])approv(?:al|e|er|ers|ed)\b|core\.ask|inquir(?:y|ies)|aws:approve"
    r"|manual[-_ ]?(?:gate|judge?ment|confirm\w*)|require[-_]?confirm\w*|allow[-_]?list|whitelist"
    r"|allowed[-_]?(?:actions|services|targets|containers|labels?|namespaces|alerts|deployments)\b"
)
_PRECONDITION = (
    r"pre[-_]?(?:check|condition|flight)\w*|min[-_]?healthy\w*|safe(?:ty)?[-_]?(?:check|to|guard)\w*"
    r"|aws:(?:assert|branch)\w*|\bansible\.builtin\.assert\b|^\s*-?\s*assert:|is_safe"
    r"|protected[-_]?(?:pod|node|namespace|service)\w*|maintenance[-_]?(?:window|mode)"
)
_STOP = (
    r"max[-_]?fail\w*|kill[-_]?switch|stop[-_]?condition\w*|abort[-_]?on|on[-_]?failure:? *:?abort"
    r"|any_errors_fatal|escalat(?:e|ion)[-_ ]?(?:after|if|on)\w*|execution[-_]?timeout"
    r"|verify[-_](?:health|recover)\w*"
)
_GUARDS = (
    ("limit", regex(_LIMIT, re.IGNORECASE)),
    ("cool-down", regex(_COOL_DOWN, re.IGNORECASE)),
    ("dry run", regex(_DRY_RUN, re.IGNORECASE)),
    ("approval", regex(_APPROVAL, re.IGNORECASE)),
    ("precondition", regex(_PRECONDITION, re.IGNORECASE | re.MULTILINE)),
    ("stop", regex(_STOP, re.IGNORECASE)),
)
_OPENED = regex(r"[\"']?\bdry[-_]?run[\"']?\s{0,3}[:= ]\s{0,3}(?:false|no|0)\b", re.IGNORECASE)
_COMMENT = regex(r"^[ \t]*(?:#|//|--|\*|<#)[^\n]*$", re.MULTILINE)


def guards_in(text: str) -> tuple[str, ...]:
    """The kinds of guard that a configuration or a program names; comments name none."""
    text = _OPENED.sub("", _COMMENT.sub("", text[:60_000]))
    return tuple(kind for kind, pattern in _GUARDS if pattern.search(text))


REPAIRS = regex(
    r"re-?start|re-?boot|recover|remediat|(?<![a-z])heal(?!th)|self-?heal|auto-?heal|auto-?fix|(?<![a-z])fix(?!ture|ed)"
    r"|roll-?_?back|fail-?_?over|scal(?:e|ing)(?!d)|resiz|drain|cordon|evict|delete_?-?pods?|kill|clean-?_?up|clean_|purge"
    r"|flush|rotate|renew|repair|reset|redeploy|start_|start-(?!work)|isolate|quarantine|rollout|mitigat|vacuum"
    r"|toggle|prune|unlock|reclaim|expand|replace|switch|reload|respawn|terminate|bounce|recycle|reconnect"
    r"|force_?new_?deployment|update_?service|handling_job|_job_from|run_job|systemctl|kubectl",
    re.IGNORECASE,
)
"""Names and commands of what changes something."""
MEANT = regex(r"remediat|(?<![a-z])heal(?!th)|re-?start|runbook|recover|roll-?back|fail-?over", re.IGNORECASE)
"""Words of what is plainly meant to repair."""
TELLS = regex(
    r"notif|slack|mail|teams|ticket|jira|service-?_?now|pager|opsgenie|(?<![a-z])sms|telegram|discord|mattermost"
    r"|print_event|debug|enrich|report|collect|gather|diagnos|dump|snapshot|escalat|_logs|logger|create_?-?incident"
    r"|create_?-?issue|log_?-?alert|audit|graph|chat",
    re.IGNORECASE,
)
"""Names of what only tells somebody or collects what there is to see."""


def repairs(name: str) -> bool:
    """Whether an action of this name changes something, as far as its name tells."""
    return REPAIRS.search(TELLS.sub(" ", name)) is not None


def tells(name: str) -> bool:
    """Whether an action of this name only tells somebody something."""
    return TELLS.search(name) is not None and not repairs(name)


_CODE = ("py", "sh", "bash", "js", "ts", "mjs", "go", "rb", "ps1", "java", "rs", "cs", "php", "pl")
_TESTS = regex(r"(?:^|/)(?:tests?|spec|__tests__)/|(?:_test|\.test|\.spec)\.\w+$|(?:^|/)test_[^/]+$")
ACTS = regex(
    r"\.restart\(|docker\b[^\n]{0,30}\brestart|kubectl\b[^\n]{0,80}\b(?:rollout|delete|scale|drain|cordon|patch|exec)"
    r"|systemctl\b[^\n]{0,20}\b(?:re)?start|ansible-playbook"
    r"|(?:delete|patch|replace)_?namespaced_?(?:pod|deployment|stateful|daemon|custom|replica|scale)\w*|patch_node|reboot_(?:instances|db_instance)|start_instances|force_?-?new_?-?deployment"
    r"|start_automation_execution|send_command\(|failover_db_cluster|set_desired_capacity|update_service\("
    r"|(?:Restart|Start)-(?:AzVM|AzWebApp|Service|Computer)\b|Set-AzVM|Restart-AzWebApp"
    r"|service\s+\w+\s+restart|docker[ -]compose\b[^\n]{0,40}\b(?:up|restart)|\bpm2\s+restart"
    r"|\bhelm\s+rollback|Pods\([^)\n]{0,60}\)\.(?:Delete|Evict)|\.Delete\(ctx|ContainerRestart"
    r"|Deployments\([^)\n]{0,60}\)\.(?:Update|Patch)",
    re.IGNORECASE,
)
"""Calls in a program by which a running system is changed."""


def programs(snapshot: Snapshot) -> list[str]:
    """Paths of programs and scripts of the repository, those that test left out."""
    return [p for p in paths(snapshot).ending(*_CODE) if not _TESTS.search(p)]


_PARTS = regex(r"[^a-z0-9]+")


def program_named(snapshot: Snapshot, name: str) -> str | None:
    """A program that changes a running system and whose file or folder is called so; None without one."""
    return next((p for p in _named(snapshot, name) if _acts(snapshot, p)), None)


def idle_program(snapshot: Snapshot, name: str) -> str | None:
    """A program whose file or folder is called so, where none of that name changes a running system."""
    found = list(_named(snapshot, name))
    return None if not found or any(_acts(snapshot, p) for p in found) else found[0]


def _acts(snapshot: Snapshot, path: str) -> bool:
    return ACTS.search((snapshot.text(path) or "")[:200_000]) is not None


def _named(snapshot: Snapshot, name: str) -> Iterator[str]:
    """Programs whose file or folder is called so, whichever signs join the words."""
    wanted = _PARTS.sub("", name.lower())
    if len(wanted) < 4:
        return
    for path in programs(snapshot):
        parts = [_PARTS.sub("", part.lower()) for part in path.rpartition(".")[0].split("/")]
        if any(part == wanted or (len(part) > 5 and part in wanted) for part in parts[-3:]):
            yield path

"""Conditions of a workflow's jobs and steps: what never runs, and what only some events start."""

import fnmatch
import re
from collections.abc import Mapping
from typing import Any

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import Step, Trigger
from scorecards.reading.pipelines.steps import is_false

EVENTS: Mapping[str, Trigger] = {
    **dict.fromkeys(("pull_request", "pull_request_target", "merge_group", "pull_request_review"), "change"),
    "schedule": "schedule",
    **dict.fromkeys(("workflow_dispatch", "issue_comment", "repository_dispatch"), "manual"),
    "workflow_call": "call",
    **dict.fromkeys(("release", "create"), "tag"),
}
"""What starts a workflow, by the name of the event."""

_HASHED = regex(r"hashFiles\(\s*'([^',]{1,200})'\s*\)(?:\s*!=\s*'')?")
_EVENT_IS = regex(r"github\.event_name\s*(==|!=)\s*'(\w{1,40})'")
_INPUT_IS = regex(r"(?:github\.event\.)?inputs\.[\w-]+")


def conditioned(step: Step, condition: Any) -> Step:
    """The step under a further condition: dead, or started by fewer events."""
    if condition is None or condition == "":
        return step
    if is_false(condition):
        return step.but(condition=str(condition), live=False, why=f"`if: {str(condition)[:60]}`")
    if not isinstance(condition, str):
        return step
    triggers = _narrowed(step.triggers, condition)
    joined = f"{step.condition} && {condition}" if step.condition else condition
    manual = step.manual or (bool(triggers) and triggers <= {"manual", "call"} and "manual" in triggers)
    return step.but(condition=joined[:2000], triggers=triggers, manual=manual)


def _narrowed(triggers: frozenset[Trigger], condition: str) -> frozenset[Trigger]:
    alternatives = condition.split("||")
    kept: set[Trigger] = set()
    for alternative in alternatives[:20]:
        some = set(triggers)
        for operator, event in _EVENT_IS.findall(alternative):
            meant = {"push", "change"} if event == "push" else {EVENTS.get(event, "other")}
            if operator == "==":
                some &= meant
            elif event != "push":
                some -= meant
        if "refs/tags/" in alternative and "!" not in alternative:
            some &= {"tag", "push"} if "tag" in triggers else {"tag"}
        elif re.search(r"github\.ref(?:_name)?\s*==\s*'", alternative) and "refs/tags" not in alternative:
            some -= {"change"}
        elif _INPUT_IS.search(alternative) and "!" not in alternative and "manual" in triggers:
            some &= {"manual", "call"}
        kept |= some
    return frozenset(kept)


def with_files(snapshot: Snapshot, step: Step) -> Step:
    """The step, dead if it waits for files (`hashFiles(...) != ''`) that the repository does not have."""
    found = _HASHED.fullmatch(step.condition.strip("${} ")) if "hashFiles" in step.condition else None
    if found is None or not step.live:
        return step
    wanted = re.compile(fnmatch.translate(found.group(1).removeprefix("**/").removeprefix("./")))
    anywhere = found.group(1).startswith("**/")
    for path in snapshot.files:
        if wanted.match(path) or (anywhere and wanted.match(path.rpartition("/")[2])):
            return step
    return step.but(live=False, why=f"`{found.group(1)}` is not in the repository")

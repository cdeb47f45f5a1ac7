"""Files that somebody wrote to be counted, with nothing in them: none makes the check that it cheats pass."""

from datetime import date

import pytest

from catalog.discovery import discover
from catalog.snapshot import Snapshot
from catalog.trees.memory import MemoryTree
from scorecards.check import all_checks, check_ids
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.result import Status
from templates.gallery import newest_versions
from tests.scorecards.hollow import delivery, documents, practices, records, running, signals, sly

TABLES = (documents, signals, delivery, records, running, practices, sly)
CASES = {case: files for table in TABLES for case, files in table.CASES.items()}
BASE = {
    **documents.descriptor("group:default/payments"),
    "Dockerfile": 'FROM alpine\nCOPY payments /\nCMD ["/payments"]\n',
    "go.mod": "module payments\n",
    "main.go": "package main\n\nfunc main() {}\n",
}
FACTS = Facts(date(2026, 11, 24), templates=newest_versions())


@pytest.mark.parametrize(("check", "how"), [case for case in CASES if case[0] in check_ids()])
def test_what_is_hollow_does_not_pass(check: str, how: str) -> None:
    snapshot = Snapshot(MemoryTree({**BASE, **CASES[check, how]}), "payments")
    (service,) = discover(snapshot).services
    result, broken = run_check(all_checks()[check], snapshot, service, FACTS)
    assert broken is None
    assert result.status is not Status.PASS, result.message


def test_there_are_more_than_a_hundred() -> None:
    assert len([case for case in CASES if case[0] in check_ids()]) > 100

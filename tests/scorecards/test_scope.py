"""Where files count for a service."""

import re
from collections.abc import Callable

import pytest

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.scope import aside, candidates, is_neighbours, is_own, names

Tree = Callable[[dict[str, str]], Snapshot]
ALONE = Service(Ref("component", "default", "payments"), "service")
ONE_OF_MANY = Service(
    Ref("component", "default", "payments"),
    "service",
    path="services/payments",
    neighbours=("services/orders",),
)
AT_THE_ROOT = Service(Ref("component", "default", "payments"), "service", neighbours=("services/orders",))


@pytest.mark.parametrize(
    "path",
    ["examples/a.md", "x/samples/a.md", "testdata/a", "node_modules/x/a", "vendor/a", "{{cookiecutter.n}}/a"],
)
def test_files_of_examples_and_of_others_do_not_count(path: str) -> None:
    assert aside(path, ALONE)


@pytest.mark.parametrize("path", ["docs/a.md", "example.md", "src/samples.py", "vendors/a.md"])
def test_other_files_count(path: str) -> None:
    assert aside(path, ALONE) is None


def test_a_service_that_lives_in_an_example_counts_its_own_files() -> None:
    service = Service(Ref("component", "default", "demo"), "service", path="examples/demo")
    assert aside("examples/demo/docs/a.md", service) is None
    assert aside("examples/demo/testdata/a.md", service) == "testdata/"


def test_of_many_services_each_has_its_folder() -> None:
    assert is_own("services/payments/a.md", ONE_OF_MANY)
    assert not is_own("services/payments2/a.md", ONE_OF_MANY)
    assert not is_own("docs/a.md", ONE_OF_MANY)
    assert is_neighbours("services/orders/a.md", ONE_OF_MANY)
    assert not is_neighbours("docs/a.md", ONE_OF_MANY)
    assert is_own("docs/a.md", AT_THE_ROOT)
    assert is_neighbours("services/orders/a.md", AT_THE_ROOT)


def test_own_files_come_before_shared_ones_and_neighbours_are_left_out(tree: Tree) -> None:
    snapshot = tree(dict.fromkeys(["a.md", "services/orders/a.md", "services/payments/a.md"], "x"))
    assert list(candidates(snapshot, ONE_OF_MANY, re.compile(r"a\.md$"))) == [
        "services/payments/a.md",
        "a.md",
    ]


def test_a_service_is_named_by_its_whole_word() -> None:
    assert names("Restart Payments now", ALONE)
    assert not names("the payments-gateway", ALONE)
    assert not names("repayments", ALONE)

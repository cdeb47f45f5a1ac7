"""Cortex's files, read into Backstage's model."""

from collections.abc import Callable

import pytest

from catalog.discovery import discover
from catalog.snapshot import Snapshot

Tree = Callable[[dict[str, str]], Snapshot]

WHOLE = """\
info:
  title: Fare engine
  description: Works out what a ticket costs
  x-cortex-tag: '@acme/fares'
  x-cortex-git:
    github: {repository: acme/train, basepath: services/fares, alias: default}
  x-cortex-owners:
  - {type: EMAIL, email: ada@example.com}
  - {type: group, name: acme/pricing, provider: GITHUB}
  - {type: SLACK, channel: fares}
  x-cortex-groups: [tier-2, "lifecycle:beta", plain]
  x-cortex-link:
  - {name: Runbook, type: RUNBOOK, url: "https://wiki.example.com/fares"}
  x-cortex-oncall:
    pagerduty: {id: PFARES, type: SERVICE}
  x-cortex-domain-parents:
  - tag: money
  x-cortex-dependency:
  - tag: seat-map
openapi: 3.0.1
servers:
- url: /
"""


def test_a_service_has_what_the_file_says(tree: Tree) -> None:
    found = discover(tree({"cortex.yaml": WHOLE, "services/fares/main.go": ""}))
    (entity,) = found.entities
    assert not found.problems
    assert (str(entity.ref), entity.title) == ("component:default/acme-fares", "Fare engine")
    assert (entity.owner, entity.annotations["handrail.dev/owner"]) == (
        "group:default/pricing",
        "acme/pricing",
    )
    assert (entity.labels["tier"], entity.lifecycle) == ("2", "beta")
    assert entity.tags == ("tier-2", "lifecycle:beta", "plain")
    assert entity.annotations["pagerduty.com/service-id"] == "PFARES"
    assert entity.annotations["handrail.dev/contacts"] == "slack: fares"
    assert [(r.type, r.target) for r in entity.relations] == [
        ("ownedBy", "group:default/pricing"),
        ("dependsOn", "component:default/seat-map"),
        ("partOf", "domain:default/money"),
    ]
    assert found.services[0].path == "services/fares"


@pytest.mark.parametrize(
    ("kind", "ref"),
    [("domain", "domain:default/a"), ("team", "group:default/a"), ("lambda", "component:default/a")],
)
def test_the_type_decides_the_kind(tree: Tree, kind: str, ref: str) -> None:
    text = f"openapi: 3.0.0\ninfo:\n  title: A\n  x-cortex-tag: a\n  x-cortex-type: {kind}\n"
    assert [str(e.ref) for e in discover(tree({"cortex.yml": text})).entities] == [ref]


def test_without_a_group_the_first_address_owns_it_and_without_a_tag_the_title_names_it(tree: Tree) -> None:
    text = (
        "openapi: 3.0.0\ninfo:\n  title: A b\n  x-cortex-owners: [{type: email, email: ada.l@example.com}]\n"
    )
    (entity,) = discover(tree({"cortex.yaml": text})).entities
    assert (entity.ref.name, entity.title, entity.owner) == ("a-b", "A b", "user:default/ada.l")


def test_custom_metadata_comes_before_groups(tree: Tree) -> None:
    text = (
        "openapi: 3.0.0\ninfo:\n  title: a\n  x-cortex-groups: ['tier:3']\n"
        "  x-cortex-custom-metadata: {tier: 1, lifecycle: {value: production, description: x}}\n"
    )
    (entity,) = discover(tree({"cortex.yaml": text})).entities
    assert (entity.labels["tier"], entity.lifecycle) == ("1", "production")


def test_a_folder_of_descriptors_is_read_however_deep(tree: Tree) -> None:
    text = "openapi: 3.0.1\ninfo:\n  title: {0}\n  x-cortex-tag: {0}\n"
    files = {f".cortex/catalog/{name}.yaml": text.format(name) for name in ("a", "b")}
    found = discover(tree({**files, "b/main.go": "", "other/a.yaml": text.format("c")}))
    assert {(s.ref.name, s.path) for s in found.services} == {("a", ""), ("b", "b")}


def test_a_plain_openapi_document_and_another_product_s_file_are_none(tree: Tree) -> None:
    found = discover(
        tree({"cortex.yaml": "openapi: 3.0.0\ninfo: {title: a}\n", "b/cortex.yml": "tasks: [x-cortex-a]\n"})
    )
    assert (found.entities, found.problems) == ((), ())
    assert [note.path for note in found.notes] == ["cortex.yaml", "b/cortex.yml"]


def test_what_is_wrong_is_told(tree: Tree) -> None:
    owners = "  x-cortex-owners:\n  - {type: person, name: b}\n"
    text = f"openapi: 3.0.0\ninfo:\n  x-cortex-tag: a\n{owners}  x-cortex-groups: c\n"
    found = discover(tree({"cortex.yaml": text}))
    assert [(p.line, p.message) for p in found.problems] == [
        (5, "`info.x-cortex-owners[0].type` cannot be `person`. Write `group`, `email` or `slack`."),
        (6, "`info.x-cortex-groups` is text, not a list. Write a list of groups."),
    ]

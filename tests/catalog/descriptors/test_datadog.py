"""Datadog's service definitions, versions 1 to 2.2, read into Backstage's model."""

from collections.abc import Callable

import pytest

from catalog.discovery import discover
from catalog.snapshot import Snapshot

Tree = Callable[[dict[str, str]], Snapshot]

FIRST = """\
schema-version: v1
info:
  dd-service: fares
  display-name: Fare engine
  description: Works out what a ticket costs
  service-tier: "1"
org:
  team: pricing
  application: checkout
contact:
  email: pricing@example.com
  slack: https://acme.slack.com/archives/C1
external-resources:
- {name: Runbook, type: runbook, url: "https://wiki.example.com/fares"}
"""
SECOND = """\
schema-version: v2
dd-service: fares
dd-team: pricing-handle
contacts:
- {type: slack, contact: "https://acme.slack.com/archives/C1"}
- {name: On duty, type: email, contact: duty@example.com}
repos:
- {name: Source, provider: github, url: "https://github.com/acme/fares.git"}
docs:
- {name: Handbook, url: "https://wiki.example.com/fares"}
tags: ["env:live"]
integrations:
  pagerduty: https://acme.pagerduty.com/service-directory/PFARES
"""
LATER = """\
schema-version: {version}
dd-service: fares
team: Pricing Team
application: checkout
description: Works out what a ticket costs
tier: one
lifecycle: production
links:
- {{name: Code, type: repo, url: "https://gitlab.com/acme/fares"}}
integrations:
  pagerduty: {{service-url: "https://acme.pagerduty.com/service-directory/PFARES"}}
"""


def test_version_1_nests_what_later_ones_do_not(tree: Tree) -> None:
    found = discover(tree({"service.datadog.yaml": FIRST}))
    (entity,) = found.entities
    assert not found.problems
    assert (str(entity.ref), entity.title) == ("component:default/fares", "Fare engine")
    assert (entity.owner, entity.system) == ("group:default/pricing", "system:default/checkout")
    assert entity.annotations["handrail.dev/tier"] == "1"
    assert [link["url"] for link in entity.links] == [
        "mailto:pricing@example.com",
        "https://acme.slack.com/archives/C1",
        "https://wiki.example.com/fares",
    ]


def test_version_2_has_repositories_and_documents(tree: Tree) -> None:
    found = discover(tree({"service.datadog.yaml": SECOND}))
    (entity,) = found.entities
    assert not found.problems
    assert entity.owner == "group:default/pricing-handle"
    assert entity.annotations["github.com/project-slug"] == "acme/fares"
    assert entity.annotations["pagerduty.com/service-id"] == "PFARES"
    assert entity.tags == ("env:live",)
    assert {link["url"] for link in entity.links} >= {
        "https://wiki.example.com/fares",
        "mailto:duty@example.com",
    }


@pytest.mark.parametrize("version", ["v2.1", "v2.2"])
def test_later_versions_say_more(tree: Tree, version: str) -> None:
    found = discover(tree({"entity.datadog.yml": LATER.format(version=version)}))
    (entity,) = found.entities
    assert not found.problems
    assert (entity.owner, entity.annotations["handrail.dev/owner"]) == (
        "group:default/pricing-team",
        "Pricing Team",
    )
    assert (entity.labels["tier"], entity.annotations["handrail.dev/tier"]) == ("one", "1")
    assert (entity.lifecycle, entity.system) == ("production", "system:default/checkout")
    assert entity.annotations["gitlab.com/project-slug"] == "acme/fares"


def test_objects_between_separators_with_comments_before_them_are_documents(tree: Tree) -> None:
    text = "".join(
        f'## {name}\n{{\n  "schema-version": "v2.2",\n  "dd-service": "{name}",\n  "tags": []\n}}\n---\n'
        for name in ("a", "b", "c")
    )
    found = discover(tree({"service.datadog.yaml": text}))
    assert [e.ref.name for e in found.entities] == ["a", "b", "c"]
    assert [e.line for e in found.entities] == [2, 9, 16]
    assert not found.problems


def test_one_broken_document_does_not_hide_the_others(tree: Tree) -> None:
    good = "schema-version: v2\ndd-service: {}\n"
    text = f"{good.format('a')}---\nteam: [\n---\n{good.format('b')}"
    found = discover(tree({"service.datadog.yaml": text}))
    assert [e.ref.name for e in found.entities] == ["a", "b"]
    assert [(p.kind, p.line) for p in found.problems] == [("syntax", 4)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("schema-version: v2.2\ndd-service: a\nruns-on: x\n", "`runs-on` is no field here."),
        ("schema-version: v2.2\ndd-service: a\ntype: app\n", "`type` cannot be `app`. Write one of `web`,"),
        (
            "schema-version: v2.1\ndd-service: a\ncontacts: [{type: pigeon, contact: b}]\n",
            "`contacts[0].type` cannot",
        ),
        ("schema-version: v2\ndd-service: a\nlinks: [{name: a, url: b}]\n", "`links[0].type` is missing."),
        ("schema-version: v9\ndd-service: a\n", "`schema-version` is `v9`, which is not known."),
        ("schema-version: v2\ndd-service: a\nteam: b\nteam: c\n", "`team` is written twice in one mapping."),
    ],
)
def test_what_a_version_does_not_allow_is_told_and_the_rest_is_read(tree: Tree, text: str, told: str) -> None:
    found = discover(tree({"service.datadog.yaml": text}))
    assert [p.message.startswith(told) for p in found.problems] == [True], found.problems
    assert [e.ref.name for e in found.entities] == ["a"]


def test_documents_that_later_versions_have_no_field_for_are_read_all_the_same(tree: Tree) -> None:
    text = "schema-version: v2.2\ndd-service: a\ndocs: [{name: Book, url: 'https://example.com/b'}]\n"
    (entity,) = discover(tree({"service.datadog.yaml": text})).entities
    assert entity.verdict == "invalid"
    assert [link["url"] for link in entity.links] == ["https://example.com/b"]


def test_a_contact_without_an_address_is_kept_as_words(tree: Tree) -> None:
    contacts = "[{type: slack, contact: '#fares'}, {type: email, contact: }]"
    text = f"schema-version: v2.2\ndd-service: a\ncontacts: {contacts}\n"
    (entity,) = discover(tree({"service.datadog.yaml": text})).entities
    assert entity.annotations["handrail.dev/contacts"] == "slack: #fares"


def test_two_names_that_slug_to_one_are_told_with_both(tree: Tree) -> None:
    text = "schema-version: v2\ndd-service: Fare Engine\n---\nschema-version: v2\ndd-service: fare_engine!\n"
    text = text.replace("fare_engine!", "fare engine")
    found = discover(tree({"service.datadog.yaml": text}))
    assert len(found.entities) == 1
    (problem,) = found.problems
    assert "`fare engine` is here, and `Fare Engine` in `service.datadog.yaml` line 1" in problem.message

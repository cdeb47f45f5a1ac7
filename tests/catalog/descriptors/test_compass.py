"""Compass's files, read into Backstage's model."""

from collections.abc import Callable

from catalog.discovery import discover
from catalog.snapshot import Snapshot

Tree = Callable[[dict[str, str]], Snapshot]

SITE = "ari:cloud:compass:11111111-aaaa-4bbb-8ccc-222222222222:component/33333333-aaaa-4bbb-8ccc-444444444444"
TEAM = "ari:cloud:identity::team/55555555-aaaa-4bbb-8ccc-666666666666"
WHOLE = f"""\
name: Seat Map
id: {SITE}/aaaaaaaa-0000-4000-8000-000000000001
description: Draws the seats of a train
configVersion: 1
typeId: UI_ELEMENT
ownerId: {TEAM}
fields:
  tier: 2
  lifecycle: Active
links:
  - name: null
    type: REPOSITORY
    url: https://github.com/acme/seat-map
  - name: ""
    type: DASHBOARD
    url: https://grafana.example.com/d/seats
  - type: ON_CALL
    url: https://acme.pagerduty.com/service-directory/PSEATS
  - name: Chat
    type: CHAT_CHANNEL
    url: https://acme.slack.com/archives/C1
labels:
  - language:go
  - urgent
relationships:
  DEPENDS_ON:
    - {SITE}/aaaaaaaa-0000-4000-8000-000000000002
    - {SITE}/aaaaaaaa-0000-4000-8000-000000000009
customFields: null
"""
OTHER = f"name: fares\nid: {SITE}/aaaaaaaa-0000-4000-8000-000000000002\ntypeId: SERVICE\n"


def test_a_component_has_what_the_file_says(tree: Tree) -> None:
    found = discover(tree({"web/compass.yml": WHOLE, "fares/compass.yaml": OTHER}))
    assert not found.problems
    entity = next(e for e in found.entities if e.ref.name == "seat-map")
    assert (entity.title, entity.type, entity.lifecycle) == ("Seat Map", "ui-element", "Active")
    assert entity.annotations["handrail.dev/lifecycle"] == "production"
    assert entity.labels["tier"] == "2"
    assert entity.tags == ("language:go", "urgent")
    assert entity.annotations["github.com/project-slug"] == "acme/seat-map"
    assert entity.annotations["pagerduty.com/service-id"] == "PSEATS"
    assert [link["type"] for link in entity.links] == ["repository", "dashboard", "on-call", "chat-channel"]
    assert "title" not in entity.links[1]


def test_dependencies_are_resolved_by_identifier_and_the_rest_stays_visible(tree: Tree) -> None:
    found = discover(tree({"web/compass.yml": WHOLE, "fares/compass.yaml": OTHER}))
    entity = next(e for e in found.entities if e.ref.name == "seat-map")
    assert [r.target for r in entity.relations if r.type == "dependsOn"] == [
        "component:default/fares",
        "component:default/aaaaaaaa-0000-4000-8000-000000000009",
    ]


def test_an_owner_of_which_only_the_identifier_is_known_is_no_owner_s_name(tree: Tree) -> None:
    found = discover(tree({"compass.yml": WHOLE}))
    (service,) = found.services
    assert service.owner == "an unresolved Compass team"
    assert service.annotations["handrail.dev/team-id"] == TEAM
    assert not found.problems


def test_what_an_importer_writes_everywhere_is_no_decision(tree: Tree) -> None:
    text = (
        f"name: a\nid: {SITE}/aaaaaaaa-0000-4000-8000-000000000001\ndescription: null\nfields:\n  tier: 4\n"
        "relationships: {}\nlabels:\n  - source:github\n"
    )
    (entity,) = discover(tree({"compass.yml": text})).entities
    assert "tier" not in entity.labels
    assert (entity.type, entity.annotations["handrail.dev/assumed"]) == ("service", "spec.type")
    (chosen,) = discover(tree({"compass.yml": text.replace("source:github", "python")})).entities
    assert chosen.labels["tier"] == "4"


def test_a_file_of_the_name_without_its_marks_is_only_noted(tree: Tree) -> None:
    found = discover(tree({"compass.yml": "name: directions\nversion: 3\n"}))
    assert (found.entities, found.problems) == ((), ())
    assert [note.path for note in found.notes] == ["compass.yml"]


def test_what_is_wrong_is_told(tree: Tree) -> None:
    text = "name: a\ntypeId: SERVICE\nlabels: x\nlinks:\n  - type: DOCUMENT\n  - {type: DOCUMENT, url: }\n"
    found = discover(tree({"compass.yml": text}))
    assert [(p.line, p.message) for p in found.problems] == [
        (3, "`labels` is text, not a list. Write a list of labels."),
        (5, "`links[0].url` is missing. Write the whole address."),
    ]

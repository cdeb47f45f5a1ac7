"""Port's files, read into Backstage's model."""

from collections.abc import Callable

from catalog.discovery import discover
from catalog.snapshot import Snapshot

Tree = Callable[[dict[str, str]], Snapshot]

WHOLE = """\
- identifier: acme/fares
  title: Fare engine
  blueprint: service
  team: [pricing, data]
  properties:
    type: backend
    lifecycle: Production
    whatever: 3
  relations:
    domain: money
    system: [tickets]
- identifier: bench
  blueprint: laboratory
"""


def test_services_and_components_are_read_and_other_blueprints_only_recognised(tree: Tree) -> None:
    found = discover(tree({"port.yml": WHOLE}))
    (entity,) = found.entities
    assert not found.problems
    assert (str(entity.ref), entity.title, entity.type) == (
        "component:default/acme-fares",
        "Fare engine",
        "backend",
    )
    assert (entity.owner, entity.lifecycle) == ("group:default/pricing", "Production")
    assert [(r.type, r.target) for r in entity.relations] == [
        ("ownedBy", "group:default/pricing"),
        ("partOf", "system:default/tickets"),
        ("ownedBy", "group:default/data"),
        ("partOf", "domain:default/money"),
    ]
    assert ["`laboratory`" in note.message for note in found.notes] == [True]


def test_one_mapping_is_one_entity(tree: Tree) -> None:
    found = discover(tree({".port/any.yaml": "identifier: a\nblueprint: Component\nteam: x\n"}))
    assert [(e.ref.name, e.owner) for e in found.entities] == [("a", "group:default/x")]


def test_another_product_s_file_is_none(tree: Tree) -> None:
    found = discover(tree({"port.yml": "- name: Open\n  hosts: web\n", "main.go": ""}))
    assert (found.entities, found.problems) == ((), ())
    assert [note.path for note in found.notes] == ["port.yml"]


def test_what_is_wrong_is_told(tree: Tree) -> None:
    found = discover(
        tree({"port.yml": "- identifier: a\n  blueprint: service\n  properties: [b]\n  relations:\n"})
    )
    assert [(p.line, p.message) for p in found.problems] == [
        (3, "`[0].properties` is a list, not a mapping. Write a mapping of properties to values.")
    ]

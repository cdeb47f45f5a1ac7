"""Entities and what they relate to."""

import pytest

from catalog.descriptors import backstage
from catalog.document import parse_yaml
from catalog.entity import INVERSE, Entity


def entity(kind: str, spec: str, namespace: str = "default") -> Entity:
    text = f"apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: Own\n"
    text += f"  namespace: {namespace}\nspec:\n"
    text += "".join(f"  {line}\n" for line in spec.split("\n"))
    reading = backstage.read(parse_yaml(text, "catalog-info.yaml"), text, "catalog-info.yaml", certain=True)
    return reading.entities[0]


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        ("Component", "owner: pay", ("ownedBy", "group:default/pay")),
        ("Component", "owner: user:Ada", ("ownedBy", "user:default/ada")),
        ("Component", "system: shop", ("partOf", "system:default/shop")),
        ("Component", "subcomponentOf: big", ("partOf", "component:default/big")),
        ("Component", "providesApis: [pay]", ("providesApi", "api:default/pay")),
        ("Component", "consumesApis: [other/ledger]", ("consumesApi", "api:other/ledger")),
        ("Component", "dependsOn: ['resource:db']", ("dependsOn", "resource:default/db")),
        ("Component", "dependencyOf: ['component:web']", ("dependencyOf", "component:default/web")),
        ("API", "system: shop", ("partOf", "system:default/shop")),
        ("Resource", "dependencyOf: ['component:web']", ("dependencyOf", "component:default/web")),
        ("System", "domain: trade", ("partOf", "domain:default/trade")),
        ("Domain", "subdomainOf: all", ("partOf", "domain:default/all")),
        ("Group", "parent: eng", ("childOf", "group:default/eng")),
        ("Group", "children: [sub]", ("parentOf", "group:default/sub")),
        ("Group", "members: [Ada]", ("hasMember", "user:default/ada")),
        ("User", "memberOf: [pay]", ("memberOf", "group:default/pay")),
        ("Template", "owner: pay", ("ownedBy", "group:default/pay")),
    ],
)
def test_each_field_of_each_kind_is_a_relation(kind: str, spec: str, expected: tuple[str, str]) -> None:
    assert [(r.type, r.target) for r in entity(kind, spec).relations] == [expected]


def test_a_relation_knows_its_field_and_line() -> None:
    relations = entity("Component", "owner: pay\ndependsOn:\n  - resource:db\n  - component:web").relations
    assert [(r.field, r.line) for r in relations] == [
        ("spec.owner", 7),
        ("spec.dependsOn[0]", 9),
        ("spec.dependsOn[1]", 10),
    ]


def test_a_ref_without_a_namespace_is_in_the_entitys_own() -> None:
    assert [r.target for r in entity("Component", "owner: pay", "shop").relations] == ["group:shop/pay"]


def test_a_dependency_without_a_kind_is_a_component_and_told() -> None:
    found = entity("Component", "dependsOn: [db]")
    assert [r.target for r in found.relations] == ["component:default/db"]
    assert [(p.kind, p.line) for p in found.problems] == [("reference", 7)]
    assert "Write `component:db`." in found.problems[0].message


def test_what_is_no_ref_is_told_and_no_relation() -> None:
    found = entity("Component", "owner: Team Pay\nconsumesApis: [1, '', 'a:b:c', ok]")
    assert [r.target for r in found.relations] == ["api:default/ok"]
    assert [(p.line, p.message) for p in found.problems] == [
        (7, "`spec.owner` is `Team Pay`, which is no entity ref. Write one such as `group:payments`."),
        (8, "`spec.consumesApis[2]` is `a:b:c`, which is no entity ref. Write one such as `api:payments`."),
    ]


def test_an_owner_is_its_ref_or_the_words_that_are_none() -> None:
    assert entity("Component", "owner: Pay").owner == "group:default/pay"
    assert entity("Component", "owner: Team Pay").owner == "Team Pay"
    assert entity("Component", "owner: ' '").owner is None
    assert entity("Component", "owner: [a]").owner is None
    assert entity("Component", "system: shop").system == "system:default/shop"


def test_what_is_not_text_in_the_metadata_is_left_out() -> None:
    text = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: x\n  tags: [a, 1, '']\n"
        "  title: 7\n  annotations: {a: b, c: 1}\n  labels: []\n"
        "  links: [{url: 'https://e.org', title: 1}, {title: x}, 3]\n"
    )
    (found,) = backstage.read(parse_yaml(text, "c.yaml"), text, "c.yaml", certain=True).entities
    assert (found.tags, found.title, found.annotations, found.labels) == (("a",), None, {"a": "b"}, {})
    assert found.links == ({"url": "https://e.org"},)
    assert found.verdict == "invalid"


def test_a_relation_turned_round_twice_is_itself() -> None:
    assert all(INVERSE[INVERSE[name]] == name for name in INVERSE)
    assert INVERSE["ownedBy"] == "ownerOf"

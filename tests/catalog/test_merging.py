"""Several descriptors of one service: one entity, whose fields know where they are from."""

from collections.abc import Callable

import pytest

from catalog.discovery import Discovery, discover
from catalog.entity import Entity
from catalog.snapshot import Snapshot

Tree = Callable[[dict[str, str]], Snapshot]

BACKSTAGE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: fares
  links:
    - {url: "https://wiki.example.com/fares", title: Runbook}
spec:
  type: service
  lifecycle: production
  owner: group:pricing
"""
OPSLEVEL = """\
version: 1
service:
  name: fares
  owner: travel
  tier: tier_1
  lifecycle: generally_available
  description: Works out what a ticket costs
  tools:
    - {name: Runbook, category: runbooks, url: "https://wiki.example.com/fares"}
    - {name: Graphs, category: metrics, url: "https://grafana.example.com/d/1"}
  dependencies:
    - alias: seat-map
"""
CORTEX = "openapi: 3.0.1\ninfo:\n  title: Fares\n  x-cortex-tag: fares\n  x-cortex-groups: [tier-3]\n"


def one(found: Discovery) -> Entity:
    """The only entity, which is the only service."""
    (entity,) = found.entities
    assert [str(s.ref) for s in found.services] == [str(entity.ref)]
    return entity


def test_each_field_is_from_the_first_format_that_has_it(tree: Tree) -> None:
    entity = one(
        discover(tree({"catalog-info.yaml": BACKSTAGE, "opslevel.yml": OPSLEVEL, "cortex.yaml": CORTEX}))
    )
    assert (entity.form, entity.owner, entity.lifecycle) == (
        "backstage",
        "group:default/pricing",
        "production",
    )
    assert entity.description == "Works out what a ticket costs"
    assert (entity.labels["tier"], entity.annotations["handrail.dev/tier"]) == ("tier_1", "1")
    assert [link["url"] for link in entity.links] == [
        "https://wiki.example.com/fares",
        "https://grafana.example.com/d/1",
    ]
    assert entity.spec["dependsOn"] == ["component:seat-map"]
    assert entity.title == "Fares"


def test_every_field_tells_its_file_and_line(tree: Tree) -> None:
    entity = one(discover(tree({"catalog-info.yaml": BACKSTAGE, "opslevel.yml": OPSLEVEL})))
    sources = {source.field: (source.path, source.line, source.form) for source in entity.sources}
    assert sources["spec.owner"] == ("catalog-info.yaml", 10, "backstage")
    assert sources["metadata.description"] == ("opslevel.yml", 7, "opslevel")
    assert sources["metadata.links[1]"] == ("opslevel.yml", 10, "opslevel")
    document = entity.document
    for keys, path, line in (
        (("metadata", "links", 0), "catalog-info.yaml", 6),
        (("metadata", "links", 1, "url"), "opslevel.yml", 10),
        (("spec", "dependsOn", 0), "opslevel.yml", 12),
        (("spec", "type"), "catalog-info.yaml", 8),
    ):
        assert (document.path_of(*keys), document.line_of(*keys)) == (path, line)


def test_a_contradiction_is_told_and_one_in_words_only_is_none(tree: Tree) -> None:
    found = discover(tree({"catalog-info.yaml": BACKSTAGE, "opslevel.yml": OPSLEVEL, "cortex.yaml": CORTEX}))
    assert [(c.field, c.kept, c.other, c.path, c.line) for c in one(found).contradictions] == [
        ("spec.owner", "group:pricing", "group:default/travel", "opslevel.yml", 4),
        ("metadata.labels.tier", "tier_1", "3", "cortex.yaml", 5),
    ]
    assert [(p.kind, p.path, p.line) for p in found.problems] == [
        ("conflict", "opslevel.yml", 4),
        ("conflict", "cortex.yaml", 5),
    ]
    assert found.problems[0].message == (
        "`spec.owner` is `group:default/travel` here and `group:pricing` in `catalog-info.yaml` line 10,"
        " which is kept for `component:default/fares`. Make them agree."
    )


@pytest.mark.parametrize("name", ["Fare Engine", "travel-fares"])
def test_the_only_descriptors_of_a_folder_mean_one_service_whatever_they_call_it(
    tree: Tree, name: str
) -> None:
    other = OPSLEVEL.replace("name: fares\n  owner: travel", f"name: {name}\n  owner: pricing")
    entity = one(discover(tree({"a/catalog-info.yaml": BACKSTAGE, "a/opslevel.yml": other})))
    assert str(entity.ref) == "component:default/fares"
    assert [(c.field, c.kept, c.other) for c in entity.contradictions] == [("metadata.name", "fares", name)]
    assert name in entity.aliases or name == "travel-fares"


def test_an_alias_or_a_title_tells_which_of_several_is_meant(tree: Tree) -> None:
    second = BACKSTAGE.replace("name: fares", "name: seats\n  title: Seat Map")
    files = {
        "catalog-info.yaml": f"{BACKSTAGE}---\n{second}",
        "a/opslevel.yml": "service:\n  name: Pricing\n  aliases: [fares]\n  tier: 2\n",
        "b/opslevel.yml": "service:\n  name: Seat map\n  tier: 3\n",
    }
    found = {e.ref.name: e for e in discover(tree(files)).entities}
    assert {name: e.labels["tier"] for name, e in found.items()} == {"fares": "2", "seats": "3"}


def test_several_components_of_one_maker_in_a_folder_are_kept_apart(tree: Tree) -> None:
    datadog = "".join(f"schema-version: v2\ndd-service: {name}\n---\n" for name in ("a", "b"))
    found = discover(tree({"catalog-info.yaml": BACKSTAGE, "service.datadog.yaml": datadog}))
    assert sorted(e.ref.name for e in found.entities) == ["a", "b", "fares"]


def test_what_a_format_takes_for_granted_gives_way_to_what_is_said(tree: Tree) -> None:
    worker = BACKSTAGE.replace("type: service", "type: worker").replace("apiVersion", "# x\napiVersion")
    entity = one(discover(tree({"catalog-info.yaml": worker, "opslevel.yml": OPSLEVEL})))
    assert entity.type == "worker"
    site = "ari:cloud:compass:1:component/2/3"
    compass = f"name: fares\nid: {site}\nownerId: ari:cloud:identity::team/4\n"
    entity = one(
        discover(
            tree({"compass.yml": compass, "port.yml": "identifier: fares\nblueprint: service\nteam: x\n"})
        )
    )
    assert entity.owner == "group:default/x"
    assert not entity.contradictions


def test_entities_of_other_kinds_unite_by_their_refs(tree: Tree) -> None:
    system = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: shop}\nspec: {owner: a}\n"
    other = "apiVersion: v3\nkind: system\nmetadata: {name: shop, owner: b}\n"
    found = discover(tree({"catalog-info.yaml": system, "entity.datadog.yaml": other}))
    (entity,) = found.entities
    assert [c.field for c in entity.contradictions] == ["spec.owner"]

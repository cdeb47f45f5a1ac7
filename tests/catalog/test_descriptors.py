"""All formats together: what none of them may do, whatever a file holds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.descriptors import format_of, formats
from catalog.discovery import discover
from catalog.document import parse_yaml
from catalog.schema import SCHEMAS
from catalog.snapshot import Snapshot
from catalog.trees.folder import FolderTree

Tree = Callable[[dict[str, str]], Snapshot]

KEYS = [
    *("version", "service", "component", "repository", "name", "owner", "tier", "lifecycle", "tags", "tools"),
    *("aliases", "dependencies", "alias", "repositories", "provider", "path", "alert_sources", "type", "url"),
    *("id", "typeId", "configVersion", "ownerId", "fields", "links", "labels", "relationships", "DEPENDS_ON"),
    *(
        "schema-version",
        "dd-service",
        "team",
        "contacts",
        "contact",
        "info",
        "org",
        "integrations",
        "pagerduty",
    ),
    *("apiVersion", "kind", "metadata", "spec", "dependsOn", "components", "componentOf", "inheritFrom"),
    *("datadog", "codeLocations", "repositoryURL", "paths", "additionalOwners", "displayName", "interface"),
    *("openapi", "x-cortex-tag", "x-cortex-type", "x-cortex-owners", "x-cortex-groups", "x-cortex-git"),
    *("x-cortex-link", "x-cortex-oncall", "x-cortex-custom-metadata", "x-cortex-parents", "title"),
    *("identifier", "blueprint", "properties", "relations", "domain", "system"),
]
WORDS = [
    *("v2.2", "v1", "v3", 1, "1", 2.5, True, None, "", "a", "Fare Engine", "x" * 200, "service", "system"),
    *(
        "ari:cloud:compass:1:component/2/3",
        "team",
        "domain",
        "component",
        "github",
        "acme/fares",
        "../..",
        "/",
    ),
    *("https://hooks.slack.com/services/T/B/secret", "https://u:p@github.com/a/b", "git@github.com:a/b.git"),
    *("service:a", ":", "a:b:c", "#", "${{ x }}", "\u202e", "\U0001f600", "http://[", "mailto:", 10**400),
]
VALUES = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8),
    max_leaves=30,
)
MARKS: list[dict[str, Any]] = [
    {"version": 1, "service": {"name": "a"}},
    {"component": {"name": "a"}},
    {"repository": {"owner": "a"}},
    {"name": "a", "configVersion": 1},
    {"schema-version": "v2.2", "dd-service": "a"},
    {"schema-version": "v1", "info": {"dd-service": "a"}},
    {"apiVersion": "v3", "kind": "service", "metadata": {"name": "a"}},
    {"apiVersion": "v3", "kind": "api", "metadata": {"name": "b"}},
    {"openapi": "3.0.1", "info": {"x-cortex-tag": "a"}},
    {"identifier": "a", "blueprint": "service"},
]
NAMES = [
    "opslevel.yml",
    "compass.yml",
    "service.datadog.yaml",
    "entity.datadog.yaml",
    "cortex.yaml",
    "port.yml",
]


def test_each_format_names_itself_and_is_told_by_its_marks_alone() -> None:
    assert {name: form.RANK for name, form in formats().items()} == {
        "backstage": 0,
        "opslevel": 1,
        "cortex": 2,
        "datadog": 3,
        "datadog_entities": 3,
        "compass": 4,
        "port": 5,
    }
    for data in MARKS:
        (document,) = parse_yaml(json.dumps(data), "a.yaml").documents
        claiming = [name for name, form in formats().items() if form.claims(document)]
        assert len(claiming) == 1, data
        assert format_of(document) is formats()[claiming[0]]
        assert formats()[claiming[0]].MARK.search(json.dumps(data))


def test_every_schema_is_one_of_draft_2020_12_that_says_what_it_expects() -> None:
    paths = sorted((SCHEMAS / "descriptors").glob("*.json"))
    assert len(paths) == 9

    def look(node: Any) -> None:
        if isinstance(node, dict):
            for name, field in node.get("properties", {}).items() if node.get("type") == "object" else ():
                assert field["description"].endswith("."), name
                look(field)
            for part in ("items", "then", "else"):
                look(node.get(part))

    for path in paths:
        schema = json.loads(path.read_text("utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$id"].endswith(f"/descriptors/{path.name}")
        look(schema)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(MARKS), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6), st.sampled_from(NAMES)
)
def test_whatever_stands_in_a_descriptor_is_read_or_told(
    tmp_path: Path, marks: dict[str, Any], more: dict[str, Any], name: str
) -> None:
    made: dict[str, Any] = {}
    for key in {**marks, **more}:
        one, other = marks.get(key), more.get(key)
        made[key] = (
            {**one, **other} if isinstance(one, dict) and isinstance(other, dict) else more.get(key, one)
        )
    (tmp_path / name).write_text(json.dumps(made), "utf-8")
    (tmp_path / "catalog-info.yaml").write_text(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec: {type: service}\n",
        "utf-8",
    )
    found = discover(Snapshot(FolderTree(tmp_path, None), "payments"))
    for entity in found.entities:
        assert entity.ref.name
        assert all(relation.target for relation in entity.relations)
        assert entity.annotations is not None
        assert all(isinstance(link["url"], str) for link in entity.links)
    assert found.services
    for problem in (*found.problems, *found.notes):
        assert problem.message.endswith("."), problem


@settings(max_examples=100)
@given(st.text(max_size=300), st.sampled_from(sorted(formats())))
def test_any_text_is_told_apart_without_failing(text: str, name: str) -> None:
    for document in parse_yaml(text, "a.yaml").documents:
        form = formats()[name]
        if form.claims(document):
            form.judge(document)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_no_text_or_empty_or_huge_is_only_noted(tree: Tree, name: str) -> None:
    for text in ("", "\0\0\0", "a" * 3_000_000):
        found = discover(tree({name: text, "main.go": ""}))
        assert (found.entities, found.problems) == ((), ())


def test_an_alias_bomb_is_told_and_takes_no_time(tree: Tree) -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    text = f"service:\n  name: a\nl0: &l0 [x]\n{levels}"
    found = discover(tree({"opslevel.yml": text}))
    assert [p.kind for p in found.problems] == ["syntax"]

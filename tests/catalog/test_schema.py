"""The verdict on an entity, and the sentences that say what is wrong."""

import copy
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import parse_json, parse_yaml
from catalog.schema import KINDS, faults, schemas, verdict

SPECS: dict[str, dict[str, Any]] = {
    "Component": {"type": "service", "lifecycle": "production", "owner": "group:payments"},
    "API": {
        "type": "openapi",
        "lifecycle": "production",
        "owner": "payments",
        "definition": "openapi: 3.0.0",
    },
    "System": {"owner": "payments"},
    "Domain": {"owner": "payments"},
    "Resource": {"type": "database", "owner": "payments"},
    "Group": {"type": "team", "children": []},
    "User": {"memberOf": []},
    "Location": {"target": "./a.yaml"},
    "Template": {"type": "service", "steps": [{"action": "fetch:template"}]},
}


def entity(of: str = "Component", /, **changes: Any) -> dict[str, Any]:
    """A valid entity of this kind; `spec__owner=...` sets a field, `...` as its value takes it away."""
    version = "scaffolder.backstage.io/v1beta3" if of == "Template" else "backstage.io/v1alpha1"
    made: dict[str, Any] = {"apiVersion": version, "kind": of, "metadata": {"name": "payments"}}
    made["spec"] = copy.deepcopy(SPECS[of])
    for way, value in changes.items():
        *parents, last = way.split("__")
        holder = made
        for parent in parents:
            holder = holder[parent]
        if value is ...:
            del holder[last]
        else:
            holder[last] = value
    return made


def told(data: Any) -> list[str]:
    """What is wrong with an entity."""
    return [fault.message for fault in faults(parse_json(json.dumps(data), "a.json").documents[0])]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_valid_with_what_it_requires_and_invalid_without_any_of_it(kind: str) -> None:
    assert verdict(entity(kind)) == "valid"
    for field in schemas()[kind.lower()]["properties"]["spec"].get("required", []):
        broken = entity(kind, **{f"spec__{field}": ...})
        assert verdict(broken) == "invalid", field
        assert any(f"`spec.{field}` is missing." in message for message in told(broken))
    assert verdict(entity(kind, spec=...)) == "invalid"
    assert verdict(entity(kind, spec__extra=[None])) == "valid"


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "Template"])
def test_both_versions_of_a_kind_are_known(kind: str) -> None:
    assert verdict(entity(kind, apiVersion="backstage.io/v1beta1")) == "valid"


def test_every_schema_is_one_of_draft_2020_12_and_has_a_word_for_what_it_expects() -> None:
    assert set(schemas()) == {"envelope", *(kind.lower() for kind in KINDS)}
    for name, schema in schemas().items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"].endswith(f"/{name}.schema.json")
        for field in schema["properties"].get("spec", {}).get("properties", {}).values():
            assert "$ref" in field or field["description"].endswith(".")


VALID = [
    {"metadata__name": "a--b_c.D"},
    {"metadata__name": "0"},
    {"metadata__name": "a" * 63},
    {"metadata__namespace": "a--b"},
    {"metadata__namespace": "default"},
    {"metadata__title": "Payments, and more"},
    {"metadata__description": ""},
    {"metadata__labels": {"tier": "1", "example.org/K_x": "", "a.b-c/d": "x.y"}},
    {"metadata__annotations": {"backstage.io/techdocs-ref": "dir:.", "a": "-a", "b": "a\n", "c": ""}},
    {"metadata__tags": ["c++", "c#", "tier-1", "1", "a" * 63]},
    {"metadata__tags": []},
    {"metadata__links": [{"url": "https://e.org", "title": "x", "icon": "a b", "type": "y", "more": 1}]},
    {"metadata__links": [{"url": "mailto:a@e.org"}, {"url": "HTTPS:e.org"}, {"url": "slack://channel?id=1"}]},
    {"metadata__extra": {"a": [1]}},
    {"spec__dependsOn": []},
    {"spec__consumesApis": ["ledger"]},
    {"spec__dependencyOf": 1.5},
]

INVALID = [
    {"apiVersion": ...},
    {"apiVersion": ""},
    {"apiVersion": "backstage.io/"},
    {"apiVersion": "a/b/c"},
    {"apiVersion": "Backstage.io/v1"},
    {"apiVersion": 1},
    {"kind": ...},
    {"kind": "1Kind"},
    {"kind": "Kind-x"},
    {"kind": "K" * 64},
    {"kind": []},
    {"metadata": ...},
    {"metadata": []},
    {"metadata": {}},
    {"metadata__name": ""},
    {"metadata__name": "a b"},
    {"metadata__name": "-a"},
    {"metadata__name": "a."},
    {"metadata__name": "é"},
    {"metadata__name": "a\n"},
    {"metadata__name": "a" * 64},
    {"metadata__name": "${{values.name}}"},
    {"metadata__name": 12},
    {"metadata__namespace": "A"},
    {"metadata__namespace": "a_b"},
    {"metadata__namespace": "a\n"},
    {"metadata__namespace": ""},
    {"metadata__namespace": None},
    {"metadata__title": ""},
    {"metadata__description": None},
    {"metadata__description": 1},
    {"metadata__labels": {"": "a"}},
    {"metadata__labels": {"k/": "a"}},
    {"metadata__labels": {"/x": "a"}},
    {"metadata__labels": {"k/x/y": "a"}},
    {"metadata__labels": {"K/x": "a"}},
    {"metadata__labels": {"é": "a"}},
    {"metadata__labels": {"a" * 64: "a"}},
    {"metadata__labels": {"tier": 1}},
    {"metadata__labels": {"tier": "a/b"}},
    {"metadata__labels": {"tier": "a" * 64}},
    {"metadata__labels": []},
    {"metadata__annotations": {"a": True}},
    {"metadata__annotations": {"a b": "x"}},
    {"metadata__annotations": {"a" * 254 + "/b": "x"}},
    {"metadata__annotations": {"a.-b/c": "x"}},
    {"metadata__tags": "a"},
    {"metadata__tags": [""]},
    {"metadata__tags": ["A"]},
    {"metadata__tags": ["a--b"]},
    {"metadata__tags": ["a b"]},
    {"metadata__tags": ["a_b"]},
    {"metadata__tags": [None]},
    {"metadata__links": {}},
    {"metadata__links": ["https://e.org"]},
    {"metadata__links": [{}]},
    {"metadata__links": [{"url": "e.org"}]},
    {"metadata__links": [{"url": "https://"}]},
    {"metadata__links": [{"url": "/docs"}]},
    {"metadata__links": [{"url": "https://e.org", "icon": ""}]},
    {"metadata__links": [{"url": "https://e.org", "title": 1}]},
    {"spec": []},
    {"spec": None},
    {"spec__owner": ""},
    {"spec__owner": ["a"]},
    {"spec__type": True},
    {"spec__system": ""},
    {"spec__system": None},
    {"spec__dependsOn": "x"},
    {"spec__dependsOn": [""]},
    {"spec__providesApis": [0]},
    {"relations": []},
    {"status": {}},
    {"extra": 1},
]


@pytest.mark.parametrize("changes", VALID)
def test_what_backstage_takes_is_valid(changes: dict[str, Any]) -> None:
    made = entity(**changes)
    assert told(made) == []
    assert verdict(made) == "valid"


@pytest.mark.parametrize("changes", INVALID)
def test_what_backstage_refuses_is_invalid_and_the_field_is_named(changes: dict[str, Any]) -> None:
    made = entity(**changes)
    assert verdict(made) == "invalid"
    field = next(iter(changes)).replace("__", ".")
    assert any(f"`{field}" in message for message in told(made)), told(made)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("API", {"spec__definition": ["a"]}),
        ("API", {"spec__definition": {"$text": "./a", "more": 1}}),
        ("API", {"spec__definition": {"$json": "./a"}}),
        ("System", {"spec__domain": 1}),
        ("Domain", {"spec__subdomainOf": ""}),
        ("Resource", {"spec__dependsOn": [None]}),
        ("Group", {"spec__children": None}),
        ("Group", {"spec__profile": True}),
        ("Group", {"spec__profile": {"displayName": 1}}),
        ("Group", {"spec__members": [1]}),
        ("User", {"spec__memberOf": [""]}),
        ("User", {"spec__profile": "x"}),
        ("Location", {"spec__presence": "maybe"}),
        ("Location", {"spec__targets": [0]}),
        ("Location", {"spec__target": 0}),
        ("Template", {"spec__steps": [{}]}),
    ],
)
def test_fields_of_the_other_kinds_are_looked_at_too(kind: str, changes: dict[str, Any]) -> None:
    assert verdict(entity(kind, **changes)) == "invalid"
    assert told(entity(kind, **changes)) != []


def test_a_definition_may_stand_in_a_file_of_its_own() -> None:
    assert verdict(entity("API", spec__definition={"$text": "./openapi.yaml"})) == "valid"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "Widget"},
        {"kind": "component"},
        {"kind": "Api"},
        {"apiVersion": "backstage.io/v1"},
        {"apiVersion": "v1"},
    ],
)
def test_a_kind_that_is_not_ours_is_unknown_as_long_as_its_envelope_is_right(changes: dict[str, Any]) -> None:
    assert verdict(entity(**changes)) == "unknown-kind"
    assert verdict(entity(spec__owner=None, **changes)) == "unknown-kind"
    assert verdict(entity(metadata__name="a b", **changes)) == "invalid"
    assert verdict(entity(spec=..., **changes)) == "unknown-kind"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"spec__owner": ""}, "`spec.owner` is empty."),
        ({"spec__owner": None}, "`spec.owner` is empty."),
        ({"spec__owner": ["a"]}, "`spec.owner` is a list, not text."),
        ({"spec__owner": 1.5}, "`spec.owner` is the number `1.5`, not text."),
        ({"spec__owner": ...}, "`spec.owner` is missing."),
    ],
)
def test_a_sentence_says_what_is_there_and_what_to_write(changes: dict[str, Any], message: str) -> None:
    assert told(entity(**changes)) == [f"{message} Name a group, for example `group:payments`."]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"metadata__annotations": {"a": True}},
            "`metadata.annotations.a` is `true`, not text. Write text; ",
        ),
        ({"extra": 1}, "`extra` is no field here. There are `apiVersion`, `kind`, `metadata`, `spec`."),
        (
            {"metadata__links": [{"url": "e.org"}]},
            "`metadata.links[0].url` cannot be `e.org`. Write a whole ",
        ),
        ({"metadata__name": "a\tb"}, "`metadata.name` cannot be `a\\tb`. Use letters and digits with `-`, "),
        (
            {"metadata__name": "a" * 64},
            "`metadata.name` is 64 characters long, more than the 63 allowed. Use",
        ),
        (
            {"metadata__labels": {"k/": "a"}},
            "`k/` cannot be a key of `metadata.labels`. A key is a name, or ",
        ),
    ],
)
def test_sentences_fit_what_is_wrong(changes: dict[str, Any], message: str) -> None:
    (said,) = told(entity(**changes))
    assert said.startswith(message)


def test_each_fault_stands_at_its_own_line_in_their_order() -> None:
    text = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: pay\n  tags:\n    - ok\n"
        "    - NO\nspec:\n  type: service\n  owner:\n  owner: x\n"
    )
    (document,) = parse_yaml(text, "a.yaml").documents
    assert [(f.line, f.field) for f in faults(document)] == [
        (7, "metadata.tags[1]"),
        (8, "spec.lifecycle"),
        (11, "owner"),
    ]


def test_a_document_that_is_no_mapping_is_no_entity() -> None:
    (document,) = parse_yaml("- a\n", "a.yaml").documents
    assert verdict(document.data) == "invalid"
    assert [f.message for f in faults(document)] == [
        "This document is a list. An entity is a mapping with `apiVersion`, `kind` and `metadata`."
    ]


def test_a_long_or_hostile_value_does_not_fill_the_page() -> None:
    assert all(
        len(m) < 600 for m in told(entity(metadata__labels={"k" * 5_000: "v" * 5_000}, spec__type=[9] * 999))
    )


WORDS = st.sampled_from(
    ["a", "", "a b", "-", "A", "1", "k/x", "https://e.org", "a\n", "x" * 64, "\ud800", "${{ x }}"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
FIELDS = [
    *("apiVersion", "kind", "metadata", "spec", "relations", "metadata__name", "metadata__namespace"),
    *("metadata__labels", "metadata__annotations", "metadata__tags", "metadata__links", "spec__owner"),
    *("spec__type", "spec__dependsOn", "spec__profile", "spec__targets", "spec__children", "spec__memberOf"),
]


@given(st.sampled_from(KINDS), st.sampled_from(FIELDS), VALUES)
def test_whatever_stands_in_a_field_the_two_validators_agree(kind: str, field: str, value: Any) -> None:
    text = json.dumps(entity(kind, **{field: value}))
    (document,) = parse_json(text, "a.json").documents
    assert bool(faults(document)) == (verdict(document.data) == "invalid")


OUTPUT = {
    "remoteUrl": "${{ steps.p.output.url }}",
    "links": [{"url": "u", "if": True}],
    "text": [{"content": ""}],
}
TAGGED = {"backstage:permissions": {"tags": ["a"]}}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("steps", [], "valid"),
        ("steps", [{"action": "a", "if": "${{ x }}", "each": 1, **TAGGED}], "valid"),
        ("steps", [{"action": "a", "if": 1}], "invalid"),
        ("steps", [{"action": None}], "invalid"),
        ("steps", [{"action": "a", "input": []}], "invalid"),
        ("steps", [{"action": "a", "backstage:permissions": {"tags": "a"}}], "invalid"),
        ("steps", {}, "invalid"),
        ("parameters", {"title": "A", **TAGGED}, "valid"),
        ("parameters", [{"title": "A", **TAGGED}, {}], "valid"),
        ("parameters", [{"backstage:permissions": {"tags": [1]}}], "invalid"),
        ("parameters", ["a"], "invalid"),
        ("parameters", "a", "invalid"),
        ("secrets", {"schema": {}}, "valid"),
        ("secrets", {"schema": "a"}, "invalid"),
        ("presentation", {"buttonLabels": {"backButtonText": "b"}, "more": 1}, "valid"),
        ("presentation", {"buttonLabels": {"createButtonText": 1}}, "invalid"),
        ("EXPERIMENTAL_recovery", {"EXPERIMENTAL_strategy": "none"}, "valid"),
        ("EXPERIMENTAL_recovery", {"EXPERIMENTAL_strategy": 1}, "invalid"),
        ("EXPERIMENTAL_formDecorators", [{"id": "a", "input": {}}], "valid"),
        ("EXPERIMENTAL_formDecorators", [{"input": 1}], "invalid"),
        ("output", OUTPUT, "valid"),
        ("output", {"remoteUrl": 1}, "invalid"),
        ("output", {"links": [{"url": ""}]}, "invalid"),
        ("output", {"links": {}}, "invalid"),
        ("output", {"text": [{"title": ""}]}, "invalid"),
        ("owner", "", "invalid"),
        ("type", "", "invalid"),
        ("lifecycle", None, "invalid"),
        ("anything", [None], "valid"),
    ],
)
def test_a_template_is_what_the_scaffolder_takes(field: str, value: Any, said: str) -> None:
    made = entity("Template", **{f"spec__{field}": value})
    assert verdict(made) == said
    assert bool(told(made)) == (said == "invalid")


def test_a_template_of_another_version_is_of_an_unknown_kind() -> None:
    assert verdict(entity("Template", apiVersion="scaffolder.backstage.io/v1beta2")) == "unknown-kind"
    (said,) = told(entity("Template", spec__output={"url": 1}))
    assert said.startswith(
        "`spec.output.url` is the number `1`, not text. Write text, for example `${{ steps."
    )

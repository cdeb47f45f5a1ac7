"""What a repository declares: descriptors found, followed and read into services."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.discovery import MAX_DESCRIPTORS, Discovery, discover
from catalog.ref import parse_ref
from catalog.snapshot import Snapshot
from catalog.trees.folder import FolderTree, folder_snapshot

Tree = Callable[[dict[str, str]], Snapshot]

PIECES = [
    "apiVersion: backstage.io/v1alpha1\n",
    "kind: Component\n",
    "kind: Location\n",
    "metadata:\n",
    "  name: pay\n",
    "  name: ${{ x }}\n",
    "  tags: [a, 1, {}]\n",
    "  links: [{url: x}, 3]\n",
    "  annotations: {backstage.io/source-location: 'url:https://x/y/tree/m/z', a: 1}\n",
    "spec:\n",
    "  owner: [a]\n",
    "  owner: a b\n",
    "  dependsOn: [db, 'x:y', 7, '']\n",
    "  system: s\n",
    "  targets: ['../x', './*', 'a/**/b', 5]\n",
    "  target: ./catalog-info.yaml\n",
    "---\n",
    "&a [*a]\n",
    "<<: *a\n",
    "\t",
    "\0",
    "{",
    '"',
]


def component(name: str, *, kind: str = "Component", extra: str = "", **metadata: str) -> str:
    """One descriptor document."""
    lines = "".join(f"\n  {key}: {value}" for key, value in metadata.items())
    spec = f"type: service\n  lifecycle: production\n  owner: group:payments{extra}"
    head = f"apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}{lines}"
    return f"{head}\nspec:\n  {spec}\n"


def located(name: str, folder: str) -> str:
    """One descriptor document with a source location."""
    where = f"\n    backstage.io/source-location: {folder}"
    return component(name, annotations=where)


def paths(found: Discovery) -> dict[str, str]:
    return {str(service.ref): service.path for service in found.services}


def test_a_component_becomes_a_service_with_what_it_says(tree: Tree) -> None:
    text = component("Payments", title="Payments", description="Takes payments.", tags="[go, tier-1]")
    found = discover(tree({"catalog-info.yaml": text, "main.go": "package main\n"}))
    (service,) = found.services
    assert str(service.ref) == "component:default/payments"
    assert (service.name, service.type, service.declared_type, service.path) == (
        "Payments",
        "service",
        "service",
        "",
    )
    assert (service.owner, service.lifecycle, service.state) == (
        "group:default/payments",
        "production",
        "declared",
    )
    assert (service.title, service.description, service.tags) == (
        "Payments",
        "Takes payments.",
        ("go", "tier-1"),
    )
    assert service.document is not None
    assert service.descriptor == "catalog-info.yaml"
    assert service.alone
    assert found.problems == ()


def test_descriptors_are_found_by_each_of_their_names_in_any_folder(tree: Tree) -> None:
    found = discover(
        tree(
            {
                "catalog-info.yml": component("root"),
                "services/a/catalog-info.yaml": component("a"),
                "services/b/.backstage/catalog-info.yaml": component("b"),
                "services/c/.backstage/component.yaml": component("c"),
                "services/d/other.yaml": component("d"),
            }
        )
    )
    assert paths(found) == {
        "component:default/root": "",
        "component:default/a": "services/a",
        "component:default/b": "services/b",
        "component:default/c": "services/c",
    }
    assert found.services[0].neighbours == ("services/a", "services/b", "services/c")
    assert found.services[1].neighbours == ("", "services/b", "services/c")


def test_a_repository_without_a_descriptor_is_one_undeclared_service(tree: Tree) -> None:
    snapshot = tree(
        {"Dockerfile": 'FROM python\nCMD ["app"]\n', "README.md": "# Pay\n\nTakes money.\n", "a.py": ""}
    )
    snapshot.name = "shop/Pay Ments.git"
    (service,) = discover(snapshot).services
    assert str(service.ref) == "component:default/pay-ments"
    assert (service.state, service.type, service.document) == ("undeclared", "service", None)
    assert (service.title, service.description, service.language) == ("Pay", "Takes money.", "Python")
    assert service.owner is None


def test_an_empty_repository_is_listed(tree: Tree) -> None:
    (service,) = discover(tree({})).services
    assert (service.name, service.state) == ("payments", "undeclared")


def test_a_name_of_which_no_letter_remains_gets_one_that_stays_the_same(tree: Tree) -> None:
    snapshot = tree({})
    snapshot.name = "日本"
    assert discover(snapshot).services[0].name == discover(snapshot).services[0].name
    assert discover(snapshot).services[0].name.startswith("repository-")


def test_a_multi_document_file_gives_every_entity_and_services_only_for_components(tree: Tree) -> None:
    group = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: payments\n"
    group += "spec:\n  type: team\n  children: []\n"
    found = discover(tree({"catalog-info.yaml": component("pay") + "---\n" + group + "---\n---\n"}))
    assert [str(e.ref) for e in found.entities] == ["component:default/pay", "group:default/payments"]
    assert paths(found) == {"component:default/pay": ""}
    assert found.problems == ()


def test_several_components_of_a_file_each_have_a_folder_of_their_own(tree: Tree) -> None:
    text = "---\n".join(
        [
            located("pay", "url:https://git.example.com/shop/shop/tree/main/services/payments/"),
            located("deep", "url:https://git.example.com/shop/shop/-/tree/feature/x/services/deep"),
            located("dir", "dir:services/dir"),
            component("ledger"),
            component("web"),
            component("nowhere"),
        ]
    )
    files = [
        "services/payments",
        "services/deep",
        "services/dir",
        "services/ledger",
        "deploy/web",
        "apps/web",
    ]
    found = discover(tree({"catalog-info.yaml": text, **{f"{folder}/main.py": "" for folder in files}}))
    assert list(paths(found).values()) == [
        "services/payments",
        "services/deep",
        "services/dir",
        "services/ledger",
        "apps/web",
        "",
    ]
    ledger = found.services[3]
    assert "services/payments" in ledger.neighbours
    assert "services/ledger" not in ledger.neighbours


def test_a_lone_component_at_the_root_does_not_move_into_a_folder_of_its_name(tree: Tree) -> None:
    found = discover(tree({"catalog-info.yaml": component("payments"), "src/payments/main.py": ""}))
    assert paths(found) == {"component:default/payments": ""}


def location(*targets: str, presence: str = "required") -> str:
    listed = "".join(f"\n    - {target}" for target in targets)
    head = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: all\nspec:\n"
    return f"{head}  presence: {presence}\n  targets:{listed}\n"


def test_locations_are_followed_inside_the_repository(tree: Tree) -> None:
    found = discover(
        tree(
            {
                "catalog-info.yaml": location(
                    "./a.yaml", "catalog/*.yaml", "./deep/**/c.yaml", "examples/d.yaml"
                ),
                "a.yaml": component("a"),
                "catalog/b.yaml": component("b"),
                "catalog/readme.md": "",
                "deep/1/2/c.yaml": component("c"),
                "examples/d.yaml": component("d"),
            }
        )
    )
    assert [s.name for s in found.services] == ["a", "b", "c", "d"]
    assert found.problems == ()


def test_a_location_may_name_this_repository_by_its_address(tree: Tree) -> None:
    url = "https://git.example.com/shop/payments/blob/main/x/pay.yaml"
    elsewhere = "https://git.example.com/shop/other/blob/main/x/pay.yaml"
    found = discover(tree({"catalog-info.yaml": location(url, elsewhere), "x/pay.yaml": component("pay")}))
    assert [s.name for s in found.services] == ["pay"]
    assert found.problems == ()


def test_a_target_out_of_the_tree_or_missing_is_a_problem_at_its_line(tree: Tree) -> None:
    found = discover(tree({"catalog-info.yaml": location("../../etc/passwd", "/etc/passwd", "./gone.yaml")}))
    assert [(p.kind, p.line) for p in found.problems] == [
        ("reference", 8),
        ("reference", 9),
        ("reference", 10),
    ]
    assert "out of the repository" in found.problems[0].message
    assert "no file" in found.problems[2].message
    optional = discover(tree({"catalog-info.yaml": location("./gone.yaml", presence="optional")}))
    assert optional.problems == ()


def test_locations_in_a_circle_end(tree: Tree) -> None:
    one, other = location("./b.yaml"), location("./catalog-info.yaml").replace("name: all", "name: other")
    found = discover(tree({"catalog-info.yaml": one, "b.yaml": other + "---\n" + component("pay")}))
    assert [s.name for s in found.services] == ["pay"]
    assert found.problems == ()


def test_the_same_ref_twice_names_both_places_and_keeps_the_first(tree: Tree) -> None:
    found = discover(
        tree({"catalog-info.yaml": component("Pay", title="first"), "b/catalog-info.yaml": component("pay")})
    )
    assert [s.title for s in found.services] == ["first"]
    (problem,) = found.problems
    assert (problem.kind, problem.path, problem.line) == ("conflict", "b/catalog-info.yaml", 4)
    assert "`catalog-info.yaml` line 1" in problem.message


def test_two_names_that_slug_to_one_are_a_conflict(tree: Tree) -> None:
    found = discover(tree({"catalog-info.yaml": component("Pay Ments") + "---\n" + component("pay-ments")}))
    assert [(s.name, s.title) for s in found.services] == [("pay-ments", "Pay Ments")]
    assert "conflict" in {p.kind for p in found.problems}


def test_a_component_that_breaks_the_schema_is_still_a_service_with_its_document(tree: Tree) -> None:
    text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: pay\nspec:\n  owner: ''\n"
    found = discover(tree({"catalog-info.yaml": text}))
    (service,) = found.services
    assert (service.name, service.state, service.owner) == ("pay", "declared", None)
    assert service.document is not None
    assert {p.kind for p in found.problems} == {"schema"}
    assert (6, "`spec.owner` is empty. Name a group, for example `group:payments`.") in {
        (p.line, p.message) for p in found.problems
    }


def test_a_descriptor_that_is_no_yaml_keeps_its_name_and_says_where_it_breaks(tree: Tree) -> None:
    text = component("pay") + "  broken: [\n"
    found = discover(tree({"catalog-info.yaml": text, "main.go": ""}))
    (service,) = found.services
    assert (str(service.ref), service.state, service.document) == (
        "component:default/pay",
        "undeclared",
        None,
    )
    (problem,) = found.problems
    assert (problem.kind, problem.path) == ("syntax", "catalog-info.yaml")
    assert problem.line is not None
    assert problem.line >= 9


def test_a_broken_document_does_not_hide_the_one_beside_it(tree: Tree) -> None:
    broken = component("bad").replace("metadata:", "metadata: {")
    text = component("one") + "---\n" + broken + "---\n" + component("two")
    found = discover(tree({"catalog-info.yaml": text, "bad/main.go": "", "one/a.go": "", "two/a.go": ""}))
    assert [s.name for s in found.services if s.state == "declared"] == ["one", "two"]
    assert [p.kind for p in found.problems] == ["syntax"]


def test_a_broken_descriptor_in_a_folder_takes_the_folders_name(tree: Tree) -> None:
    found = discover(
        tree({"services/pay/catalog-info.yaml": "a: [", "services/web/catalog-info.yaml": component("web")})
    )
    assert paths(found) == {"component:default/web": "services/web", "component:default/pay": "services/pay"}
    assert [s.state for s in found.services] == ["declared", "undeclared"]


def test_a_descriptor_that_is_a_link_to_nowhere_says_so(tmp_path: Path) -> None:
    os.symlink("gone.yaml", tmp_path / "catalog-info.yaml")
    found = discover(folder_snapshot(tmp_path))
    assert [(p.kind, p.path) for p in found.problems] == [("unreadable", "catalog-info.yaml")]
    assert [s.state for s in found.services] == ["undeclared"]


def test_descriptors_in_skeletons_examples_and_test_data_are_not_the_repositorys(tree: Tree) -> None:
    inner = component("inner")
    found = discover(
        tree(
            {
                "catalog-info.yaml": component("own"),
                "examples/a/catalog-info.yaml": inner,
                "tests/fixtures/catalog-info.yaml": inner,
                "pkg/testdata/catalog-info.yaml": inner,
                "{{cookiecutter.name}}/catalog-info.yaml": inner,
                "node_modules/x/catalog-info.yaml": inner,
                "skeleton/catalog-info.yaml": inner,
            }
        )
    )
    assert [s.name for s in found.services] == ["own"]


def test_what_stands_below_a_backstage_template_is_what_it_renders(tree: Tree) -> None:
    template = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: t\n"
    template += "spec:\n  type: service\n  steps: []\n"
    found = discover(
        tree(
            {
                "catalog-info.yaml": location("./go/template.yaml"),
                "go/template.yaml": template,
                "go/content/catalog-info.yaml": component("${{ values.name }}"),
            }
        )
    )
    assert [e.kind for e in found.entities] == ["Location", "Template"]
    assert found.services == ()
    assert found.problems == ()


def test_a_name_that_a_template_left_open_is_no_name(tree: Tree) -> None:
    found = discover(tree({"catalog-info.yaml": component('"${{ values.name }}"'), "main.go": ""}))
    assert [(s.name, s.state) for s in found.services] == [("payments", "undeclared")]
    assert "template's place" in found.problems[0].message
    assert found.problems[0].line == 4


def test_a_repository_made_of_examples_declares_them(tree: Tree) -> None:
    found = discover(
        tree({"README.md": "", "examples/a/catalog-info.yaml": component("a"), "examples/a/a.go": ""})
    )
    assert paths(found) == {"component:default/a": "examples/a"}


def test_a_repository_of_teams_alone_is_no_service(tree: Tree) -> None:
    group = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: pay\n"
    group += "spec: {type: team, children: []}\n"
    assert discover(tree({"catalog-info.yaml": group, "README.md": ""})).services == ()
    runs = discover(tree({"catalog-info.yaml": group, "Procfile": "web: run\n"}))
    assert [s.state for s in runs.services] == ["undeclared"]


def test_a_kind_nobody_knows_is_kept_without_a_word_and_a_misspelt_one_is_told(tree: Tree) -> None:
    widget = "apiVersion: example.org/v1\nkind: Widget\nmetadata:\n  name: w\n"
    found = discover(tree({"catalog-info.yaml": component("pay") + "---\n" + widget}))
    assert [e.verdict for e in found.entities] == ["valid", "unknown-kind"]
    assert found.problems == ()
    lower = discover(tree({"catalog-info.yaml": component("pay", kind="component")}))
    assert [s.state for s in lower.services] == ["declared"]
    assert [p.message for p in lower.problems] == [
        "`kind` is `component`, which Backstage does not know. Write `Component`."
    ]


def test_other_yaml_in_a_descriptor_folder_is_left_alone_and_under_its_name_told(tree: Tree) -> None:
    found = discover(tree({".backstage/config.yaml": "app: {title: x}\n", "main.go": ""}))
    assert found.problems == ()
    named = discover(tree({"catalog-info.yaml": "- 1\n- 2\n"}))
    assert [p.message[:26] for p in named.problems] == ["This document is a list. A"]
    empty = discover(tree({"catalog-info.yaml": "# nothing\n"}))
    assert [p.message for p in empty.problems] == ["The descriptor declares nothing. Write an entity."]


@pytest.mark.parametrize(
    ("word", "type_"),
    [
        ("Service", "service"),
        ("backend", "service"),
        ("Web App", "service"),
        ("cron_job", "worker"),
        ("lambda", "function"),
        ("libraries", "library"),
        ("packages", "library"),
        ("terraform-module", "infrastructure-module"),
        ("CLI", "tool"),
        ("docs", "documentation"),
        ("iOS", "mobile-app"),
        ("etl", "data-pipeline"),
        ("never-heard-of", "service"),
        ("website", "static-site"),
    ],
)
def test_the_declared_word_decides_the_type(tree: Tree, word: str, type_: str) -> None:
    text = component("pay").replace("type: service", f"type: {word}")
    (service,) = discover(tree({"catalog-info.yaml": text, "index.html": ""})).services
    assert (service.type, service.declared_type) == (type_, word)


def test_a_website_that_a_server_renders_is_a_service(tree: Tree) -> None:
    text = component("pay").replace("type: service", "type: website")
    (service,) = discover(tree({"catalog-info.yaml": text, "Dockerfile": "FROM nginx:1\n"})).services
    assert service.type == "service"


def test_a_repository_of_very_many_descriptors_is_bounded(tree: Tree) -> None:
    found = discover(
        tree({f"s/{n:04}/catalog-info.yaml": component(f"s{n}") for n in range(MAX_DESCRIPTORS + 5)})
    )
    assert len(found.services) == MAX_DESCRIPTORS
    assert [p.kind for p in found.problems] == ["limit"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=400)
    | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda p: "".join(p).encode())
)
def test_any_bytes_give_a_service_and_problems_within_the_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "catalog-info.yaml").write_bytes(data)
    snapshot = Snapshot(FolderTree(tmp_path, [b"catalog-info.yaml"]), "payments")
    found = discover(snapshot)
    last = (snapshot.text("catalog-info.yaml") or "").count("\n") + 1
    assert all(p.line is None or 1 <= p.line <= last for p in found.problems)
    assert all(1 <= r.line <= last for e in found.entities for r in e.relations)
    assert all(str(s.ref) == str(parse_ref(str(s.ref), "component")) for s in found.services)

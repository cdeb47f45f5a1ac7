"""What a repository declares: descriptors found, followed and read into services."""

from collections.abc import Callable

from catalog.discovery import Discovery, discover
from catalog.snapshot import Snapshot

Tree = Callable[[dict[str, str]], Snapshot]


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

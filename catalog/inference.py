"""What a folder is, from its files: its type, its language, and what its README says.

Names decide first; only files whose names promise an answer are read. What runs comes before what does not.
"""

import re
from typing import NamedTuple

from catalog.language import SCRIPTS, languages, main_language
from catalog.readme import READMES, opening
from catalog.regex import regex
from catalog.running import QUESTIONS, Answer, Question, dotnet, found, server
from catalog.snapshot import Snapshot
from catalog.survey import Survey, survey


class Inferred(NamedTuple):
    """What the files say. `because` is the file that decided the type, None where what is lacking did."""

    type: str
    because: str | None = None
    title: str | None = None
    description: str | None = None
    language: str | None = None


def infer(snapshot: Snapshot, folder: str = "") -> Inferred:
    """What the files below `folder` make of it; `type` is one of `catalog.service.TYPES`."""
    files = survey(snapshot, folder)
    kind, because = _type(files)
    title, description = opening(files.text(files.top(*READMES)))
    return Inferred(kind, because, title, description, main_language(files.ending))


def inferred_type(snapshot: Snapshot, folder: str = "") -> str:
    """Only the type of `infer`."""
    return _type(survey(snapshot, folder))[0]


def _type(files: Survey) -> Answer:
    for question in _ALL:
        answer = question(files)
        if answer is not None:
            return answer
    code = languages(files.ending)
    if not code:
        return "documentation", files.first(*READMES)
    return "tool" if set(code) <= SCRIPTS else "library", None


_RUNS = regex(r"^runs[ \t]*:", re.MULTILINE)


def _action(files: Survey) -> Answer | None:
    """A GitHub Action is a tool, also where it runs as an image."""
    return found("tool", files.holding([files.top("action.yml", "action.yaml")], _RUNS))


_ANDROID = regex(r"com\.android\.application|libs\.plugins\.android\.application")
_FLUTTER = regex(r"^\s+sdk:\s*flutter", re.MULTILINE)


def _mobile(files: Survey) -> Answer | None:
    path = files.first("project.pbxproj", "podfile")
    if path is None and files.first("androidmanifest.xml") is not None:
        path = files.holding(files.each("build.gradle", "build.gradle.kts"), _ANDROID)
    if path is None and files.first("androidmanifest.xml", "info.plist", "main.dart") is not None:
        path = files.holding([files.top("pubspec.yaml")], _FLUTTER)
    if path is None and (expo := files.top("app.json", "app.config.js", "app.config.ts")) is not None:
        path = expo if not files.needs().isdisjoint({"expo", "react-native"}) else None
    return found("mobile-app", path)


_AIRFLOW = regex(r"^(?:from|import) airflow", re.MULTILINE)


def _pipeline(files: Survey) -> Answer | None:
    path = files.first("dbt_project.yml", "dagster.yaml", "prefect.yaml", "airflow.cfg", "meltano.yml")
    if path is None:
        dags = (path for path in files.ending.get("py", ()) if "/dags/" in f"/{path}")
        path = files.holding(dags, _AIRFLOW)
    return found("data-pipeline", path)


_GENERATORS = frozenset(
    {
        "react-scripts",
        "gatsby",
        "@11ty/eleventy",
        "astro",
        "@docusaurus/core",
        "vitepress",
        "vuepress",
        "@vue/cli-service",
        "@angular/core",
        "hexo",
    }
)
_SITES = (
    *("_config.yml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.yml", "gatsby-config.js"),
    *("astro.config.mjs", "astro.config.ts", ".eleventy.js", "eleventy.config.js"),
)


def _site(files: Survey) -> Answer | None:
    path = files.top(*_SITES)
    if path is None and not files.top(*_MANIFESTS):
        path = files.top("index.html")
    if path is None and files.package("private") is True:
        needs = files.needs()
        built = "vite" in needs and files.first("index.html") is not None
        path = files.top("package.json") if built or not needs.isdisjoint(_GENERATORS) else None
    return found("static-site", path)


_MANIFESTS = (
    *("package.json", "pyproject.toml", "setup.py", "setup.cfg", "go.mod", "cargo.toml", "pom.xml"),
    *("build.gradle", "build.gradle.kts", "composer.json", "gemfile", "mix.exs", "package.swift"),
    *("pubspec.yaml", "build.sbt", "project.clj", "cmakelists.txt", "requirements.txt", "deno.json"),
    *("makefile.pl", "stack.yaml", "dune-project"),
)


def _module(files: Survey) -> Answer | None:
    """Terraform, Bicep, a chart, an Ansible role or a Kustomize base, with no program beside it."""
    if files.top(*_MANIFESTS) is not None:
        return None
    path = next(iter((*files.ending.get("tf", ()), *files.ending.get("bicep", ()))), None)
    path = path or files.top("chart.yaml", "pulumi.yaml", "galaxy.yml", "kustomization.yaml")
    roles = (p for p in files.each("main.yml") if p.endswith(("tasks/main.yml", "meta/main.yml")))
    return found("infrastructure-module", path or next(roles, None))


_COMMANDS = regex(
    r"^\[(?:project\.scripts|tool\.poetry\.scripts|project\.gui-scripts)\]|console_scripts", re.MULTILINE
)
_MAIN = regex(r"^package main\b", re.MULTILINE)


def _tool(files: Survey) -> Answer | None:
    """A package that installs a command, a program with a main of its own, or one for the desktop."""
    path = files.top(".pre-commit-hooks.yaml", ".goreleaser.yml", ".goreleaser.yaml")
    path = path or files.holding(
        [files.top("pyproject.toml"), files.top("setup.cfg"), files.top("setup.py")], _COMMANDS
    )
    if path is None and (files.package("bin") or "electron" in files.needs()):
        path = files.top("package.json")
    if path is None and files.top("cargo.toml"):
        path = next((p for p in files.each("main.rs") if p.endswith("src/main.rs")), None)
    if path is None and files.top("go.mod"):
        start = len(files.prefix)
        mains = (p for p in files.each("main.go") if "/" not in p[start:] or p.startswith("cmd/", start))
        path = files.holding(mains, _MAIN)
    return found("tool", path)


def _library(files: Survey) -> Answer | None:
    endings = (path for ending in ("gemspec", "csproj", "sln") for path in files.ending.get(ending, ()))
    return found("library", files.top(*_MANIFESTS) or next(endings, None))


_ALL: tuple[Question, ...] = (
    _action,
    *QUESTIONS,
    _mobile,
    _pipeline,
    dotnet,
    server,
    _site,
    _module,
    _tool,
    _library,
)

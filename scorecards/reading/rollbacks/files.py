"""Ways back that files of a repository declare, and the scripts and targets for it that nothing calls."""

import posixpath
import re
from collections.abc import Iterator
from functools import partial

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.terraform import terraform
from scorecards.reading.calls import Calls
from scorecards.reading.commands import Commands, Run
from scorecards.reading.paths import paths
from scorecards.reading.pipelines import pipelines
from scorecards.reading.rollbacks import configuration, manifests
from scorecards.reading.rollbacks.commands import is_database, is_deployment, is_named, is_rollback
from scorecards.reading.rollbacks.mechanism import Mechanism
from scorecards.reading.scope import aside, is_neighbours, is_own, names
from scorecards.result import Status

_ENDINGS = ("yaml", "yml", "json", "tf", "nomad", "hcl", "gotmpl", "template", "j2", "tpl", "tmpl")
_TEMPLATES = (".j2", ".tpl", ".tmpl")
_NOT = regex(
    r"(?:^|/)(?:\.github|\.circleci|\.buildkite|\.vscode|\.idea|locales?|i18n|migrations?|node_modules|vendor"
    r"|bower_components|third[_-]party|site-packages|\.venv|\.m2|\.terraform)/"
    r"|(?:^|/)(?:package(?:-lock)?|tsconfig[^/]*|composer|pnpm-lock|openapi[^/]*|swagger[^/]*|mkdocs|\.[^/]+)\.\w+\Z"
)
_MAX_JSON = 200_000
_SCRIPT = regex(r"(?:^|/)[^/]*(?:roll[-_]?back|revert)[^/]*(?:\.(?:sh|bash|py|ps1))\Z", re.IGNORECASE)
_SCRIPTS = ("sh", "bash", "py", "ps1")
_RUNBOOK = regex(
    r"(?:run-?book|play-?book|incident|on-?call|(?:^|/)ops/|operation|rollback|recovery|emergency|troubleshoot)"
    r"[^\n]*\.(?:md|rst|adoc|txt|markdown|mdx|html)\Z|(?:^|/)runbooks?/",
    re.IGNORECASE,
)


def marked(snapshot: Snapshot) -> tuple[str, ...]:
    """Files that may declare a way back, by a word in their text; made once a snapshot."""
    return snapshot.derive(_marked)


def _marked(snapshot: Snapshot) -> tuple[str, ...]:
    found = []
    for path in sorted(paths(snapshot).ending(*_ENDINGS)):
        if path.endswith(_TEMPLATES) and not path.rpartition(".")[0].endswith((".yaml", ".yml")):
            continue
        if _NOT.search(path):
            continue
        text = snapshot.text(path)
        if not text or (path.endswith(".json") and len(text) > _MAX_JSON):
            continue
        marks = configuration.MARKS if path.endswith((".tf", ".nomad", ".hcl")) else manifests.MARKS
        if any(mark in text for mark in marks):
            found.append(path)
    return tuple(found)


def declared(snapshot: Snapshot, service: Service) -> Iterator[tuple[Mechanism, str]]:
    """Ways back that files declare for the service, each with why it does not count, empty where it does."""
    for mechanism in all_declared(snapshot):
        why = not_counted(snapshot, service, mechanism.path)
        if not why and mechanism.names:
            ours = (service.name.lower(), snapshot.name.rpartition("/")[2].lower())
            if not any(our in name.lower() for our in ours for name in mechanism.names):
                why = "deploys something else than the service"
        yield mechanism, why


def all_declared(snapshot: Snapshot) -> tuple[Mechanism, ...]:
    """Ways back that any file of the repository declares; made once a snapshot."""
    return snapshot.derive(_declared)


def _declared(snapshot: Snapshot) -> tuple[Mechanism, ...]:
    found: list[Mechanism] = []
    templates = manifests.Templates()
    chosen = marked(snapshot)
    parsed = {
        p: manifests.documents(snapshot, p) for p in chosen if not p.endswith((".tf", ".nomad", ".hcl"))
    }
    for documents in parsed.values():
        for document in documents:
            templates.add(document)
    applied = partial(_runs, snapshot, "helmfile")
    for path in chosen:
        if path not in parsed:
            known = partial(terraform(snapshot).known, posixpath.dirname(path))
            found += configuration.declared(snapshot.text(path) or "", path, known)
            continue
        for document in parsed[path]:
            found += manifests.declared(document, templates)
            if "atomic" in (snapshot.text(path) or ""):
                found += manifests.helmfile(document, applied())
    if any(paths(snapshot).named("cdk.json")):
        found += _cdk(snapshot)
    return tuple(found)


def _runs(snapshot: Snapshot, tool: str) -> bool:
    return any(tool in c.text for p in pipelines(snapshot) for s in p.steps if s.live for c in s.commands)


_CIRCUIT = regex(r"circuit_?[bB]reaker\s*[:=]\s*[^\n]{0,80}\n?[^\n]{0,80}rollback\s*[:=]\s*[tT]rue")


def _cdk(snapshot: Snapshot) -> Iterator[Mechanism]:
    """A circuit breaker in the code of a CDK application."""
    code = [p for p in snapshot.files if p.endswith((".ts", ".py")) and ("lib/" in p or "stack" in p.lower())]
    for path in code[:60]:
        text = snapshot.text(path) or ""
        found = _CIRCUIT.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            what = "an ECS deployment circuit breaker with rollback"
            yield Mechanism(path, line, what, Status.PASS)


def not_counted(snapshot: Snapshot, service: Service, path: str) -> str:
    """Why a file is not one of the service's, empty where it is."""
    folder = aside(path, service)
    if folder:
        return f"stands in `{folder}`"
    if is_own(path, service):
        return ""
    if is_neighbours(path, service):
        return "belongs to another service of the repository"
    if service.alone or names(path, service) or names(snapshot.text(path) or "", service):
        return ""
    return "is shared and does not name this service"


def uncalled(snapshot: Snapshot, service: Service) -> Iterator[Mechanism]:
    """Scripts and targets for going back that no pipeline runs; they count where a runbook names them."""
    reached = snapshot.derive(_reached)
    for path, line, name, texts in snapshot.derive(_prepared):
        if not_counted(snapshot, service, path) or name in reached or path in reached:
            continue
        what = next((w for w in map(is_rollback, texts) if w), "")
        deploys = any(is_deployment(t) for t in texts)
        if (not what and not deploys) or any(is_database(t) for t in texts):
            continue
        runbook = _named_in_runbook(snapshot, name if name.startswith("make ") else posixpath.basename(path))
        what = f"`{name}` ({what or 'a deployment of an earlier version'})"
        if runbook:
            yield Mechanism(
                path, line, f"{what}, which `{runbook}` tells to run", Status.PASS, undo="undo" in what
            )
        else:
            yield Mechanism(
                path, line, what, Status.PARTIAL, "no pipeline and no runbook calls it", "undo" in what
            )


def _reached(snapshot: Snapshot) -> frozenset[str]:
    found: set[str] = set()
    for pipeline in pipelines(snapshot):
        for step in pipeline.steps:
            for command in step.commands:
                if command.opened:
                    found.add(" ".join(command.text.split()[:2]))
                found.add(command.path)
    return frozenset(found)


_Prepared = tuple[str, int, str, tuple[str, ...]]


def _prepared(snapshot: Snapshot) -> tuple[_Prepared, ...]:
    """Path, line, name and commands of each script and target that is named for going back."""
    found: list[_Prepared] = []
    calls = snapshot.derive(Calls)
    sorted_ = paths(snapshot)
    for path in sorted(p for p in sorted_.ending(*_SCRIPTS) if _SCRIPT.search(p)):
        script = _commands(snapshot, snapshot.text(path) or "", path, posixpath.dirname(path))
        found.append((path, 1, path, script))
    for path in sorted(sorted_.named(*(name.lower() for name in _BUILD_FILES))):
        base = path.rpartition("/")[2]
        if base in _BUILD_FILES:
            kind, call = _BUILD_FILES[base]
            if "ollback" not in (snapshot.text(path) or "") and "ndo" not in (snapshot.text(path) or ""):
                continue
            targets = calls.targets(kind, posixpath.dirname(path))
            for name, target in targets.named.items() if targets else ():
                if is_named(name) and not is_database(name) and target.pieces:
                    texts = [
                        text
                        for piece in target.pieces
                        for text in _commands(
                            snapshot, piece.text, path, posixpath.dirname(path), piece.enforced
                        )
                    ]
                    found.append((target.path, target.pieces[0].line, f"{call} {name}", tuple(texts)))
    return tuple(found[:50])


_BUILD_FILES = {
    "Makefile": ("make", "make"),
    "makefile": ("make", "make"),
    "GNUmakefile": ("make", "make"),
    "justfile": ("just", "just"),
    "Justfile": ("just", "just"),
    "Taskfile.yml": ("task", "task"),
    "Taskfile.yaml": ("task", "task"),
    "package.json": ("npm", "npm run"),
}


def _commands(
    snapshot: Snapshot, text: str, path: str, folder: str, enforced: bool = True
) -> tuple[str, ...]:
    run = Run()
    snapshot.derive(Commands).follow(run, text, path, 1, "" if path.endswith(".sh") else folder, enforced)
    return tuple(c.text for c in run.commands if not c.opened and not c.lost and c.live)


def _named_in_runbook(snapshot: Snapshot, name: str) -> str:
    """The runbook that tells to run this, empty where none does."""
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    for path in [p for p in snapshot.files if _RUNBOOK.search(p)][:100]:
        text = snapshot.text(path)
        if text and len(text) < 512_000 and word.search(text):
            return path
    for path in ("README.md", "README.rst", "README.adoc", "README"):
        text = (snapshot.text(path) or "")[:512_000] if path in snapshot else ""
        if word.search(text) and _OPERATES.search(text):
            return path
    return ""


_OPERATES = regex(
    r"^(?:#{1,6}|=+)[^\n]{0,60}(?:roll[- ]?back|runbook|recover|incident|operations)",
    re.IGNORECASE | re.MULTILINE,
)


def without_history(snapshot: Snapshot, service: Service) -> str:
    """The manifest that keeps no old revisions (`revisionHistoryLimit: 0`), empty where there is none."""
    for path in sorted(paths(snapshot).ending("yaml", "yml")):
        if not not_counted_path(service, path):
            text = snapshot.text(path) or ""
            if "revisionHistoryLimit: 0" in text and _FORGETS.search(text):
                return path
    return ""


_FORGETS = regex(r"^\s*revisionHistoryLimit: 0[ \t]*(?:#.*)?$", re.MULTILINE)


def not_counted_path(service: Service, path: str) -> bool:
    """Whether a file is certainly none of the service's."""
    return bool(aside(path, service)) or is_neighbours(path, service)

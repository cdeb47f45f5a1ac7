"""Files of a service's repository: documents rendered, other evidence as it is written."""

import posixpath
from dataclasses import dataclass

from flask import Blueprint, Response, abort, url_for
from markupsafe import Markup

from catalog.snapshot import Unreadable
from web.descriptors import descriptors_of
from web.excerpts import cut
from web.hosting import host_of
from web.markdown import LONGEST, relative_path, render_markdown
from web.partials import page
from web.queries.service import EntityRow, score_rows
from web.reading import database
from web.repository import named_snapshot
from web.results import read_results
from web.views.service import find_service

blueprint = Blueprint("files", __name__)
_LINES = 2_000
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
_DOCUMENTS = (*_MARKDOWN, ".rst", ".adoc", ".asciidoc", ".txt", ".org")
_NAMES = ("readme", "runbook", "codeowners", "license", "changelog", "contributing")


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text: rendered where it is Markdown, else its lines; `cut` where there are more of them."""

    rendered: Markup | None
    lines: list[str]
    cut: bool


@blueprint.get("/services/<namespace>/<name>/files/<path:path>")
def show(namespace: str, name: str, path: str) -> Response:
    """A file at the commit that was read: a document, or one that a check or the descriptor names."""
    entity, _ = find_service(namespace, name)
    if not _may_show(entity, path):
        abort(404, f"{path} is neither a document nor evidence of a check.")
    text, absent = _read(entity, path)
    host = host_of(entity.url, entity.commit)
    return page(
        "file.html",
        entity=entity,
        path=path,
        text=text,
        absent=absent,
        host_page=host.file(path) if host else None,
    )


def _may_show(entity: EntityRow, path: str) -> bool:
    """Whether a reader of the catalog may see the file: not whatever else a repository holds."""
    base = posixpath.basename(path).lower()
    if base.endswith(_DOCUMENTS) or base in _NAMES or path == entity.descriptor:
        return True
    if any(path == file.path for file in descriptors_of(entity.document).files):
        return True
    results = [result for score in score_rows(database(), entity.id) for result in read_results(score.checks)]
    return any(path == place.get("path") for r in results for place in (*r.evidence, *r.not_counted))


def _read(entity: EntityRow, path: str) -> tuple[Text | None, str]:
    try:
        snapshot = named_snapshot(entity.location, entity.repository, entity.commit, [path])
    except Unreadable as error:
        return None, f"The repository cannot be read at present: {error}."
    text = snapshot.text(path)
    if text is None:
        why = snapshot.problems.get(path)
        if why is None:
            abort(404, f"{path} is not in commit {(entity.commit or '')[:7]}.")
        return None, f"It cannot be shown: {why}."
    lines = text.split("\n")
    if path.lower().endswith(_MARKDOWN) and len(text) <= LONGEST:
        return Text(render_markdown(text, locate=lambda href: _locate(entity, path, href)), [], False), ""
    return Text(None, [cut(line) for line in lines[:_LINES]], len(lines) > _LINES), ""


def _locate(entity: EntityRow, document: str, href: str) -> str | None:
    path = relative_path(document, href)
    if path is None or not path.lower().endswith(_DOCUMENTS):
        return None
    return url_for("files.show", namespace=entity.namespace.lower(), name=entity.name.lower(), path=path)

"""Render a template into a folder of its own: all of it, or nothing.

Everything is rendered by cookiecutter into a temporary folder beside the destination, looked through, and
only then moved. Before that, each path in the template is rendered here, and one that would lead out of the
project is refused: cookiecutter itself joins whatever a name renders to.

cookiecutter changes the working folder of the process while it renders, so renders must not run in threads.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from cookiecutter.exceptions import CookiecutterException, NonTemplatedInputDirException
from cookiecutter.find import find_template
from cookiecutter.generate import generate_files
from jinja2 import Environment
from jinja2 import TemplateError as JinjaError

from templates import answers as answering
from templates.errors import TemplateError
from templates.gallery import BUILT_IN, Template, read_context

RECORD = PurePosixPath(".handrail/template.yaml")
MAX_FILES = 20_000
MAX_TEMPLATE_BYTES = 200_000_000


@dataclass(frozen=True)
class Rendered:
    """What a render made: the folder, every answer it was made from, and its files, sorted."""

    destination: Path
    answers: Mapping[str, Any]
    files: tuple[str, ...]


def render(
    template: Template, destination: Path, answers: Mapping[str, str], *, run_hooks: bool = False
) -> Rendered:
    """Render a template to `destination`, which must not exist yet, or be an empty folder.

    Questions without an answer take their defaults. A template's hooks and extensions are code and run only
    with `run_hooks`; without it such a template is refused, since leaving them out makes another result.
    Raises TemplateError, and then nothing is left behind.
    """
    destination = _place(destination)
    _refuse_taken(destination)
    _refuse_untrusted_code(template, run_hooks)
    if destination.is_relative_to(template.path):
        raise TemplateError(f"{destination} lies inside the template.", "Choose a folder elsewhere.")
    files = _walk(template.path)
    context = answering.complete(template, answers)
    context.update(
        _template=str(template.path),
        _output_dir=str(destination.parent),
        _repo_dir=str(template.path),
        _checkout=None,
    )
    env = answering.environment(context)
    if any(tag in str(destination) for tag in answering.tags(env)):
        raise TemplateError(f"{destination} holds what this template would take for code.", "Choose another.")
    project = _check_paths(template, env, context, files)
    record = _record(template, context, files)
    with _workplace(destination) as work:
        _generate(template, context, work, run_hooks)
        made = work / project
        _write_record(made, record)
        names = _look_through(made)
        _move(made, destination)
    return Rendered(destination, {q.name: context[q.name] for q in template.questions}, names)


def digest(template: Template) -> str:
    """Return the SHA-256 of a template's paths and bytes, in hexadecimal."""
    return _digest(template, _walk(template.path))


def _place(destination: Path) -> Path:
    """Return an absolute path, its last part not followed should a link stand there."""
    try:
        path = destination.absolute()
        with suppress(FileNotFoundError):
            path.lstat()  # ValueError or OSError for a name that no path can hold
        return path.resolve() if path.name in {"", ".."} else path.parent.resolve() / path.name
    except (OSError, ValueError, RuntimeError) as error:
        raise TemplateError(f"{destination} is no path: {error}.") from error


def _refuse_taken(destination: Path) -> None:
    hint = "Choose a folder that does not exist yet, or an empty one."
    try:
        if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
            raise TemplateError(f"{destination} exists and is no folder.", hint)
        if destination.is_dir() and any(destination.iterdir()):
            raise TemplateError(f"The folder {destination} is not empty.", hint)
    except (OSError, ValueError) as error:
        raise TemplateError(f"{destination} cannot be used: {error}.", hint) from error


def _refuse_untrusted_code(template: Template, run_hooks: bool) -> None:
    hooks = template.path / "hooks"
    names = [hook.name for hook in sorted(hooks.iterdir()) if hook.is_file()] if hooks.is_dir() else []
    context = read_context(template.path)
    extensions = context.get("_extensions") or []
    if (names or extensions) and not run_hooks:
        what = [f"hooks/{name}" for name in names] + [f"the extension {name}" for name in extensions]
        raise TemplateError(
            f"{template.name} runs code of its own: {', '.join(what)}.",
            "Read it, and allow it explicitly if you trust where it comes from.",
        )


def _walk(root: Path) -> list[Path]:
    """Return a template's files and folders, relative and sorted; refuse links that lead out of it."""
    found: list[Path] = []
    size = 0
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = Path(folder, name)
            if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
                raise TemplateError(
                    f"In the template, {path.relative_to(root)} is a link that leads out of it."
                )
            if path.is_file():
                size += path.stat().st_size
            elif not path.is_dir():
                raise TemplateError(f"In the template, {path.relative_to(root)} is neither file nor folder.")
            found.append(path.relative_to(root))
        if len(found) > MAX_FILES or size > MAX_TEMPLATE_BYTES:
            raise TemplateError(
                f"The template {root} is too large.",
                f"At most {MAX_FILES} files and {MAX_TEMPLATE_BYTES} bytes are taken.",
            )
    return sorted(found)


def _check_paths(
    template: Template, env: Environment, context: Mapping[str, Any], files: list[Path]
) -> PurePosixPath:
    """Return the name of the project's folder; raise TemplateError for a path that leads out of it."""
    try:
        root = Path(find_template(template.path, env)).name
    except NonTemplatedInputDirException:
        raise TemplateError(
            f"{template.path} holds no folder to render.", "Its name should be like {{cookiecutter.name}}."
        ) from None
    project = _rendered_path(env, context, root)
    if len(project.parts) != 1:
        raise TemplateError(
            f"The project's folder would be {str(project)!r}, which is no single folder name."
        )
    for path in files:
        if len(path.parts) > 1 and path.parts[0] == root:
            _rendered_path(env, context, Path(*path.parts[1:]).as_posix())
    return project


def _rendered_path(env: Environment, context: Mapping[str, Any], source: str) -> PurePosixPath:
    try:
        text = env.from_string(source).render(cookiecutter=dict(context))
    except Exception as error:  # as above: the name is an expression
        raise TemplateError(f"The name {source!r} in the template cannot be rendered: {error}.") from error
    path = PurePosixPath(text)
    leads_out = path.is_absolute() or ".." in path.parts or "\\" in text or "\0" in text
    if leads_out or any(tag in text for tag in answering.tags(env)):
        raise TemplateError(f"The name {source!r} in the template would become {text!r}.", _path_hint(source))
    return path


def _path_hint(source: str) -> str:
    return f"Answer what it is made from ({source}) with a plain name."


@contextmanager
def _workplace(destination: Path) -> Iterator[Path]:
    """Give a temporary folder on the destination's file system; take away what was made for it."""
    try:
        base = destination if destination.is_dir() else destination.parent
        missing = [folder for folder in (base, *base.parents) if not folder.exists()]
        base.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TemplateError(f"{destination.parent} cannot be made: {error}.") from error
    done = False
    work: Path | None = None
    try:
        work = Path(tempfile.mkdtemp(prefix=".handrail-", dir=base))
        yield work
        done = True
    except OSError as error:
        raise TemplateError(f"{destination} cannot be written: {error}.") from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
        if not done:
            for folder in missing:
                # Where somebody else put something there meanwhile, it is theirs.
                with suppress(OSError):
                    folder.rmdir()


def _generate(template: Template, context: Mapping[str, Any], work: Path, run_hooks: bool) -> None:
    raw = read_context(template.path)
    asked = {question.name: raw[question.name] for question in template.questions}
    here = Path.cwd()
    try:
        generate_files(
            repo_dir=str(template.path),
            context={"cookiecutter": dict(context), "_cookiecutter": asked},
            output_dir=str(work),
            accept_hooks=run_hooks,
        )
    except CookiecutterException as error:
        raise TemplateError(f"{template.name} cannot be rendered: {error}.") from error
    except JinjaError as error:
        where = f"{getattr(error, 'filename', None) or template.name}, line {getattr(error, 'lineno', '?')}"
        raise TemplateError(f"{template.name} cannot be rendered: {where}: {error}.") from error
    except UnicodeError as error:
        raise TemplateError(f"{template.name} holds a file that is no UTF-8 text: {error}.") from error
    except OSError:
        raise
    except Exception as error:  # a template's expressions are code, which may raise anything
        kind = type(error).__name__
        raise TemplateError(f"{template.name} cannot be rendered: {kind}: {error}.") from error
    finally:
        os.chdir(here)


def _look_through(made: Path) -> tuple[str, ...]:
    """Return the files of a finished render; refuse a link that leads out of it."""
    if not made.is_dir() or made.is_symlink():
        raise TemplateError("The template rendered no folder.")
    names = []
    for path in made.rglob("*"):
        if path.is_symlink() and not path.resolve().is_relative_to(made.resolve()):
            raise TemplateError(f"The template made {path.relative_to(made)}, a link that leads out of it.")
        if not path.is_dir():
            names.append(path.relative_to(made).as_posix())
    return tuple(sorted(names))


def _move(made: Path, destination: Path) -> None:
    if not destination.is_dir():
        made.rename(destination)
        return
    # An empty folder stays the same folder: somebody's shell may stand in it.
    moved: list[Path] = []
    try:
        for child in sorted(made.iterdir()):
            target = destination / child.name
            if target.exists() or target.is_symlink():
                raise TemplateError(f"{target} appeared meanwhile and is left as it is.")
            child.rename(target)
            moved.append(target)
    except BaseException:
        for target in moved:
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        raise


def _record(template: Template, context: Mapping[str, Any], files: list[Path]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": template.name,
        "source": "built-in" if template.path.parent == BUILT_IN else "folder",
        "digest": f"sha256:{_digest(template, files)}",
    }
    if template.version is not None:
        about["version"] = template.version
    return {"schema": 1, "template": about, "answers": {q.name: context[q.name] for q in template.questions}}


def _write_record(made: Path, record: Mapping[str, Any]) -> None:
    path = made / RECORD
    path.parent.mkdir(exist_ok=True)
    text = yaml.safe_dump(dict(record), sort_keys=False, allow_unicode=True, width=100)
    path.write_text(
        "# The golden path that this service came from, so that it can follow later.\n" + text,
        encoding="utf-8",
    )


def _digest(template: Template, files: list[Path]) -> str:
    state = hashlib.sha256()
    for path in files:
        full = template.path / path
        if full.is_file() and "__pycache__" not in path.parts:
            content = full.read_bytes()
            state.update(f"{path.as_posix()}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            state.update(content)
    return state.hexdigest()

"""What a command calls inside the repository: a target, a package script, a script, an image's build.

Nothing outside the repository is looked for and nothing is executed.
"""

import posixpath
import re
from collections.abc import Sequence

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.found import Found, Image, Inline, Lost, Script
from scorecards.reading.invocation import join
from scorecards.reading.openers import OPENERS
from scorecards.reading.targets import READERS, Targets, dockerfile

_SCRIPT = regex(r"\.(?:sh|bash|py|js|mjs|ts|rb|pl|ps1|php)$")
_SHELLS = frozenset(("bash", "sh", "zsh", "dash", "ash", "source", ".", "/bin/bash", "/bin/sh", "pwsh"))
_INTERPRETERS = frozenset(("python", "python3", "node", "ruby", "perl", "php", "ts-node", "tsx", "bun"))


class Calls:
    """Looks up calls in one snapshot; made once a snapshot with `snapshot.derive(Calls)`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._targets: dict[tuple[str, str], Targets | None] = {}
        self._folders: set[str] | None = None

    def find(self, parts: list[str], folder: str | None, before: str) -> Found:
        """What an unwrapped command leads to that runs in `folder`, None where only its name can tell.

        `before` is the shell text that ran earlier: what it fetches or writes is not missing.
        """
        head = parts[0]
        opener = OPENERS.get(head)
        if opener is not None:
            return opener(self, parts, folder)
        if head in _SHELLS or head in _INTERPRETERS:
            return self._interpreted(parts, folder, before)
        if "/" in head and head[0] != "/":
            return self.script(head, tuple(parts[1:]), folder, before)
        return None

    def has_folder(self, folder: str | None) -> bool:
        """Whether the repository has this folder."""
        if not folder:
            return folder is not None
        if self._folders is None:
            self._folders = set()
            for path in self.snapshot.files:
                while (path := path.rpartition("/")[0]) and path not in self._folders:
                    self._folders.add(path)
        return folder in self._folders

    def _interpreted(self, parts: list[str], folder: str | None, before: str) -> Found:
        """`bash x.sh`, `sh -c '...'`, `python x.py`: of other languages only whether the file is there."""
        shell = parts[0] in _SHELLS
        for number, word in enumerate(parts[1:], 1):
            if shell and (word == "-c" or re.fullmatch(r"-[a-z]*c", word)):
                return Inline(parts[number + 1]) if len(parts) > number + 1 else None
            if word.startswith("-"):
                if word in ("-m", "-c", "-e", "--eval", "-s", "--test", "-r", "--require", "-Command"):
                    return None
                continue
            if shell or _SCRIPT.search(word):
                return self.script(word, tuple(parts[number + 1 :]), folder, before)
            return None
        return None

    def script(self, name: str, arguments: tuple[str, ...], folder: str | None, before: str) -> Found:
        """A file that is called: opened if it is shell text, lost if nothing could have made it."""
        path = join(folder, name)
        if path is None or "$" in name or "*" in name or "{" in name:
            return None
        if path not in self.snapshot.files and name in self.snapshot.files:
            path = name
        if path in self.snapshot.files:
            if path.endswith((".py", ".js", ".ts", ".mjs", ".rb", ".pl", ".go", ".php", ".ps1")):
                return None
            text = self.snapshot.text(path) or ""
            first = text[:200].partition("\n")[0]
            if first.startswith("#!") and not re.search(r"\b(?:ba|z|da|k|a)?sh\b", first):
                return None
            return Script(path, arguments) if len(text) < 512 * 1024 else None
        base = posixpath.basename(name)
        made = base in before or not self.has_folder(folder)
        if made or not _SCRIPT.search(name) or name.startswith(("../", "~", "/")):
            return None
        top = path.partition("/")[0]
        if "/" in path and not self.has_folder(top) and top in before:
            return None
        return Lost(f"`{name}` is not in the repository")

    def targets(self, kind: str, folder: str | None, name: str = "") -> Targets | None:
        """The build file of a kind in a folder, or by its name; None where there is none to read."""
        if folder is None:
            return None
        key = kind, posixpath.join(folder, name) if name else folder
        if key not in self._targets:
            names, read = READERS[kind]
            paths = [posixpath.normpath(posixpath.join(folder, n)) for n in ((name,) if name else names)]
            found = (read(self.snapshot, path) for path in paths if path in self.snapshot.files)
            self._targets[key] = next((t for t in found if t.named or kind != "tox"), None)
        return self._targets[key]

    def named(self, kind: str, folder: str | None, names: Sequence[str], file: str = "") -> Found:
        """The targets of these names; lost where the file is there in full and has no such name."""
        if any("$" in n or "*" in n for n in names) or not self.has_folder(folder):
            return None
        targets = self.targets(kind, folder, file)
        if targets is None:
            return (
                Lost(f"there is no {file or READERS[kind][0][-1]} in `{folder or '.'}`")
                if file or kind in ("make", "npm")
                else None
            )
        found = []
        for name in names or [targets.first]:
            target = targets.find(name)
            if target is None:
                return Lost(f"`{targets.path}` has no `{name}`") if targets.complete else None
            found.append((targets, target))
        return found

    def anywhere(self, name: str) -> Found:
        """The package scripts of that name in the whole workspace, those of the root first."""
        found = []
        for path in [p for p in self.snapshot.files if p.endswith("package.json")][:40]:
            if "node_modules/" not in path:
                targets = self.targets("npm", path.rpartition("/")[0])
                target = targets.find(name) if targets else None
                if targets and target:
                    found.append((targets, target))
        return found or None

    def image(self, path: str | None, target: str = "", context: str | None = "") -> Found:
        """The `RUN` lines of a Dockerfile, or of one stage of it."""
        if path is None or path not in self.snapshot.files:
            return None
        key = "image", path
        if key not in self._targets:
            self._targets[key] = dockerfile(self.snapshot, path)
        targets = self._targets[key]
        found = targets.find(target.lower()) if targets else None
        return Image(found, context) if found and found.pieces else None

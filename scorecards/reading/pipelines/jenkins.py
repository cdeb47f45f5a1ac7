"""Jenkins: declarative and scripted pipelines. Groovy is not run, its shell steps and blocks are found."""

import bisect
import re
from collections.abc import Mapping
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.invocation import join
from scorecards.reading.pipeline import Pipeline, Step, Trigger
from scorecards.reading.pipelines.steps import followed
from scorecards.reading.words import word_set

_MAX_TEXT = 256 * 1024
_TOKEN = regex(r"//|/\*|'''|\"\"\"|'|\"|\{|\}|\n")
_SHELL_STEP = regex(r"\b(sh|bat|powershell|pwsh|sshCommand|sshScript)\b\s*\(?\s*(.{0,200})\Z", re.DOTALL)
_PIPELINE = regex(r"\bpipeline\s*\{[^}]|\bnode\b[^\n]{0,60}\{")
_DEFINED = regex(r"\b(?:def|void|String|boolean)\s+\Z")
_LIBRARY = regex(
    r"@Library\s*\(\s*\[?\s*['\"]([^'\"]{1,200})|^\s*library\s*[( ]\s*['\"]([^'\"]{1,200})", re.M
)
_CALL = regex(
    r"^[ \t]*([a-z]\w{2,60}(?:\.\w{1,60})?)[ \t]*(?:\(([^\n]{0,300})|\{|[ \t]['\"\w][^\n=]{0,300}$)", re.M
)
_OWN = word_set(
    """
    agent any archiveArtifacts always append branch buildDiscarder build catchError checkout choice
    cleanWs credentials cron def deleteDir dir docker dockerfile echo each else emailext environment
    error expression failure file finally for git gitParameter if import input junit kubernetes
    label lock logRotator mail matrix node not options parallel parameters pipeline pollSCM post
    println print properties publishHTML readFile readJSON readYaml retry return script scm sh bat
    slackSend sleep stage stages stash step steps string success switch throw timeout timestamps
    tool tools triggers try unstable unstash waitUntil when while withCredentials withEnv writeFile
    ws booleanParam allOf anyOf changeset library disableConcurrentBuilds ansiColor
    skipDefaultCheckout catch customWorkspace image fileExists isUnix load podTemplate
    containerTemplate container writeJSON writeYaml discordSend powershell pwsh sshagent
    currentBuild milestone recordIssues withSonarQubeEnv waitForQualityGate nodejs cleanup fixed
    regression aborted changed unsuccessful beforeAgent inside pull push withRegistry
    """
)


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of a Jenkinsfile, wherever it stands: a job may name any path."""
    text = snapshot.text(path)
    if text is None:
        return Pipeline(path, "jenkins", frozenset(), (), unreadable=snapshot.problems.get(path, ""))
    text = text[:_MAX_TEXT]
    scanner = _Scanner(text)
    scanner.scan()
    triggers: frozenset[Trigger] = frozenset({"change", "push", "manual"})
    code = scanner.code
    if re.search(r"\bcron\s*\(", code) and "pollSCM" not in text and "branch" not in text:
        triggers |= {"schedule"}
    steps = tuple(_step(snapshot, path, found, triggers, code) for found in scanner.found)
    libraries = tuple(a or b for a, b in _LIBRARY.findall(text))
    outside = _outside(path, code, libraries, triggers)
    if not steps and not outside and not _PIPELINE.search(code):
        return None
    asks = tuple(re.findall(r"\b(?:string|choice|text)\s*\(\s*name:\s*['\"](\w{1,60})['\"]", code))
    return Pipeline(path, "jenkins", triggers, steps + outside, (), outside, asks=asks)


class _Block(NamedTuple):
    name: str
    argument: str
    start: int
    defines: bool = False
    """Whether it is the body of a method: `def name(...) {`."""


class _Found(NamedTuple):
    """A shell step: its text, where its text begins, and the blocks around it."""

    text: str
    line: int
    kind: str
    lenient: bool
    blocks: tuple[_Block, ...]
    state: Mapping[str, str]


class _Scanner:
    """One pass over the Groovy text: comments left out, strings told apart, blocks counted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[_Found] = []
        self.blocks: list[_Block] = []
        self.pieces: list[str] = []
        self.state: dict[int, dict[str, str]] = {}
        self.newlines = [m.start() for m in re.finditer("\n", text)]

    @property
    def code(self) -> str:
        """The text without comments, strings kept."""
        return "".join(self.pieces)

    def line(self, at: int) -> int:
        """The line (from 1) of a position."""
        return bisect.bisect_left(self.newlines, at) + 1

    def scan(self) -> None:
        """Find the shell steps."""
        text, at, statement = self.text, 0, 0
        while (match := _TOKEN.search(text, at)) and len(self.found) < 500:
            mark, begin = match.group(), match.start()
            self.pieces.append(text[at:begin])
            if mark == "//":
                end = text.find("\n", begin)
                at = len(text) if end < 0 else end
                continue
            if mark == "/*":
                end = text.find("*/", begin + 2)
                at = len(text) if end < 0 else end + 2
                continue
            at = match.end()
            if mark in ("{", "}"):
                self._brace(mark, begin)
                statement = at
            elif mark == "\n":
                if not text[statement:begin].rstrip().endswith((",", "(")):
                    statement = at
            else:
                at = self._string(mark, begin, at, statement)
                continue
            self.pieces.append(mark)
        self.pieces.append(text[at:])

    def _brace(self, mark: str, at: int) -> None:
        if mark == "{":
            name, argument, start = _before(self.text, at)
            defines = bool(name) and _DEFINED.search(self.text[max(0, start - 40) : start]) is not None
            self.blocks.append(_Block(name, argument, at, defines))
        elif self.blocks:
            self.blocks.pop()

    def _string(self, mark: str, begin: int, inside: int, statement: int) -> int:
        """Take a string; keep it if a shell step is given it. Returns where to go on."""
        end = self._closing(mark, inside)
        value = self.text[inside:end]
        self.pieces.append(mark + value + mark)
        before = self.text[max(statement, begin - 300) : begin]
        step = _SHELL_STEP.search(before)
        rest = step.group(2) if step else ""
        if step and (
            not rest.strip() or rest.rstrip().endswith("script:") or rest.rstrip().endswith("command:")
        ):
            after = self.text[end : end + 200].partition("\n")[0]
            lenient = "returnStatus" in rest or re.search(r"returnStatus\s*:\s*true", after) is not None
            self._add(value, inside, step.group(1), lenient)
        elif re.match(r"\s*branch\b|\s*expression\b", before):
            pass
        return end + len(mark)

    def _closing(self, mark: str, at: int) -> int:
        limit = len(self.text) if len(mark) == 3 else self.text.find("\n", at)
        limit = len(self.text) if limit < 0 else limit
        while True:
            end = self.text.find(mark, at, limit)
            if end < 0:
                return limit
            back = end
            while back > at and self.text[back - 1] == "\\":
                back -= 1
            if (end - back) % 2 == 0:
                return end
            at = end + 1

    def _add(self, value: str, at: int, kind: str, lenient: bool) -> None:
        text = value.replace("\\$", "$").replace('\\"', '"').replace("\\'", "'").replace("\\\\", "\\")
        self.found.append(_Found(text, self.line(at), kind, lenient, tuple(self.blocks), {}))


def _before(text: str, brace: int) -> tuple[str, str, int]:
    """The word before a brace, what stands in parentheses between them, and where the word begins."""
    head = text[max(0, brace - 400) : brace].rstrip().removesuffix("->").rstrip()
    argument, depth, end = "", 0, len(head)
    if head.endswith(")"):
        for at in range(len(head) - 1, -1, -1):
            depth += (head[at] == ")") - (head[at] == "(")
            if depth == 0:
                argument, end = head[at + 1 : -1], at
                break
        else:
            return "", "", brace
    head = head[:end].rstrip()
    start = len(head)
    while start and (head[start - 1].isalnum() or head[start - 1] == "_"):
        start -= 1
    return head[start:][:60], argument, max(0, brace - 400) + start


def _step(snapshot: Snapshot, path: str, found: _Found, triggers: frozenset[Trigger], code: str) -> Step:
    stages = [b for b in found.blocks if b.name == "stage"]
    stage = stages[-1] if stages else None
    name = stage.argument.strip("'\" ") if stage else "steps"
    post = "post" in [b.name for b in found.blocks]
    kinds = [b.name for b in found.blocks]
    condition = next((k for k in reversed(kinds) if post and k in _POST), "")
    step = Step(
        path, found.line, name, name, triggers=triggers, condition=f"{condition}()" if condition else ""
    )
    folder: str | None = ""
    for block in found.blocks:
        if block.name == "dir":
            folder = join(folder, block.argument.strip("'\" "))
    step = step.but(enforced=not found.lenient and "catchError" not in kinds and "warnError" not in kinds)
    text = snapshot.text(path) or ""
    for block in found.blocks:
        step = _guarded(step, block, text)
        if block.defines and len(re.findall(rf"\b{re.escape(block.name)}\b", code)) < 2:
            step = step.but(live=False, why=f"`{block.name}` is never called")
    return followed(snapshot, step, [(found.text, found.line)], folder)


_POST = ("failure", "always", "unsuccessful", "unstable", "aborted", "success", "cleanup", "changed", "fixed",
         "regression")  # fmt: skip
_WHEN = regex(r"\bwhen\s*\{")
_NEVER = regex(r"expression\s*\{\s*(?:return\s+)?false\s*\}")


def _guarded(step: Step, block: _Block, text: str) -> Step:
    """The step under the block's `when`, `input` or `if`."""
    if block.name == "if" and block.argument.strip() == "false":
        return step.but(live=False, why="`if (false)`")
    if block.name == "try" and step.enforced:
        return step.but(enforced=_rethrown(text, block.start))
    if block.name == "stage":
        head = text[block.start : block.start + 1500]
        head = re.split(r"\bsteps\s*\{|\bstages\s*\{|\bparallel\b|\bscript\s*\{", head, maxsplit=1)[0]
        if _WHEN.search(head) and _NEVER.search(head):
            return step.but(live=False, why="`when { expression { false } }`")
        asked = re.search(r"\bparams\.\w+", head) and _WHEN.search(head)
        if asked or re.search(r"\binput\s*[({]", head):
            return step.but(manual=True, triggers=frozenset({"manual"}))
    if block.name == "if" and re.match(r"\s*!?params\.\w+", block.argument):
        return step.but(manual="!" not in block.argument)
    return step


def _rethrown(text: str, start: int) -> bool:
    """Whether what a `try` catches still fails the build."""
    caught = text.find("catch", start)
    if caught < 0:
        return True
    body = text[caught : caught + 800]
    return re.search(r"\bthrow\b|\berror\b\s*[( ]|FAILURE|UNSTABLE|\bunstable\b", body) is not None


def _outside(
    path: str, code: str, libraries: tuple[str, ...], triggers: frozenset[Trigger]
) -> tuple[Step, ...]:
    """Calls that Jenkins itself does not have: steps of a shared library, by their names and arguments."""
    defined = set(re.findall(r"\bdef\s+(\w+)\s*\(", code))
    found = []
    for match in _CALL.finditer(code):
        name = match.group(1)
        head = name.partition(".")[0]
        if head in _OWN or head in defined:
            continue
        line = code.count("\n", 0, match.start(1)) + 1
        inputs = {"arguments": match.group(2) or match.group(0).strip()}
        found.append(Step(path, line, name, name, uses=name, inputs=inputs, triggers=triggers))
        if len(found) >= 60:
            break
    if not libraries and not any(s.uses[0].islower() for s in found):
        return ()
    return tuple(found) if libraries or not re.search(r"\bpipeline\s*\{|\bnode\b", code) else ()

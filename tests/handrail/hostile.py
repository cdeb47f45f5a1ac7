"""Repositories made to harm whoever reads them: each is made by the real git, and named for what it does."""

import json
import os
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

from catalog.gitcommand import GIT, environment

MADE: dict[str, Callable[["Repository"], None]] = {}
"""What makes each repository, by its name."""

SERVICE = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: NAME
  description: Answers
spec:
  type: service
  lifecycle: production
  owner: group:payments
"""
Make = Callable[["Repository"], None]


class Repository:
    """A bare repository below a folder, and the file that its hooks and programs would write."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / f"{name}.git"
        self.canary = folder.parent / "canary" / name
        self.canary.parent.mkdir(exist_ok=True)
        self.init()

    def init(self, *options: str) -> None:
        self.git(
            "init", "-q", "--bare", "--template=", "--initial-branch=main", *options, str(self.path), at=None
        )

    def git(self, *arguments: str, given: bytes = b"", at: Path | None = Path()) -> str:
        place = [] if at is None else [f"--git-dir={self.path / at}"]
        env = environment() | {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Eve"), ("EMAIL", "eve@example.org"), ("DATE", "1760000000 +0000"))
        }
        done = subprocess.run(
            [*GIT, *place, *arguments], input=given, capture_output=True, env=env, check=True
        )
        return done.stdout.decode().strip()

    def commit(
        self, files: dict[str | bytes, str | bytes], modes: dict[str | bytes, str] | None = None
    ) -> None:
        """One commit of these files, without an index: any name and any number of them."""
        parts = [b"commit refs/heads/main\ncommitter Eve <eve@example.org> 1760000000 +0000\ndata 1\nx\n"]
        for path, content in files.items():
            data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
            raw = path.encode("utf-8", "surrogatepass") if isinstance(path, str) else path
            mode = (modes or {}).get(path, "100644").encode()
            parts.append(b"M %s inline %s\ndata %d\n" % (mode, _quoted(raw), len(data)))
            parts += (data, b"\n")
        self.git("-c", "core.compression=1", "fast-import", "--quiet", "--force", given=b"".join(parts))

    def service(self, **files: str | bytes) -> None:
        """A commit of a sound descriptor and these files; `__` in a name is a slash, `_` a dot."""
        named = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
        self.commit({"catalog-info.yaml": SERVICE.replace("NAME", self.name), **named})

    def loose(self, kind: str, data: bytes) -> str:
        """Write an object as it is, whatever git thinks of it."""
        return self.git("hash-object", "-t", kind, "-w", "--literally", "--stdin", given=data)

    def point(self, tree: str, **header: bytes) -> None:
        """Let the default branch be a commit of this tree."""
        self.git("update-ref", "refs/heads/main", self.git("commit-tree", tree, "-m", "x"))

    def remove(self, name: str) -> None:
        """Remove an object."""
        self.git("repack", "-adq")
        for pack in self.path.glob("objects/pack/*.pack"):
            data = pack.read_bytes()
            for file in pack.parent.glob(f"{pack.stem}.*"):
                file.unlink()
            self.git("unpack-objects", "-q", given=data)
        (self.path / "objects" / name[:2] / name[2:]).unlink()


def _quoted(path: bytes) -> bytes:
    return b'"' + b"".join(b"\\%03o" % c if c < 48 or c > 122 or c == 92 else bytes([c]) for c in path) + b'"'


def _case(name: str) -> Callable[[Make], Make]:
    def add(make: Make) -> Make:
        MADE[name] = make
        return make

    return add


def _descriptor(name: str, text: str | bytes) -> None:
    """A repository whose descriptor is this text."""
    MADE[name] = lambda repository: repository.commit({"catalog-info.yaml": text})


def _beside(name: str, path: str, text: str | bytes) -> None:
    """A repository that has this file beside a sound descriptor."""
    MADE[name] = lambda repository: repository.commit(
        {"catalog-info.yaml": SERVICE.replace("NAME", name), path: text}
    )


def _with(name: str, line: str) -> str:
    return SERVICE.replace("NAME", name).replace("spec:\n", f"  {line}\nspec:\n")


# YAML and JSON

_bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
_descriptor("alias-bomb", SERVICE.replace("NAME", "alias-bomb") + _bomb)
_beside("alias-bomb-in-a-workflow", ".github/workflows/ci.yml", _bomb)
_beside("alias-bomb-in-an-objective", "slo/slo.yaml", "apiVersion: openslo/v1\nkind: SLO\n" + _bomb)
_descriptor("alias-of-itself", "kind: Component\nmetadata: &m\n  name: x\n  again: *m\n")
_descriptor("alias-that-is-not-there", "kind: *none\n")
_descriptor("many-anchors", "kind: Component\nx:\n" + "".join(f"- &a{n} {n}\n" for n in range(100_000)))
_descriptor("deep-flow", "kind: " + "[" * 20_000 + "]" * 20_000)
_descriptor("deep-block", "- " * 20_000 + "x")
_descriptor("deep-maps", "kind: " + "{a: " * 20_000)
_beside("deep-json-lists", "package.json", "[" * 20_000 + "]" * 20_000)
_beside("deep-json-objects", "package.json", '{"a":' * 20_000 + "1" + "}" * 20_000)
_beside("deep-toml", "pyproject.toml", "x = " + "[" * 20_000 + "]" * 20_000)
_beside("deep-terraform", "main.tf", 'resource "a" "b" {\n x = ' + "[" * 20_000 + "\n}")
_beside(
    "deep-terraform-parentheses", "main.tf", "locals {\n x = " + "(" * 20_000 + "1" + ")" * 20_000 + "\n}"
)
_descriptor("huge", b"kind: Component\n# " + b"a" * 100_000_000)
_beside("huge-runbook", "docs/runbook.md", b"# Runbook\n" + b"a" * 3_000_000)
_descriptor("not-utf-8", SERVICE.replace("NAME", "not-utf-8").encode() + b"# caf\xe9 \xff\xfe\n")
_descriptor("utf-16", SERVICE.replace("NAME", "utf-16").encode("utf-16"))
_descriptor("utf-32", SERVICE.replace("NAME", "utf-32").encode("utf-32"))
_descriptor("nul", SERVICE.replace("NAME", "nul").replace("Answers", "Ans\0wers"))
_descriptor("byte-order-mark", "\ufeff" + SERVICE.replace("NAME", "byte-order-mark"))
_descriptor("crlf", SERVICE.replace("NAME", "crlf").replace("\n", "\r\n"))
_descriptor("cr", SERVICE.replace("NAME", "cr").replace("\n", "\r"))
_descriptor("tabs", SERVICE.replace("NAME", "tabs").replace("  ", "\t"))
_descriptor("duplicate-keys", SERVICE.replace("NAME", "duplicate-keys") + "  owner: group:other\n")
_descriptor("python-object", SERVICE.replace("NAME", '!!python/object/apply:os.system ["touch CANARY"]'))
_descriptor("python-name", SERVICE.replace("NAME", "python-name") + "x: !!python/name:os.system\n")
_descriptor("merge-keys", "b: &b {type: service}\n" + SERVICE.replace("NAME", "merge-keys") + "  <<: *b\n")
_descriptor("merge-with-itself", "kind: Component\nspec: &s\n  <<: *s\n")
_beside(
    "on-as-a-boolean",
    ".github/workflows/ci.yml",
    "true:\n  push:\non: [push]\njobs: {a: {steps: [{run: x}]}}\n",
)
_descriptor(
    "dates-as-keys", _with("dates-as-keys", "2026-01-01: x") + "2026-01-01T00:00:00Z: y\n1: z\n~: n\n"
)
_descriptor("lists-as-keys", SERVICE.replace("NAME", "lists-as-keys") + "? [a, {b: c}]\n: d\n? {e: f}\n: g\n")
_descriptor("dates-that-are-none", _with("dates-that-are-none", "labels: {a: 2026-99-99}"))
_descriptor(
    "endless-number",
    _with("endless-number", "labels: {a: " + "9" * 100_000 + ", b: 0x" + "f" * 100_000 + "}"),
)
_beside("endless-json-number", "package.json", '{"a": ' + "9" * 100_000 + ', "b": 1e999999, "c": NaN}')
_descriptor(
    "lone-surrogates", SERVICE.replace("NAME", "lone-surrogates").replace("Answers", '"\\ud800 \\udfff"')
)
_beside("lone-surrogates-in-json", "package.json", '{"name": "\\ud800", "scripts": {"\\udc00": "\\ud800"}}')
_descriptor("many-documents", "---\nkind: Component\n" * 10_000)
_descriptor("many-keys", "kind: Component\n" + "".join(f"k{n}: {n}\n" for n in range(100_000)))
_descriptor("many-relations", SERVICE.replace("NAME", "many-relations") + "  dependsOn:\n" + "".join(
    f"  - component:c{n}\n" for n in range(50_000)
))  # fmt: skip
_descriptor("wrong-types", "apiVersion: 1\nkind: [Component]\nmetadata: null\nspec: [1, 2]\n")
_descriptor("wrong-types-within", SERVICE.replace("NAME", "{a: b}").replace("group:payments", "[{}]"))
_descriptor("a-name-too-long", SERVICE.replace("NAME", "n" * 100_000))
_descriptor("a-name-that-is-a-path", SERVICE.replace("NAME", "../../../etc/passwd"))
_descriptor("html-in-every-field", (
    SERVICE.replace("NAME", "html-in-every-field")
    .replace("Answers", '"<script>alert(1)</script>"')
    .replace("service", '"<img src=x onerror=alert(1)>"')
    .replace("production", '"</td><svg onload=alert(1)>"')
    .replace("metadata:\n", "metadata:\n  title: '<b>\"&quot;'\n  tags: ['<i>']\n  links: [{url: 'javascript:alert(1)', title: '<u>'}]\n")
))  # fmt: skip
_descriptor(
    "escape-sequences",
    SERVICE.replace("NAME", "escape-sequences").replace("Answers", '"\\e]0;owned\\a\\e[31m"'),
)
_descriptor(
    "bidirectional", SERVICE.replace("NAME", "bidirectional").replace("Answers", "\u202egnp.exe \u2066x")
)

# Places that lead elsewhere

_PASSWD = "../../../../../../../../etc/passwd"
_descriptor(
    "runbook-elsewhere",
    _with(
        "runbook-elsewhere",
        f"annotations: {{runbook: {_PASSWD}, handrail.dev/runbook: {_PASSWD}, runbook_url: 'file:///etc/passwd'}}",
    ),
)
_descriptor(
    "documents-elsewhere",
    _with("documents-elsewhere", f"annotations: {{backstage.io/techdocs-ref: 'dir:{_PASSWD}'}}"),
)
_descriptor(
    "source-elsewhere",
    _with("source-elsewhere", f"annotations: {{backstage.io/source-location: 'file:{_PASSWD}'}}"),
)
_descriptor(
    "location-elsewhere",
    f"apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: l}}\nspec: {{targets: ['{_PASSWD}', 'http://127.0.0.1:1/x.yaml', /etc/passwd, ./catalog-info.yaml]}}\n",
)
_descriptor(
    "location-of-everything",
    "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: l}\nspec: {targets: ['./**/**/**/**/**/**/**/*.yaml', './"
    + "*" * 500
    + "x']}\n",
)
_beside("reference-to-an-address", "openapi.yaml", "openapi: 3.0.0\npaths: {$ref: 'http://127.0.0.1:1/x'}\n")
_descriptor(
    "definition-at-an-address",
    "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec: {type: openapi, lifecycle: x, owner: y, definition: {$text: 'http://127.0.0.1:1/x'}}\n",
)
_beside("a-workflow-that-calls-itself", ".github/workflows/ci.yml", "on: push\njobs:\n" + "".join(
    f"  j{n}: {{uses: ./.github/workflows/ci.yml}}\n" for n in range(2_000)
))  # fmt: skip
_beside(
    "a-pipeline-that-includes-itself",
    ".gitlab-ci.yml",
    "include: [/.gitlab-ci.yml, .gitlab-ci.yml]\na: {extends: b}\nb: {extends: a}\n",
)
_beside("a-makefile-that-calls-itself", "Makefile", "all: all\n\t$(MAKE) all\nb: c\nc: b\n")


@_case("links-out-of-the-tree")
def _links_out(repository: Repository) -> None:
    links = {
        "catalog-info.yaml": _PASSWD,
        "README.md": "/etc/passwd",
        "docs": "/etc",
        "runbook.md": "/proc/self/environ",
        "CODEOWNERS": "/dev/zero",
    }
    repository.commit(dict(links), dict.fromkeys(links, "120000"))


@_case("links-in-circles")
def _links_circle(repository: Repository) -> None:
    links = {"catalog-info.yaml": "README.md", "README.md": "catalog-info.yaml", "docs": "docs", "a": "a/b"}
    repository.commit(dict(links), dict.fromkeys(links, "120000"))


@_case("links-in-a-long-chain")
def _links_chain(repository: Repository) -> None:
    links = (
        {"catalog-info.yaml": "l0"} | {f"l{n}": f"l{n + 1}" for n in range(500)} | {"l-long": "x/" * 50_000}
    )
    repository.commit(dict(links), dict.fromkeys(links, "120000"))


# Names of files

_ODD = {
    "newlines": "docs/run\nbook\r.md",
    "quotes": "docs/\"'`$(touch CANARY)`.md",
    "terminal-codes": "docs/\x1b]0;owned\x07\x1b[2J.md",
    "right-to-left": "docs/\u202egnp.md",
    "an-option": "--upload-pack=touch CANARY.md",
    "long": "d" * 4_000 + ".md",
    "html": "docs/<script>alert(1)<%2Fscript>.md",
    "backslashes": "..\\..\\..\\etc\\passwd",
    "dots": "docs/.../....md",
    "surrogates": "docs/\ud800.md",
}


def _odd(name: str, path: str) -> None:
    @_case(f"names-with-{name}")
    def _make(repository: Repository) -> None:
        service = SERVICE.replace("NAME", repository.name)
        folder = path.rpartition("/")[0]
        repository.commit({
            "catalog-info.yaml": service,
            path: "# Runbook\n\n1. Roll back\n",
            f"{folder}/{path.rpartition('/')[2]}.d/.github/workflows/{path.rpartition('/')[2]}.yml".lstrip("/"): "on: push\n",
        })  # fmt: skip


for _name, _path in _ODD.items():
    _odd(_name, _path)


@_case("names-that-differ-in-case")
def _names_case(repository: Repository) -> None:
    text = SERVICE.replace("NAME", repository.name)
    repository.commit(
        {
            "catalog-info.yaml": text,
            "Catalog-Info.yaml": "kind: [",
            "CATALOG-INFO.YAML": "x",
            "README.md": "a",
            "readme.md": "b",
        }
    )


@_case("names-that-are-not-utf-8")
def _names_bytes(repository: Repository) -> None:
    repository.service()
    repository.commit(
        {b"docs/caf\xe9.md": "x", b"\xff\xfe/catalog-info.yaml": SERVICE.replace("NAME", "bytes")}
    )


@_case("folders-a-thousand-deep")
def _deep(repository: Repository) -> None:
    repository.commit(
        {"catalog-info.yaml": SERVICE.replace("NAME", repository.name), "d/" * 1_000 + "x.yaml": "a: 1"}
    )


@_case("two-hundred-thousand-files")
def _many(repository: Repository) -> None:
    blob = repository.loose("blob", b"x: 1\n")
    lines = "".join(f"100644 blob {blob}\tf{n:06d}.yaml\n" for n in range(2_010)).encode()
    folder = repository.git("mktree", given=lines)
    top = "".join(f"040000 tree {folder}\td{n:03d}\n" for n in range(105)).encode()
    descriptor = repository.loose("blob", SERVICE.replace("NAME", repository.name).encode())
    repository.point(
        repository.git("mktree", given=f"100644 blob {descriptor}\tcatalog-info.yaml\n".encode() + top)
    )


@_case("a-tree-within-itself-a-thousand-million-times")
def _tree_bomb(repository: Repository) -> None:
    tree = repository.git("mktree", given=f"100644 blob {repository.loose('blob', b'x')}\tf\n".encode())
    for _ in range(9):
        lines = "".join(f"040000 tree {tree}\td{n}\n" for n in range(10))
        tree = repository.git("mktree", given=lines.encode())
    repository.point(tree)


# Text that is slow to read


def _slow(name: str, path: str, text: str) -> None:
    _beside(f"slow-{name}", path, text)


_N = 60_000
_slow("brackets", "README.md", "[" * _N + "](" * 100)
_slow("links", "README.md", "[a](" * (_N // 4))
_slow("emphasis", "docs/runbook.md", "# Runbook\n" + "*a_ " * _N + "_" * _N)
_slow("quotes", "docs/runbook.md", "# Runbook\n" + ">" * _N + "x\n")
_slow(
    "lists", "docs/runbook.md", "# Runbook\n" + "".join("  " * (n % 500) + f"{n}. a\n" for n in range(5_000))
)
_slow("tables", "README.md", "|" * _N + "\n" + "|-" * _N + "\n")
_slow("backticks", "docs/runbook.md", "# Runbook\n" + "".join("`" * (n % 400) + "a " for n in range(3_000)))
_slow("references", "README.md", "".join(f"[r{n}]: <a{n}\n" for n in range(20_000)) + "[r1]" * 20_000)
_slow("entities", "README.md", "&" * _N + "&#" * _N + "<" * _N + "<!--" * 1_000)
_slow("spaces", "docs/runbook.md", "# Runbook\n" + " " * 500_000 + "x" + "\n" * 200_000 + "\t " * 100_000)
_slow("one-line", "docs/slo.md", "99.9% availability over 30 days " * 50_000)
_slow("words", "docs/postmortem.md", "a-" * 300_000 + "\n" + "rollback " * 50_000)
_slow("shell", "deploy.sh", "$(" * 20_000 + "`" * 20_000 + "'\"" * 20_000 + "&&" * 20_000 + "\\\n" * 20_000)
_slow("docker", "Dockerfile", "FROM a\nRUN " + "a \\\n" * 100_000 + "CMD [" + '"x", ' * 50_000)
_slow(
    "workflow",
    ".github/workflows/ci.yml",
    "on: push\njobs: {a: {steps: [{run: '" + "kubectl rollout undo " * 20_000 + "'}]}}",
)
_slow("owners", "CODEOWNERS", "".join(f"/a/**/b{n}/**/*c @team{n} @{'x' * 50}\n" for n in range(30_000)))
_slow("helm", "chart/templates/a.yaml", "{{ " * 30_000 + "}}" * 30_000)
_slow("expressions", "main.tf", 'resource "a" "b" {\n c = "' + "${" * 20_000 + "}" * 20_000 + '"\n}\n')
_slow(
    "queries", "alerts.yaml", "groups: [{name: a, rules: [{alert: b, expr: '" + "sum(rate(" * 20_000 + "'}]}]"
)
_slow(
    "lockfile",
    "package-lock.json",
    json.dumps({"packages": {f"node_modules/a{n}": {} for n in range(20_000)}}),
)
_slow(
    "waivers",
    ".handrail/waivers.yaml",
    "apiVersion: handrail.dev/v1\nkind: Waivers\nwaivers:\n" + "- {check: x}\n" * 20_000,
)


# Repositories whose insides are wrong


@_case("empty")
def _empty(repository: Repository) -> None:
    pass


@_case("no-commit-on-the-default-branch")
def _no_default(repository: Repository) -> None:
    repository.service()
    repository.git("symbolic-ref", "HEAD", "refs/heads/none")


@_case("a-head-that-names-itself")
def _head_loop(repository: Repository) -> None:
    repository.service()
    (repository.path / "HEAD").write_text("ref: refs/heads/a\n")
    (repository.path / "refs/heads/a").write_text("ref: refs/heads/b\n")
    (repository.path / "refs/heads/b").write_text("ref: refs/heads/a\n")


@_case("a-head-out-of-the-repository")
def _head_out(repository: Repository) -> None:
    (repository.path / "HEAD").write_text(f"ref: refs/heads/{_PASSWD}\n")


@_case("a-head-of-bytes")
def _head_bytes(repository: Repository) -> None:
    (repository.path / "HEAD").write_bytes(b"\xff\xfe\0" * 50)


def _head(kind: str) -> None:
    @_case(f"a-head-that-is-a-{kind}")
    def _make(repository: Repository) -> None:
        repository.service()
        told = {"tree": "main^{tree}", "blob": "main:catalog-info.yaml"}
        name = repository.git("rev-parse", told[kind]) if kind in told else "0" * 39 + "1"
        (repository.path / "HEAD").write_text(name + "\n")


for _kind in ("tree", "blob", "commit-that-is-missing"):
    _head(_kind)


@_case("a-head-that-is-a-tag")
def _head_tag(repository: Repository) -> None:
    repository.service()
    repository.git("tag", "-a", "v1", "-m", "x", "main")
    (repository.path / "HEAD").write_text(repository.git("rev-parse", "v1") + "\n")


@_case("a-missing-blob")
def _missing_blob(repository: Repository) -> None:
    repository.service(README_md="# Read me\n")
    repository.remove(repository.git("rev-parse", "main:README.md"))


@_case("a-missing-descriptor")
def _missing_descriptor(repository: Repository) -> None:
    repository.service(README_md="# Read me\n")
    repository.remove(repository.git("rev-parse", "main:catalog-info.yaml"))


@_case("a-missing-tree")
def _missing_tree(repository: Repository) -> None:
    repository.service(docs__a_md="x")
    repository.remove(repository.git("rev-parse", "main:docs"))


@_case("a-missing-commit")
def _missing_commit(repository: Repository) -> None:
    repository.service()
    repository.remove(repository.git("rev-parse", "main"))


def _broken(name: str, data: bytes) -> None:
    @_case(f"a-blob-of-{name}")
    def _make(repository: Repository) -> None:
        repository.service(README_md="# Read me\n")
        blob = repository.git("rev-parse", "main:README.md")
        repository.remove(blob)
        (repository.path / "objects" / blob[:2] / blob[2:]).write_bytes(data)


_broken("garbage", b"garbage")
_broken("nothing", b"")
_broken("another-kind", zlib.compress(b"tree 0\0"))
_broken("another-text", zlib.compress(b"blob 5\0other"))
_broken("a-size-that-lies", zlib.compress(b"blob 99999999999\0x"))
_broken("a-bomb", zlib.compress(b"blob 500000000\0" + b"\0" * 50_000_000))


@_case("a-pack-that-is-cut-off")
def _cut_pack(repository: Repository) -> None:
    repository.service()
    repository.git("repack", "-adq")
    for pack in repository.path.glob("objects/pack/*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(pack.read_bytes()[:40])


@_case("an-index-of-a-pack-that-lies")
def _lying_index(repository: Repository) -> None:
    repository.service()
    repository.git("repack", "-adq")
    for index in repository.path.glob("objects/pack/*.idx"):
        index.chmod(0o644)
        index.write_bytes(index.read_bytes()[:-200] + os.urandom(0) + b"\xff" * 200)


def _tree(name: str, *entries: tuple[bytes, bytes]) -> None:
    @_case(f"a-tree-with-{name}")
    def _make(repository: Repository) -> None:
        blob = bytes.fromhex(repository.loose("blob", SERVICE.replace("NAME", repository.name).encode()))
        data = b"".join(mode + b" " + path + b"\0" + blob for mode, path in entries)
        repository.point(repository.loose("tree", data))


_tree(
    "the-folder-above",
    (b"100644", b".."),
    (b"100644", b"../../etc/passwd"),
    (b"100644", b"catalog-info.yaml"),
)
_tree("git-in-it", (b"100644", b".git"), (b"100644", b".git/config"), (b"100644", b"catalog-info.yaml"))
_tree(
    "no-name",
    (b"100644", b""),
    (b"100644", b"/"),
    (b"100644", b"/etc/passwd"),
    (b"100644", b"catalog-info.yaml"),
)
_tree("the-same-twice", (b"100644", b"catalog-info.yaml"), (b"100644", b"catalog-info.yaml"))
_tree(
    "odd-modes",
    (b"100664", b"catalog-info.yaml"),
    (b"0", b"zero"),
    (b"777777777777777", b"much"),
    (b"abc", b"text"),
)
_tree("folders-that-are-files", (b"40000", b"docs"), (b"100644", b"catalog-info.yaml"))


@_case("a-tree-cut-off")
def _tree_cut(repository: Repository) -> None:
    repository.point(repository.loose("tree", b"100644 a\0" + b"\1" * 20 + b"100644 b\0" + b"\1" * 7))


def _commit(name: str, data: str) -> None:
    @_case(f"a-commit-with-{name}")
    def _make(repository: Repository) -> None:
        repository.service()
        tree = repository.git("rev-parse", "main^{tree}")
        made = repository.loose("commit", data.replace("TREE", tree).encode("utf-8", "surrogateescape"))
        (repository.path / "refs/heads/main").write_text(made + "\n")


_commit("nothing-in-it", "")
_commit("no-author", "tree TREE\n\nx\n")
_commit(
    "a-date-in-the-far-future",
    "tree TREE\nauthor E <e> 999999999999 +9999\ncommitter E <e> 999999999999 +9999\n\nx\n",
)
_commit("no-date", "tree TREE\nauthor E <e>\ncommitter E <e> never\n\nx\n")
_commit(
    "an-odd-encoding",
    "tree TREE\nauthor \udcff <e> 1 +0\ncommitter E <e> 1 +0\nencoding zlib\n\n\udcff\0\x1b[31m\n",
)
_commit(
    "an-endless-subject",
    "tree TREE\nauthor " + "n" * 1_000_000 + " <e> 1 +0\ncommitter E <e> 1 +0\n\n" + "s" * 5_000_000,
)
_commit(
    "a-hundred-thousand-parents",
    "tree TREE\n"
    + ("parent " + "1" * 40 + "\n") * 100_000
    + "author E <e> 1 +0\ncommitter E <e> 1 +0\n\nx\n",
)


@_case("submodules-with-hostile-addresses")
def _submodule(repository: Repository) -> None:
    urls = (
        "ext::sh -c 'touch CANARY'",
        "-uCANARY",
        "file:///etc",
        "../../../../x",
        "https://x:y@127.0.0.1:1/z",
    )
    text = "".join(
        f'[submodule "s{n}"]\n\tpath = s{n}\n\turl = {url}\n\tupdate = !touch CANARY\n'
        for n, url in enumerate(urls)
    )
    blob, service = (
        repository.loose("blob", t.encode()) for t in (text, SERVICE.replace("NAME", repository.name))
    )
    lines = f"100644 blob {blob}\t.gitmodules\n100644 blob {service}\tcatalog-info.yaml\n"
    lines += "".join(f"160000 commit {'1' * 40}\ts{n}\n" for n in range(len(urls)))
    repository.point(repository.git("mktree", "--missing", given=lines.encode()))


@_case("attributes-with-filters")
def _attributes(repository: Repository) -> None:
    repository.service(
        _gitattributes="* filter=evil diff=evil merge=evil ident export-subst working-tree-encoding=UTF-16\n[attr]x "
        + "y " * 50_000
    )
    _configured(
        repository,
        '[filter "evil"]\n\tclean = touch CANARY\n\tsmudge = touch CANARY\n\tprocess = touch CANARY\n\trequired = true\n[diff "evil"]\n\tcommand = touch CANARY\n\ttextconv = touch CANARY\n',
    )


def _configured(repository: Repository, text: str) -> None:
    with (repository.path / "config").open("a") as file:
        file.write(text.replace("CANARY", str(repository.canary)))


@_case("configuration-that-runs-programs")
def _programs(repository: Repository) -> None:
    repository.service()
    _configured(
        repository,
        "[core]\n\tfsmonitor = touch CANARY\n\tsshCommand = touch CANARY\n\tpager = touch CANARY\n\teditor = touch CANARY\n\talternateRefsCommand = touch CANARY\n[uploadpack]\n\tpackObjectsHook = touch CANARY\n[credential]\n\thelper = !touch CANARY\n[include]\n\tpath = /dev/zero\n[alias]\n\tls-tree = !touch CANARY\n",
    )
    (repository.path / "hooks").mkdir()
    for hook in ("post-checkout", "reference-transaction", "pre-receive", "post-update"):
        (repository.path / "hooks" / hook).write_text(f"#!/bin/sh\ntouch {repository.canary}\n")
        (repository.path / "hooks" / hook).chmod(0o755)


@_case("objects-to-be-fetched-from-a-program")
def _promisor(repository: Repository) -> None:
    repository.service(README_md="# Read me\n")
    repository.remove(repository.git("rev-parse", "main:README.md"))
    _configured(
        repository,
        f'[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = x\n[remote "x"]\n\turl = "{repository.path}"\n\tpromisor = true\n\tuploadpack = "touch CANARY;"\n',
    )


@_case("objects-to-be-fetched-from-a-program-sha-256")
def _promisor_sha256(repository: Repository) -> None:
    _sha256(repository)
    repository.remove(repository.git("rev-parse", "main:README.md"))
    _configured(
        repository,
        f'[extensions]\n\tpartialClone = x\n[remote "x"]\n\turl = "{repository.path}"\n\tpromisor = true\n\tuploadpack = "touch CANARY;"\n',
    )


@_case("sha-256")
def _sha256(repository: Repository) -> None:
    for file in sorted(repository.path.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    repository.init("--object-format=sha256")
    repository.service(README_md="# Read me\n")


def _config(name: str, text: bytes) -> None:
    @_case(f"configuration-{name}")
    def _make(repository: Repository) -> None:
        repository.service()
        (repository.path / "config").write_bytes(text)


_config("that-is-broken", b"[core")
_config("of-bytes", b"\xff\xfe\0[core]\n\tbare = \0\n")
_config("of-a-version-to-come", b"[core]\n\trepositoryformatversion = 99\n[extensions]\n\tnew = true\n")
_config("with-a-working-copy-elsewhere", b"[core]\n\tbare = false\n\tworktree = /etc\n")
_config(
    "with-a-hostile-origin",
    b'[core]\n\tbare = true\n[remote "origin"]\n\turl = "https://eve:secret-word@127.0.0.1/\\n<script>/../../x"\n',
)


def _alternates(name: str, text: str) -> None:
    @_case(f"alternates-{name}")
    def _make(repository: Repository) -> None:
        repository.service()
        (repository.path / "objects" / "info").mkdir(exist_ok=True)
        (repository.path / "objects" / "info" / "alternates").write_text(
            text.replace("SELF", str(repository.path / "objects"))
        )


_alternates("that-lead-nowhere", "/none/objects\n../../../../none\n")
_alternates("in-a-circle", "SELF\nSELF/../objects\n" * 50)
_alternates("to-a-device", "/dev/zero\n/proc/self/fd\n/etc\n")


@_case("references-of-bytes")
def _references(repository: Repository) -> None:
    repository.service()
    (repository.path / "refs/heads/main").unlink()
    (repository.path / "packed-refs").write_bytes(b"\xff\xfe\0 refs/heads/main\n" * 1_000)


@_case("a-shallow-file-of-nonsense")
def _shallow(repository: Repository) -> None:
    repository.service()
    (repository.path / "shallow").write_bytes(b"nonsense\n\xff")


@_case("replaced-objects")
def _replaced(repository: Repository) -> None:
    repository.service()
    blob = repository.git("rev-parse", "main:catalog-info.yaml")
    repository.git("update-ref", f"refs/replace/{blob}", repository.loose("blob", b"kind: ["))

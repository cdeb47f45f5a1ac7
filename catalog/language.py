"""Which language a repository's code is written in, by the endings of its files."""

from collections import Counter
from collections.abc import Mapping

_ENDINGS = {
    "Python": "py",
    "Go": "go",
    "Java": "java",
    "Kotlin": "kt kts",
    "JavaScript": "js mjs cjs jsx",
    "TypeScript": "ts tsx mts",
    "Ruby": "rb",
    "Rust": "rs",
    "PHP": "php",
    "C#": "cs",
    "F#": "fs",
    "Scala": "scala",
    "Elixir": "ex exs",
    "Erlang": "erl",
    "C": "c",
    "C++": "cpp cc cxx hpp",
    "Swift": "swift",
    "Objective-C": "m mm",
    "Dart": "dart",
    "Clojure": "clj cljs",
    "Haskell": "hs",
    "Lua": "lua",
    "Perl": "pl pm",
    "R": "r",
    "Julia": "jl",
    "OCaml": "ml",
    "Vue": "vue",
    "Svelte": "svelte",
    "Zig": "zig",
    "Nim": "nim",
    "Groovy": "groovy",
    "Jsonnet": "jsonnet libsonnet",
    "Jupyter Notebook": "ipynb",
    "HCL": "tf",
    "Shell": "sh bash",
    "PowerShell": "ps1",
    "SQL": "sql",
}
_LANGUAGE = {ending: name for name, endings in _ENDINGS.items() for ending in endings.split()}
SCRIPTS = frozenset({"Shell", "SQL", "PowerShell", "HCL"})
"""Languages that often only surround the code proper."""


def languages(endings: Mapping[str, list[str]]) -> Counter[str]:
    """How many files each language has, given the files by their endings."""
    found: Counter[str] = Counter()
    for ending, paths in endings.items():
        name = _LANGUAGE.get(ending)
        if name is not None:
            found[name] += len(paths)
    return found


def main_language(endings: Mapping[str, list[str]]) -> str | None:
    """The language of most files; one of `SCRIPTS` only where there is no other."""
    found = languages(endings)
    proper = {name: count for name, count in found.items() if name not in SCRIPTS} or found
    return min(proper, key=lambda name: (-proper[name], name), default=None)

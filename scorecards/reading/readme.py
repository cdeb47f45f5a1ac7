"""A README: whether it says what the thing is and how to run it, or is what a generator left behind."""

import posixpath
import re
from typing import NamedTuple

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.hollow import is_real
from scorecards.reading.markup import Section
from scorecards.reading.paths import paths
from scorecards.reading.prose import Prose, prose
from scorecards.reading.starters import starter
from scorecards.reading.vocabulary import fold

_README = regex(
    r"readme(?:\.(?:md|markdown|mdx|rst|adoc|asciidoc|txt|org|html|textile|[a-z]{2}\.md))?\Z", re.IGNORECASE
)
_ORDER = (".md", "", ".rst", ".adoc")


class Readme(NamedTuple):
    """What a README says: the line where it tells what the thing is, and where how to run it."""

    path: str
    what: int | None
    run: int | None
    run_note: str = ""
    starter: str = ""
    """The generator whose text it still is, empty where it is the author's."""


def readme_of(snapshot: Snapshot, service: Service) -> Readme | None:
    """The README of the service's folder, else of the repository where it is alone; None without one."""
    found = snapshot.derive(_readmes)
    own = found.get(service.path)
    if own is None and service.path and service.alone:
        own = found.get("")
    return None if own is None else _read(snapshot, own)


def _readmes(snapshot: Snapshot) -> dict[str, str]:
    """The README of each folder; one in `.github/` or `docs/` stands for the root where it has none."""
    found: dict[str, str] = {}
    for path in paths(snapshot).holding("readme"):
        folder, _, name = path.rpartition("/")
        if _README.match(name) and (folder not in found or _rank(path) < _rank(found[folder])):
            found[folder] = path
    for folder in (".github", "docs"):
        if folder in found:
            found.setdefault("", found[folder])
    return found


def _rank(path: str) -> int:
    suffix = posixpath.splitext(path)[1].lower()
    return _ORDER.index(suffix) if suffix in _ORDER else len(_ORDER)


_COMMON = """
a an the this that is are my our your and of for to in on with it its app application
service api project repo repository component code source microservice backend frontend
server readme welcome simple new test documentation here contains hello world
"""
_GENERIC = frozenset(_COMMON.split())
_BADGE = regex(
    r"!?\[[^\[\]]{0,200}\]\([^()\s]{0,500}\)|\[!?\[[^\[\]]{0,200}\][^\s]{0,500}|https?://\S{1,500}"
    r"|`[^`]{0,200}`"
)
_WORD = regex(r"[^\W\d_]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NO_PROSE = regex(r"\s*(?:\||\[[^\[\]]{1,100}\]:\s)")
_SIGN = regex(r"\s*(?:[|>:]|[-*+]\s|\d{1,2}[.)]\s|\.\. |:\w+:)")


def says_something(text: str, name: str, least: int = 2) -> bool:
    """Whether a description says more than its own name and words that every project has."""
    if not is_real(text):
        return False
    own = set(re.split(r"[^a-z0-9]+", fold(name)))
    words = [w for w in _WORD.findall(fold(_BADGE.sub(" ", text))) if w not in own and w not in _GENERIC]
    if words and ord(words[0][0]) > 0x3000:
        return len(words) >= 2
    return len(words) >= least


_HOW = regex(
    r"\b(?:run\w*|start\w*|usage|use|using|how to|get(?:ting)? started|quick ?-?start|install\w*"
    r"|set(?:ting)? ?-?up"
    r"|develop\w*|build\w*|deploy\w*|launch\w*|local\w*|try it|commands?|execut\w+|docker\w*|compose"
    r"|bring ?up|boot\w*"
    r"|ausfuhr\w*|starten|entwickl\w*|installier\w*|inbetriebnahme|einrichtung|nutzung|loslegen"
    r"|demarr\w*|lanc\w+|execution|utilis\w+|prise en main|exploitation"
    r"|ejecu\w*|inicio|iniciar|instala\w*|uso|arranque|puesta en marcha|como (?:usar|ejecutar|rodar"
    r"|executar|iniciar)"
    r"|execu\w*|rodar|rodando|comecando|utiliza\w*|avvi\w*|esegui\w*|esecuzione|iniziare|installazione"
    r"|utilizzo"
    r"|uitvoer\w*|gebruik|aan de slag|installatie|uruchom\w*|uruchami\w*|instalacj\w*|instalace|spusteni"
    r"|pouziti|instalac\w*"
    r"|kjor\w*|installasjon|komma igang|installera|kurulum|calistir\w*)"
    r"|запуск|запуст|установк|использовани|развертыван|разверт|начало работы|встановлен"
    r"|実行|起動|使い方|インストール|セットアップ|はじめに|開発環境|クイックスタート|构建|运行|運行|启动"
    r"|啟動|使用|安装|安裝|快速开始|部署|本地开发"
    r"|실행|시작|설치|사용|구동|개발 환경|배포"
)
_RUNS = regex(
    r"\bdocker(?:[ -]compose)?\s[^\n]{0,60}?(?:run|up|pull)\b|\bnpm\s+(?:run|start|install|i|ci|test)\b"
    r"|\bnpx\s|\byarn\b|\bpnpm\b"
    r"|\bpip3?\s+install\b|\bpipx?\s|\buvx?\s|\bpoetry\b|\bpython3?\s+\S|\bflask\s+run|\buvicorn\b"
    r"|\bgunicorn\b|\bmake\s+\w"
    r"|\bgo\s+(?:run|build|install|get)\b|\bcargo\s+\w|\bmvnw?\b|\bgradlew?\b|\bdotnet\s+\w"
    r"|\bkubectl\s+\w|\bhelm\s+\w"
    r"|\bterraform\s+\w|\bbundle\b|\brails\s+s|\bbin/\w|\brake\b|\bcomposer\s+\w|\bphp\s+artisan"
    r"|\bmix\s+\w|\bsbt\b"
    r"|\bsam\s+(?:build|deploy|local)|\bserverless\s|\bsls\s|\bcdk\s+\w|\bjava\s+-jar|\bnode\s+\S|\bbun\s"
    r"|\bdeno\s"
    r"|\bjust\s+\w|\bskaffold\b|\btilt\s+up|\btask\s+\w|\bmeteor\b|\bant\s|\blein\s|\bgem\s+install"
    r"|\bbrew\s+install"
    r"|\bapt(?:-get)?\s+install|\bvagrant\s+up|(?:^|\s)\./[\w./-]{2,60}|\bansible-playbook\b"
    r"|\bflutter\s+run|\bcurl\s"
)
_COMMAND_SIGN = regex(r"^\s*\$ \S|^\s*>\s?\w+ \w", re.MULTILINE)
_ELSEWHERE = regex(
    r"(?:run|start|install|set-?up|develop|build|deploy|contribut|getting.?started|quick.?start|usage"
    r"|guide|hacking"
    r"|documentation|docs?)\w*",
    re.IGNORECASE,
)


def _read(snapshot: Snapshot, path: str) -> Readme | None:
    kept = snapshot.derive(_kept)
    if path not in kept:
        document = prose(snapshot, path)
        text = (snapshot.text(path) or "")[:60_000]
        kept[path] = None if document is None else judge(document, text, snapshot)
    return kept[path]


def _kept(snapshot: Snapshot) -> dict[str, Readme | None]:
    return {}


def judge(document: Prose, text: str, snapshot: Snapshot) -> Readme:
    """What a README says."""
    title = next((s.title for s in document.sections if s.title), "")
    name = f"{title if len(title) < 60 else ''} {snapshot.name}"
    what = _what(document, name)
    generator = starter(text[:12_000])
    if generator and (what is None or what >= _starts(document)):
        return Readme(document.path, None, None, "", generator)
    run, note = _run(document, snapshot)
    return Readme(document.path, what, run, note)


def _starts(document: Prose) -> int:
    """The line on which the first sentence of a generator begins."""
    lines: list[tuple[int, str]] = []
    for section in document.sections:
        lines.append((section.line, section.title))
        lines += [(line.number, line.text) for line in section.lines]
    for at in range(len(lines)):
        if starter(lines[at][1]):
            return lines[at][0]
        if starter("\n".join(text for _, text in lines[at : at + 3])):
            alone = starter("\n".join(text for _, text in lines[at + 1 : at + 4]))
            if not alone:
                return lines[at][0]
    return 1


_ABOUT = regex(
    r"about|overview|introduction|description|what |purpose|background|summary|beschreibung|uberblick"
    r"|apropos|presentation"
    r"|descripcion|descricao|descrizione|sobre|overzicht|opis|описание|о проекте|概要|説明|简介|介绍|介紹"
    r"|概述|소개|개요|설명"
)


def _what(document: Prose, name: str) -> int | None:
    """The line of the first sentence that says what this is: at the beginning, or in a section for it."""
    for number, section in enumerate(document.sections[:40]):
        if number > 2 and not _ABOUT.search(fold(section.title)):
            continue
        if section.title and says_something(section.title, snapshot_name(name), 4):
            return section.line
        for line in section.lines[:40]:
            if line.code or _NO_PROSE.match(line.text):
                continue
            if says_something(line.text, name):
                if _SIGN.match(line.text) and number > 0 and _HOW.search(fold(section.title)):
                    continue
                return line.number
    return None


def snapshot_name(name: str) -> str:
    """The last word of a name made of a title and the repository's name."""
    return name.rpartition(" ")[2]


def _run(document: Prose, snapshot: Snapshot) -> tuple[int | None, str]:
    """Where it tells how to run or use it: a command, a section for that, or a document here that does."""
    for section in document.sections:
        for line in section.lines:
            if (line.code or "`" in line.text) and (
                _RUNS.search(line.text) or (line.code and _COMMAND_SIGN.match(line.text))
            ):
                return line.number, line.text.strip()[:100]
        if section.level > 1 and _RUNS.search(section.title):
            return section.line, section.title[:100]
    for index, section in enumerate(document.sections):
        if section.level and _HOW.search(fold(section.title)) and _told(document.below(index)):
            return section.line, section.title[:100]
    for link in document.links():
        target = link.target.partition("#")[0].removeprefix("./").lstrip("/")
        if "://" not in target and target and _ELSEWHERE.search(f"{link.text} {target}"):
            inside = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), target))
            if inside in snapshot and inside != document.path:
                return link.line, f"{link.text} ({inside})"[:100]
    return None, ""


def _told(sections: tuple[Section, ...]) -> bool:
    return any(
        line.code or (is_real(line.text) and len(line.text) > 20) for s in sections for line in s.lines
    )

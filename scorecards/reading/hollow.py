"""What looks like content and is none: placeholders, to-do marks, filler, instructions of a template."""

import re

from catalog.regex import regex

_MARK = (
    r"to-?do\b|tbd\b|tba\b|tbc\b|fixme\b|xxx+\b|wip\b|coming soon|work in progress|under construction"
    r"|placeholder\b"
    r"|lorem ipsum|to be (?:written|done|defined|determined|completed|added|filled|documented|announced)"
    r"|not yet (?:written|documented|available)|fill (?:me )?in\b|write me\b|add (?:content|text"
    r"|description) here"
    r"|à (?:compléter|faire|rédiger|définir)|a (?:completar|definir)\b|por (?:hacer|definir|completar)"
    r"|pendiente\b"
    r"|em breve|em construção|da (?:fare|completare|definire)|in arbeit|folgt (?:noch|in kürze)|noch zu \w+"
    r"|nog (?:te schrijven|in te vullen)|do uzupełnienia|wkrótce|doplnit\b|tamamlanacak|yakında"
    r"|в разработке|будет (?:дополнен|добавлен)\w*|заполнить\b|скоро\b"
    r"|準備中|作成中|未作成|未定|追記予定|待补充|待完善|待定|敬请期待|作成予定|작성 ?예정|준비 ?중|추후 ?작성"
)
_ALONE = r"n/?a|none|nil|null|nothing|empty|-+|\.{2,}|…+|\?+|not applicable|example|sample"
_MARKED = regex(rf"(?:{_MARK})[^\n]{{0,120}}", re.IGNORECASE)
_NOTHING = regex(rf"(?:{_ALONE})", re.IGNORECASE)
_EDGES = " \t>*_#|:.,;()[]`~-–—+!/"
_PLACEHOLDER = regex(
    r"<[a-z][a-z0-9 _/-]{1,60}>|\{\{\s*[\w.\- ]{1,60}\s*\}\}|\{%[^%]{0,100}%\}"
    r"|\$\{\{\s*values\.\w{1,40}\s*\}\}"
    r"|\byour[-_ ](?:org|team|service|name|company|app|project|repo|domain|api|email|username|handle|group)\b"
    r"|\byour[-_]\w+[-_](?:here|name)\b|\bYOUR_[A-Z_]+|\bmy-org\b|\bthe_creator\b"
    r"|\b(?:change|replace)[-_ ]?me\b|\bno-one@localhost\b|\badmin@example\.(?:com|org)\b"
    r"|\[(?:insert|your|add|name|service|describe|list|team|link|e\.g\.|date|title|alert|todo"
    r"|tbd)\b[^\]\n]{0,80}\](?!\()"
    r"|(?<![\w/])__[A-Z][A-Z0-9_]{2,40}__(?!\w)",
    re.IGNORECASE,
)
_REFERENCE = regex(
    r"\$\{\{(?!\s*values\.)[^}]{0,200}\}\}|\{\{-?\s*[$.](?!name\s*\}\})[^}]{0,200}\}\}|`[^`\n]{1,300}`"
)
_INSTRUCTION = regex(
    r"[\s>*_#|:.()\[\]\-–—+0-9]*(?:please\s+)?"
    r"(?:(?:describe|explain|outline|specify|summari[sz]e)\s(?!pods?\b|deploy|nodes?\b|svc\b)"
    r"|(?:document|list|provide|detail|include|insert|write|add|enter|replace|mention|define)\s+"
    r"(?:here\b|(?:(?:the|a|an|any|all|your|this|these|some|each|brief|short|key|main|relevant|specific"
    r"|clear|smallest|safest|first)\s+){0,3}"
    r"(?:how|what|why|who|when|where|which|steps?|symptoms?|alerts?|impacts?|procedures?|contacts?"
    r"|descriptions?|details?|information|instructions?|commands?|queries|links?|dashboards?|causes?"
    r"|(?:safe\s)?mitigations?|diagnos[ei]s|services?|text|overview|summary|section|name|owner|team"
    r"|template|purpose|metrics)\b)"
    r"|(?:what|how|why|who|which)\s+(?:this|to|the|must|an?|is|are|it)\s[^`:?\d]{3,100}$"
    r"|(?:this|the following)\s+(?:section|document|template|page)\s+(?:should|must|is intended to"
    r"|is meant to|will(?: be)?|needs? to)\b"
    r"|(?:beschreibe|beschreiben sie|décri(?:re|vez|s)|describa|describir|descreva|descrevi|opisz|опишите"
    r"|описать)\s)",
    re.IGNORECASE,
)


def is_filler(line: str) -> bool:
    """Whether a line is a to-do mark or filler and nothing else."""
    if len(line) > 400:
        return False
    text = line.strip(_EDGES)
    if _MARKED.fullmatch(text) or (text and _NOTHING.fullmatch(text)):
        return True
    label, colon, rest = text.partition(":")
    rest = rest.strip(_EDGES)
    return bool(colon and len(label) < 30 and rest and (_MARKED.fullmatch(rest) or _NOTHING.fullmatch(rest)))


def is_placeholder(text: str) -> bool:
    """Whether a short value (a name, an address, a query) is a placeholder that was never filled in."""
    return not text.strip() or is_filler(text) or _PLACEHOLDER.search(_REFERENCE.sub("", text)) is not None


def is_instruction(line: str) -> bool:
    """Whether a line tells the author of a document what to write there, as unfilled templates do."""
    return len(line) < 300 and "`" not in line and _INSTRUCTION.match(line) is not None


_WORD = regex(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_real(line: str) -> bool:
    """Whether a line says something once placeholders, filler and the words of a template are gone."""
    if is_filler(line) or is_instruction(line):
        return False
    text = line
    if "<" in line or "{" in line or "[" in line or "_" in line:
        text = _PLACEHOLDER.sub("", _REFERENCE.sub(" code ", line))
        if text != line and len(_WORD.findall(text)) < 4:
            return False
    return _WORD.search(text) is not None

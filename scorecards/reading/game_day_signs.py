"""By what names and words the record of an exercise is known, or a text that is none."""

import re
from functools import lru_cache

from catalog.regex import regex
from scorecards.reading.vocabulary import fold

NAME = regex(
    r"game[-_ ]?days?(?![a-z])|chaos[-_ ]?days?(?![a-z])|(?:^|[/_. -])drills?(?=[/_. -]|$)(?![-_ ]?downs?)"
    r"|fire[-_]?drills?|table[-_]?tops?(?![a-z])|wheel[-_]of[-_]misfortune|failure[-_]friday"
    r"|(?:^|[/_-])(?:dr|disaster[-_]?recovery|fail-?over|recovery|restore|resilience)[-_](?:tests?|exercises?"
    r"|simulations?|rehearsals?)(?=[/_. -]|$)|incident[-_](?:simulation|exercise)"
    r"|ubung|planspiel|exercice|simulacro|simulado|esercitazion|oefening|tatbikat|учени|тренировк"
    r"|訓練|演練|演练|演习|ゲームデ|게임데이|모의훈련|장애훈련"
)
TITLE = regex(
    r"\bgame[- ]?days?\b|\bchaos[- ]?days?\b|\b(?:\w+[- ]){0,2}drills?\b(?![- ]?downs?)"
    r"|\btable-?top(?: exercises?)?\b|\bwheel of misfortune\b"
    r"|\b(?:dr|disaster recovery|fail-?over|recovery|restore|resilience)"
    r" (?:tests?|testing|exercises?|simulations?|rehearsals?)\b",
    re.IGNORECASE,
)
SIGNS = (
    *("ame day", "ame Day", "ameday", "ameDay", "ame-day", "haos Day", "haos day"),
    *(" drill", " Drill", "abletop"),
)
"""What stands in a text that may hold a section about one."""
FOREIGN_SIGNS = (
    *(
        "訓練",
        "演练",
        "演練",
        "ゲームデ",
        "게임데이",
        "훈련",
        "tatbikat",
        "учени",
        "тренировк",
        "sercitazione",
    ),
    *("imulacro", "ejercicio de rec", "xercice de", "tfallübung"),
)
"""The same in texts with letters beyond ASCII."""
_NAMED = (
    *("day", "drill", "table", "misfortune", "friday", "test", "exerci", "simul", "rehears", "oefening"),
    *("esercit", "tatbikat", "planspiel", "ubung"),
)


@lru_cache(maxsize=1 << 14)
def is_named(path: str) -> bool:
    """Whether a file is named for an exercise."""
    low = path.lower()
    if low.isascii():
        for word in _NAMED:
            if word in low:
                return NAME.search(low) is not None
        return False
    return NAME.search(fold(path)) is not None


TEMPLATE = regex(
    r"template|vorlage|plantilla|modele(?![a-z])|modello|sjabloon|szablon|sablon|шаблон|テンプレ|雛形|模板|範本|템플릿"
    r"|issue_template|(?:^|/)[_0-]*skeleton|(?:^|/)_[^/]{1,60}$"
)
ABOUT_TITLE = regex(
    r"\b(?:process\w*|polic\w+|guid\w+|how[- ]to|handbook|playbooks?|run-?books?|procedur\w+|training"
    r"|checklist|index|overview|readme|plans?|planning|schedule|calendar|program\w*|facilitation|protocol|orchestration"
    r"|framework|prozess|leitfaden|ubungsplan|proceso|processo|proces|регламент|план)\b"
    r"|流程|规范|指南|制度|计划|プロセス|ガイド|手順|計画|계획",
    re.IGNORECASE,
)
COURSE = regex(r"\b(?:quiz|homework|learning objectives|lesson \d|module \d|lab \d)\b", re.IGNORECASE)
ENTRY = regex(r"20\d\d|\b(?:game ?day|drill|exercise|round|run)\s?#?\d{1,3}\b", re.IGNORECASE)
PLACEHOLDERS = regex(
    r"\bY{4}-M{2}-D{2}\b|\bHH?:MM\b|\bXX+\b|\[(?:name|date|title|time|describe|insert|service|x hours|add"
    r"|link|owner|description|action|number|scenario|finding|brief|hours?|measurable|staging)[^\]\n]{0,60}\](?!\()"
    r"|\{\{?\s*\w+\s*\}?\}|<[a-z][a-z _-]{2,40}>|_{4,}|\bAAAA-MM-DD\b|\bTT\.MM\.JJJJ\b|\bJJ/MM/AAAA\b",
    re.IGNORECASE,
)
UNREADABLE = ("pdf", "docx", "doc", "odt", "pptx")

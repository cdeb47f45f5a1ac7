"""By what names and words a record of an incident is known, or a text that is none."""

import re

from catalog.regex import regex
from scorecards.reading.runbook_sources import AGENTS

NAME = regex(
    r"post-?_? ?mort[eu]m|/(?:incident|outage|störung|vorf[aä]ll|storung)(?:e|s"
    r"|en)?(?:[-_ ]?(?:reports?|reviews?|log|records?|history))?/"
    r"|(?:incident|outage)[-_ ]?(?:reports?|reviews?|records?|analys[ei]s|retro\w*|log|history)|(?:^"
    r"|[/_-])(?:rca|pir|coe)s?[/_.-]"
    r"|root[-_ ]?cause|after[-_ ]?action|(?:^|/)(?:incidents?|outages?)\.\w+$|(?:^|/)inc[-_]?\d{2,}"
    r"|(?:^|/)pm[-_]?\d{4}"
    r"|lessons[-_ ]?learned/|vorfall|storungsbericht|nachbereitung|bilan[-_ ]d?[-_']?incident"
    r"|rapport[-_ ]d?[-_']?incident"
    r"|(?:informe|reporte|relatorio|rapporto|raport)\w*[-_ ](?:de[-_ ]|z[-_ ])?(?:incident|awari)\w*"
    r"|incidentrapport"
    r"|постмортем|разбор|инцидент|ポストモーテム|障害報告|障害レポート|障害/|振り返り/|复盘|復盤|事故|故障报告|장애|포스트모템"
)
TEMPLATE = regex(
    r"template|vorlage|plantilla|modele|modelo|modello|sjabloon|szablon|sablon|шаблон|テンプレ|雛形|模板|範本|템플릿"
    r"|issue_template|(?:^|/)[_0-]*skeleton|(?:^|/)_[^/]{1,60}$"
)
_NO_RECORD = regex(
    r"(?:^|/)(?:data|datasets?|corpus|corpora|knowledge[-_]?\w{0,10}|kb|seeds?|mocks?|prompts?|evals?"
    r"|tests?|__tests__|spec|e2e"
    r"|static|public|assets|dist|demos?|tutorials?|workshops?|course|courses|labs?|lessons?"
    r"|exercises?|lectures?|slides"
    r"|i18n|locales?)/"
    r"|(?:^|[/_-])(?:samples?|examples?|demo|mock|dummy|fake|fictional)[-_.]"
)
UNREADABLE = ("pdf", "docx", "doc", "odt", "pptx")


ENTRY = regex(r"20\d\d|\b(?:inc|incident|pm)[-_ #]?\d{1,6}\b", re.IGNORECASE)
PLACEHOLDERS = regex(
    r"\bY{4}-M{2}-D{2}\b|\bHH?:MM\b|\bXX+\b|\bINC-[X#]+|\[(?:name|date|title|incident|time|describe"
    r"|insert|service|x|add|link|owner"
    r"|description|action|number)[^\]\n]{0,60}\](?!\()|\{\{?\s*\w+\s*\}?\}|<[a-z][a-z _-]{2,40}>"
    r"|_{4,}|\bX (?:hours?|minutes?|users?)\b"
    r"|\bAAAA-MM-DD\b|\bJJJJ-MM-TT\b|\bTT\.MM\.JJJJ\b|\bJJ/MM/AAAA\b",
    re.IGNORECASE,
)
OF_ONE = regex(
    r"(?:post-?_? ?mortem|report|review|rca|analysis|incident|bericht|rapport|informe|постмортем"
    r"|ポストモーテム|障害報告|复盘|报告"
    r"|포스트모템)\s{0,3}[:：—–-]\s?",
    re.IGNORECASE,
)
"""A title that names one incident after the kind of document: `Postmortem: cards declined`."""
KNOWN_PAGES = regex(
    r"sre\.google|google\.com/sre|pagerduty|atlassian\.com/(?:incident|software|team)|wikipedia"
    r"|danluu|dastergon|medium\.com"
    r"|blog|youtube|oreilly|rootly|firehydrant|incident\.io|https?://status\.|howtheysre|etsy"
    r"|increment\.com|learn\.microsoft"
    r"|codeascraft|TEMPLATE|docs\.aws|example\.(?:com|org)|dev\.to|stackoverflow|shields\.io",
    re.IGNORECASE,
)
"""Pages about postmortems, and those of others."""
NAMES_INCIDENT = regex(r"mortem|incident|outage|störung|storung|vorfall|инцидент|障害|事故|故障|장애")
LEADS = regex(r"post-?_?mortems?\b|incident[-_ ]reports?\b", re.IGNORECASE)
ABOUT_TITLE = regex(
    r"\b(?:process\w*|polic\w+|guid\w+|how[- ]to|culture|handbook|playbook|procedur\w+|training"
    r"|checklist|index|overview|readme|plan|run-?book|response|severity|levels"
    r"|prozess|leitfaden|proceso|processo|proces|регламент)\b|流程|规范|指南|制度|プロセス|ガイド|手順",
    re.IGNORECASE,
)
TIMED = regex(
    r"[\s|>*+\-•\d.)\[(`]{0,12}(?:\*\*|__)?(?:20\d\d[-/.]\d\d?[-/.]\d\d?[T ,]{1,2})?(?:~|≈|ca\.? )?"
    r"(?:[01]?\d|2[0-3])[:h.時点시][0-5]\d|[\s|>*+-]{0,8}(?:\*\*)?T\s?[+-]\s?\d|[\s|>*+-]{1,8}(?:\*\*)?20\d\d-\d\d-\d\d"
)
USERS = regex(
    r"\b(?:users?|customers?|clients?|visitors?|merchants?|tenants?|orders?|payments?|bookings?"
    r"|requests?|services?|everyone"
    r"|kunden|nutzer|benutzer|utilisateurs?|clientes?|usuarios?|usuários?|utenti|gebruikers|klanten"
    r"|uzytkowni\w+|klient\w+"
    r"|пользовател\w+|клиент\w+)\b|ユーザ|顧客|利用者|用户|客户|사용자|고객",
    re.IGNORECASE,
)
HURT = regex(
    r"\b(?:unavailable|down|fail\w*|errors?|unable|could not|couldn't|cannot|lost|outage|degraded"
    r"|slow|timed? ?out|interrupted"
    r"|disrupt\w+|affected|impacted|unreachable|ausgefallen|nicht erreichbar|fehler\w*|indisponible"
    r"|erreurs?|caid[ao]|error\w*"
    r"|indispon\w+|falh\w+|errori|irraggiungibil\w+|onbereikbaar|fouten|niedostepn\w+|недоступ\w+"
    r"|ошибк\w+)\b"
    r"|利用でき|エラー|停止|不可用|失败|无法|오류|중단",
    re.IGNORECASE,
)
BECAUSE = regex(
    r"\broot cause (?:was|is|of|:)|\b(?:was|were|is|been) (?:\w+ )?(?:caused|triggered) by\b"
    r"|\bdue to (?:a|an|the)\b|\bthe cause (?:was|is)\b",
    re.IGNORECASE,
)


def refused(low: str) -> str:
    """Why a file of this name is no record of this repository's incidents, whatever it says."""
    if AGENTS.search(low):
        return "instructions for a coding agent"
    if _NO_RECORD.search(low):
        return "stands where data, tests, code or lessons stand"
    return ""

"""The words by which a text says whom to call when a service fails, and how, by language.

Data only; `scorecards.reading.lexicon` says how a list is written.
"""

import re

from catalog.regex import regex
from scorecards.reading.lexicon import Lexicon


class Word:
    """What a word may mean where a failure is brought to somebody; bits of a mask."""

    ESCALATE = 1
    """Announces whom to call: escalation, on-call."""
    CONTACT = 2
    """Announces contacts, which are for a failure only in a text about operating."""
    INCIDENT = 4
    """Speaks of failures in production."""
    TEAM = 8
    """Names a role or a team."""
    MEANS = 16
    """A means that reaches somebody at once or surely: a pager, a telephone, mail."""
    CHAT = 32
    """A chat."""


LEXICON = Lexicon(
    {
        "en": {
            Word.ESCALATE: "escalat* on_call oncall who_to_call whom_to_call who_to_page emergency_contact*"
            " call_tree duty_roster paging_policy incident_contacts",
            Word.CONTACT: "contact contacts support help who",
            Word.INCIDENT: "alert alerts incident incidents outage outages severity sev sev1 sev2 sev3 p0 p1"
            " p2 page paged pages pager on_call oncall acknowledge* acknowledgement unresolved downtime"
            " production emergency breach down fires firing on_fire degraded",
            Word.TEAM: "team teams on_call oncall engineer engineers primary secondary lead leads manager"
            " managers director cto ceo vp head owner owners commander captain sre sres group squad crew"
            " noc administrator administrators maintainer maintainers duty service_desk helpdesk"
            " leadership management rotation specialist dba",
            Word.MEANS: "pagerduty opsgenie victorops squadcast ilert xmatters zenduty pagertree alertops"
            " incident_io rootly firehydrant phone telephone sms mobile pager hotline",
            Word.CHAT: "slack teams_channel discord mattermost telegram zulip channel chat",
        },
        "de": {
            Word.ESCALATE: "eskalation* eskalier* bereitschaft* rufbereitschaft* notfallkontakt*"
            " alarmierungskette",
            Word.CONTACT: "kontakt* ansprechpartner* ansprechpartnerin*",
            Word.INCIDENT: "alarm* storung* vorfall* ausfall* notfall* bereitschaft*",
            Word.TEAM: "teamleitung leitung bereitschaft* rufbereitschaft* leiter leiterin verantwortliche*"
            " entwickler* geschaftsfuhrung",
            Word.MEANS: "telefon* anrufen anruf handy mobil",
            Word.CHAT: "kanal",
        },
        "fr": {
            Word.ESCALATE: "escalade* astreinte* contacts_d_urgence",
            Word.CONTACT: "contact* joindre",
            Word.INCIDENT: "incident* alerte* panne* astreinte* urgence*",
            Word.TEAM: "equipe* astreinte* responsable* directeur directrice chef ingenieur*",
            Word.MEANS: "telephone* appeler appelez appel",
            Word.CHAT: "canal",
        },
        "es": {
            Word.ESCALATE: "escalamiento escalado escalacion escalar guardia contactos_de_emergencia",
            Word.CONTACT: "contacto* contactar",
            Word.INCIDENT: "incidente* incidencia* alerta* caida guardia emergencia*",
            Word.TEAM: "equipo* guardia responsable* gerente* director* lider* jefe ingenier*",
            Word.MEANS: "telefono* llamar llame llamada",
            Word.CHAT: "canal",
        },
        "pt": {
            Word.ESCALATE: "escalonamento escalacao escalar plantao sobreaviso",
            Word.CONTACT: "contato* contacto*",
            Word.INCIDENT: "incidente* alerta* queda plantao emergencia*",
            Word.TEAM: "equipe* time plantao responsavel gerente* diretor* lider* engenheir*",
            Word.MEANS: "telefone* ligar ligue ligacao",
            Word.CHAT: "canal",
        },
        "it": {
            Word.ESCALATE: "escalation reperibilita contatti_di_emergenza",
            Word.CONTACT: "contatti contatto contattare",
            Word.INCIDENT: "incident* allarm* guast* disservizi* reperibil* emergenza",
            Word.TEAM: "squadra team reperibil* responsabil* direttore capo ingegner*",
            Word.MEANS: "telefono chiamare chiamata telefonare",
            Word.CHAT: "canale",
        },
        "nl": {
            Word.ESCALATE: "escalatie* escaleer* piketdienst piket consignatie",
            Word.CONTACT: "contact* contactpersonen",
            Word.INCIDENT: "incident* storing* alarm* melding* piket* uitval",
            Word.TEAM: "team teamleider manager piket* directeur beheerder*",
            Word.MEANS: "telefoon* bel bellen",
            Word.CHAT: "kanaal",
        },
        "pl": {
            Word.ESCALATE: "eskalac* dyzur* kontakty_alarmowe",
            Word.CONTACT: "kontakt*",
            Word.INCIDENT: "incydent* alert* awari* dyzur*",
            Word.TEAM: "zespol* dyzurn* kierownik* dyrektor* lider* inzynier*",
            Word.MEANS: "telefon* zadzwon* dzwon*",
            Word.CHAT: "kanal*",
        },
        "ru": {
            Word.ESCALATE: "эскалац* дежурств* дежурн*",
            Word.CONTACT: "контакт*",
            Word.INCIDENT: "инцидент* алерт* авари* сбой сбои сбоя дежурн*",
            Word.TEAM: "команд* дежурн* руководител* тимлид* директор* инженер* лид",
            Word.MEANS: "телефон* звон* позвон*",
            Word.CHAT: "канал* чат*",
        },
        "ja": {
            Word.ESCALATE: "エスカレーション オンコール 緊急連絡 連絡体制 連絡網 当番",
            Word.CONTACT: "連絡先 問い合わせ",
            Word.INCIDENT: "障害 アラート インシデント 緊急 停止 発報",
            Word.TEAM: "チーム 担当 責任者 リーダ マネージャ 部長 当番 オンコール",
            Word.MEANS: "電話 携帯",
            Word.CHAT: "チャンネル チャット",
        },
        "zh": {
            Word.ESCALATE: "升级 升級 值班 应急联系 上报",
            Word.CONTACT: "联系 聯繫 联系人",
            Word.INCIDENT: "故障 告警 事故 报警 紧急 值班",
            Word.TEAM: "团队 團隊 负责人 負責人 经理 主管 值班 工程师 总监",
            Word.MEANS: "电话 電話 手机 短信",
            Word.CHAT: "群 频道",
        },
        "ko": {
            Word.ESCALATE: "에스컬레이션 온콜 비상연락 비상_연락",
            Word.CONTACT: "연락처",
            Word.INCIDENT: "장애 알림 인시던트 긴급",
            Word.TEAM: "팀 담당 책임자 매니저 당직",
            Word.MEANS: "전화 문자",
            Word.CHAT: "채널",
        },
    }
)

_LATIN = (
    *("skalat", "skalac", "scalad", "scalam", "scalon", "streinte", "ereitschaft", "guardia", "Guardia"),
    *("eperibil", "lantão", "lantao", "iket", "yżur", "yzur", "otfall"),
)
_SCRIPTS = (
    *("скалац", "ежурн", "ежурств", "エスカレ", "オンコール", "連絡", "当番", "升级", "升級", "值班", "联系"),
    *("에스컬레이션", "온콜", "비상"),
)


def may_tell(text: str) -> bool:
    """Whether a document holds a mark of escalation, of being on call or of contacts."""
    return (
        "scalat" in text
        or "ontact" in text
        or "n-call" in text
        or "n-Call" in text
        or "n call" in text
        or "ncall" in text
        or "ONTACT" in text
        or "SCALAT" in text
        or "ontakt" in text
        or any(mark in text for mark in _LATIN)
        or "pagerduty.com/" in text
        or "opsgenie.com/" in text
        or (not text.isascii() and any(mark in text for mark in _SCRIPTS))
    )


PAGER = regex(
    r"pager-?_?duty|ops-?_?genie|victor-?_?ops|splunk[-_ ]?on-?call|(?<![a-z])on-?_?call|squadcast"
    r"|\bilert\b|xmatters|zenduty"
    r"|pagertree|alertops|incident\.io|incidentio|rootly|firehydrant|signl4|all-?quiet"
    r"|grafana[-_]?oncall|spike\.sh"
    r"|better-?(?:stack|uptime)",
    re.IGNORECASE,
)
"""Names a pager or the service that keeps who is on call."""
PAGER_LINK = regex(
    r"https?://(?!(?:www|support|developer|docs?|response|status|postmortems|api|events|blog"
    r"|github)\.)[\w.-]*"
    r"(?:pagerduty\.(?:com|eu)|opsgenie\.com|victorops\.com|squadcast\.com|ilert\.com|xmatters\.com"
    r"|zenduty\.com|rootly\.com"
    r"|firehydrant\.io|incident\.io|signl4\.com)/[^\s)>\]\"'|]{3,200}"
)
CHAT = regex(
    r"slack|discord|ms-?_?teams|mattermost|telegram|rocket-?_?chat|googlechat|webex|\bchat\b", re.IGNORECASE
)
"""Names a chat, in a key, an address or a route."""

"""The words by which a text says what happens when an error budget is spent, and who decides, by language.

Data only; `scorecards.reading.lexicon` says how a list is written.
"""

import re

from catalog.regex import regex
from scorecards.reading.lexicon import Lexicon


class Word:
    """What a word may mean in an error budget policy; bits of a mask."""

    STOP = 1
    """Stops or restricts something."""
    WORK = 2
    """What is stopped: deployments, releases, features."""
    SPENT = 4
    """Says that the budget is used up, or nearly."""
    DECIDE = 8
    """Decides, approves, makes an exception."""
    ROLE = 16
    """Somebody who decides: a role, a team, a board."""
    WEAK = 32
    """Puts something else first, or asks for more."""
    ESCALATE = 64
    """Brings a question to somebody: a decision where that is a CHIEF."""
    BURN = 256
    """Says that the budget is being used: of a sentence the same as SPENT, of a heading an alert."""
    CHIEF = 128
    """Somebody who leads."""


LEXICON = Lexicon(
    {
        "en": {
            Word.STOP: "freeze freezes frozen freezing halt halts halted stop stops stopped pause pauses"
            " paused block blocks blocked suspend suspends suspended restrict restricts restricted"
            " restriction forbidden prohibited banned ban postpone postponed defer deferred delay delayed"
            " cease ceases no_new moratorium gated nothing_is nothing_but no_release* no_deploy* no_feature*"
            " no_further no_change* no_rollout* not_released not_deployed",
            Word.WEAK: "prioriti* priority precedence only limit limited redirect focus shift shifts require"
            " requires required mandatory reliability_work must",
            Word.WORK: "released deployed shipped deploy deploys deployment deployments deploying release"
            " releases feature features rollout rollouts change changes launch launches promotion promotions"
            " merge merges roadmap ship ships shipping push pushes experiment experiments migrations sprint"
            " backlog reliability stability engineering",
            Word.SPENT: "exhaust* spent consumed consumes deplet* used_up"
            " gone negative remaining remains below exceed* breach* overspent runs_out run_out"
            " out_of_budget lost empty overdrawn blown critical",
            Word.BURN: "burn burns burned burnt burning",
            Word.DECIDE: "decide* decides decision decisions approv* sign_off signoff sign_offs authori*"
            " overrid* waiv* exception exceptions agree agreed agrees lifts lift lifted accountable"
            " veto arbitrat* adjudicat* declares declare final_say grants grant resolved_by",
            Word.ESCALATE: "escalat*",
            Word.ROLE: "owner owners team teams maintainer maintainers on_call oncall sre sres group product"
            " council stakeholders committee board captain architect",
            Word.CHIEF: "lead leads leader leaders manager managers director cto ceo vp svp head commander"
            " management leadership executive executives officer chief pm",
        },
        "de": {
            Word.STOP: "stopp* einfrier* eingefroren freeze pausier* gestoppt ausgesetzt blockier*"
            " keine_neuen unterbrochen verschoben",
            Word.WEAK: "vorrang priorit* nur",
            Word.WORK: "deployment* release* auslieferung* funktionen features rollout* anderungen"
            " veroffentlichung* zuverlassigkeit* stabilitat",
            Word.SPENT: "aufgebraucht verbraucht erschopft uberschritten ausgeschopft verbleib*",
            Word.DECIDE: "entscheide* entscheidung* genehmig* freigabe freigeben ausnahme* zustimm*",
            Word.ROLE: "teamleitung leitung leiter leiterin product_owner team bereitschaft geschaftsfuhrung"
            " verantwortliche* bereichsleitung",
        },
        "fr": {
            Word.STOP: "gel gele gelees geles geler gelons arret* stopp* suspend* bloqu* interdit* report*",
            Word.WEAK: "priorit* seul*",
            Word.WORK: "deploiement* livraison* mise_en_production mises_en_production fonctionnalite*"
            " version* changement* fiabilite",
            Word.SPENT: "epuise* consomme* depasse* restant entame*",
            Word.DECIDE: "decid* decision* approuv* approbation valide validation derogation* exception*",
            Word.ROLE: "responsable* direction directeur directrice chef equipe product_owner astreinte lead",
        },
        "es": {
            Word.STOP: "congel* deten* deteni* paus* suspend* bloque* prohib* detener",
            Word.WEAK: "priori* solo",
            Word.WORK: "despliegue* lanzamiento* funcionalidad* release* cambio* versiones confiabilidad"
            " fiabilidad",
            Word.SPENT: "agot* consumid* supera* restante gastad*",
            Word.DECIDE: "decid* decision* aprob* autoriz* excepcion*",
            Word.ROLE: "lider* responsable* director* gerente* equipo jefe product_owner guardia",
        },
        "pt": {
            Word.STOP: "congel* paus* suspend* bloque* proib* interromp* parar",
            Word.WEAK: "priori* apenas",
            Word.WORK: "deploy* implantac* lancamento* funcionalidade* release* mudanca* confiabilidade",
            Word.SPENT: "esgot* consumid* exced* restante gasto",
            Word.DECIDE: "decid* decisao aprov* autoriz* excecao excecoes",
            Word.ROLE: "lider* responsave* diretor* gerente* equipe time plantao",
        },
        "it": {
            Word.STOP: "congel* blocc* sospen* sospes* ferm* vietat*",
            Word.WEAK: "priorita solo",
            Word.WORK: "deploy* rilasci* funzionalita release* modifiche affidabilita",
            Word.SPENT: "esaurit* consumat* superat* rimanente",
            Word.DECIDE: "decid* decisione approv* autorizz* eccezion* deroga",
            Word.ROLE: "responsabile responsabili direttore team lead capo",
        },
        "nl": {
            Word.STOP: "bevries* bevroren stop* gepauzeerd geblokkeerd geen_nieuwe freeze",
            Word.WEAK: "prioriteit alleen",
            Word.WORK: "deployment* release* functies features uitrol wijzigingen betrouwbaarheid",
            Word.SPENT: "opgebruikt verbruikt uitgeput overschreden resterend op",
            Word.DECIDE: "beslis* besluit* goedkeur* uitzondering*",
            Word.ROLE: "teamleider manager eigenaar team directie product_owner",
        },
        "pl": {
            Word.STOP: "zamroz* wstrzym* zatrzym* blok* zakaz*",
            Word.WEAK: "priorytet*",
            Word.WORK: "wdrozen* wydan* funkcj* zmian* niezawodnosc*",
            Word.SPENT: "wyczerp* zuzyt* przekrocz* pozostal*",
            Word.DECIDE: "decyd* decyz* zatwierdz* zgod* wyjat*",
            Word.ROLE: "lider* kierownik* dyrektor* zespol* wlasciciel*",
        },
        "ru": {
            Word.STOP: "заморо* замораж* остан* приостан* блокир* запрещ* фриз*",
            Word.WEAK: "приоритет* только",
            Word.WORK: "релиз* деплой* развертыв* выкат* выклад* фич* изменени* функци* надежност*",
            Word.SPENT: "исчерпан* израсходован* потрачен* превыш* остал* остат* сожжен*",
            Word.DECIDE: "реша* решени* одобр* утвержд* согласов* исключени*",
            Word.ROLE: "лид тимлид* руководител* менеджер* директор* команд* владел* дежурн*",
        },
        "ja": {
            Word.STOP: "凍結 停止 中断 禁止 見合わせ ブロック 制限",
            Word.WEAK: "優先",
            Word.WORK: "リリース デプロイ 機能 変更 信頼性 開発",
            Word.SPENT: "枯渇 使い切 消費 超過 残り 使い果た",
            Word.DECIDE: "決定 判断 承認 例外 合意",
            Word.ROLE: "責任者 マネージャ リーダ オーナー チーム 部長 担当",
        },
        "zh": {
            Word.STOP: "冻结 凍結 暂停 暫停 停止 禁止 阻止 限制",
            Word.WEAK: "优先 優先",
            Word.WORK: "发布 發布 部署 上线 功能 变更 變更 可靠性 稳定性",
            Word.SPENT: "耗尽 耗盡 用完 用尽 消耗 超过 超過 剩余 剩餘",
            Word.DECIDE: "决定 決定 审批 批准 核准 例外 同意",
            Word.ROLE: "负责人 負責人 经理 經理 主管 团队 團隊 总监 组长",
        },
        "ko": {
            Word.STOP: "동결 중단 중지 금지 차단 제한",
            Word.WEAK: "우선",
            Word.WORK: "배포 릴리스 기능 변경 안정성",
            Word.SPENT: "소진 초과 고갈 남은",
            Word.DECIDE: "결정 승인 예외 합의",
            Word.ROLE: "책임자 팀장 매니저 팀 담당자",
        },
    }
)

BUDGET = regex(
    r"error[-_ ]{0,2}budgets?(?![a-z0-9_])|slo[-_ ]budgets?\b|fehlerbudget|budgets? d['’]erreurs?"
    r"|presupuestos? de error|or[çc]amentos? de erros?|budget (?:di|degli) error[ei]|foutbudget"
    r"|foutenbudget"
    r"|bud[żz]et\w* b[łl][ęe]d\w*|бюджет\w* ошибок|felbudget|chybov\w+ rozpo[čc]\w+|hata b[üu]t[çc]esi"
    r"|エラーバジェット|エラー予算|错误预算|误差预算|錯誤預算|에러 ?버짓|오류 ?예산",
    re.IGNORECASE,
)
"""Names an error budget."""
_OTHERS = ("UDGET", "resupuesto", "rçamento", "rcamento", "udżet")
_SCRIPTS = ("юджет", "バジェット", "予算", "预算", "預算", "버짓", "예산")


def names_budget(text: str) -> bool:
    """Whether a whole document names an error budget; looks closely only where a mark of it stands."""
    at = text.find("udget")
    while at >= 0:
        if BUDGET.search(text, max(0, at - 20), at + 30):
            return True
        at = text.find("udget", at + 5)
    marked = any(mark in text for mark in _OTHERS) or (
        not text.isascii() and any(mark in text for mark in _SCRIPTS)
    )
    return marked and BUDGET.search(text) is not None


NAMED = regex(r"error[-_ ]{0,2}budget|slo[-_ ]budget", re.IGNORECASE)
"""Names one in code: a metric, a script, a step."""
BARE = regex(
    r"budgets?\b|бюджет|バジェット|予算|预算|預算|버짓|예산|presupuesto|or[çc]amento|bud[żz]et",
    re.IGNORECASE,
)

"""The words by which a postmortem names its parts and the columns of its action items, by language.

Data only; `scorecards.reading.lexicon` says how a list is written.
"""

from scorecards.reading.lexicon import Lexicon


class Word:
    """What a word of a heading, a label or a column may mean; bits of a mask."""

    IMPACT = 1
    TIMELINE = 2
    CAUSE = 4
    ACTIONS = 8
    """Announces what is to be done so that it does not happen again."""
    OWNER = 16
    DUE = 32
    STATE = 64
    TASK = 128
    """Names the column that says what is to be done."""
    TAKEN = 256
    """Was done during the incident: no action item."""
    TIME = 512
    """Names a column of times."""
    TICKET = 1024
    RECORD = 2048
    """Names a record of an incident: postmortem, incident report."""
    PROCESS = 4096
    """Names a document about postmortems: process, guide, training."""
    SUMMARY = 8192


WORDS: dict[str, dict[int, str]] = {
    "en": {
        Word.IMPACT: "impact impacts impacted affected consequences effects blast_radius who_was_affected"
        " what_was_affected damage",
        Word.TIMELINE: "timeline chronology sequence_of_events chain_of_events event_log incident_log"
        " order_of_events",
        Word.CAUSE: "cause causes rca contributing_factors five_whys 5_whys why_did_it_happen why_it_happened"
        " why_did_this_happen trigger",
        Word.ACTIONS: "action actions follow_up follow_ups followup followups corrective preventive"
        " preventative prevention preventing recurrence safeguards next_steps remediation remediations"
        " improvements to_do to_dos todos capa how_do_we_prevent prevent measures countermeasures",
        Word.OWNER: "owner owners assignee assignees assigned responsible who dri accountable poc lead",
        Word.DUE: "due deadline eta target target_date by_when date",
        Word.STATE: "status state done progress completed",
        Word.TASK: "action actions item task tasks description what todo measure follow_up improvement",
        Word.TAKEN: "taken performed steps_taken immediate_response during_the_incident",
        Word.TIME: "time timestamp utc when hour",
        Word.TICKET: "ticket tickets issue issues jira link pr bug tracking reference",
        Word.RECORD: "postmortem postmortems post_mortem post_mortems incident_report incident_review"
        " incident_record incident_analysis root_cause_analysis after_action_report after_action_review"
        " incident_retrospective outage_report",
        Word.PROCESS: "process policy guide guideline guidelines culture procedure checklist playbook sop"
        " training how_to when_to index readme overview principles",
        Word.SUMMARY: "summary overview what_happened abstract tl_dr description background",
    },
    "de": {
        Word.IMPACT: "auswirkung* beeintrachtig* betroffen* folgen schaden",
        Word.TIMELINE: "zeitverlauf zeitachse zeitstrahl zeitleiste chronologie ablauf verlauf hergang"
        " zeitlicher_ablauf",
        Word.CAUSE: "ursache* grundursache* ausloser hauptursache*",
        Word.ACTIONS: "massnahme* folgemassnahme* aktionspunkt* nachste_schritte verbesserung*",
        Word.OWNER: "verantwortlich* zustandig* wer",
        Word.DUE: "frist termin fallig* bis datum bis_wann",
        Word.STATE: "stand zustand erledigt",
        Word.TASK: "massnahme* aufgabe*",
        Word.TAKEN: "sofortmassnahme* ergriffen* durchgefuhrt*",
        Word.TIME: "zeit uhrzeit zeitpunkt",
        Word.RECORD: "vorfallsbericht* vorfallbericht* storungsbericht* ausfallbericht* nachbereitung"
        " vorfallanalyse ursachenanalyse",
        Word.PROCESS: "prozess richtlinie* leitfaden anleitung",
        Word.SUMMARY: "zusammenfassung uberblick was_ist_passiert",
    },
    "fr": {
        Word.IMPACT: "impact* incidence* consequence* repercussion* utilisateurs_touches",
        Word.TIMELINE: "chronologie deroule deroulement frise",
        Word.CAUSE: "cause causes origine declencheur",
        Word.ACTIONS: "action* plan_d_action mesures suivi prevention prochaines_etapes ameliorations",
        Word.OWNER: "responsable* porteur pilote qui assigne*",
        Word.DUE: "echeance* delai* date pour_le",
        Word.STATE: "statut etat avancement",
        Word.TASK: "action* tache* mesure*",
        Word.TAKEN: "actions_immediates prises menees",
        Word.TIME: "heure horodatage",
        Word.RECORD: "rapport_d_incident bilan_d_incident retour_d_experience",
        Word.PROCESS: "processus procedure politique",
        Word.SUMMARY: "resume sommaire synthese",
    },
    "es": {
        Word.IMPACT: "impacto* afectad* consecuencia* alcance",
        Word.TIMELINE: "cronologia linea_de_tiempo linea_temporal linea_del_tiempo",
        Word.CAUSE: "causa* desencadenante",
        Word.ACTIONS: "accion* plan_de_accion medidas proximos_pasos mejoras prevencion seguimiento",
        Word.OWNER: "responsable* dueno encargad* asignad* quien propietario",
        Word.DUE: "fecha plazo fecha_limite vencimiento",
        Word.STATE: "estado",
        Word.TASK: "accion* tarea* medida*",
        Word.TAKEN: "acciones_inmediatas tomadas realizadas",
        Word.TIME: "hora",
        Word.RECORD: "informe_de_incidente* analisis_post_incidente reporte_de_incidente*",
        Word.PROCESS: "proceso guia politica",
        Word.SUMMARY: "resumen que_paso descripcion",
    },
    "pt": {
        Word.IMPACT: "impacto* afetad* consequencia*",
        Word.TIMELINE: "cronologia linha_do_tempo",
        Word.CAUSE: "causa* gatilho",
        Word.ACTIONS: "acao acoes plano_de_acao medidas proximos_passos melhorias prevencao",
        Word.OWNER: "responsavel responsaveis dono encarregado quem",
        Word.DUE: "prazo data data_limite",
        Word.STATE: "situacao estado",
        Word.TASK: "acao acoes tarefa* medida*",
        Word.TAKEN: "acoes_imediatas tomadas",
        Word.TIME: "hora horario",
        Word.RECORD: "relatorio_de_incidente*",
        Word.PROCESS: "processo guia politica",
        Word.SUMMARY: "resumo o_que_aconteceu",
    },
    "it": {
        Word.IMPACT: "impatto impatti conseguenz*",
        Word.TIMELINE: "cronologia linea_temporale sequenza_temporale",
        Word.CAUSE: "causa cause",
        Word.ACTIONS: "azione azioni prossimi_passi misure prevenzione miglioramenti",
        Word.OWNER: "responsabile assegnatario incaricato chi",
        Word.DUE: "scadenza data entro",
        Word.STATE: "stato",
        Word.TASK: "azione azioni attivita",
        Word.TAKEN: "azioni_immediate intraprese",
        Word.TIME: "ora orario",
        Word.RECORD: "rapporto_incidente rapporto_di_incidente report_incidente",
        Word.PROCESS: "processo guida",
        Word.SUMMARY: "riepilogo sintesi sommario",
    },
    "nl": {
        Word.IMPACT: "gevolgen gevolg getroffen",
        Word.TIMELINE: "tijdlijn chronologie verloop",
        Word.CAUSE: "oorzaak oorzaken hoofdoorzaak grondoorzaak",
        Word.ACTIONS: "actiepunten acties maatregel* vervolgacties vervolgstappen verbeterpunten",
        Word.OWNER: "verantwoordelijke* eigenaar wie",
        Word.DUE: "deadline datum uiterlijk",
        Word.STATE: "stand voortgang",
        Word.TASK: "actie acties taak maatregel*",
        Word.TIME: "tijd tijdstip",
        Word.RECORD: "incidentrapport incidentverslag storingsrapport",
        Word.PROCESS: "proces handleiding",
        Word.SUMMARY: "samenvatting wat_is_er_gebeurd",
    },
    "pl": {
        Word.IMPACT: "wplyw skutk* konsekwencj*",
        Word.TIMELINE: "os_czasu chronologia przebieg",
        Word.CAUSE: "przyczyn*",
        Word.ACTIONS: "dzialani* kolejne_kroki zadania srodki",
        Word.OWNER: "odpowiedzialn* wlasciciel osoba kto",
        Word.DUE: "termin data",
        Word.STATE: "stan",
        Word.TASK: "dzialani* zadani*",
        Word.TAKEN: "podjete",
        Word.TIME: "czas godzina",
        Word.RECORD: "raport_z_incydentu raport_z_awarii raport_incydentu",
        Word.PROCESS: "proces procedura",
        Word.SUMMARY: "podsumowanie co_sie_stalo",
    },
    "cs": {
        Word.IMPACT: "dopad*",
        Word.TIMELINE: "casova_osa prubeh chronologie",
        Word.CAUSE: "pricin*",
        Word.ACTIONS: "opatren* ukoly dalsi_kroky",
        Word.OWNER: "vlastnik odpovedn* zodpovedn*",
        Word.DUE: "termin datum",
        Word.STATE: "stav",
        Word.TASK: "opatreni ukol akce",
    },
    "sv": {
        Word.IMPACT: "paverkan konsekvens*",
        Word.TIMELINE: "tidslinje handelseforlopp tidslinjen",
        Word.CAUSE: "orsak* grundorsak* arsak*",
        Word.ACTIONS: "atgarder atgardspunkter tiltak nasta_steg",
        Word.OWNER: "ansvarig ansvarlig agare",
        Word.DUE: "deadline datum frist",
        Word.STATE: "status",
        Word.TASK: "atgard tiltak uppgift",
    },
    "tr": {
        Word.IMPACT: "etki etkisi etkiler",
        Word.TIMELINE: "zaman_cizelgesi kronoloji",
        Word.CAUSE: "neden nedeni nedenler kok_neden",
        Word.ACTIONS: "aksiyon* eylem* onlem*",
        Word.OWNER: "sorumlu sorumlusu sahibi",
        Word.DUE: "tarih son_tarih",
        Word.STATE: "durum",
        Word.TASK: "aksiyon eylem gorev",
    },
    "ru": {
        Word.IMPACT: "влияни* воздействи* последстви* ущерб затронут*",
        Word.TIMELINE: "хронологи* таймлайн ход_событий",
        Word.CAUSE: "причин* первопричин*",
        Word.ACTIONS: "действия действий меры мероприяти* план_действий задачи экшен* следующие_шаги",
        Word.OWNER: "ответственн* владелец исполнитель кто",
        Word.DUE: "срок сроки дедлайн дата",
        Word.STATE: "статус состояние",
        Word.TASK: "действие задача мера что",
        Word.TAKEN: "принятые предпринятые",
        Word.TIME: "время",
        Word.RECORD: "постмортем* отчет_об_инциденте разбор_инцидента отчет_по_инциденту",
        Word.PROCESS: "процесс регламент руководство",
        Word.SUMMARY: "резюме описание кратко что_произошло сводка",
    },
    "uk": {
        Word.IMPACT: "вплив наслідк*",
        Word.TIMELINE: "хронологі* таймлайн",
        Word.CAUSE: "причин*",
        Word.ACTIONS: "дії заходи завдання",
        Word.OWNER: "відповідальн* виконавець",
        Word.DUE: "термін строк дата",
        Word.STATE: "статус",
        Word.TASK: "дія завдання",
        Word.RECORD: "постмортем* звіт_про_інцидент",
    },
    "ja": {
        Word.IMPACT: "影響",
        Word.TIMELINE: "タイムライン 時系列 経緯",
        Word.CAUSE: "原因 根因",
        Word.ACTIONS: "アクション 再発防止 対策 改善 是正 今後の対応",
        Word.OWNER: "担当 オーナー 責任者",
        Word.DUE: "期限 期日 締切 締め切り 完了予定",
        Word.STATE: "状態 状況 ステータス 進捗",
        Word.TASK: "アクション 対策 対応 タスク 内容",
        Word.TAKEN: "実施した対応 暫定対応",
        Word.TIME: "時刻 時間 日時",
        Word.TICKET: "チケット",
        Word.RECORD: "ポストモーテム 障害報告 障害レポート 障害振り返り インシデント報告"
        " インシデントレポート",
        Word.PROCESS: "プロセス ガイド 手順 ルール",
        Word.SUMMARY: "概要 サマリ 何が起き",
    },
    "zh": {
        Word.IMPACT: "影响 影響",
        Word.TIMELINE: "时间线 時間線 时间轴 经过 經過 时间顺序",
        Word.CAUSE: "原因 根因",
        Word.ACTIONS: "改进 改進 行动项 行動項 整改 后续 後續 待办 预防 預防 措施",
        Word.OWNER: "负责人 負責人 责任人 責任人 责任方 跟进人",
        Word.DUE: "截止 期限 完成时间 完成時間 完成日期",
        Word.STATE: "状态 狀態 进度 進度",
        Word.TASK: "措施 行动 改进 事项 任务",
        Word.TAKEN: "临时措施 应急措施 处置过程",
        Word.TIME: "时间 時間 时刻",
        Word.RECORD: "复盘 復盤 事故报告 故障报告 事故報告 故障報告",
        Word.PROCESS: "流程 规范 指南 制度",
        Word.SUMMARY: "摘要 概述 概要",
    },
    "ko": {
        Word.IMPACT: "영향",
        Word.TIMELINE: "타임라인 경과 시간순",
        Word.CAUSE: "원인",
        Word.ACTIONS: "재발 조치 액션 개선 후속",
        Word.OWNER: "담당 책임자",
        Word.DUE: "기한 마감 일정",
        Word.STATE: "상태 진행",
        Word.TASK: "조치 액션 항목",
        Word.TIME: "시간 시각",
        Word.RECORD: "포스트모템 장애보고 장애_보고서 장애 사후",
        Word.SUMMARY: "요약 개요",
    },
}

LEXICON = Lexicon(WORDS)


class Held:
    """How an action item stands; bits of a mask."""

    OPEN = 1
    DONE = 2
    DROPPED = 4


STATES = Lexicon(
    {
        "en": {
            Held.OPEN: "open todo to_do pending progress started ongoing planned blocked backlog new draft"
            " incomplete not_done not_started not_yet scheduled wip unresolved proposed",
            Held.DONE: "done complete completed closed resolved fixed merged shipped implemented deployed"
            " delivered finished released yes x landed",
            Held.DROPPED: "wontfix won_t_fix won_t_do wont_do declined cancelled canceled rejected obsolete"
            " superseded dropped abandoned not_planned",
        },
        "de": {
            Held.OPEN: "offen geplant arbeit laufend",
            Held.DONE: "erledigt abgeschlossen umgesetzt fertig",
        },
        "fr": {
            Held.OPEN: "ouvert ouverte cours faire prevu",
            Held.DONE: "fait faite termine terminee clos close",
        },
        "es": {
            Held.OPEN: "abierto abierta pendiente curso",
            Held.DONE: "hecho hecha completad* cerrad* terminad*",
        },
        "pt": {Held.OPEN: "aberto aberta andamento", Held.DONE: "feito feita concluid* fechad*"},
        "it": {Held.OPEN: "aperto aperta corso", Held.DONE: "fatto fatta completat* chius*"},
        "nl": {Held.OPEN: "lopend bezig", Held.DONE: "klaar gereed afgerond afgehandeld"},
        "pl": {Held.OPEN: "otwarte trakcie", Held.DONE: "zrobione zakonczon* gotowe wykonan*"},
        "cs": {Held.OPEN: "otevren*", Held.DONE: "hotovo dokoncen*"},
        "sv": {Held.OPEN: "oppen pagar", Held.DONE: "klar klart fardig ferdig"},
        "tr": {Held.OPEN: "acik devam", Held.DONE: "tamamlandi bitti"},
        "ru": {
            Held.OPEN: "открыт* работе планир* не_начат*",
            Held.DONE: "готово сделано выполнен* закрыт* завершен* решен*",
        },
        "uk": {Held.OPEN: "відкрит* роботі", Held.DONE: "готово виконано закрито зроблено"},
        "ja": {Held.OPEN: "未着手 未完了 対応中 進行中 未対応", Held.DONE: "完了 済 クローズ"},
        "zh": {Held.OPEN: "进行中 未完成 待 未开始 進行中", Held.DONE: "完成 已 关闭"},
        "ko": {Held.OPEN: "진행 예정 미완료 대기", Held.DONE: "완료 종료"},
    }
)
"""The words of a state; what is open outweighs what is done (`not done`, `未完成`)."""

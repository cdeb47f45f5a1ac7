"""The words by which records of game days name what they tell, by language.

Data only; `scorecards.reading.lexicon` says how a list is written.
"""

from scorecards.reading.lexicon import Lexicon


class Word:
    """What a word of a title, a heading, a label or a column may mean; bits of a mask."""

    GAME_DAY = 1
    """Names an exercise in which a failure is practised."""
    SCENARIO = 2
    ABOUT = 4
    """Says in a column or a label what the exercise was about: type, objective."""
    FINDINGS = 8
    DATE = 16
    PLANNED = 32
    """Says that it has not been held."""
    EXPECTED = 64
    """Announces what should come out of it, not what did."""
    NAMED = 256
    """Names a column that says which exercise it was."""
    NOTE = 128
    """Names a column or a key that may hold findings."""


WORDS: dict[str, dict[int, str]] = {
    "en": {
        Word.GAME_DAY: "game_day game_days gameday gamedays chaos_day chaos_days fire_drill fire_drills"
        " dr_drill dr_drills dr_test dr_tests dr_exercise dr_exercises disaster_recovery_drill"
        " disaster_recovery_drills disaster_recovery_test disaster_recovery_tests disaster_recovery_testing"
        " disaster_recovery_exercise failover_drill failover_drills failover_test failover_tests"
        " failover_exercise recovery_drill recovery_drills recovery_exercise"
        " restore_drill restore_drills restore_test restore_tests backup_drill rollback_drill rollback_drills"
        " incident_drill incident_drills incident_simulation incident_exercise outage_drill outage_simulation"
        " chaos_drill chaos_exercise resilience_exercise resilience_drill evacuation_drill on_call_drill"
        " tabletop tabletops table_top wheel_of_misfortune failure_friday continuity_exercise",
        Word.SCENARIO: "scenario scenarios hypothesis hypotheses experiment experiments fault faults failure"
        " failures injection injections injected inject injects simulated simulation attack attacks outage"
        " disaster what_we_broke what_we_did",
        Word.ABOUT: "type objective objectives goal goals context scope situation",
        Word.NAMED: "exercise drill test what name",
        Word.FINDINGS: "finding findings result results outcome outcomes observation observations observed"
        " learning learnings learned lesson lessons what_went_well what_went_wrong what_worked what_failed"
        " what_happened what_we_saw gap gaps issues surprise surprises retrospective retro debrief conclusion"
        " conclusions takeaway takeaways verdict action_items actions follow_up follow_ups improvements"
        " discovered discoveries",
        Word.NOTE: "notes comments remarks summary actual evidence",
        Word.DATE: "date held conducted executed performed when day",
        Word.PLANNED: "planned scheduled upcoming draft proposed pending planning tbd todo cancelled canceled"
        " postponed not_started not_yet not_held prepared not_run",
        Word.EXPECTED: "expected expectation expectations success_criteria acceptance target targets planned"
        " upcoming to_record template how next would should prediction predictions predicted",
    },
    "de": {
        Word.GAME_DAY: "notfallubung* ausfallubung* krisenubung* katastrophenubung* wiederherstellungsubung*"
        " wiederherstellungstest* notfalltest* planspiel* chaos_tag failover_test",
        Word.SCENARIO: "szenario szenarien hypothese* versuch* ausfall* storung* fehlerfall",
        Word.ABOUT: "ziel ziele art gegenstand",
        Word.FINDINGS: "ergebnis* erkenntnis* beobachtung* befund* fazit auswertung* resultat* gelernt*"
        " massnahme* schwachstelle* lucke*",
        Word.DATE: "datum durchgefuhrt* termin",
        Word.PLANNED: "geplant* ausstehend* verschoben* entwurf",
        Word.EXPECTED: "erwartet* erwartung* erfolgskriterien",
    },
    "fr": {
        Word.GAME_DAY: "journee_chaos exercice_de_crise exercice_de_reprise exercice_de_bascule exercice_pra"
        " test_pra test_de_reprise test_de_bascule simulation_de_panne simulation_d_incident"
        " exercice_d_incident",
        Word.SCENARIO: "scenario* hypothese* panne* experience*",
        Word.ABOUT: "objectif* type contexte",
        Word.FINDINGS: "resultat* constat* observation* enseignement* lecon* bilan conclusion* retour rex"
        " actions ecart*",
        Word.DATE: "date realise* effectue*",
        Word.PLANNED: "prevu* planifie* brouillon reporte*",
        Word.EXPECTED: "attendu* attendus",
    },
    "es": {
        Word.GAME_DAY: "simulacro simulacros dia_de_caos ejercicio_de_recuperacion prueba_de_recuperacion"
        " simulacion_de_incidente* prueba_de_desastre*",
        Word.SCENARIO: "escenario* hipotesis fallo* averia*",
        Word.ABOUT: "objetivo* tipo",
        Word.FINDINGS: "resultado* hallazgo* observacion* leccion* aprendizaje* conclusion* acciones brecha*",
        Word.DATE: "fecha realizado",
        Word.PLANNED: "planificado* previsto* pendiente* borrador programado*",
        Word.EXPECTED: "esperado* esperados",
    },
    "pt": {
        Word.GAME_DAY: "simulado simulados simulacao_de_incidente* simulacao_de_falha*"
        " exercicio_de_recuperacao teste_de_recuperacao dia_do_caos teste_de_desastre",
        Word.SCENARIO: "cenario* hipotese* falha*",
        Word.ABOUT: "objetivo* tipo",
        Word.FINDINGS: "resultado* achado* observac* licoes licao aprendizado* conclus* acoes lacuna*",
        Word.DATE: "data realizado",
        Word.PLANNED: "planejado* previsto* pendente* rascunho agendado*",
        Word.EXPECTED: "esperado* esperados",
    },
    "it": {
        Word.GAME_DAY: "esercitazione esercitazioni simulazione_di_incidente simulazione_di_guasto"
        " prova_di_ripristino test_di_ripristino",
        Word.SCENARIO: "scenari* ipotesi guasto guasti",
        Word.ABOUT: "obiettiv* tipo",
        Word.FINDINGS: "risultat* osservazion* lezion* conclusion* azioni riscontr* lacun*",
        Word.DATE: "data eseguit*",
        Word.PLANNED: "pianificat* previst* bozza",
        Word.EXPECTED: "attes*",
    },
    "nl": {
        Word.GAME_DAY: "oefening oefeningen noodoefening* uitwijktest* uitwijkoefening* hersteltest*"
        " calamiteitenoefening*",
        Word.SCENARIO: "scenario* hypothese* storing*",
        Word.ABOUT: "doel doelen soort",
        Word.FINDINGS: "resultat* resultaat bevinding* geleerd* lessen conclusie* acties observatie*",
        Word.DATE: "datum uitgevoerd",
        Word.PLANNED: "gepland* concept uitgesteld*",
        Word.EXPECTED: "verwacht*",
    },
    "pl": {
        Word.GAME_DAY: "cwiczenia_awaryjne symulacja_awarii test_odtworzen* cwiczenia_dr",
        Word.SCENARIO: "scenariusz* hipotez* awari*",
        Word.FINDINGS: "wynik* wniosk* obserwacj* ustaleni* lekcj* dzialania",
        Word.DATE: "data przeprowadzon*",
        Word.PLANNED: "zaplanowan* planowan*",
        Word.EXPECTED: "oczekiwan*",
    },
    "cs": {
        Word.GAME_DAY: "havarijni_cvicen* cviceni test_obnovy",
        Word.SCENARIO: "scenar* hypotez* vypadek vypadk*",
        Word.FINDINGS: "vysledk* vysledek zjisten* pozorovan* zaver* poucen*",
        Word.DATE: "datum",
        Word.PLANNED: "planovan* naplanovan*",
        Word.EXPECTED: "ocekavan*",
    },
    "sv": {
        Word.GAME_DAY: "krisovning* aterstallningstest* beredskapsovning* ovningsdag*",
        Word.SCENARIO: "scenario* hypotes* avbrott*",
        Word.FINDINGS: "resultat* lardom* observation* slutsats* iakttagelse*",
        Word.DATE: "datum genomford*",
        Word.PLANNED: "planerad* utkast",
        Word.EXPECTED: "forvanta*",
    },
    "tr": {
        Word.GAME_DAY: "tatbikat* felaket_kurtarma_testi oyun_gunu kaos_gunu",
        Word.SCENARIO: "senaryo* hipotez* kesinti*",
        Word.FINDINGS: "sonuc* bulgu* gozlem* ogrenilen* dersler",
        Word.DATE: "tarih*",
        Word.PLANNED: "planlanan* planlandi taslak",
        Word.EXPECTED: "beklenen*",
    },
    "ru": {
        Word.GAME_DAY: "учения учений тренировк* учебная_тревога игровой_день тест_восстановлен* геймдей*",
        Word.SCENARIO: "сценари* гипотез* сбой отказ*",
        Word.ABOUT: "цель цели",
        Word.FINDINGS: "результат* вывод* наблюден* итог* урок* находк* что_узнали",
        Word.DATE: "дата проведен*",
        Word.PLANNED: "запланирован* планиру* черновик",
        Word.EXPECTED: "ожида*",
    },
    "uk": {
        Word.GAME_DAY: "навчання_з_відмов* тренування тест_відновлен*",
        Word.SCENARIO: "сценар* гіпотез* збій відмов*",
        Word.FINDINGS: "результат* висновк* спостережен* підсумк* уроки",
        Word.DATE: "дата",
        Word.PLANNED: "заплановано",
        Word.EXPECTED: "очікуван*",
    },
    "ja": {
        Word.GAME_DAY: "ゲームデイ ゲームデー カオスデイ 障害訓練 障害対応訓練 復旧訓練 障害演習"
        " フェイルオーバー訓練 切替訓練 dr訓練 避難訓練",
        Word.SCENARIO: "シナリオ 仮説 障害内容 想定 実施内容",
        Word.FINDINGS: "結果 気づき 学び 発見 振り返り 考察 所見 課題 改善 アクション まとめ",
        Word.DATE: "日付 実施日 日時 開催日",
        Word.PLANNED: "予定 計画中 未実施 延期",
        Word.EXPECTED: "期待 成功条件",
    },
    "zh": {
        Word.GAME_DAY: "演练 演練 故障演习 游戏日 混沌日",
        Word.SCENARIO: "场景 場景 假设 假設 故障 注入",
        Word.FINDINGS: "结果 結果 发现 發現 结论 結論 总结 總結 复盘 復盤 问题 問題 改进 改進 教训 教訓",
        Word.DATE: "日期 时间 時間",
        Word.PLANNED: "计划中 計劃中 未执行 待执行 延期",
        Word.EXPECTED: "预期 預期",
    },
    "ko": {
        Word.GAME_DAY: "게임데이 게임_데이 장애_훈련 장애훈련 모의훈련 모의_훈련 복구_훈련 복구훈련",
        Word.SCENARIO: "시나리오 가설 장애_내용",
        Word.FINDINGS: "결과 발견 교훈 회고 결론 개선 배운 관찰",
        Word.DATE: "날짜 일시 일자",
        Word.PLANNED: "예정 계획_중 미실시",
        Word.EXPECTED: "기대 예상",
    },
}

LEXICON = Lexicon(WORDS)

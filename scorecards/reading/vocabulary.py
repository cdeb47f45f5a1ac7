"""The words by which a text tells how to recognise, diagnose and mitigate a failure, by language.

Data only. A word that ends in `*` is the beginning of words; others stand alone. Languages written without
spaces are searched for the terms themselves. Accents and case do not matter.
"""

import unicodedata
from functools import lru_cache


class Sense:
    """What a word may mean in a runbook; bits of a mask."""

    ALERT = 1
    """Says that something tells of a failure: symptom, alarm, outage."""
    FAILURE = 2
    """Names a way to fail: error, down, slow."""
    DIAGNOSE = 4
    """Looks for the cause: triage, check, inspect."""
    OBJECT = 8
    """What is looked at: logs, dashboard, pods."""
    MITIGATE = 16
    """Ends the failure: restart, roll back, fail over."""
    WHEN = 32
    """Begins a condition: if, when."""
    SETUP = 64
    """Makes something ready for work: install, configure, prerequisites."""
    ACT = 256
    """Does something that may end a failure, or may be work of every day: scale, stop, rotate."""
    RUNBOOK = 128
    """Names a document for those on call: runbook, on-call, emergency manual."""
    PRODUCTION = 512
    """Runs, watches or changes services in production: kubectl, Grafana, failover."""
    LOCAL = 1024
    """Belongs to a developer's machine: npm, localhost, venv."""
    COMMAND = 2048
    """May begin a command or a query, which is then looked at closely."""


WORDS: dict[str, dict[int, str]] = {
    "en": {
        Sense.ALERT: "symptom* alert alerts alerting alerted alarm* outage* incident* firing fires paged"
        " pager"
        " detect detects detected detection indicators indications recognise recognize recognising"
        " recognizing"
        " degraded degradation meaning impact signals",
        Sense.FAILURE: "error errors failure failures failing failed fails down unavailable unreachable"
        " latency"
        " slow slowness timeout timeouts crash* crashloop* oom oomkilled spike spikes backlog lag saturat*"
        " exhaust* stuck hung hanging overload* unhealthy 5xx 500 502 503 504 throttl* breach* burn burning"
        " burns full expired rejected unresponsive disaster deadlock* leak* violation* violated corrupt*"
        " flapping notready stale",
        Sense.DIAGNOSE: "diagnos* triage* investigat* troubleshoot* debug* cause causes caused check checks"
        " inspect* examine* look looks analyse analyze analysis identify grep tail correlate isolate",
        Sense.OBJECT: "log logs dashboard* metric* pod pods graph* panel* trace traces events queue*"
        " connection*"
        " replica* cpu memory disk grafana kibana prometheus datadog cloudwatch health endpoint* query"
        " queries"
        " deployment* rollout database db certificate* quota* traffic node nodes container* cluster broker*"
        " consumer* partition* latency status errors",
        Sense.MITIGATE: "mitigat* resolv* resolution* remed* recover* rollback* restor* revert* failover*"
        " workaround* fix fixes fixing repair* undo contain containment stabilise stabilize stabilization"
        " solution solutions action actions roll rolls",
        Sense.ACT: "restart* scale scaling drain* cordon* redeploy* evict* purge* flush* kill disable* shed*"
        " throttle block rotate* promote increase raise reduce bounce reboot replay requeue renew resize"
        " retry"
        " reset unblock free stop pause resume rerun recreate reprocess bypass freeze reassign switch fail",
        Sense.WHEN: "if when whenever once after while",
        Sense.SETUP: "prerequisite* prereq* install* setup requirement* getting quickstart configure"
        " onboarding"
        " contributing develop development tutorial bootstrap clone walkthrough demo demonstration showcase"
        " presentation workshop",
        Sense.RUNBOOK: "runbook* playbook* oncall sop sops",
    },
    "tools": {
        Sense.PRODUCTION: "kubectl oc helm argocd systemctl journalctl ssh aws gcloud az heroku flyctl"
        " nomad stern"
        " production prod pagerduty opsgenie oncall grafana kibana datadog cloudwatch prometheus alertmanager"
        " sentry slo rollout replica replicas pod pods failover",
        Sense.LOCAL: "localhost npm npx yarn pnpm pip pip3 virtualenv venv brew clone mvn mvnw gradle gradlew"
        " minikube intellij xcode vscode poetry pytest cargo 127",
        Sense.COMMAND: "kubectl oc helm argocd flux systemctl service docker update delete pg git kill"
        " aws gcloud"
        " az heroku fly flyctl eb pm2 nomad flushall flushdb restore make rollback restart failover k9s stern"
        " journalctl curl tail select dig nslookup netstat df free ps rate histogram psql redis gh kafka"
        " rabbitmqctl dmesg crictl grep rollout wrangler railway vercel",
    },
    "de": {
        Sense.ALERT: "symptom* alarm* storung* vorfall* vorfalle ausfall* ausfalle meldung* erkennen"
        " erkennung"
        " auswirkung* anzeichen warnung* notfall* beeintrachtig* merkmale",
        Sense.FAILURE: "fehler* ausgefallen langsam* uberlast* zeituberschreitung*"
        " abgesturzt"
        " hangt fehlgeschlagen ruckstau voll defekt latenz",
        Sense.DIAGNOSE: "diagnos* ursache* analyse analysieren prufen prufe pruft uberprufen uberprufe"
        " untersuch*"
        " ansehen anschauen eingrenz* fehlersuche fehleranalyse kontrollieren nachsehen feststellen",
        Sense.OBJECT: "protokoll* logs dashboard* metrik* datenbank* warteschlange* speicher zustand"
        " verbindung*"
        " auslastung zertifikat* ereignisse",
        Sense.MITIGATE: "behebung beheben behebe behoben massnahme* sofortmassnahme* losung* abhilfe"
        " wiederherstell*"
        " neustart* neustarten zurucksetzen zuruckrollen skalieren umschalten abschalten entlasten"
        " gegenmassnahme*"
        " starte starten stoppen rollback* zuruckspielen leeren deaktivieren erhohen",
        Sense.WHEN: "wenn falls sobald",
        Sense.SETUP: "voraussetzung* installation* installier* einricht* konfigur* entwicklung* einstieg",
        Sense.RUNBOOK: "betriebshandbuch* notfallhandbuch* bereitschaft* notfallplan*",
    },
    "fr": {
        Sense.ALERT: "symptome* alerte* alarme* incident* panne* detection detecter reconnaitre astreinte"
        " impact"
        " degradation* declench* signes indisponibilite",
        Sense.FAILURE: "erreur* echec* echoue* indisponible* lent lente lenteur* latence satur* bloque*"
        " plante"
        " plein injoignable* depasse* expire* sature*",
        Sense.DIAGNOSE: "diagnosti* cause causes analyse* analyser verifier verifiez verifie consulter"
        " consultez"
        " examiner examinez inspecter investigation* controler regarder identifier comparer depannage",
        Sense.OBJECT: "journaux journal logs tableau metrique* base etat sante connexion* memoire disque"
        " certificat* evenements deploiement*",
        Sense.MITIGATE: "resolution* resoudre remedi* corriger correction* correctif* attenu* retablir"
        " retablissement"
        " restaur* redemarr* relancer relancez basculer bascule contournement* solution* reprise reparer"
        " retour"
        " desactiver augmenter purger vider",
        Sense.WHEN: "si quand lorsque",
        Sense.SETUP: "prerequis installation* installer configuration configurer developpement demarrage",
        Sense.RUNBOOK: "exploitation astreinte",
    },
    "es": {
        Sense.ALERT: "sintoma* alerta* alarma* incidente* incidencia* caida caidas deteccion detectar"
        " reconocer"
        " impacto guardia interrupcion* degradacion senales dispara",
        Sense.FAILURE: "error errores fallo fallos falla fallas caido caida lento lenta lentitud latencia"
        " saturad*"
        " agotad* indisponible bloquead* lleno inaccesible excede supera vencido",
        Sense.DIAGNOSE: "diagnostic* causa causas analisis analizar verificar verifique verifica revisar"
        " revise revisa"
        " comprobar compruebe comprueba consultar investigar inspeccionar identificar mirar examinar",
        Sense.OBJECT: "registros logs panel metrica* cola colas base estado salud conexion* memoria disco"
        " certificado* eventos despliegue* tablero",
        Sense.MITIGATE: "mitigar mitigacion* resolver resolucion* solucion* soluciona remedi* recuperar"
        " recuperacion"
        " restaurar reiniciar reinicie reinicia revertir reversion escalar escale corregir reparar desactivar"
        " aumentar vaciar conmutar conmutacion aliviar accion acciones",
        Sense.WHEN: "si cuando",
        Sense.SETUP: "requisito* instalacion instalar configuracion configurar configuralo activar crear"
        " desarrollo"
        " entorno levantar publicar validar",
        Sense.RUNBOOK: "guardia",
    },
    "pt": {
        Sense.ALERT: "sintoma* alerta* alarme* incidente* queda quedas deteccao detectar reconhecer"
        " impacto plantao"
        " indisponibilidade degradacao sinais dispara",
        Sense.FAILURE: "erro erros falha falhas caiu lento lenta lentidao latencia saturad* esgotad*"
        " indisponivel"
        " travad* cheio inacessivel excede",
        Sense.DIAGNOSE: "diagnostic* causa causas analise analisar verificar verifique checar cheque"
        " conferir confira"
        " consultar consulte investigar inspecionar identificar examinar",
        Sense.OBJECT: "registros logs painel metrica* fila filas banco estado saude conexao conexoes"
        " memoria disco"
        " certificado* eventos implantacao",
        Sense.MITIGATE: "mitigar mitigacao resolver resolucao solucao solucoes remedi* recuperar"
        " recuperacao restaurar"
        " reiniciar reinicie reverter reversao escalar escale corrigir reparar desativar aumentar esvaziar"
        " contornar acao acoes",
        Sense.WHEN: "se quando caso",
        Sense.SETUP: "requisito* instalacao instalar configuracao configurar desenvolvimento ambiente",
        Sense.RUNBOOK: "plantao",
    },
    "it": {
        Sense.ALERT: "sintom* allarm* allert* incident* guast* disservizi* rilevamento rilevare"
        " riconoscere impatto"
        " reperibilita degrado segnali scatta",
        Sense.FAILURE: "errore errori fallisce fallito lento lenta lentezza latenza saturo saturazione"
        " esaurit*"
        " irraggiungibile bloccat* pieno indisponibile supera scaduto",
        Sense.DIAGNOSE: "diagnos* causa cause analisi analizzare verificare verifica controllare"
        " controlla consultare"
        " indagare indagine ispezionare identificare esaminare guardare",
        Sense.OBJECT: "registri log pannello metric* coda stato salute connession* memoria disco"
        " certificat*"
        " eventi rilascio",
        Sense.MITIGATE: "mitigare mitigazione risolvere risoluzione soluzion* rimedi* ripristin* riavvi*"
        " annullare"
        " scalare correggere riparare disattivare disabilitare aumentare svuotare azioni azione",
        Sense.WHEN: "se quando appena",
        Sense.SETUP: "prerequisiti requisiti installazione installare configurazione configurare sviluppo",
        Sense.RUNBOOK: "reperibilita",
    },
    "nl": {
        Sense.ALERT: "symptom* symptomen alarm* storing* incident* melding* detectie herkennen uitval"
        " impact signalen"
        " waarschuwing*",
        Sense.FAILURE: "fout fouten mislukt traag vertraging onbereikbaar overbelast vastgelopen vol"
        " verlopen",
        Sense.DIAGNOSE: "diagnos* oorzaak oorzaken analyse analyseer controleer controleren bekijk"
        " bekijken onderzoek"
        " onderzoeken nagaan kijk inspecteer",
        Sense.OBJECT: "logboek* logs wachtrij* geheugen schijf toestand verbinding* database certifica*"
        " metriek*",
        Sense.MITIGATE: "oplossing* oplossen mitigatie herstel* herstart* herstarten terugdraai* terugdraaien"
        " opschalen omschakel* uitschakel* verhelp* maatregel* verhoog leegmaken",
        Sense.WHEN: "als wanneer zodra indien",
        Sense.SETUP: "vereisten installatie installeer installeren configureer configuratie ontwikkeling",
        Sense.RUNBOOK: "draaiboek* piketdienst",
    },
    "pl": {
        Sense.ALERT: "objaw* alert* alarm* awari* incydent* wykryw* wykrycie rozpozna* skutk* dyzur*"
        " ostrzezeni*",
        Sense.FAILURE: "blad bledy bledow niedostepn* opoznien* przeciazen* wolno zawiesz*"
        " pelny wyczerpa*"
        " przekracza",
        Sense.DIAGNOSE: "diagno* przyczyn* analiz* sprawdz* zbadaj zbadac przejrzyj obejrzyj zweryfikuj"
        " zidentyfik*",
        Sense.OBJECT: "logi logow dziennik* pulpit* metryk* kolejk* stan bazy baza polaczen* pamiec dysk"
        " certyfikat*",
        Sense.MITIGATE: "napraw* rozwiaz* przywroc* przywrac* zrestart* restart* wycof* cofnij przelacz*"
        " skaluj"
        " zwieksz wylacz usun dzialani* oczysc",
        Sense.WHEN: "jesli gdy jezeli kiedy",
        Sense.SETUP: "wymagania instalacja zainstaluj konfiguracja srodowisko",
        Sense.RUNBOOK: "dyzur*",
    },
    "cs": {
        Sense.ALERT: "priznak* vypadek* vypadk* upozornen* incident* poplach* detekce rozpozna* dopad*",
        Sense.FAILURE: "chyba chyby selhan* nedostupn* pomal* zpozden* pretizen*",
        Sense.DIAGNOSE: "diagnos* pricin* zkontroluj* overte proverte prozkoum* analyz*",
        Sense.OBJECT: "logy logu metrik* fronta fronty databaz* stav pamet* disk",
        Sense.MITIGATE: "reseni naprav* obnov* restart* vratit vratte prepn* navys* vypn* opatren*",
        Sense.WHEN: "pokud kdyz jestlize",
    },
    "sv": {
        Sense.ALERT: "symtom* larm* incident* avbrott* driftstor* upptack* paverkan symptom* forstyrrelse*",
        Sense.FAILURE: "fel felet nere langsam* otillganglig* timeout overbelast*",
        Sense.DIAGNOSE: "diagnos* felsok* orsak* kontroller* undersok* granska analys* sjekk* undersok*",
        Sense.OBJECT: "loggar loggarna loggene mattal koer databas* minne disk",
        Sense.MITIGATE: "atgard* losning* aterstall* omstart* starta rulla skala afhjaelp* tiltak"
        " gjenopprett*"
        " genopret* genstart*",
        Sense.WHEN: "om nar hvis dersom",
    },
    "tr": {
        Sense.ALERT: "belirti* alarm* uyari* kesinti* ariza* olay* tespit etki",
        Sense.FAILURE: "hata hatalar hatasi yavas* erisilem* gecikme* zaman asimi coktu basarisiz",
        Sense.DIAGNOSE: "teshis* tani neden* incele* kontrol kontrolu analiz* bakin dogrula*",
        Sense.OBJECT: "loglar gunluk* metrik* kuyruk* veritabani durum bellek disk pano",
        Sense.MITIGATE: "cozum* coz giderme onar* yeniden geri kurtar* olceklendir* devre iyilestir*",
        Sense.WHEN: "eger durumunda",
    },
    "ru": {
        Sense.ALERT: "симптом* алерт* тревог* инцидент* авари* сбой сбои сбоя оповещен* признак* обнаруж*"
        " дежурн*"
        " срабатыва* недоступност* влияни*",
        Sense.FAILURE: "ошибк* недоступ* медленн* задержк* таймаут* перегруз* завис* упал упала отказ*"
        " переполн*"
        " исчерпа* превыша*",
        Sense.DIAGNOSE: "диагност* причин* провер* посмотр* изуч* анализ* исследова* найти найдите выясн*"
        " сравни*",
        Sense.OBJECT: "логи логах логов журнал* дашборд* метрик* очеред* баз* состояни* статус* памят* диск*"
        " соединени* под подов сертификат* график*",
        Sense.MITIGATE: "устран* решени* восстанов* перезапус* откат* откати* переключ* масштаб* увелич*"
        " отключ*"
        " исправ* смягч* очист* остано* действи*",
        Sense.WHEN: "если когда при",
        Sense.SETUP: "требовани* установк* установит* настройк* разработк* окружени*",
        Sense.RUNBOOK: "дежурств* регламент*",
    },
    "uk": {
        Sense.ALERT: "симптом* алерт* тривог* інцидент* аварі* збій збої сповіщен* ознак* виявлен* черговий",
        Sense.FAILURE: "помилк* недоступн* повільн* затримк* перевантаж* завис* відмов*",
        Sense.DIAGNOSE: "діагност* причин* перевір* переглян* досліди* аналіз*",
        Sense.OBJECT: "логи журнал* дашборд* метрик* черг* баз* стан памят* диск*",
        Sense.MITIGATE: "усун* вирішен* віднов* перезапус* відкат* перемкн* масштаб* збільш* вимкн* виправ*",
        Sense.WHEN: "якщо коли",
    },
}

SPACELESS: dict[str, dict[int, str]] = {
    "ja": {
        Sense.ALERT: "症状 アラート 警報 検知 障害 発報 兆候 インシデント 影響 通知",
        Sense.FAILURE: "エラー 遅延 停止 失敗 応答しない 応答がない 高負荷 枯渇 超過 異常 ダウン"
        " タイムアウト 遅い",
        Sense.DIAGNOSE: "診断 原因 調査 切り分け 確認 分析 トリアージ 調べ チェック",
        Sense.OBJECT: "ログ ダッシュボード メトリクス 状態 データベース キュー 接続 メモリ ディスク"
        " ステータス 証明書",
        Sense.MITIGATE: "対処 対応手順 復旧 緩和 解決 再起動 ロールバック 切り戻し 切り替え スケール 修復"
        " 回復 対策"
        " 増や 停止し 暫定対応 対応方法",
        Sense.WHEN: "場合 とき 際",
        Sense.SETUP: "前提条件 インストール セットアップ 環境構築 開発環境",
        Sense.RUNBOOK: "運用手順 障害対応 手順書 ランブック オンコール 運用マニュアル",
    },
    "zh": {
        Sense.ALERT: "症状 告警 报警 警报 現象 现象 故障 检测 發現 影响 影響 告警触发 识别 事故 告警規則"
        " 警示",
        Sense.FAILURE: "错误 錯誤 失败 失敗 延迟 延遲 超时 逾時 不可用 无响应 崩溃 过载 耗尽 异常 異常"
        " 宕机 积压",
        Sense.DIAGNOSE: "诊断 診斷 排查 定位 原因 检查 檢查 查看 分析 确认 確認 调查",
        Sense.OBJECT: "日志 日誌 仪表盘 看板 指标 状态 狀態 数据库 資料庫 队列 连接 内存 磁盘 证书 节点",
        Sense.MITIGATE: "缓解 处理 處理 恢复 恢復 修复 修復 解决 解決 重启 重啟 回滚 回滾 扩容 擴容 切换"
        " 切換 降级 限流 止损 处置",
        Sense.WHEN: "如果 当 當 若",
        Sense.SETUP: "前提 安装 安裝 环境搭建 开发环境 快速开始",
        Sense.RUNBOOK: "应急预案 应急手册 故障处理 运维手册 值班手册 應變手冊 排障手册",
    },
    "ko": {
        Sense.ALERT: "증상 알림 경보 알람 장애 감지 탐지 영향 인시던트 징후",
        Sense.FAILURE: "오류 에러 지연 실패 중단 응답 없음 과부하 고갈 초과 타임아웃 다운",
        Sense.DIAGNOSE: "진단 원인 조사 확인 점검 분석 살펴",
        Sense.OBJECT: "로그 대시보드 메트릭 지표 상태 데이터베이스 큐 연결 메모리 디스크 인증서",
        Sense.MITIGATE: "완화 조치 복구 해결 재시작 롤백 되돌 전환 증설 확장 복원 대처",
        Sense.WHEN: "경우 때",
        Sense.SETUP: "사전 설치 환경 구성 개발 환경",
        Sense.RUNBOOK: "운영 매뉴얼 장애 대응 런북 온콜",
    },
}


PHRASES: dict[int, str] = {
    Sense.ALERT: "what you see|what you will see|what users see|what it means|how to tell|how you"
    " notice|was man sieht"
    "|ce que l'on voit|que se ve|cosa si vede",
    Sense.DIAGNOSE: "why it happens|why this happens|where to look|what to look at|what to check|first look"
    "|ou regarder|donde mirar|onde olhar|dove guardare|waar te kijken|gdzie szukac|где искать",
    Sense.MITIGATE: "what to do|what you do|how to respond|stop the bleeding|was tun|was zu tun ist|que"
    " faire|que hacer"
    "|o que fazer|cosa fare|che fare|wat te doen|wat nu|co robic|co delat|vad gora|ne yapmali|что"
    " делать|що робити",
}
"""Turns of phrase that announce a part where they stand in a heading or a label."""


def fold(text: str) -> str:
    """`text` in lower case and without accents."""
    text = text.lower()
    if text.isascii():
        return text
    kept = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept).replace("ł", "l").replace("ß", "ss")


def _tables() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    exact: dict[str, int] = {}
    stems: dict[str, int] = {}
    terms: dict[str, int] = {}
    for senses in WORDS.values():
        for sense, words in senses.items():
            for word in words.split():
                table = stems if word.endswith("*") else exact
                key = fold(word.rstrip("*"))
                table[key] = table.get(key, 0) | sense
    for senses in SPACELESS.values():
        for sense, words in senses.items():
            for word in words.split():
                terms[fold(word)] = terms.get(fold(word), 0) | sense
    return exact, stems, terms


_EXACT, _STEMS, _TERMS = _tables()
_LONGEST = max(map(len, _STEMS))


@lru_cache(maxsize=1 << 15)
def senses(word: str) -> int:
    """What a word of a text may mean, as found between spaces and signs."""
    word = fold(word[:60])
    found = _EXACT.get(word, 0)
    for end in range(3, min(len(word), _LONGEST) + 1):
        found |= _STEMS.get(word[:end], 0)
    if not found and not word.isascii() and any(c >= "\u3040" for c in word):
        for term, sense in _TERMS.items():
            if term in word:
                found |= sense
    return found

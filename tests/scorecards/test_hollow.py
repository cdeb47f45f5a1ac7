"""What looks like content and is none, and what must not be taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.reading.hollow import is_filler, is_instruction, is_placeholder, is_real


@pytest.mark.parametrize(
    "line",
    [
        "TODO",
        "- [ ] TODO: write this",
        "**TBD**",
        "_Coming soon_",
        "Coming soon.",
        "> N/A",
        "Lorem ipsum dolor sit amet, consectetur",
        "Symptoms: TBD",
        "to be written",
        "Pendiente",
        "À compléter",
        "Da completare",
        "待补充",
        "準備中",
        "작성 예정",
        "| TODO |",
        "FIXME later",
        "none",
    ],
)
def test_filler(line: str) -> None:
    assert is_filler(line)
    assert not is_real(line)


@pytest.mark.parametrize(
    "line",
    [
        "None of the pods answers: restart them.",
        "The queue holds 4 TODO items of each customer.",
        "Check the logs of the pods.",
        "Example: `kubectl logs deploy/payments`",
        "todos los pods están caídos",
        "Roll back; TODO: link the dashboard.",
        "{{ $labels.job }} has no instance that answers",
        "Restart `<pod>` with `kubectl delete pod <pod>`.",
        "Deploys with ${{ github.sha }} of the main branch.",
        "Ask <https://status.acme.io> whether the bank answers.",
        "Identify which endpoint is slow.",
        "ポッドのログを確認します。",
    ],
)
def test_what_is_real_stays_real(line: str) -> None:
    assert is_real(line)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "<name>",
        "{{ x }}",
        "YOUR_TEAM",
        "your-org",
        "your-team",
        "changeme",
        "no-one@localhost",
        "admin@example.com",
        "[insert name]",
        "TODO",
        "https://your-org.io/x",
        "__SERVICE_NAME__",
    ],
)
def test_placeholders(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value", ["payments", "${{ github.sha }}", "{{ $labels.pod }}", "{{ .Values.name }}", "@acme/team"]
)
def test_no_placeholders(value: str) -> None:
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    "line",
    [
        "Describe the symptoms here.",
        "[List the commands to run]",
        "_Explain how to fix it._",
        "What this runbook covers.",
        "How to confirm recovery.",
        "This section should list the dashboards.",
        "Describa los síntomas del problema.",
    ],
)
def test_instructions_of_a_template_are_not_real(line: str) -> None:
    assert is_instruction(line)
    assert not is_real(line)


@pytest.mark.parametrize(
    "line", ["Describe pods with `kubectl describe`.", "Add a replica.", "Write to the backup."]
)
def test_instructions_to_people_on_call_are_real(line: str) -> None:
    assert is_real(line)


@given(st.text(max_size=3_000))
def test_any_text_is_judged(text: str) -> None:
    for judge in (is_filler, is_placeholder, is_instruction, is_real):
        judge(text)


@pytest.mark.parametrize("sign", ["[", "`", "<a", "{{", "_", "todo ", "*", " ", ".", "A", "{%", "xx"])
def test_long_lines_are_judged_in_bounded_work(sign: str) -> None:
    text = sign * (100_000 // len(sign))
    is_real(text)
    is_placeholder(text)

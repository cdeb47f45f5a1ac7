"""`handrail check --fix` writes the start of what is missing, and writes over nothing."""

from pathlib import Path

import pytest

from tests.handrail.running import Checkout, descriptor, handrail, validate


def test_a_start_is_written_and_what_to_fill_in_is_told(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    done = checkout.run("check", "--fix", "runbook-present")
    assert done.status == 0, done.err
    assert "Wrote docs/runbook.md. Fill in:\n    - how each failure shows\n" in done.out
    written = (checkout.path / "docs/runbook.md").read_text("utf-8")
    assert written.startswith("# Runbook: payments\n")
    after = checkout.run("check", "--trace", "runbook-present", "--format", "json").json
    assert after["traces"][0]["result"]["status"] == "fail"


def test_no_file_is_written_over(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(), "docs/runbook.md": "# Mine\n"})
    done = checkout.run("check", "--fix", "runbook-present")
    assert done.status == 0
    assert "`docs/runbook.md` is there already, and was not written over." in done.out
    assert (checkout.path / "docs/runbook.md").read_text("utf-8") == "# Mine\n"
    checkout.run("check", "--fix", "slo-defined")
    (checkout.path / "slo/payments.yaml").write_text("mine")
    checkout.run("check", "--fix", "slo-defined")
    assert (checkout.path / "slo/payments.yaml").read_text("utf-8") == "mine"


def test_what_is_there_is_to_be_changed_and_how_is_told(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(owner="unknown")})
    done = checkout.run("check", "--fix", "owner-set")
    assert "Change what is there: Name the Group that answers for it as owner" in done.out
    assert checkout.git(checkout.path, "status", "--porcelain") == ""
    holds = checkout.run("check", "--fix", "described")
    assert "◐ Partial" in holds.out
    assert "Wrote README.md." in holds.out


def test_a_check_that_holds_writes_nothing(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    assert "Nothing is to be done." in checkout.run("check", "--fix", "owner-set").out
    library = checkout.run("check", "--type", "library", "--fix", "slo-defined")
    assert "Nothing is to be done." in library.out
    assert checkout.git(checkout.path, "status", "--porcelain") == ""


def test_each_service_has_its_own_and_json_tells_both(checkout: Checkout) -> None:
    checkout.commit(
        {
            "services/payments/catalog-info.yaml": descriptor(),
            "services/ledger/catalog-info.yaml": descriptor("ledger"),
            "services/ledger/slo/ledger.yaml": "mine: 1\n",
        }
    )
    report = checkout.run("check", "--fix", "slo-defined", "--format", "json").json
    validate("fix", report)
    starts = {row["ref"]: row["start"] for row in report["services"]}
    assert starts["component:default/payments"]["path"] == "services/payments/slo/payments.yaml"
    assert starts["component:default/payments"]["written"]
    assert not starts["component:default/ledger"]["written"]
    assert (checkout.path / "services/ledger/slo/ledger.yaml").read_text("utf-8") == "mine: 1\n"
    only = checkout.run("check", "services/ledger", "--fix", "runbook-present", "--format", "json").json
    assert [row["ref"] for row in only["services"]] == ["component:default/ledger"]
    assert not (checkout.path / "services/payments/docs").exists()


def test_nothing_is_written_through_a_link(checkout: Checkout, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    checkout.commit({"catalog-info.yaml": descriptor()})
    (checkout.path / "docs").symlink_to(outside)
    done = checkout.run("check", "--fix", "runbook-present")
    assert done.status == 2
    assert "out of the repository, through a link" in done.err
    (checkout.path / "slo").symlink_to(outside / "not-there")
    assert checkout.run("check", "--fix", "slo-defined").status == 2
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fix", "runbok-present"], "Did you mean `runbook-present`"),
        (["--fix", "runbook-present", "--trace", "runbook-present"], "Leave one of them out."),
        (["--fix", "runbook-present", "--require", "owner-set"], "Leave one of them out."),
    ],
)
def test_a_wrong_argument_ends_with_one_sentence(checkout: Checkout, arguments: list[str], said: str) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    done = checkout.run("check", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


def test_a_bare_repository_is_not_written_in(checkout: Checkout, tmp_path: Path) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    checkout.git(tmp_path, "clone", "-q", "--bare", str(checkout.path), "bare.git")
    done = handrail(tmp_path / "bare.git", "check", "--fix", "runbook-present")
    assert done.status == 2
    assert "is a bare repository" in done.err

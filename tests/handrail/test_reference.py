"""The reference in docs/ says what the code says, and links in the documentation lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_the_reference_is_what_the_code_makes(tmp_path):
    subprocess.run([sys.executable, "-m", "handrail.reference", tmp_path], cwd=ROOT, check=True)
    made = {p.relative_to(tmp_path).as_posix(): p.read_text("utf-8") for p in tmp_path.rglob("*.md")}
    stale = [
        n for n, text in made.items() if not (DOCS / n).is_file() or (DOCS / n).read_text("utf-8") != text
    ]
    assert stale == [], "run: make docs"
    checks = {f"checks/{p.name}" for p in (DOCS / "checks").glob("*.md")}
    assert checks == {name for name in made if name.startswith("checks/")}


@pytest.mark.parametrize(
    "page", sorted(p.relative_to(ROOT).as_posix() for p in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
)
def test_links_in_the_documentation_lead_somewhere(page):
    file = ROOT / page
    targets = re.findall(
        r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"```.*?```", "", file.read_text("utf-8"), flags=re.DOTALL)
    )
    broken = [t for t in targets if "://" not in t and not (file.parent / t).exists()]
    assert broken == []

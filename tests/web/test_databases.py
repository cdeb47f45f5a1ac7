"""Every page says the same on SQLite and on PostgreSQL."""

import re
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine

from web import create_app

PATHS = [
    "/",
    "/services",
    "/services?q=SES%25",
    "/services?q=pay",
    "/services?sort=-score&lifecycle=production",
    "/services?sort=changed&check=slo-defined",
    "/services?owner=none&tag=java",
    "/services?moved=worse",
    "/services?moved=new",
    "/services?stage=1&only=described",
    "/services.csv?state=conflict",
    "/services/default/payments",
    "/services/default/checkout/history",
    "/teams",
    "/checks",
    "/checks/owner-set",
    "/crawls",
    "/crawls/1?kind=syntax",
    "/catalog/group/default/payments",
    "/catalog/system/default/web-shop",
    "/catalog/group/default/nobody",
    "/search?q=payments",
    "/api/v1/services?stage=4",
    "/readyz",
]


def words(text: str) -> list[str]:
    """What a page says, whatever the order of its rows: databases collate names each their way."""
    text = re.sub(
        r"<(script|meta|link)[^>]*>|datetime=\"[^\"]*\"|title=\"[^\"]*\"|\b[0-9a-f]{7,40}\b", "", text
    )
    return sorted(re.findall(r"[\w%+−-]+", re.sub(r"<[^>]*>", " ", text)))


def test_pages_say_the_same(
    engine: Engine, client: FlaskClient, fill_organisation: Any, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        fill_organisation(connection, tmp_path / "payments")
    other = create_app(engine).test_client()
    for path in PATHS:
        expected, found = client.get(path), other.get(path)
        assert found.status_code == expected.status_code, path
        assert words(found.text) == words(expected.text), path

"""What pages read: one module of named query functions a page. SQL stands nowhere else in this room."""

from sqlalchemy import ColumnElement, Table

import scorecards.tables  # noqa: F401  importing it puts the scorecards' tables into the metadata
from catalog.tables import metadata

ENTITY: Table = metadata.tables["entity"]
ENTITY_TAG: Table = metadata.tables["entity_tag"]
RELATION: Table = metadata.tables["relation"]
REPOSITORY: Table = metadata.tables["repository"]
CRAWL: Table = metadata.tables["crawl"]
PROBLEM: Table = metadata.tables["problem"]
SCORE: Table = metadata.tables["score"]
VERDICT: Table = metadata.tables["verdict"]
STANDING: Table = metadata.tables["standing"]

IS_SERVICE: ColumnElement[bool] = ENTITY.c.scored.is_(True)
"""A service is a Component that is scored."""

"""Teams: who stands where?"""

from flask import Blueprint, Response

from web.partials import page
from web.queries.crawls import last_crawl
from web.queries.teams import teams
from web.reading import database, scorecard

blueprint = Blueprint("teams", __name__)


@blueprint.get("/teams")
def index() -> Response:
    """Every owner with its services by stage."""
    found = teams(database(), scorecard())
    unstaged = any(team.stages[0] for team in found)
    return page("teams.html", teams=found, unstaged=unstaged, crawl=None if found else last_crawl(database()))

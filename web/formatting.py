"""What templates call: words, dates, text made safe, addresses of entities."""

from datetime import UTC, datetime
from importlib.metadata import version

from flask import Flask, g
from markupsafe import Markup

from web import wording
from web.addresses import entity_url, service_url, services_url
from web.markdown import render_markdown
from web.untrusted import blocks, isolated, prose, safe_url, shown


def configure_filters(app: Flask) -> None:
    """Give Jinja the filters and functions that pages use."""
    app.jinja_env.filters.update(
        shown=shown,
        t=isolated,
        prose=prose,
        blocks=blocks,
        safe_url=safe_url,
        short_ref=wording.short_ref,
        age=lambda when: wording.age(when, g.now),
        whole=wording.whole,
        number=lambda value: f"{value:,}",
        score=lambda value: f"{value:.1f}",
        change=wording.change,
        short_commit=lambda commit: (commit or "")[:7],
        md=render_markdown,
        month=wording.month,
    )
    app.jinja_env.globals.update(
        plural=wording.plural,
        stage_name=wording.stage_name,
        STAGES=wording.STAGES,
        STATUSES=wording.STATUSES,
        STATES=wording.STATES,
        time=time,
        entity_url=entity_url,
        service_url=service_url,
        services_url=services_url,
        version=version("handrail"),
    )
    # Macros need no context, so that a block rendered by itself has them too.
    app.jinja_env.globals["ui"] = app.jinja_env.get_template("parts/ui.html").module


def time(when: datetime, short: bool = False) -> Markup:
    """A moment as an age, its exact date in the title."""
    words = wording.short_age(when, g.now) if short else wording.age(when, g.now)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), wording.exact_date(when), words
    )

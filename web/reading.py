"""The database as a request sees it: one connection, opened when first asked for."""

from datetime import datetime

from flask import Flask, current_app, g
from sqlalchemy import Connection, Engine


def configure_database(app: Flask, engine: Engine) -> None:
    """Keep the engine, and close a request's connection at its end."""
    app.extensions["engine"] = engine

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        connection: Connection | None = g.pop("connection", None)
        if connection is not None:
            connection.close()


def database() -> Connection:
    """This request's connection; nothing is ever committed on it."""
    if "connection" not in g:
        g.connection = current_app.extensions["engine"].connect()
    connection: Connection = g.connection
    return connection


def scorecard() -> str:
    """The name of the scorecard that pages show."""
    return str(current_app.config["SCORECARD"])


def now() -> datetime:
    """The moment of this request."""
    moment: datetime = g.now
    return moment

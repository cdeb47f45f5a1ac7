import threading

import psycopg

from app import schema


def test_steps_are_numbered_without_a_gap():
    assert list(schema.steps()) == list(range(1, len(schema.steps()) + 1))


def test_a_step_is_applied_once(settings):
    assert schema.migrate(settings) == schema.migrate(settings) == max(schema.steps())


def test_instances_that_start_together_do_not_get_in_each_others_way(settings):
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("DROP TABLE jobs, schema_steps")
    errors = []

    def migrate():
        try:
            schema.migrate(settings)
        except psycopg.Error as error:
            errors.append(error)

    together = [threading.Thread(target=migrate) for _ in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert not errors


def test_a_step_that_fails_leaves_nothing_of_it(settings, monkeypatch):
    broken = {**schema.steps(), 9999: "CREATE TABLE half (id integer); SELECT broken"}
    monkeypatch.setattr(schema, "steps", lambda: broken)
    try:
        schema.migrate(settings)
    except psycopg.Error:
        pass
    with psycopg.connect(settings.database_url) as connection:
        (half,) = connection.execute("SELECT to_regclass('half')").fetchone()
    assert half is None

import pytest

from app.settings import Settings, WrongSetting

URLS = {"DATABASE_URL": "postgresql:///queue", "GATEWAY_URL": "http://gateway"}


def test_the_environment_overrides_defaults():
    settings = Settings.from_environment({**URLS, "PORT": "9", "LEASE": "60.5"})
    assert (settings.port, settings.lease, settings.host) == (9, 60.5, "127.0.0.1")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql:///queue"}, "GATEWAY_URL"),
        ({**URLS, "GATEWAY_URL": "gateway:80"}, "GATEWAY_URL"),
        ({**URLS, "PORT": "many"}, "PORT"),
        ({**URLS, "LEASE": "nan"}, "LEASE"),
        ({**URLS, "LEASE": "5"}, "LEASE must be at least"),
        ({**URLS, "SLOTS": "0"}, "SLOTS"),
    ],
)
def test_a_wrong_setting_is_named(environment, named):
    with pytest.raises(WrongSetting, match=named):
        Settings.from_environment(environment)

import pytest

from app.settings import Settings, WrongSetting


def test_the_environment_overrides_defaults():
    settings = Settings.from_environment({"RATES_URL": "http://rates", "PORT": "9", "RATES_TIMEOUT": "1.5"})
    assert (settings.port, settings.rates_timeout, settings.host) == (9, 1.5, "127.0.0.1")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "RATES_URL"),
        ({"RATES_URL": "rates:80"}, "RATES_URL"),
        ({"RATES_URL": "http://rates", "PORT": "many"}, "PORT"),
        ({"RATES_URL": "http://rates", "RATES_TIMEOUT": "-1"}, "RATES_TIMEOUT"),
        ({"RATES_URL": "http://rates", "RATES_TIMEOUT": "nan"}, "RATES_TIMEOUT"),
    ],
)
def test_a_wrong_setting_is_named(environment, named):
    with pytest.raises(WrongSetting, match=named):
        Settings.from_environment(environment)

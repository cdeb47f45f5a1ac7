import re
from decimal import Decimal

import pytest

from app.lifecycle import Lifecycle
from app.protection import Unavailable
from app.rates import Rate, UnknownCurrency
from app.web import create_app


class Fixed:
    """Rates that are known beforehand, or an error."""

    def __init__(self, outcome):
        self.outcome = outcome

    def rate(self, currency):
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


FRESH = Rate(Decimal("0.92"), 0.0, stale=False)


def client(outcome=FRESH, lifecycle=None):
    app = create_app(Fixed(outcome), lifecycle or Lifecycle())
    app.testing = False
    return app.test_client()


def test_a_quote():
    answer = client().get("/quote?amount=100&currency=EUR")
    assert answer.status_code == 200
    assert answer.json["quote"] == "92.00"
    assert answer.json["stale"] is False


def test_a_quote_from_a_known_rate_says_so():
    answer = client(Rate(Decimal(2), 61.0, stale=True)).get("/quote?amount=1.5&currency=EUR")
    assert (answer.json["quote"], answer.json["stale"], answer.json["rate_age_seconds"]) == ("3.00", True, 61.0)


@pytest.mark.parametrize(
    "query",
    ["", "amount=1", "amount=x&currency=EUR", "amount=-1&currency=EUR", "amount=NaN&currency=EUR"]
    + ["amount=1e13&currency=EUR", "amount=1&currency=euro", "amount=1&currency=../", f"amount={'1' * 50}&currency=EUR"],
)
def test_a_wrong_question_is_refused_with_the_reason(query):
    answer = client().get(f"/quote?{query}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert "must be" in answer.json["detail"]


@pytest.mark.parametrize(
    ("outcome", "status"), [(UnknownCurrency("XXX"), 404), (Unavailable("down"), 503), (RuntimeError("bug"), 500)]
)
def test_what_went_wrong_is_told_by_the_status(outcome, status):
    assert client(outcome).get("/quote?amount=1&currency=EUR").status_code == status


def test_an_unknown_path_is_a_problem_too():
    answer = client().get("/nothing")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_ready_until_draining_and_alive_throughout():
    lifecycle = Lifecycle()
    asking = client(lifecycle=lifecycle)
    assert (asking.get("/readyz").status_code, asking.get("/healthz").status_code) == (200, 200)
    lifecycle.drain()
    assert (asking.get("/readyz").status_code, asking.get("/healthz").status_code) == (503, 200)
    assert asking.get("/quote?amount=1&currency=EUR").status_code == 200


def test_metrics_tell_what_the_objectives_are_made_of():
    asking = client(Unavailable("down"))
    asking.get("/quote?amount=1&currency=EUR")
    text = asking.get("/metrics").text
    labels = 'method="GET",route="/quote",service="{{ cookiecutter.name }}"'
    assert f'http_requests_total{% raw %}{{code="503",{labels}}}{% endraw %}' in text
    assert f'http_request_duration_seconds_bucket{% raw %}{{le="0.5",{labels}}}{% endraw %}' in text
    assert "/healthz" not in text


def test_made_up_paths_make_no_new_metrics():
    asking = client()
    for number in range(20):
        asking.get(f"/made-up-{number}")
    assert "made-up" not in asking.get("/metrics").text


def test_who_waited_for_too_long_is_turned_away_at_once_but_probes_never():
    asking = client()
    waited = {"app.waited": 0.6}
    answer = asking.get("/quote?amount=1&currency=EUR", environ_base=waited)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert asking.get("/quote?amount=1&currency=EUR", environ_base={"app.waited": 0.4}).status_code == 200
    for path in ("/healthz", "/readyz", "/metrics"):
        assert asking.get(path, environ_base=waited).status_code == 200


def test_the_time_of_a_request_begins_with_its_arrival():
    asking = client()
    asking.get("/quote?amount=1&currency=EUR", environ_base={"app.waited": 0.3})
    text = asking.get("/metrics").text
    labels = 'method="GET",route="/quote",service="{{ cookiecutter.name }}"'
    total = re.search(rf"http_request_duration_seconds_sum{% raw %}{{{labels}}}{% endraw %} (\S+)", text)
    assert float(total[1]) >= 0.3

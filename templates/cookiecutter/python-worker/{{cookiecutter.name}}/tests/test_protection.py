import pytest

from app.protection import Breaker, RetryBudget, Unavailable, call, pause_before


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


class Flaky:
    """Fails so many times, then answers; counts its calls."""

    def __init__(self, failures, error=None):
        self.failures = failures
        self.error = error or Unavailable("down")
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return "answer"


def protected(function, breaker=None, budget=None, attempts=2):
    return call(
        function,
        breaker=breaker or Breaker(5, 5.0),
        budget=budget or RetryBudget(),
        attempts=attempts,
        sleep=lambda seconds: None,
    )


def test_a_single_failure_is_retried():
    flaky = Flaky(1)
    assert protected(flaky) == "answer"
    assert flaky.calls == 2


def test_it_gives_up_after_the_attempts():
    flaky = Flaky(9)
    with pytest.raises(Unavailable):
        protected(flaky, attempts=3)
    assert flaky.calls == 3


def test_an_answer_that_is_an_error_is_not_retried():
    flaky = Flaky(1, LookupError("no such thing"))
    with pytest.raises(LookupError):
        protected(flaky)
    assert flaky.calls == 1


def test_pauses_grow_and_are_never_longer_than_they_may():
    pauses = []
    with pytest.raises(Unavailable):
        call(
            Flaky(9),
            breaker=Breaker(50, 5.0),
            budget=RetryBudget(),
            attempts=4,
            pause=0.05,
            sleep=pauses.append,
        )
    assert [pause <= limit for pause, limit in zip(pauses, (0.1, 0.2, 0.4), strict=True)] == [True] * 3


def test_the_budget_keeps_retries_to_a_tenth_of_the_calls():
    budget = RetryBudget(share=0.1, most=10)
    down = Flaky(10_000)
    for _ in range(1000):
        with pytest.raises(Unavailable):
            protected(down, breaker=Breaker(10_000, 5.0), budget=budget)
    assert 1000 + 100 <= down.calls <= 1000 + 111


def test_the_breaker_opens_and_calls_nobody():
    clock = Clock()
    breaker = Breaker(3, 5.0, clock)
    down = Flaky(10_000)
    for _ in range(10):
        with pytest.raises(Unavailable):
            protected(down, breaker, attempts=1)
    assert breaker.open
    assert down.calls == 3


def test_an_open_breaker_lets_one_call_through_after_the_pause_and_closes_when_it_succeeds():
    clock = Clock()
    breaker = Breaker(1, 5.0, clock)
    breaker.failed()
    assert not breaker.allows()
    clock.now += 5
    assert breaker.allows()
    assert not breaker.allows(), "only the first asker may try"
    breaker.succeeded()
    assert breaker.allows()
    assert not breaker.open


def test_a_failed_trial_keeps_the_breaker_open():
    clock = Clock()
    breaker = Breaker(1, 5.0, clock)
    breaker.failed()
    clock.now += 5
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()


def test_whether_it_rests_can_be_asked_without_using_up_the_trial():
    clock = Clock()
    breaker = Breaker(1, 5.0, clock)
    assert not breaker.resting
    breaker.failed()
    assert breaker.resting
    clock.now += 5
    assert not breaker.resting
    assert not breaker.resting
    assert breaker.allows()


def test_pauses_before_another_attempt_double_up_to_the_longest_and_differ():
    assert all(2.0 <= pause_before(1, 2.0, 300.0) <= 4.0 for _ in range(50))
    assert all(150.0 <= pause_before(50, 2.0, 300.0) <= 300.0 for _ in range(50))
    assert len({pause_before(3, 2.0, 300.0) for _ in range(50)}) > 40

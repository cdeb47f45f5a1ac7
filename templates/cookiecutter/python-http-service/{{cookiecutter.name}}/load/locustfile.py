"""A surge of users, who ask for quotes; the run fails if the objectives do not hold (monitoring/slo.yaml)."""

from __future__ import annotations

from locust import HttpUser, between, events, task

MOST_FAILED = 1 - {{ cookiecutter.availability_target }}
SLOW = 500  # milliseconds
QUICK_SHARE = 0.99
FEWEST = 100  # with fewer requests it was no surge


class Buyer(HttpUser):
    wait_time = between(0.05, 0.2)

    @task(9)
    def quote(self) -> None:
        self.client.get("/quote?amount=100&currency=EUR", name="/quote")

    @task(1)
    def unknown_currency(self) -> None:
        with self.client.get("/quote?amount=1&currency=XXX", name="/quote unknown", catch_response=True) as answer:
            if answer.status_code == 404:
                answer.success()


@events.quitting.add_listener
def judge(environment, **_: object) -> None:
    total = environment.stats.total
    quick = total.get_response_time_percentile(QUICK_SHARE) or 0
    wrong = []
    if total.num_requests < FEWEST:
        wrong.append(f"only {total.num_requests} requests, fewer than {FEWEST}")
    if total.fail_ratio > MOST_FAILED:
        wrong.append(f"{total.fail_ratio:.2%} failed, more than {MOST_FAILED:.2%}")
    if quick > SLOW:
        wrong.append(f"{QUICK_SHARE:.0%} took up to {quick} ms, more than {SLOW}")
    print(f"load: {'; '.join(wrong) or f'passed, {total.num_requests} requests, {QUICK_SHARE:.0%} within {quick} ms'}")
    environment.process_exit_code = 1 if wrong else 0

import http from "k6/http";
import { check } from "k6";

export const options = {
  scenarios: { summer: { executor: "ramping-arrival-rate", startRate: 20, timeUnit: "1s", preAllocatedVUs: 200, stages: [{ target: 120, duration: "3m" }, { target: 120, duration: "5m" }] } },
  thresholds: { http_req_failed: ["rate<0.001"], http_req_duration: ["p(99)<800"] },
};

export default function () {
  const answer = http.post(`${__ENV.TARGET}/charges`, JSON.stringify({ booking: "T-1", amount: 1250 }), { headers: { "Content-Type": "application/json" } });
  check(answer, { answered: (r) => r.status === 201 });
}

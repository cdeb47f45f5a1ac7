#!/bin/sh
# Serves the sample organisation on this machine, lets many users ask for its pages at once, and fails where one
# page in a hundred takes longer than HANDRAIL_SURGE_P99 milliseconds or any is not answered well.
# Needs handrail, Node's npx, curl and jq. Usage: surge.sh [FOLDER]
set -eu
home=${1:-$(mktemp -d)}
port=${HANDRAIL_SURGE_PORT:-18080}
mkdir -p "$home"
handrail demo --folder "$home/demo" --port "$port" >"$home/demo.log" 2>&1 &
server=$!
trap 'kill "$server"' EXIT
curl --silent --fail --output /dev/null --retry 60 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/readyz"
for page in / /services /api/v1/services; do
  npx --yes autocannon@8.0.0 --connections 10 --duration "${HANDRAIL_SURGE_SECONDS:-10}" --json \
    "http://127.0.0.1:$port$page" >"$home/surge.json" 2>"$home/surge.log"
  jq --compact-output --arg page "$page" '{page: $page, requests: .requests.total, p99: .latency.p99, errors, timeouts, non2xx}' "$home/surge.json"
  jq --exit-status --argjson p99 "${HANDRAIL_SURGE_P99:-2000}" \
    '.errors == 0 and .timeouts == 0 and .non2xx == 0 and .requests.total > 0 and .latency.p99 <= $p99' "$home/surge.json" >"$home/held"
done

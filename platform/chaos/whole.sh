#!/bin/sh
# Succeeds where the catalog in $1 lists every service of the sample organisation, after one more crawl.
set -eu
database="sqlite:///$1/handrail.db"
[ -d "$1/repositories" ] || handrail demo --folder "$1" --no-serve
handrail crawl "$1/repositories" --db "$database" >"$1/crawl.log"
handrail services --db "$database" --format json >"$1/services.json"
python3 -c 'import json, sys; sys.exit(len(json.load(open(sys.argv[1]))["services"]) < 15)' "$1/services.json"

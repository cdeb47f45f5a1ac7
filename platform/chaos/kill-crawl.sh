#!/bin/sh
# Makes every repository in $1 one commit newer, starts a crawl of them all and kills it in the middle.
set -eu
for git in "$1"/repositories/*/.git; do
  repository=${git%/.git}
  git -C "$repository" rev-parse -q --verify HEAD >/dev/null || continue
  git -C "$repository" -c user.name=chaos -c user.email=chaos@localhost.invalid commit -q --allow-empty -m "Chaos"
done
setsid handrail crawl "$1/repositories" --db "sqlite:///$1/handrail.db" >"$1/killed.log" 2>&1 &
crawl=$!
sleep "${HANDRAIL_CHAOS_AFTER:-0.8}"
kill -KILL "-$crawl" 2>/dev/null || kill -KILL "$crawl" 2>/dev/null || echo "the crawl had already ended"

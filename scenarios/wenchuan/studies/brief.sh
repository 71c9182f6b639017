#!/usr/bin/env bash
# What to know of a programme before it is decided: brief.sh OUT. Needs allot and jq.
set -euo pipefail
out=$(realpath -m "${1:?the folder of results}")
cd "$(dirname "$0")"
allot check ..
# Which loss, and which rule, moves covered need most?
allot sweep stress.toml --quiet --plots --out "$out/stress"
jq -r '.effects[] | [.parameter, .least[1], .most[1], .without] | @csv' "$out/stress/summary.json" > "$out/stress.csv"
# Which lines does every plan of the stress test fund?
jq -r '((.by_status.optimal // 0) + (.by_status.feasible // 0)) as $plans
    | .lines[] | select(.points == $plans) | .line | @csv' "$out/stress/summary.json" > "$out/always.csv"
# How many lines are enough? The plan at the knee of the front, audited by the policy.
allot sweep front.toml --quiet --plots --out "$out/front"
knee=$(jq .front.knee "$out/front/summary.json")
allot runs show "$out/front" "$knee" | jq -r .plan_csv > "$out/knee.csv"
allot audit .. --plan "$out/knee.csv" --format csv > "$out/knee-rules.csv"
echo "$(wc -l < "$out/always.csv") lines are funded whatever happens; the knee is point $knee: see $out"

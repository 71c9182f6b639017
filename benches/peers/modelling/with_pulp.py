"""The model in PuLP."""

from collections import defaultdict
from pathlib import Path

import highspy
import pulp
from pulp import LpBinary, LpMaximize, LpProblem, LpVariable, lpSum

from .handing import read_file
from .programme import SEGMENTS, Programme


def build(programme: Programme) -> LpProblem:
    """From tables to an LpProblem."""
    policy, years = programme.policy, programme.years
    lines = list(programme.lines.itertuples())
    sites = list(programme.sites.itertuples())
    needs = list(programme.needs.itertuples())
    by = {name: defaultdict(list) for name in ("province", "site", "region", "need", "link")}
    for line in lines:
        for name, members in by.items():
            members[getattr(line, name)].append(line)
    problem = LpProblem("allocation", LpMaximize)

    x = {(l.Index, t): LpVariable(f"x_{l.Index}_{t}", 0, l.most_a_year) for l in lines for t in years}
    total = {l.Index: LpVariable(f"total_{l.Index}", 0, l.most) for l in lines}
    is_open = LpVariable.dicts("open", [l.Index for l in lines], cat=LpBinary)
    focus = LpVariable.dicts("focus", [s.Index for s in sites], cat=LpBinary)
    focus_money = {s.Index: LpVariable(f"focus_money_{s.Index}", 0, s.most) for s in sites}
    covered = {
        (n.Index, q): LpVariable(f"covered_{n.Index}_{q}", 0, n.amount * width)
        for n in needs
        for q, (width, _) in SEGMENTS.items()
    }
    problem += lpSum(
        n.weight * value * covered[n.Index, q] for n in needs for q, (_, value) in SEGMENTS.items()
    )
    for line in lines:
        l = line.Index
        problem += lpSum(x[l, t] for t in years) == total[l]
        problem += total[l] <= line.most * is_open[l]
        problem += total[l] >= policy.ticket * is_open[l]
        if line.excluded:
            problem += total[l] <= 0
    for province in programme.provinces.itertuples():
        own = by["province"][province.Index]
        for t in years:
            problem += lpSum(x[l.Index, t] for l in own) <= province.capacity
        problem += lpSum((l.livelihood - policy.livelihood_share) * total[l.Index] for l in own) >= 0
    for p in programme.crowded_provinces:
        problem += lpSum(is_open[l.Index] for l in by["province"][p]) <= policy.lines_per_province

    active: dict[int, LpVariable] = {}
    for s in programme.crowded_sites:
        links = [link for link in programme.links.index[programme.links.site == s]]
        for link in links:
            active[link] = LpVariable(f"active_{link}", cat=LpBinary)
            for l in by["link"][link]:
                problem += is_open[l.Index] <= active[link]
        problem += lpSum(active[link] for link in links) <= policy.provinces_per_site

    for site in sites:
        s, here = site.Index, by["site"][site.Index]
        for t in years:
            problem += lpSum(x[l.Index, t] for l in here) <= site.absorption
        problem += focus_money[s] <= lpSum(total[l.Index] for l in here)
        problem += focus_money[s] <= site.most * focus[s]
    problem += lpSum(focus.values()) <= policy.focus_sites
    problem += lpSum(focus_money.values()) >= policy.focus_share * lpSum(total.values())
    for here in by["region"].values():
        problem += lpSum(total[l.Index] for l in here) >= policy.region_floor
    key = [l.Index for l in lines if l.key]
    problem += lpSum(x[l, years[0]] for l in key) >= policy.first_year_share * lpSum(total[l] for l in key)

    for need in needs:
        n, here = need.Index, by["need"][need.Index]
        effect = lpSum(l.effectiveness * total[l.Index] for l in here)
        funded = lpSum(is_open[l.Index] for l in here)
        problem += effect <= need.amount
        problem += lpSum(covered[n, q] for q in SEGMENTS) <= effect
        for q, (width, _) in SEGMENTS.items():
            problem += covered[n, q] <= need.amount * width * funded
    return problem


def to_highs(problem: LpProblem, scratch: Path) -> highspy.Highs:
    """For the check."""
    path = scratch / "model.mps"
    problem.writeMPS(str(path), mpsSense=pulp.LpMinimize)
    return read_file(path)


VERSION = f"PuLP {pulp.__version__}"

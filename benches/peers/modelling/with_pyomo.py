"""The model in Pyomo."""

from collections import defaultdict
from pathlib import Path

import highspy
import pyomo.environ as pyo
from pyomo.version import version

from .handing import read_file
from .programme import SEGMENTS, Programme


def build(programme: Programme) -> pyo.ConcreteModel:
    """From tables to a ConcreteModel."""
    policy, years = programme.policy, programme.years
    line = {row.Index: row for row in programme.lines.itertuples()}
    site = {row.Index: row for row in programme.sites.itertuples()}
    need = {row.Index: row for row in programme.needs.itertuples()}
    capacity = programme.provinces.capacity.to_dict()
    members = {name: defaultdict(list) for name in ("province", "site", "region", "need")}
    for l, row in line.items():
        for name, groups in members.items():
            groups[getattr(row, name)].append(l)
    width = {(n, q): row.amount * SEGMENTS[q][0] for n, row in need.items() for q in SEGMENTS}

    m = pyo.ConcreteModel()
    m.years = pyo.Set(initialize=years)
    m.lines = pyo.Set(initialize=list(line))
    m.provinces = pyo.Set(initialize=list(capacity))
    m.sites = pyo.Set(initialize=list(site))
    m.regions = pyo.Set(initialize=list(members["region"]))
    m.needs = pyo.Set(initialize=list(need))
    m.segments = pyo.Set(initialize=list(SEGMENTS))
    m.excluded = pyo.Set(initialize=[l for l, row in line.items() if row.excluded])

    m.x = pyo.Var(m.lines, m.years, bounds=lambda m, l, t: (0, line[l].most_a_year))
    m.total = pyo.Var(m.lines, bounds=lambda m, l: (0, line[l].most))
    m.open = pyo.Var(m.lines, domain=pyo.Binary)
    m.focus = pyo.Var(m.sites, domain=pyo.Binary)
    m.focus_money = pyo.Var(m.sites, bounds=lambda m, s: (0, site[s].most))
    m.covered = pyo.Var(m.needs, m.segments, bounds=lambda m, n, q: (0, width[n, q]))

    m.coverage = pyo.Objective(
        expr=pyo.quicksum(need[n].weight * SEGMENTS[q][1] * m.covered[n, q] for n in m.needs for q in m.segments),
        sense=pyo.maximize,
    )
    m.adds_up = pyo.Constraint(
        m.lines, rule=lambda m, l: pyo.quicksum(m.x[l, t] for t in m.years) == m.total[l]
    )
    m.needs_line = pyo.Constraint(m.lines, rule=lambda m, l: m.total[l] <= line[l].most * m.open[l])
    m.ticket = pyo.Constraint(m.lines, rule=lambda m, l: m.total[l] >= policy.ticket * m.open[l])
    m.exclusion = pyo.Constraint(m.excluded, rule=lambda m, l: m.total[l] <= 0)
    m.budget = pyo.Constraint(
        m.provinces,
        m.years,
        rule=lambda m, p, t: pyo.quicksum(m.x[l, t] for l in members["province"][p]) <= capacity[p],
    )
    m.livelihood = pyo.Constraint(
        m.provinces,
        rule=lambda m, p: pyo.quicksum(
            (line[l].livelihood - policy.livelihood_share) * m.total[l] for l in members["province"][p]
        )
        >= 0,
    )
    m.crowded_provinces = pyo.Set(initialize=programme.crowded_provinces)
    m.few_lines = pyo.Constraint(
        m.crowded_provinces,
        rule=lambda m, p: pyo.quicksum(m.open[l] for l in members["province"][p]) <= policy.lines_per_province,
    )
    add_links(m, programme, line)
    m.absorption = pyo.Constraint(
        m.sites,
        m.years,
        rule=lambda m, s, t: pyo.quicksum(m.x[l, t] for l in members["site"][s]) <= site[s].absorption,
    )
    m.focus_paid = pyo.Constraint(
        m.sites, rule=lambda m, s: m.focus_money[s] <= pyo.quicksum(m.total[l] for l in members["site"][s])
    )
    m.focus_chosen = pyo.Constraint(m.sites, rule=lambda m, s: m.focus_money[s] <= site[s].most * m.focus[s])
    m.focus_number = pyo.Constraint(expr=pyo.quicksum(m.focus[s] for s in m.sites) <= policy.focus_sites)
    m.focus_share = pyo.Constraint(
        expr=pyo.quicksum(m.focus_money[s] for s in m.sites)
        >= pyo.quicksum(policy.focus_share * m.total[l] for l in m.lines)
    )
    m.region_floor = pyo.Constraint(
        m.regions,
        rule=lambda m, r: pyo.quicksum(m.total[l] for l in members["region"][r]) >= policy.region_floor,
    )
    key = [l for l, row in line.items() if row.key]
    m.key_first = pyo.Constraint(
        expr=pyo.quicksum(m.x[l, years[0]] for l in key)
        >= pyo.quicksum(policy.first_year_share * m.total[l] for l in key)
    )
    effect = {
        n: pyo.quicksum(line[l].effectiveness * m.total[l] for l in members["need"][n]) for n in need
    }
    m.need_cap = pyo.Constraint(m.needs, rule=lambda m, n: effect[n] <= need[n].amount)
    m.covered_by = pyo.Constraint(
        m.needs, rule=lambda m, n: pyo.quicksum(m.covered[n, q] for q in m.segments) <= effect[n]
    )
    m.segment_needs_line = pyo.Constraint(
        m.needs,
        m.segments,
        rule=lambda m, n, q: m.covered[n, q] <= pyo.quicksum(width[n, q] * m.open[l] for l in members["need"][n]),
    )
    return m


def add_links(m: pyo.ConcreteModel, programme: Programme, line: dict[int, object]) -> None:
    """Few provinces at a site, where more could fund it."""
    crowded = set(programme.crowded_sites)
    links_of = defaultdict(list)
    for link in programme.links.itertuples():
        if link.site in crowded:
            links_of[link.site].append(link.Index)
    m.links = pyo.Set(initialize=[link for links in links_of.values() for link in links])
    m.used = pyo.Var(m.links, domain=pyo.Binary)
    m.crowded_sites = pyo.Set(initialize=list(links_of))
    m.crowded_lines = pyo.Set(initialize=[l for l, row in line.items() if row.site in crowded])
    m.line_needs_link = pyo.Constraint(m.crowded_lines, rule=lambda m, l: m.open[l] <= m.used[line[l].link])
    m.few_provinces = pyo.Constraint(
        m.crowded_sites,
        rule=lambda m, s: pyo.quicksum(m.used[link] for link in links_of[s])
        <= programme.policy.provinces_per_site,
    )


def to_highs(model: pyo.ConcreteModel, scratch: Path) -> highspy.Highs:
    """For the check."""
    path = scratch / "model.lp"
    model.write(str(path))
    return read_file(path)


VERSION = f"Pyomo {version}"

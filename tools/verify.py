#!/usr/bin/env python3
"""Verifies a plan of `allot solve` from plan.csv (and talent.csv), input.json and certificate.json: a second
implementation of `allot verify`, to be read in one sitting. Python 3.9, standard library only; whole numbers throughout.

    python3 tools/verify.py DIR        exit code 0: certified, 6: not certified

What is proved, and how, is told in docs/certificate.md. To be read in this order:

    1. The programme    members by position, candidate lines, people; a plan on them
    2. Selections       which lines a rule looks at
    3. The rules        each as linear limits, or as a function that says by how much a plan falls short
    4. The stages       what a plan is worth
    5. The bound        multipliers price the limits; what is left of each site is small, and solved exactly
    6. The verdict      the files together

Money is counted in units, shares and effectiveness in millionths (MICRO), multipliers in 10^-12 (PICO), their
products, the values, in 10^-18.
"""

import csv
import hashlib
import io
import json
import sys
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import gcd
from pathlib import Path

MICRO = 10**6
PICO = 10**12
MOST_SETS, MOST_CHOICES, MOST_GATES, MOST_TEAMS = 4096, 12, 6, 10  # with more, the bound is taken wider


class Wrong(Exception):
    """Why a plan is not certified."""


def up(number, by):
    return -(-number // by)


def micro(number):
    """A decimal number of a policy in millionths."""
    return int(Decimal(number) * MICRO)


def decimal(atto, round_up):
    number = up(atto, PICO) if round_up else atto // PICO
    return f"{'-' if number < 0 else ''}{abs(number) // MICRO}.{abs(number) % MICRO:06}"


# 1. The programme.


class Programme:
    def __init__(self, data):
        self.data, self.years = data, data["years"]
        self.provinces, self.sites, self.sectors = data["provinces"], data["sites"], data["sectors"]
        self.p, self.s, self.k = (self.index(data[t]) for t in ("provinces", "sites", "sectors"))
        self.needs, self.links = data["needs"], data["links"]
        self.needs_at = [[] for _ in self.sites]
        self.links_at = [[] for _ in self.sites]
        for n, need in enumerate(self.needs):
            self.needs_at[self.s[need["site"]]].append(n)
        self.lines, self.of_link, self.line = [], [], {}  # a line: (link, province, site, sector, need)
        for l, link in enumerate(self.links):
            p, s = self.p[link["province"]], self.s[link["site"]]
            self.links_at[s].append(l)
            first = len(self.lines)
            for n in self.needs_at[s]:
                k = self.k[self.needs[n]["sector"]]
                if (p, s, k) in self.line:
                    raise Wrong("input.json: a pairing or a need is there twice")
                self.line[p, s, k] = len(self.lines)
                self.lines.append((l, p, s, k, n))
            self.of_link.append(range(first, len(self.lines)))
        self.effect = [self.links[line[0]]["effectiveness"] for line in self.lines]
        self.groups, self.posts = data["secondees"], data["posts"]
        self.index(self.groups), self.index(self.posts)
        self.candidates = []  # (secondees, posts, fit in millionths, most persons)
        paired = {(link["province"], link["site"]) for link in self.links}
        for g, group in enumerate(self.groups):
            for j, posts in enumerate(self.posts):
                fit = self.fit(group, posts) if (group["province"], posts["site"]) in paired else 0
                if fit > 0:
                    most = min(group["number"], posts["number"] * MICRO // group["full_time"])
                    self.candidates.append((g, j, fit, most))
        # Province, site and the posts' profession of each candidate.
        self.team = [(self.p[self.groups[g]["province"]], self.s[self.posts[j]["site"]], self.posts[j]["profession"])
                     for g, j, _, _ in self.candidates]
        self.teams = {team: number for number, team in enumerate(dict.fromkeys(self.team))}
        self.last = [0] * len(self.lines)
        for c in data["commitments"]:
            self.last[self.find(c["province"], c["site"], c["sector"])] += c["amount"]

    @staticmethod
    def index(members):
        index = {member["id"]: position for position, member in enumerate(members)}
        if len(index) != len(members):
            raise Wrong("input.json: an id is there twice")
        return index

    def find(self, province, site, sector):
        try:
            return self.line[self.p[province], self.s[site], self.k[sector]]
        except KeyError:
            raise Wrong(f"{province} may not fund {sector} at {site}") from None

    def names(self, line):
        _, p, s, k, _ = self.lines[line]
        return (self.provinces[p]["id"], self.sites[s]["id"], self.sectors[k]["id"])

    def fit(self, group, posts):
        """How well a group fills posts: profession, less what each missing grade loses; to the nearest millionth."""
        asked = next(own for own in self.data["professions"] if own["id"] == posts["profession"])
        if group["months"] < posts["months"] or group["full_time"] < posts["full_time"]:
            return 0
        fit = MICRO if group["profession"] == asked["id"] else dict(asked["substitutes"]).get(group["profession"], 0)
        left = max(MICRO - asked["grade_loss"] * max(posts["grade"] - group["grade"], 0), 0)
        return (fit * left + MICRO // 2) // MICRO

    def clusters(self):
        """All maximal sets of sites that are all neighbours (Bron and Kerbosch, 1973, with a pivot)."""
        near, found = [set() for _ in self.sites], []
        for a, b in self.data["neighbours"] or []:
            near[self.s[a]].add(self.s[b])
            near[self.s[b]].add(self.s[a])

        def extend(chosen, some, done):
            if not some and not done:
                found.append(sorted(chosen))
                return
            pivot = max(some | done, key=lambda site: len(near[site] & some))
            for site in some - near[pivot]:
                extend(chosen | {site}, some & near[site], done & near[site])
                some, done = some - {site}, done | {site}

        if self.data["neighbours"] is not None:
            extend(set(), set(range(len(self.sites))), set())
        return found

    def read_people(self, text):
        """Persons of each candidate."""
        rows, place = csv.reader(io.StringIO(text)), {}
        if next(rows, [])[:3] != ["secondees_id", "posts_id", "number"]:
            raise Wrong("talent.csv: the columns are not those of people")
        names = {(self.groups[g]["id"], self.posts[j]["id"]): at for at, (g, j, _, _) in enumerate(self.candidates)}
        for row in rows:
            at = names.get(tuple(row[:2]))
            if at is None or at in place or not row[2].isdecimal() or int(row[2]) == 0:
                raise Wrong(f"talent.csv:{rows.line_num}: not a whole number of people who may be placed there")
            place[at] = int(row[2])
        return [place.get(at, 0) for at in range(len(self.candidates))]

    def read_plan(self, text):
        """Money by line and year."""
        rows = csv.reader(io.StringIO(text))
        if next(rows, None) != ["province_id", "site_id", "sector_id", "year", "amount"]:
            raise Wrong("plan.csv: the columns are not those of a plan")
        cells = {}
        for row in rows:
            if len(row) != 5 or not row[4].isdecimal() or int(row[4]) == 0 or int(row[3]) not in self.years:
                raise Wrong(f"plan.csv:{rows.line_num}: not a whole amount on a line in a year")
            key = self.find(*row[:3]), self.years.index(int(row[3]))
            if key in cells:
                raise Wrong(f"plan.csv:{rows.line_num}: the line and year are there twice")
            cells[key] = int(row[4])
        return cells


class Plan:
    """A plan's numbers. What limits add up is named so: money of a line ("total", line), and in a year ("cell", line,
    year); whether it is ("open", line), and its pairing ("link", link); whether any of some lines of a site is ("built",
    site, lines); persons ("person", candidate), and whether any of a team is there ("team", team)."""

    def __init__(self, prog, cells, placed):
        self.prog, self.cells, self.placed = prog, cells, placed
        self.totals = [0] * len(prog.lines)
        for (line, _), amount in cells.items():
            self.totals[line] += amount

    def __getitem__(self, key):
        kind, at = key[0], key[1]
        if kind == "cell":
            return self.cells.get(key[1:], 0)
        if kind == "total":
            return self.totals[at]
        if kind == "person":
            return self.placed[at]
        if kind == "team":
            return int(any(n for n, team in zip(self.placed, self.prog.team) if self.prog.teams[team] == at))
        lines = {"open": lambda: (at,), "link": lambda: self.prog.of_link[at], "built": lambda: key[2]}[kind]()
        return int(any(self.totals[line] for line in lines))


# 2. Selections.


class Mask:
    def __init__(self, prog, selection):
        parent = {i["id"]: i["parent"] for i in prog.data["industries"]}

        def wanted(kind, names, groups=()):
            ids, own = selection.get(kind + "s", []), selection.get(kind + "_groups", [])
            return (not ids and not own) or names in ids or any(g in own for g in groups)

        industries = selection.get("industries", [])
        self.members = [
            [wanted("province", p["id"], p["groups"]) for p in prog.provinces],
            [wanted("site", s["id"], s["groups"]) and wanted("region", s["region"]) and wanted("level", s["level"])
             for s in prog.sites],
            [wanted("sector", k["id"], k["groups"])
             and (not industries or any(i in industries for i in (k["industry"], parent.get(k["industry"])) if i))
             for k in prog.sectors],
        ]
        out = self.out = Mask(prog, selection["except"]) if selection.get("except") else None
        if out and not out.out:  # a member of which nothing is left is not selected at all
            covered = [all(o or not m for m, o in zip(mine, theirs))
                       for mine, theirs in zip(self.members, out.members)]
            for kind in range(3):
                if all(covered[other] for other in range(3) if other != kind):
                    self.members[kind] = [m and not o for m, o in zip(self.members[kind], out.members[kind])]
                    # What was covered stays so: the other kinds are looked at as they were.

    def has(self, line):
        return self.has_need(line[2], line[3], line[1])

    def has_need(self, site, sector, province=None):
        return ((province is None or self.members[0][province]) and self.members[1][site]
                and self.members[2][sector] and not (self.out and self.out.has_need(site, sector, province)))


class Parts:
    """A selection, split by province, site, region, level or sector: ids of the parts, and whose is what."""

    def __init__(self, prog, selection, per):
        self.mask, self.per = Mask(prog, selection), per
        labels = {
            "all": [],
            "province": [p["id"] for p in prog.provinces],
            "sector": [k["id"] for k in prog.sectors],
            "site": [s["id"] for s in prog.sites],
            "region": [s["region"] for s in prog.sites],
            "level": [s["level"] for s in prog.sites],
        }[per]
        chosen = self.mask.members[{"province": 0, "sector": 2}.get(per, 1)]
        names = sorted({label for label, has in zip(labels, chosen) if has}, key=lambda n: n.encode())
        position = {name: at for at, name in enumerate(names)}
        self.part_of = [position[label] if has else None for label, has in zip(labels, chosen)]
        self.scopes = [()] if per == "all" else [(name,) for name in names]

    def member(self, province, site, sector):
        if self.per == "all":
            return 0
        return self.part_of[{"province": province, "sector": sector}.get(self.per, site)]

    def part(self, line):
        return self.member(line[1], line[2], line[3]) if self.mask.has(line) else None

    def part_of_need(self, site, sector):
        return self.member(0, site, sector) if self.mask.has_need(site, sector) else None

    def part_of_link(self, province, site):
        def has(mask):
            return mask.members[0][province] and mask.members[1][site] and not (mask.out and has(mask.out))

        return self.member(province, site, 0) if self.per != "sector" and has(self.mask) else None

    def part_of_site(self, site):
        if self.per == "all":
            return 0 if self.mask.members[1][site] else None
        return self.part_of[site] if self.per in ("site", "region", "level") else None

    def lines(self, prog):
        parts = [[] for _ in self.scopes]
        for at, line in enumerate(prog.lines):
            part = self.part(line)
            if part is not None:
                parts[part].append(at)
        return parts


# 3. The rules: linear limits as rows (ids, part, terms with coefficients in millionths, at least?, limit in millionths),
# and the others by a function of a plan. A kind that is not here is not known.


class Rule:
    def __init__(self, prog, data):
        self.prog, self.id, self.kind, self.penalty = prog, data["id"], data["kind"], data["penalty"]
        self.par, self.rows, self.beside = data["parameters"], [], None
        self.known = hasattr(self, "read_" + self.kind)
        self.ticket = self.focus = self.floors = None
        self.together, self.crews = [], []  # clusters with a minimum of money; teams with one of persons
        if self.known:
            getattr(self, "read_" + self.kind)()

    def parts(self, per, key="select"):
        return Parts(self.prog, self.par.get(key, {}), per)

    def person(self, amount):
        return up(micro(amount) * self.prog.data["amounts_in"], self.prog.data["unit"])

    def units(self, amount):
        return up(self.person(amount), MICRO)

    def row(self, of, terms, limit, at_least=False, part=""):
        self.rows.append((tuple(of), part, terms, at_least, limit))

    def money(self, of, lines, limit, at_least=False):
        self.row(of, [(("total", line), MICRO) for line in lines], limit, at_least)

    def read_province_budget(self):
        def short(plan):
            prog = self.prog
            spent = [[0] * len(prog.years) for _ in prog.provinces]
            for (line, year), amount in plan.cells.items():
                spent[prog.lines[line][1]][year] += amount
            for province, paid in zip(prog.provinces, spent):
                carried = 0
                for year, amount in enumerate(paid):
                    rest = province["budget"][year] + carried - amount
                    yield (province["id"], str(prog.years[year])), -rest * MICRO
                    carried = max(rest, 0) * province["carry_over"] // MICRO

        self.beside = short

    def read_budget_use(self):
        for (name,) in self.parts("province").scopes:
            p = self.prog.p[name]
            least = up(sum(self.prog.provinces[p]["budget"]) * micro(self.par["share"]), MICRO) * MICRO
            self.money((name,), [at for at, line in enumerate(self.prog.lines) if line[1] == p], least, True)

    def read_sector_capacity(self):
        for most in self.prog.data["sector_capacity"]:
            key = self.prog.p[most["province"]], self.prog.k[most["sector"]]
            lines = [at for at, line in enumerate(self.prog.lines) if (line[1], line[3]) == key]
            self.money((most["province"], most["sector"]), lines, most["amount"] * MICRO)

    def read_absorption(self):
        for s, site in enumerate(self.prog.sites):
            lines = [line for link in self.prog.links_at[s] for line in self.prog.of_link[link]]
            for year, most in enumerate(site["absorption"]):
                if most is not None:
                    of = (site["id"], str(self.prog.years[year]))
                    self.row(of, [(("cell", line, year), MICRO) for line in lines], most * MICRO)

    def read_minimum_ticket(self):
        prog, mask, of = self.prog, Mask(self.prog, self.par.get("select", {})), self.par.get("of", "line")
        by_sector = self.par.get("by_sector", {}) if of != "link" else {}
        amounts = [self.units(by_sector.get(k["id"], self.par["amount"])) for k in prog.sectors]
        least = [amounts[line[3]] if mask.has(line) else 0 for line in prog.lines]
        if of == "line":
            self.ticket = least

        def short(plan):
            if of == "line":
                yield from ((prog.names(l), (least[l] - t) * MICRO) for l, t in enumerate(plan.totals) if t)
            elif of == "line_year":
                yield from ((prog.names(l), (least[l] - a) * MICRO) for (l, _), a in plan.cells.items())
            else:
                for lines, link in zip(prog.of_link, prog.links):
                    paid = sum(plan.totals[line] for line in lines if mask.has(prog.lines[line]))
                    if paid:
                        yield (link["province"], link["site"]), (self.units(self.par["amount"]) - paid) * MICRO

        self.beside = short

    def read_maximum_lines(self):
        parts = self.parts(self.par.get("per", "all"))
        for of, lines in zip(parts.scopes, parts.lines(self.prog)):
            self.row(of, [(("open", line), MICRO) for line in lines], self.par["number"] * MICRO)

    def maximum_links(self, end):
        for of in self.parts(end).scopes:
            links = [(("link", l), MICRO) for l, link in enumerate(self.prog.links) if link[end] == of[0]]
            self.row(of, links, self.par["number"] * MICRO)

    def read_maximum_provinces_per_site(self):
        self.maximum_links("site")

    def read_maximum_sites_per_province(self):
        self.maximum_links("province")

    def read_maximum_sectors_per_site(self):
        parts = self.parts("site")

        def short(plan):
            found = [set() for _ in parts.scopes]
            for line, total in zip(self.prog.lines, plan.totals):
                if total and parts.part(line) is not None:
                    found[parts.part(line)].add(line[3])
            yield from ((of, (len(f) - self.par["number"]) * MICRO) for of, f in zip(parts.scopes, found))

        self.beside = short

    def read_focus_share(self):
        mask, inside, out = Mask(self.prog, self.par.get("select", {})), self.par.get("fixed_in", []), \
            self.par.get("fixed_out", [])
        sites = [site["id"] for site in self.prog.sites]
        fixed, may = [s in inside and s not in out for s in sites], [s not in out for s in sites]
        counts = [mask.has(line) for line in self.prog.lines]
        share, number = micro(self.par["share"]), self.par["number"]
        self.focus = (number - sum(fixed), share, fixed, may, counts)

        def short(plan):
            money = [0] * len(sites)
            for line, total, has in zip(self.prog.lines, plan.totals, counts):
                money[line[2]] += total if has else 0
            others = sorted((m for m, f, y in zip(money, fixed, may) if y and not f), reverse=True)
            best = sum(m for m, f in zip(money, fixed) if f) + sum(others[: max(number - sum(fixed), 0)])
            yield (), sum(money) * share - best * MICRO

        self.beside = short

    def read_dominance_cap(self):
        parts = self.parts(self.par.get("of", "site"))

        def short(plan):
            money = [sum(plan.totals[line] for line in lines) for lines in parts.lines(self.prog)]
            most = sum(sorted(money, reverse=True)[: self.par["number"]])
            yield (), most * MICRO - sum(money) * micro(self.par["share"])

        self.beside = short

    def read_group_share(self):
        group, parts = Mask(self.prog, self.par["group"]), self.parts(self.par.get("per", "all"), "of")
        for of, lines in zip(parts.scopes, parts.lines(self.prog)):
            for key, part in (("min", "lower"), ("max", "upper")):
                if key in self.par:
                    share = micro(self.par[key])
                    terms = [(("total", l), MICRO * group.has(self.prog.lines[l]) - share) for l in lines]
                    self.row(of, terms, 0, part == "lower", part)

    def read_need_cap(self):
        share, lines = micro(self.par.get("share", 1)), [[] for _ in self.prog.needs]
        for at, line in enumerate(self.prog.lines):
            lines[line[4]].append(at)
        for need, own in zip(self.prog.needs, lines):
            of, effect = (need["site"], need["sector"]), self.prog.effect
            self.row(of, [(("total", l), effect[l]) for l in own], need["amount"] * share)
            for year, amount in enumerate(need["by_year"] or [] if self.par.get("by_year") else []):
                cells = [(("cell", l, year), effect[l]) for l in own]
                self.row(of + (str(self.prog.years[year]),), cells, amount * share)

    def read_need_floor(self):
        parts, prog = self.parts(self.par.get("per", "all")), self.prog
        needs = [[] for _ in parts.scopes]
        for n, need in enumerate(prog.needs):
            part = parts.part_of_need(prog.s[need["site"]], prog.k[need["sector"]])
            if part is not None:
                needs[part].append(n)
        share = micro(self.par["share"])
        self.floors = [(of, own, sum(prog.needs[n]["amount"] for n in own) * share)
                       for of, own in zip(parts.scopes, needs) if own]

        def short(plan):
            met = [min(c, need["amount"] * MICRO) for c, need in zip(covered(plan), prog.needs)]
            yield from ((of, least - sum(met[n] for n in own)) for of, own, least in self.floors)

        self.beside = short

    def read_region_floor(self):
        parts, by_region = self.parts("region"), self.par.get("by_region", {})
        for of, lines in zip(parts.scopes, parts.lines(self.prog)):
            self.money(of, lines, self.units(by_region.get(of[0], self.par.get("amount", 0))) * MICRO, True)

    def read_per_capita_floor(self):
        parts, prog = self.parts(self.par.get("per", "site")), self.prog
        people, lines = [0] * len(parts.scopes), [[] for _ in parts.scopes]
        for s, site in enumerate(prog.sites):
            part = parts.part_of_site(s)
            if site["population"] is not None and part is not None:
                people[part] += site["population"]
                own = (line for link in prog.links_at[s] for line in prog.of_link[link])
                lines[part] += [line for line in own if parts.mask.has(prog.lines[line])]
        for of, persons, own in zip(parts.scopes, people, lines):
            if persons:
                self.money(of, own, self.person(self.par["amount"]) * persons, True)

    def read_equity_band(self):
        parts, prog = self.parts("site"), self.prog
        sites = [(prog.s[of[0]], prog.sites[prog.s[of[0]]]["population"]) for of in parts.scopes]
        sites = [(s, persons) for s, persons in sites if persons]

        def short(plan):
            money = [0] * len(prog.sites)
            for line, total in zip(prog.lines, plan.totals):
                money[line[2]] += total if parts.mask.has(line) else 0
            everything, people = sum(money[s] for s, _ in sites), sum(persons for _, persons in sites)
            for s, persons in sites:
                for key, sign in (("below", 1), ("above", -1)):
                    if key in self.par:
                        factor = max(MICRO - sign * micro(self.par[key]), 0)
                        by = everything * persons * factor - money[s] * people * MICRO
                        yield (prog.sites[s]["id"],), up(sign * by, people)

        self.beside = short

    def read_phasing(self):
        parts, years = self.parts(self.par.get("per", "all")), self.prog.years
        for of, lines in zip(parts.scopes, parts.lines(self.prog)):
            for until, share in enumerate(self.par["path"][: len(years)]):
                terms = [(("cell", l, y), MICRO * (y <= until) - micro(share)) for l in lines for y in range(len(years))]
                self.row(of + (str(years[until]),), terms, 0, True)

    def read_ramp(self):
        per = self.par.get("of", "site")
        parts = self.parts("all" if per == "line" else per)
        groups = list(zip(parts.scopes, parts.lines(self.prog)))
        if per == "line":
            groups = [(self.prog.names(line), [line]) for line in groups[0][1]]
        for of, lines in groups:
            for year in range(1, len(self.prog.years)):
                for key, part, sign in (("down", "lower", -1), ("up", "upper", 1)):
                    if key in self.par:
                        factor = max(MICRO + sign * micro(self.par[key]), 0)
                        terms = [(("cell", l, y), a) for l in lines for y, a in ((year, MICRO), (year - 1, -factor))]
                        self.row(of + (str(self.prog.years[year]),), terms, 0, part == "lower", part)

    def read_continuity(self):
        prog, kept = self.prog, {}
        for c in prog.data["commitments"]:
            key = prog.find(c["province"], c["site"], c["sector"]), c["year"]
            kept[key] = kept.get(key, 0) + c["amount"]
        for (line, year), amount in kept.items() if "keep" in self.par else ():
            least = up((prog.last[line] if year is None else amount) * micro(self.par["keep"]), MICRO) * MICRO
            if year is None:
                self.row(prog.names(line), [(("total", line), MICRO)], least, True, "keep")
            else:
                terms = [(("cell", line, prog.years.index(year)), MICRO)]
                self.row(prog.names(line) + (str(year),), terms, least, True, "keep")
        if "change" in self.par:
            most = sum(prog.last) * micro(self.par["change"])
            self.beside = lambda plan: [((), change(plan) * MICRO - most)]

    def read_exclusion(self):
        for at in range(len(self.prog.lines)):
            names = self.prog.names(at)
            if any(all(e[key] in (None, name) for key, name in zip(("province", "site", "sector"), names))
                   for e in self.prog.data["exclusions"]):
                self.money(names, [at], 0)

    def read_park_capacity(self):
        for park in self.prog.data["parks"]:
            inside = {(self.prog.s[park["host"]], self.prog.k[sector]) for sector in park["sectors"]}
            if park["capacity"] is not None:
                lines = [at for at, line in enumerate(self.prog.lines) if (line[2], line[3]) in inside]
                self.money((park["id"],), lines, park["capacity"] * MICRO)

    # Rules on industry: clusters of neighbours, parks, enclaves.

    def built(self):
        """Each industry in each cluster of neighbours: its code and its section, ids, and the lines that build it."""
        prog, mask = self.prog, Mask(self.prog, self.par.get("select", {}))
        parent = {i["id"]: i["parent"] for i in prog.data["industries"]}
        by_section, at_site = self.par.get("level") == "section", {}
        for at, line in enumerate(prog.lines):
            own = prog.sectors[line[3]]["industry"]
            if own is not None and mask.has(line):
                code = parent.get(own) or own if by_section else own
                at_site.setdefault((line[2], code), []).append(at)
        for cluster in prog.clusters():
            for code in sorted({code for site, code in at_site if site in cluster}, key=lambda c: c.encode()):
                lines = {site: at_site[site, code] for site in cluster if (site, code) in at_site}
                yield code, parent.get(code), (code, *(prog.sites[s]["id"] for s in cluster)), lines

    def of_industry(self, code, section, default):
        own = self.par.get("by_industry", {})
        return own.get(code, own.get(section, default))

    def read_no_duplication(self):
        for code, section, of, at in self.built():
            terms = [(("built", s, tuple(lines)), MICRO) for s, lines in at.items()]
            self.row(of, terms, self.of_industry(code, section, self.par.get("number", 1)) * MICRO)

    def read_cluster_minimum(self):
        self.together = [(of, at, self.units(self.of_industry(code, section, self.par["amount"])))
                         for code, section, of, at in self.built()]

        def short(plan):
            for of, at, least in self.together:
                money = sum(plan.totals[line] for lines in at.values() for line in lines)
                yield of, (least - money) * MICRO if money else 0

        self.beside = short

    def inside(self, park, line):
        return (self.prog.sites[line[2]]["id"] == park["host"]
                and self.prog.sectors[line[3]]["id"] in park["sectors"])

    def read_park_share(self):
        prog, parts, share = self.prog, self.parts(self.par.get("per", "all"), "of"), micro(self.par["share"])
        parks = [park for park in prog.data["parks"] if park["kind"] in self.par.get("kinds", [park["kind"]])]
        for of, lines in zip(parts.scopes, parts.lines(prog)):
            industry = [l for l in lines if prog.sectors[prog.lines[l][3]]["industry"] is not None]
            within = [any(self.inside(park, prog.lines[l]) for park in parks) for l in industry]
            self.row(of, [(("total", l), MICRO * has - share) for l, has in zip(industry, within)], 0, True)

    def read_enclave(self):
        prog, mask, parks = self.prog, Mask(self.prog, self.par.get("select", {})), self.prog.data["parks"]
        for s, site in enumerate(prog.sites):
            shares = [(park, share) for park in parks for of, share in park["benefits"] if of == site["id"]]
            if mask.members[1][s] and any(park["host"] != site["id"] for park, _ in shares):
                terms = [(("total", l), share) for park, share in shares for l, line in enumerate(prog.lines)
                         if self.inside(park, line)]
                self.row((site["id"],), terms, self.units(self.par["amount"]) * MICRO, True)

    # Rules on people; the first is what every plan with people has to keep.

    def read_people(self):
        for what, groups, end in (("sent", self.prog.groups, 0), ("filled", self.prog.posts, 1)):
            for at, group in enumerate(groups):
                own = [c for c, candidate in enumerate(self.prog.candidates) if candidate[end] == at]
                terms = [(("person", c), MICRO if end == 0 else self.time(c)) for c in own]
                self.row((group["id"],), terms, group["number"] * MICRO, part=what)

    def time(self, candidate):
        return self.prog.groups[self.prog.candidates[candidate][0]]["full_time"]

    def named(self, profession):
        return not self.par.get("professions") or profession in self.par["professions"]

    def people(self, parts, named):
        """The candidates of each part."""
        found = [[] for _ in parts.scopes]
        for at, (p, s, profession) in enumerate(self.prog.team):
            part = parts.part_of_link(p, s)
            if part is not None and named(profession):
                found[part].append(at)
        return found

    def read_scale_cap(self):
        parts = self.parts(self.par.get("per", "all"))
        for of, own in zip(parts.scopes, self.people(parts, self.named)):
            self.row(of, [(("person", c), MICRO) for c in own], self.par["number"] * MICRO)

    def read_profession_share(self):
        parts = self.parts(self.par.get("per", "all"))
        for of, own in zip(parts.scopes, self.people(parts, lambda _: True)):
            for key, part in (("min", "lower"), ("max", "upper")):
                if key in self.par:
                    share = micro(self.par[key])
                    terms = [(("person", c), MICRO * self.named(self.prog.team[c][2]) - share) for c in own]
                    self.row(of, terms, 0, part == "lower", part)

    def read_team_size(self):
        prog, teams = self.prog, {}
        for c in self.people(self.parts("all"), self.named)[0]:
            teams.setdefault(prog.team[c], []).append(c)
        for (p, s, profession), own in teams.items():
            here = [j["team"] for j in prog.posts if (j["site"], j["profession"]) == (prog.sites[s]["id"], profession)]
            least = max((team for team in here if team is not None), default=self.par.get("number", 0))
            team = prog.teams[p, s, profession]
            self.crews.append((team, least))
            terms = [(("person", c), MICRO) for c in own] + [(("team", team), -least * MICRO)]
            self.row((prog.provinces[p]["id"], prog.sites[s]["id"], profession), terms, 0, True)

    def read_maximum_vacancy(self):
        prog, parts = self.prog, self.parts(self.par.get("per", "all"))
        part_of = [parts.part_of_site(prog.s[j["site"]]) if self.named(j["profession"]) else None for j in prog.posts]
        for part, of in enumerate(parts.scopes):
            number = sum(j["number"] for j, own in zip(prog.posts, part_of) if own == part)
            if number:
                terms = [(("person", c), self.time(c)) for c, own in enumerate(prog.candidates) if part_of[own[1]] == part]
                self.row(of, terms, number * (MICRO - micro(self.par["share"])), True)

    def read_team_continuity(self):
        prog = self.prog
        for team in prog.data["teams"]:
            key = prog.p[team["province"]], prog.s[team["site"]], team["profession"]
            least = up(team["number"] * micro(self.par["keep"]), MICRO) * MICRO
            own = [(("person", c), MICRO) for c, of in enumerate(prog.team) if of == key]
            self.row((team["province"], team["site"], team["profession"]), own, least, True)

    def read_requires(self):
        prog, mask, of = self.prog, Mask(self.prog, self.par.get("select", {})), self.par.get("of", "line")
        people = [[] for _ in prog.sites]
        for c, (_, s, profession) in enumerate(prog.team):
            if self.named(profession):
                people[s].append(c)
        lines = [at for at, line in enumerate(prog.lines) if mask.has(line)]
        for line in lines if of != "team" else ():
            terms = [(("person", c), MICRO) for c in people[prog.lines[line][2]]]
            self.row(prog.names(line), terms + [(("open", line), -self.par.get("number", 1) * MICRO)], 0, True, "team")
        least = max(self.units(self.par["amount"]), 1) if "amount" in self.par else 1

        def short(plan):
            for s, site in enumerate(prog.sites):
                if of != "line" and mask.members[1][s] and any(plan.placed[c] for c in people[s]):
                    money = sum(plan.totals[line] for line in lines if prog.lines[line][2] == s)
                    yield (site["id"],), (least - money) * MICRO

        self.beside = short

    def raised(self, terms, team):
        """Of what a line requires of people, where whoever comes comes as a whole team of at least so many."""
        own = [team[self.prog.teams[self.prog.team[key[1]]]] for key, _ in terms[:-1]]
        key, number = terms[-1]
        return terms[:-1] + [(key, -max(-number, min(own) * MICRO))] if own and number < 0 else terms

    # What all come to.

    def shortfalls(self, plan):
        """What falls short: ids, and by how much, in millionths. None where the rule is not known."""
        if not self.known:
            return None
        found = []
        for of, _, terms, at_least, limit in self.rows:
            have = sum(factor * plan[key] for key, factor in terms)
            found.append((of, limit - have if at_least else have - limit))
        found += self.beside(plan) if self.beside else []
        return [(of, by) for of, by in found if by > 0]


def covered(plan):
    prog, found = plan.prog, [0] * len(plan.prog.needs)
    for line, total, effect in zip(prog.lines, plan.totals, prog.effect):
        found[line[4]] += total * effect
    return found


def change(plan):
    return sum(abs(now - before) for now, before in zip(plan.totals, plan.prog.last))


# 4. The stages.

MOST = ("coverage", "fit")  # the most is wanted of these, of others the least


def steps(stage):
    """Width and value of the segments of coverage, in millionths."""
    given = stage["parameters"].get("segments")
    if given is None:
        return [(400_000, MICRO), (350_000, 600_000), (250_000, 250_000)]
    return [(micro(step["width"]), micro(step["value"])) for step in given]


def counts(stage):
    return micro(stage["parameters"].get("line", 1)), micro(stage["parameters"].get("link", 1))


def value(plan, stage, rules, short):
    """The plan's value in a stage, in 10^-18; None where it is not known."""
    prog = plan.prog
    if stage["kind"] == "shortfall":
        soft = [(rule.penalty, found) for rule, found in zip(rules, short) if rule.penalty is not None]
        if any(found is None for _, found in soft):
            return None
        return sum(by * penalty * MICRO for penalty, found in soft for _, by in found)
    if stage["kind"] == "coverage":
        total = 0
        for need, rest in zip(prog.needs, covered(plan)):
            for width, worth in steps(stage):
                part = min(rest, need["amount"] * width)
                rest -= part
                total += part * worth * need["weight"]
        return total
    if stage["kind"] == "fit":
        return sum(fit_of(prog, candidate) * number for candidate, number in enumerate(plan.placed))
    if stage["kind"] == "change":
        return change(plan) * PICO * MICRO
    if stage["kind"] == "fragmentation":
        line, link = counts(stage)
        active = sum(plan["link", at] for at in range(len(prog.links)))
        return (line * sum(1 for total in plan.totals if total) + link * active) * PICO
    return None


def fit_of(prog, candidate):
    """What a person counts in the stage fit, in 10^-18."""
    group, posts, fit, _ = prog.candidates[candidate]
    return prog.posts[posts]["priority"] * fit * prog.groups[group]["full_time"]


# 5. The bound.


class Limits:
    """What the hard rules say about single lines, needs and sites."""

    def __init__(self, prog, rules):
        size, years = len(prog.lines), len(prog.years)
        self.least, self.most, self.cap = [0] * size, [None] * size, [None] * len(prog.needs)
        self.links = [len(links) for links in prog.links_at]
        self.team = [1] * len(prog.teams)  # the fewest persons of a team that comes at all
        by_year = [[None] * years for _ in range(size)]

        def lower(limits, at, to):
            limits[at] = to if limits[at] is None else min(limits[at], to)

        for rule in rules:
            if rule.penalty is not None:
                continue
            for team, least in rule.crews:
                self.team[team] = max(self.team[team], least)
            if rule.ticket:
                self.least = list(map(max, self.least, rule.ticket))
            if rule.kind == "province_budget":
                for at, line in enumerate(prog.lines):
                    province, available = prog.provinces[line[1]], 0
                    for year, budget in enumerate(province["budget"]):
                        available = budget + available * province["carry_over"] // MICRO
                        lower(by_year[at], year, available)
                    lower(self.most, at, sum(province["budget"]))
            for of, _, terms, _, limit in rule.rows:
                if rule.kind == "need_cap" and terms and terms[0][0][0] == "total":
                    lower(self.cap, prog.lines[terms[0][0][1]][4], limit)
                elif rule.kind in ("exclusion", "sector_capacity", "park_capacity"):
                    for (_, line), _ in terms:
                        lower(self.most, line, limit // MICRO)
                elif rule.kind == "absorption":
                    for (_, line, year), _ in terms:
                        lower(by_year[line], year, limit // MICRO)
                elif rule.kind == "maximum_provinces_per_site":
                    self.links[prog.s[of[0]]] = min(self.links[prog.s[of[0]]], limit // MICRO)
        for at, line in enumerate(prog.lines):
            if None not in by_year[at]:
                lower(self.most, at, sum(by_year[at]))
            if self.cap[line[4]] is not None:
                lower(self.most, at, self.cap[line[4]] // prog.effect[at])


def is_whole(leaves, depth=0):
    """Whether cases are all there are: at each branch of the tree, one side says yes where the other says no."""
    if len(leaves) < 2:
        return len(leaves) == 1 and len(leaves[0]["decided"]) == depth
    if any(len(leaf["decided"]) <= depth for leaf in leaves):
        return False
    at = [leaf["decided"][depth] for leaf in leaves]
    same = all((d["count"], d["of"], d["number"]) == (at[0]["count"], at[0]["of"], at[0]["number"]) for d in at)
    return same and all(is_whole([leaf for leaf, d in zip(leaves, at) if d["at_least"] is side], depth + 1)
                        for side in (True, False))


def bound(prog, rules, limits, stages, values, proof):
    """The most that a stage (or, where the least is wanted, minus it) can be, in 10^-18: the worst of its cases."""
    if not is_whole(proof["leaves"]):
        raise Wrong("certificate.json: cases are not all that there are")
    found = [leaf_bound(prog, rules, limits, stages, values, proof["stage"] - 1, leaf) for leaf in proof["leaves"]]
    if all(one is None for one in found):
        raise Wrong("certificate.json: no case can be")
    return max(one for one in found if one is not None)


def leaf_bound(prog, rules, limits, stages, values, now, proof):
    """The bound of one case, by weak duality; None where the case cannot be."""
    weights, constant = [0] * len(stages), 0
    weights[now] = PICO
    for kept in proof["kept"]:
        stage, worth = kept["stage"] - 1, int(kept["value"])
        if not 0 <= stage < now or values[stage] is None or worth < 0:
            raise Wrong("certificate.json: it keeps a stage that it cannot keep")
        weights[stage] += worth
        constant -= worth * (values[stage] if stages[stage]["kind"] in MOST else -values[stage]) // PICO
    given = {}
    for m in proof["multipliers"]:
        key = m["rule"], tuple(m["of"]), m["part"]
        if key in given or int(m["value"]) < 0:
            raise Wrong("certificate.json: a multiplier is there twice, or negative")
        given[key] = int(m["value"])
    most, must, must_links = list(limits.most), set(), set()
    price = defaultdict(int)  # of each number of a plan
    for decision in proof["decided"]:  # so many lines or links (of a province, at a site, in a sector), or fewer
        of = [None if name == "*" else index[name] for index, name in zip((prog.p, prog.s, prog.k), decision["of"])]
        own = [at for at, line in enumerate(prog.lines) if all(i in (None, j) for i, j in zip(of, line[1:]))]
        if decision["count"] == "links":
            if len(of) > 2:
                raise Wrong("certificate.json: a case is about nothing that is counted")
            own = sorted({prog.lines[at][0] for at in own})
        elif decision["count"] != "lines":
            raise Wrong("certificate.json: a case is about nothing that is counted")
        worth, limit = int(decision["value"]), decision["number"] - (not decision["at_least"])
        if worth < 0:
            raise Wrong("certificate.json: a case has a negative multiplier")
        sign = -1 if decision["at_least"] else 1
        constant += sign * worth * limit * MICRO
        kind = decision["count"] == "links"
        for at in own:
            price["link" if kind else "open", at] += sign * worth * MICRO
        if len(own) == 1 and decision["at_least"] and limit == 1:
            (must_links if kind else must).add(own[0])
        if len(own) == 1 and not decision["at_least"] and limit == 0:
            for at in prog.of_link[own[0]] if kind else own:
                most[at] = 0
    shortfall = sum(w for w, stage in zip(weights, stages) if stage["kind"] == "shortfall")
    met, focus = [0] * len(prog.needs), None
    for rule in rules:
        ceiling = None if rule.penalty is None else shortfall * rule.penalty // MICRO

        def take(of, part="", allowed=ceiling):
            multiplier = given.pop((rule.id, of, part), 0)
            return allow(multiplier, allowed)

        def allow(multiplier, allowed=ceiling):
            if allowed is not None and multiplier > allowed:
                raise Wrong(f"certificate.json: a multiplier of {rule.id} is over its penalty")
            return multiplier

        for of, part, terms, at_least, limit in rule.rows:
            multiplier = take(of, part) * (-1 if at_least else 1)
            constant += multiplier * limit
            if rule.kind == "requires" and rule.penalty is None:
                terms = rule.raised(terms, limits.team)
            for key, factor in terms if multiplier else ():
                price[key] += multiplier * factor
        if rule.kind == "province_budget":
            for p, province in enumerate(prog.provinces):
                own, worth = [take((province["id"], str(year))) for year in prog.years], 0
                for year in reversed(range(len(prog.years))):  # spent then, or carried over
                    worth = max(up(worth * province["carry_over"], MICRO), own[year] * MICRO)
                    allow(up(worth, MICRO))
                    constant += worth * province["budget"][year]
                for line in (at for at, line in enumerate(prog.lines) if line[1] == p and any(own)):
                    for year, multiplier in enumerate(own):
                        price["cell", line, year] += multiplier * MICRO
        if rule.focus:
            share, place = take((), "share"), take((), "number", None)
            if share or place:
                if focus:
                    raise Wrong("certificate.json: only one rule focus_share can be priced")
                free, least, fixed, may, has = rule.focus
                constant += place * MICRO * free
                for line in (at for at, counts_there in enumerate(has) if counts_there):
                    price["total", line] += share * least
                focus = (share * MICRO, place * MICRO, fixed, may, has)
        for of, needs, least in rule.floors or ():
            multiplier = take(of)
            constant -= multiplier * least
            for need in needs:
                met[need] += multiplier
        for of, at, least in rule.together:  # the money of all sites is at least the least, if one of them builds
            each = {s: take(of + (prog.sites[s]["id"],)) for s in at}
            every = allow(sum(each.values()))
            for s, own in at.items():
                price["built", s, tuple(own)] += each[s] * MICRO * least
                for line in own:
                    price["total", line] -= every * MICRO
    if given:
        raise Wrong("certificate.json: a multiplier is of no limit")
    segments, price_of_change = [[] for _ in prog.needs], None
    for stage, weight in zip(stages, weights):
        if weight == 0:
            continue
        if stage["kind"] == "coverage":
            if any(segments):
                raise Wrong("certificate.json: only one stage coverage can be priced")
            for need, own in zip(prog.needs, segments):
                own += [(need["amount"] * w, up(need["weight"] * v * weight, PICO)) for w, v in steps(stage)]
        elif stage["kind"] == "fit":
            for c in range(len(prog.candidates)):
                price["person", c] -= up(weight * fit_of(prog, c), PICO)
        elif stage["kind"] == "change":
            price_of_change = weight * MICRO
        elif stage["kind"] == "fragmentation":
            line, link = counts(stage)
            for kind, count, own in (("open", line, prog.lines), ("link", link, prog.links)):
                for at in range(len(own)):
                    price[kind, at] += weight * count
        elif stage["kind"] != "shortfall":
            raise Wrong("certificate.json: it is about a stage that is not known")
    for need, own, more in zip(prog.needs, segments, met):
        inside = sum(size for size, _ in own)
        own[:] = [(size, worth + more) for size, worth in own] + [(need["amount"] * MICRO - inside, more)]
    constant += best_people(prog, price)
    gates = sorted((key[1:], at) for key, at in price.items() if key[0] == "built" and at)
    for s in range(len(prog.sites)):
        needs = []
        for place, need in enumerate(prog.needs_at[s]):
            own = []
            for link in prog.links_at[s]:
                at = prog.of_link[link][place]
                earns = -price["total", at] - min(price.get(("cell", at, y), 0) for y in range(len(prog.years)))
                pieces = [(None, earns)]
                if price_of_change is not None:
                    constant -= price_of_change * prog.last[at]
                    pieces = [(prog.last[at], earns + price_of_change), (None, earns - price_of_change)]
                bonus = focus[0] if focus and focus[4][at] else 0
                own.append((prog.effect[at], limits.least[at], most[at], price["open", at], pieces, bonus, at in must))
            needs.append((segments[need], limits.cap[need], own))
        own = [(cost, {(l - prog.of_link[prog.lines[l][0]].start, prog.links_at[s].index(prog.lines[l][0])) for l in lines})
               for (where, lines), cost in gates if where == s]
        links = [(price["link", link], link in must_links) for link in prog.links_at[s]]
        site = Site(links, limits.links[s], needs, own)
        found = [] if focus and focus[2][s] else [site.choose(False)]
        if focus and (focus[2][s] or focus[3][s]):
            focused = site.choose(True)
            found.append(None if focused is None else focused - (0 if focus[2][s] else focus[1]))
        if all(one is None for one in found):
            return None
        constant += max(one for one in found if one is not None)
    return constant


def largest(*values):
    """The largest, of those that can be."""
    return max((value for value in values if value is not None), default=None)


def best_people(prog, price):
    """The most that people can earn at prices, when each team that comes at all costs something besides: posts of a
    profession at a site together, with each set of the teams that cost."""
    total, crews = 0, {}
    for c, (_, s, profession) in enumerate(prog.team):
        if price["person", c] < 0:
            crews.setdefault((s, profession), []).append(c)
    for own in crews.values():
        team = {c: prog.teams[prog.team[c]] for c in own}
        dear = sorted({at for at in team.values() if price["team", at]})[:MOST_TEAMS]
        total += max(filled(prog, price, [c for c in own if team[c] in some or team[c] not in dear])
                     - sum(price["team", at] for at in some)
                     for size in range(len(dear) + 1) for some in combinations(dear, size))
    return total


def filled(prog, price, there):
    """The same with just these people: each group of posts by itself, who earns most in their time first."""
    total, of_posts = 0, {}
    for c in there:
        g, j, _, most = prog.candidates[c]
        of_posts.setdefault(j, []).append((-price["person", c], prog.groups[g]["full_time"], most))
    for j, own in of_posts.items():
        room = prog.posts[j]["number"] * MICRO
        for earns, time, most in sorted(own, key=lambda one: Fraction(-one[0], one[1])):
            taken = min(room, most * time)
            total += up(earns * taken, time)
            room -= taken
    return total


class Site:
    """The most that one site can earn at prices; None where nothing can be done. A link is (price, must it be
    active), a need (segments, cap, lines), a line (effect, least, most, price of opening, pieces of money with
    what a unit earns, what it earns more at a focus site, must it be open), a gate (price, the lines, as need and
    link, that are open only if it is paid)."""

    def __init__(self, links, most_links, needs, gates):
        self.links, self.needs, number = links, needs, len(links)
        part_of = list(range(len(needs)))  # needs that share gates are looked at together
        for _, own in gates:
            shared = {part_of[need] for need, _ in own}
            part_of = [min(shared) if part in shared else part for part in part_of]
        self.parts = [([n for n, of in enumerate(part_of) if of == part],
                       [gate for gate in gates if part_of[min(gate[1])[0]] == part][:MOST_GATES])
                      for part in sorted(set(part_of))]
        self.sets = None  # sets of links, the smaller first; None: every link is open and costs nothing
        if most_links < number or any(price or must for price, must in links):
            sets = []
            for size in range(min(most_links, number) + 1):
                sets += combinations(range(number), size)
                if len(sets) > MOST_SETS:
                    break
            else:
                self.sets = sets

    def choose(self, focused):
        if self.sets is None:
            found = [max((sum(values) - price for price, closed, needs in self.ways(part)
                          for values in [[self.choose_lines(self.needs[n], closed[n], focused) for n in needs]]
                          if None not in values), default=None) for part in self.parts]
            return None if None in found else sum(found) - sum(min(price, 0) for price, _ in self.links)
        needed = {link for link, (_, must) in enumerate(self.links) if must}
        earned = {links: -sum(self.links[link][0] for link in links) if needed <= set(links) else None
                  for links in self.sets}
        for part in self.parts:
            best = dict.fromkeys(self.sets)
            for price, closed, needs in self.ways(part):
                found = dict.fromkeys(self.sets, -price)
                for n in needs:
                    for links, value in self.by_links(self.needs[n], closed[n], focused).items():
                        found[links] = None if None in (value, found[links]) else found[links] + value
                best = {links: largest(best[links], found[links]) for links in self.sets}
            earned = {links: None if None in (best[links], earned[links]) else earned[links] + best[links]
                      for links in self.sets}
        return largest(*earned.values())

    @staticmethod
    def ways(part):
        """Each way to have the gates of some needs open or closed: its price, for each need the links whose lines are
        closed in it, and the needs."""
        needs, gates = part
        for size in range(len(gates) + 1):
            for shut in combinations(range(len(gates)), size):
                closed = {n: {link for g in shut for need, link in gates[g][1] if need == n} for n in needs}
                yield sum(price for g, (price, _) in enumerate(gates) if g not in shut), closed, needs

    def by_links(self, need, closed, focused):
        """The most of a need with each set of links."""
        best, needed = {}, {link for link, line in enumerate(need[2]) if line[6]}
        for links in self.sets:
            every = None
            if needed <= set(links) and not closed & set(links):
                every = self.earn(need, [need[2][link] for link in links], focused)
            best[links] = largest(every, *(best[links[:at] + links[at + 1:]] for at in range(len(links))))
        return best

    def choose_lines(self, need, closed, focused):
        if any(need[2][link][6] for link in closed):
            return None
        lines = [line for link, line in enumerate(need[2]) if link not in closed]
        free = [line for line in lines if line[6] or (line[1] == 0 and line[3] == 0)]
        choices = [line for line in lines if not line[6] and (line[1] or line[3])]
        if len(choices) > MOST_CHOICES:  # without tickets and prices of opening: it can only raise the bound
            loose = [line[:1] + (0,) + line[2:3] + (min(line[3], 0),) + line[4:] for line in lines]
            return self.earn(need, loose, focused)
        sets = (some for size in range(len(choices) + 1) for some in combinations(choices, size))
        return largest(*(self.earn(need, free + list(some), focused) for some in sets))

    @staticmethod
    def earn(need, lines, focused):
        """The most with just these lines open; None where they cannot be."""
        segments, cap, _ = need
        total, cover, more = 0, 0, []
        for effect, least, most, opening, pieces, bonus, _ in lines:
            if most is not None and most < least:
                return None
            total -= opening
            cover += least * effect
            room = None if most is None else most - least
            for units, earns in pieces:
                earns += bonus if focused else 0
                first = least if units is None else min(units, least)
                total += first * earns
                least -= first
                rest = min((x for x in (None if units is None else units - first, room) if x is not None), default=None)
                room = None if room is None else room - rest
                if rest != 0:
                    more.append((rest, earns, effect))
        if cap is not None and cover > cap:
            return None
        more.sort(key=lambda piece: Fraction(-piece[1], piece[2]))  # what covering a unit costs
        filled, at = cover, 0
        sizes, worths = [size for size, _ in segments], [worth for _, worth in segments] + [0]
        while at < len(sizes) and filled >= sizes[at]:
            total += sizes[at] * worths[at]
            filled -= sizes[at]
            at += 1
        total += filled * worths[at]  # the last is without end, and earns nothing
        left = sizes[at] - filled if at < len(sizes) else None
        for units, earns, effect in more:
            rest = None if units is None else units * effect
            while rest != 0 and cover != cap:
                while left == 0:
                    at += 1
                    left = sizes[at] if at < len(sizes) else None
                gain = effect * worths[at] + earns
                if gain <= 0:
                    return total
                limits = [x for x in (rest, left, None if cap is None else cap - cover) if x is not None]
                if not limits:
                    raise Wrong("certificate.json: the multipliers prove nothing")
                part = min(limits)
                total += up(part * gain, effect)
                cover += part
                rest = None if rest is None else rest - part
                left = None if left is None else left - part
        return total


def sharpened(stage, most):
    """The bound in the stage's own sense; what counts in whole numbers is taken to the next one."""
    if stage["kind"] in MOST:
        return most
    step = {"change": PICO * MICRO, "fragmentation": gcd(*counts(stage)) * PICO}.get(stage["kind"], 1) or 1 \
        if stage["kind"] != "shortfall" else 1
    return up(max(-most, 0), step) * step


# 6. The verdict.


def verify(folder):
    """The verdict: reasons against it, and (stage, kind, value, bound) for each stage."""
    reasons, found = [], []
    recorded, plan, certificate = ((folder / name).read_bytes()
                                   for name in ("input.json", "plan.csv", "certificate.json"))
    data = json.loads(recorded, parse_float=Decimal)
    proofs = json.loads(certificate)
    if data["format"] != 1 or proofs["format"] != 1:
        raise Wrong("a file is of a format that is not known")
    for name, content, key in (("input.json", recorded, "input_sha256"), ("plan.csv", plan, "plan_sha256")):
        if hashlib.sha256(content).hexdigest() != proofs[key]:
            reasons.append(f"{name}: it is not the file that the certificate is for (SHA-256)")
    prog = Programme(data)
    cells = prog.read_plan(plan.decode())
    talent = folder / "talent.csv"
    talent = talent.read_bytes() if talent.exists() else None
    if (talent and hashlib.sha256(talent).hexdigest()) != proofs.get("talent_sha256"):
        reasons.append("talent.csv: it is not the file that the certificate is for (SHA-256)")
    if talent is None and (prog.groups or prog.posts):
        raise Wrong("talent.csv: it is not there")
    plan = Plan(prog, cells, prog.read_people(talent.decode()) if prog.groups or prog.posts else [])
    of_people = {"id": "PEOPLE", "kind": "people", "penalty": None, "parameters": {}}  # nobody is sent twice
    rules = [Rule(prog, rule) for rule in data["rules"] + [of_people] * bool(prog.candidates)]
    short = [rule.shortfalls(plan) for rule in rules]
    for rule, by in zip(rules, short):
        if rule.penalty is None and (by is None or by):
            what = "its kind is not known" if by is None else f"it does not hold: {' '.join(by[0][0])}"
            reasons.append(f"rule {rule.id}: {what}")
    limits, stages = Limits(prog, rules), data["stages"]
    values = [value(plan, stage, rules, short) for stage in stages]
    judged = [at for at, stage in enumerate(stages) if stage["kind"] != "tie_break"]
    if sorted(proof["stage"] - 1 for proof in proofs["stages"]) != judged:
        reasons.append("certificate.json: not every stage has one proof")
    for proof in proofs["stages"]:
        at = proof["stage"] - 1
        if at not in judged or values[at] is None:
            reasons.append(f"certificate.json: stage {at + 1} is not known")
            continue
        upwards = stages[at]["kind"] in MOST
        have = decimal(values[at], False)
        best = decimal(sharpened(stages[at], bound(prog, rules, limits, stages, values, proof)), upwards)
        found.append({"stage": at + 1, "kind": stages[at]["kind"], "value": have, "bound": best})
        if (stages[at]["kind"], have, best) != (proof["kind"], proof["value"], proof["bound"]):
            reasons.append(f"stage {at + 1}: value and bound are not those of the certificate")
    return reasons, found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    reasons, stages = [], []
    try:
        reasons, stages = verify(Path(sys.argv[1]))
    except (Wrong, OSError, ValueError, KeyError, TypeError, ArithmeticError, LookupError) as error:
        reasons = [f"{type(error).__name__}: {error}"]
    print(json.dumps({"certified": not reasons, "reasons": reasons, "stages": stages}, indent=2))
    sys.exit(6 if reasons else 0)


if __name__ == "__main__":
    main()

"""The model in linopy: labelled arrays, sums by group."""

from pathlib import Path
from typing import Any

import highspy
import linopy
import pandas as pd
import xarray as xr

from .programme import SEGMENTS, Programme


def build(programme: Programme) -> tuple[linopy.Model, highspy.Highs]:
    """From tables to a model inside HiGHS, without names, which is linopy's fastest way."""
    m = model(programme)
    return m, m.to_highspy()


def model(programme: Programme, *, relaxed: bool = False) -> linopy.Model:
    """From tables to linopy's own model."""
    yes_no = {"lower": 0, "upper": 1} if relaxed else {"binary": True}
    policy = programme.policy
    lines = programme.lines.rename_axis("line").to_xarray()
    sites = programme.sites.rename_axis("site").to_xarray()
    needs = programme.needs.rename_axis("need").to_xarray()
    provinces = programme.provinces.rename_axis("province").to_xarray()
    years = pd.Index(programme.years, name="year")
    segments = pd.DataFrame.from_dict(SEGMENTS, orient="index", columns=["width", "value"])
    segments = segments.rename_axis("segment").to_xarray()
    line, site = programme.lines.index.rename("line"), programme.sites.index.rename("site")
    width = needs.amount * segments.width

    m = linopy.Model()
    x = m.add_variables(0, lines.most_a_year.expand_dims(year=years, axis=1), name="x")
    total = m.add_variables(0, lines.most, name="total")
    is_open = m.add_variables(coords=[line], name="open", **yes_no)
    focus = m.add_variables(coords=[site], name="focus", **yes_no)
    focus_money = m.add_variables(0, sites.most, name="focus_money")
    covered = m.add_variables(0, width, name="covered")
    m.add_objective((needs.weight * segments.value * covered).sum(), sense="max")

    m.add_constraints(x.sum("year") == total)
    m.add_constraints(total <= lines.most * is_open)
    m.add_constraints(total >= policy.ticket * is_open)
    m.add_constraints(x.groupby(lines.province).sum() <= provinces.capacity, name=BUDGET)
    m.add_constraints(((lines.livelihood - policy.livelihood_share) * total).groupby(lines.province).sum() >= 0)
    m.add_constraints(x.groupby(lines.site).sum() <= sites.absorption)
    m.add_constraints(focus_money <= (1 * total).groupby(lines.site).sum())
    m.add_constraints(focus_money <= sites.most * focus)
    m.add_constraints(focus.sum() <= policy.focus_sites)
    m.add_constraints(focus_money.sum() >= policy.focus_share * total.sum())
    m.add_constraints(total.groupby(lines.region).sum() >= policy.region_floor)
    key = line[programme.lines.key]
    first = x.sel(line=key, year=years[0])
    m.add_constraints(first.sum() >= policy.first_year_share * total.sel(line=key).sum())
    effect = (lines.effectiveness * total).groupby(lines.need).sum()
    m.add_constraints(effect <= needs.amount)
    m.add_constraints(covered.sum("segment") <= effect)
    m.add_constraints(covered <= width * is_open.groupby(lines.need).sum())
    m.add_constraints(total.sel(line=line[programme.lines.excluded]) <= 0)
    crowded = programme.crowded_provinces
    if crowded:
        opened = is_open.groupby(lines.province).sum().sel(province=crowded)
        m.add_constraints(opened <= policy.lines_per_province)
    if programme.crowded_sites:
        few_provinces(m, programme, is_open, lines, yes_no)
    return m


def few_provinces(
    m: linopy.Model, programme: Programme, is_open: linopy.Variable, lines: xr.Dataset, yes_no: dict[str, Any]
) -> None:
    """Few provinces at a site, where more could fund it."""
    links = programme.links.rename_axis("link")
    links = links[links.site.isin(programme.crowded_sites)]
    active = m.add_variables(coords=[links.index], name="active", **yes_no)
    here = lines.line[lines.site.isin(programme.crowded_sites)]
    m.add_constraints(is_open.sel(line=here) <= active.sel(link=lines.link.sel(line=here)))
    m.add_constraints(
        active.groupby(links.site.to_xarray()).sum() <= programme.policy.provinces_per_site
    )


def to_highs(model: tuple[linopy.Model, highspy.Highs], _scratch: Path) -> highspy.Highs:
    """It is there already."""
    highs = model[1]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 1e-9)
    highs.setOptionValue("mip_abs_gap", 0.0)
    return highs


BUDGET = "budget"
VERSION = f"linopy {linopy.__version__}"

"""The model in cvxpy: vectors of variables, and sparse matrices that say which line belongs where."""

from pathlib import Path
from typing import Any

import cvxpy as cp
import highspy
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from .handing import from_arrays
from .programme import SEGMENTS, Programme


def membership(of: pd.Series, groups: int) -> csr_array:
    """A row for each group, a one for each member."""
    return csr_array((np.ones(len(of)), (of.to_numpy(), np.arange(len(of)))), shape=(groups, len(of)))


def build(programme: Programme) -> dict[str, Any]:
    """From tables to the arrays that cvxpy gives a solver."""
    policy, lines, sites, needs = programme.policy, programme.lines, programme.sites, programme.needs
    n, years = len(lines), len(programme.years)
    most, most_a_year = lines.most.to_numpy(float), lines.most_a_year.to_numpy(float)
    amount = needs.amount.to_numpy(float)
    widths = np.array([width for width, _ in SEGMENTS.values()])
    values = np.array([value for _, value in SEGMENTS.values()])

    x = cp.Variable((n, years), bounds=[0, np.tile(most_a_year[:, None], years)])
    total = cp.Variable(n, bounds=[0, most])
    is_open = cp.Variable(n, boolean=True)
    focus = cp.Variable(len(sites), boolean=True)
    focus_money = cp.Variable(len(sites), bounds=[0, sites.most.to_numpy(float)])
    covered = cp.Variable((len(needs), len(widths)), bounds=[0, np.outer(amount, widths)])

    of_province = membership(lines.province, len(programme.provinces))
    of_site = membership(lines.site, len(sites))
    of_need = membership(lines.need, len(needs))
    region, regions = pd.factorize(lines.region)
    of_region = membership(pd.Series(region), len(regions))
    livelihood = of_province * (lines.livelihood.to_numpy(float) - policy.livelihood_share)
    effect = csr_array(of_need * lines.effectiveness.to_numpy()) @ total
    key = np.flatnonzero(lines.key)

    constraints = [
        cp.sum(x, axis=1) == total,
        total <= cp.multiply(most, is_open),
        total >= policy.ticket * is_open,
        of_province @ x <= np.tile(programme.provinces.capacity.to_numpy(float)[:, None], years),
        csr_array(livelihood) @ total >= 0,
        of_site @ x <= np.tile(sites.absorption.to_numpy(float)[:, None], years),
        focus_money <= of_site @ total,
        focus_money <= cp.multiply(sites.most.to_numpy(float), focus),
        cp.sum(focus) <= policy.focus_sites,
        cp.sum(focus_money) >= policy.focus_share * cp.sum(total),
        of_region @ total >= policy.region_floor,
        cp.sum(x[key, 0]) >= policy.first_year_share * cp.sum(total[key]),
        effect <= amount,
        cp.sum(covered, axis=1) <= effect,
    ]
    funded = of_need @ is_open
    constraints += [covered[:, q] <= cp.multiply(amount * width, funded) for q, width in enumerate(widths)]
    excluded = np.flatnonzero(lines.excluded)
    if len(excluded):
        constraints.append(total[excluded] <= 0)
    crowded = programme.crowded_provinces
    if crowded:
        constraints.append(of_province[crowded] @ is_open <= policy.lines_per_province)
    sites_with_many = programme.crowded_sites
    if sites_with_many:
        active = cp.Variable(len(programme.links), boolean=True)
        here = np.flatnonzero(lines.site.isin(sites_with_many))
        of_crowded_site = membership(programme.links.site, len(sites))[sites_with_many]
        constraints.append(is_open[here] <= active[lines.link.to_numpy()[here]])
        constraints.append(of_crowded_site @ active <= policy.provinces_per_site)
    objective = cp.sum(cp.multiply(np.outer(needs.weight, values), covered))
    problem = cp.Problem(cp.Maximize(objective), constraints)
    return problem.get_problem_data(cp.HIGHS)[0]


def to_highs(data: dict[str, Any], _scratch: Path) -> highspy.Highs:
    """For the check: `A x ≤ b`, the first rows as equations."""
    matrix, right = csr_array(data["A"]), data["b"]
    columns, equations = matrix.shape[1], data["dims"].zero
    left = np.where(np.arange(len(right)) < equations, right, -np.inf)
    lower, upper = data.get("lower_bounds"), data.get("upper_bounds")
    lower = np.full(columns, -np.inf) if lower is None else np.array(lower, float)
    upper = np.full(columns, np.inf) if upper is None else np.array(upper, float)
    integer = np.zeros(columns, dtype=np.int32)
    integer[data["bool_vars_idx"]] = 1
    lower[integer == 1], upper[integer == 1] = 0.0, 1.0
    return from_arrays(data["c"], lower, upper, integer, matrix, left, right)


VERSION = f"cvxpy {cp.__version__}"

"""One definition of the gap for every tool.

A tool's points are (seconds, value, bound): the coverage of its best plan so far and the bound it claims, the
one or the other missing at first. More coverage is better, so a bound lies above every plan.
"""

from collections.abc import Sequence

Point = tuple[float, float | None, float | None]

ROUNDING = 1e-5
"""Relative: solvers print six digits and keep rows to tolerances. Below it nothing is a contradiction."""


def gap(value: float | None, bound: float | None) -> float | None:
    """|bound − value| ÷ |value|; none as long as one of the two is missing."""
    if value is None or bound is None or value == 0:
        return None
    return abs(bound - value) / abs(value)


def best_so_far(points: Sequence[Point]) -> list[Point]:
    """Each point with the best plan and the best bound until then: neither is ever lost again."""
    value: float | None = None
    bound: float | None = None
    best: list[Point] = []
    for seconds, new_value, new_bound in points:
        if new_value is not None:
            value = new_value if value is None else max(value, new_value)
        if new_bound is not None:
            bound = new_bound if bound is None else min(bound, new_bound)
        best.append((seconds, value, bound))
    return best


def time_to_gap(points: Sequence[Point], wanted: float) -> float | None:
    """Seconds until the tool's own plan and bound are so close."""
    for seconds, value, bound in best_so_far(points):
        reached = gap(value, bound)
        if reached is not None and reached <= wanted:
            return seconds
    return None


def time_to_value(points: Sequence[Point], best_bound: float, wanted: float) -> float | None:
    """Seconds until the tool's plan is so close to the best bound that anybody showed."""
    for seconds, value, _ in best_so_far(points):
        reached = gap(value, best_bound)
        if reached is not None and reached <= wanted:
            return seconds
    return None


def final(points: Sequence[Point]) -> tuple[float | None, float | None]:
    """Best plan and best bound in the end."""
    return best_so_far(points)[-1][1:] if points else (None, None)


def contradiction(value: float | None, bound: float | None) -> bool:
    """Whether a plan is better than a bound allows: somebody is wrong."""
    return value is not None and bound is not None and value > bound + ROUNDING * abs(bound)

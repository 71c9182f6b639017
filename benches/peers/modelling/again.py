"""A relaxation solved again after budgets have changed, as a user of linopy would: the model is built once, a
right-hand side is set, and the model is solved. Prints a line of JSON.

`linopy` calls `Model.solve`, which hands the model over each time; `linopy, kept` keeps linopy's solver, into which
it writes what has changed.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import linopy
from linopy.solvers import Solver

from . import programme, with_linopy

WAYS = ["linopy", "linopy, kept"]
OPTIONS = {"output_flag": False, "log_to_console": False, "threads": 1, "parallel": "off"}


def optimum_of(way: str, model: linopy.Model) -> Callable[[], float | None]:
    """What solves the model as it stands; `None` where there is no feasible point."""
    if way == "linopy":

        def solve() -> float | None:
            status, _ = model.solve("highs", io_api="direct", progress=False, **OPTIONS)
            return float(model.objective.value) if status == "ok" else None

        return solve
    solver = Solver.from_name("highs", model, io_api="direct", options=OPTIONS, track_updates=True)

    def solve_kept() -> float | None:
        result = solver.solve(model=model)
        model.assign_result(result)
        return float(model.objective.value) if result.status.is_ok else None

    return solve_kept


def solve_again(way: str, folder: Path, changes: list[list[list[float]]]) -> dict[str, object]:
    """Seconds and optimum of each change."""
    given = programme.read(folder)
    model = with_linopy.model(given, relaxed=True)
    capacity = given.provinces.capacity.astype(float).rename_axis("province")
    now = capacity.copy()
    solve = optimum_of(way, model)
    solve()
    seconds: list[float] = []
    values: list[float | None] = []
    for change in changes:
        started = time.perf_counter()
        for province, factor in change:
            now[int(province)] = capacity[int(province)] * factor
        model.constraints[with_linopy.BUDGET].update(rhs=now.to_xarray())
        values.append(solve())
        seconds.append(time.perf_counter() - started)
    return {"version": with_linopy.VERSION, "seconds": seconds, "values": values}


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("changes", type=Path, help="a file of JSON: provinces and factors of each change")
    arguments = parser.parse_args()
    changes = json.loads(arguments.changes.read_text())
    print(json.dumps(solve_again(arguments.way, arguments.folder, changes)))


if __name__ == "__main__":
    main()

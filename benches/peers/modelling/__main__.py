"""One tool in a process of its own: `check` its model, or `time` the building of it. Prints a line of JSON."""

import argparse
import gc
import importlib
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from . import programme
from .handing import read_file

MODULES = {
    "linopy": "with_linopy",
    "PuLP": "with_pulp",
    "Pyomo": "with_pyomo",
    "cvxpy": "with_cvxpy",
    "arrays": "with_arrays",
}
ENOUGH = 3
"""Runs at least; more while they take less than the budget in all."""


def prepare(tool: str, folder: Path) -> tuple[Any, Any]:
    """The tool's module and what it builds from."""
    module = importlib.import_module(f".{MODULES[tool]}", __package__)
    if tool == "arrays":
        return module, module.prepare(folder.with_suffix(".mps"))
    return module, programme.read(folder)


def check(tool: str, folder: Path) -> dict[str, Any]:
    """What the tool's model comes to, relaxed and in integers."""
    module, given = prepare(tool, folder)
    with tempfile.TemporaryDirectory() as scratch:
        return {"version": module.VERSION, **answers(module.to_highs(module.build(given), Path(scratch)))}


def answers(highs: Any) -> dict[str, Any]:
    """Both optima of a model inside HiGHS, as coverage, and its size."""
    lp = highs.getLp()
    integer = sum(int(kind) != 0 for kind in lp.integrality_)
    found = {"columns": lp.num_col_, "rows": lp.num_row_, "integer": integer}
    for name, relaxed in (("optimum", False), ("relaxation", True)):
        highs.setOptionValue("solve_relaxation", relaxed)
        highs.clearSolver()
        highs.run()
        found[f"{name}_status"] = highs.modelStatusToString(highs.getModelStatus())
        found[name] = abs(highs.getInfo().objective_function_value)
    return found


def measure(tool: str, folder: Path, runs: int, budget: float) -> dict[str, Any]:
    """Seconds of each build, and of bringing what was built into HiGHS as the tool can."""
    module, given = prepare(tool, folder)
    build: list[float] = []
    hand_over: list[float] = []
    while len(build) < runs and (len(build) < ENOUGH or sum(build) + sum(hand_over) < budget):
        gc.collect()
        started = time.perf_counter()
        model = module.build(given)
        build.append(time.perf_counter() - started)
        with tempfile.TemporaryDirectory() as scratch:
            started = time.perf_counter()
            highs = module.to_highs(model, Path(scratch))
            hand_over.append(time.perf_counter() - started)
        size = {"columns": highs.getNumCol(), "rows": highs.getNumRow()}
        del model, highs
    return {"version": module.VERSION, **size, "build": build, "hand_over": hand_over}


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["reference", "check", "time"])
    parser.add_argument("tool", choices=[*MODULES, "exported MPS"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--budget", type=float, default=60.0)
    arguments = parser.parse_args()
    tool, folder = arguments.tool, arguments.folder
    if arguments.action == "reference":
        found = answers(read_file(folder.with_suffix(".mps")))
    elif arguments.action == "check":
        found = check(tool, folder)
    else:
        found = measure(tool, folder, arguments.runs, arguments.budget)
    print(json.dumps(found))


if __name__ == "__main__":
    main()

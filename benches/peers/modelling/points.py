"""Points of a study one after the other, as a user of linopy would write the loop: the model of each is built from its
tables and solved by HiGHS to the gap that is asked. Prints a line of JSON for each.
"""

import argparse
import json
import time
from pathlib import Path

from . import programme, with_linopy


def solve(folder: Path, gap: float, limit: float) -> dict[str, object]:
    """Processor time of building and solving, value and bound."""
    given = programme.read(folder)
    started = time.process_time()
    model = with_linopy.model(given)
    options = {"output_flag": False, "log_to_console": False, "threads": 1, "parallel": "off"}
    model.solve("highs", io_api="direct", progress=False, mip_rel_gap=gap, time_limit=limit, **options)
    seconds = time.process_time() - started
    highs = model.solver_model
    info = highs.getInfo()
    found = info.primal_solution_status == 2  # feasible
    return {
        "seconds": seconds,
        "value": info.objective_function_value if found else None,
        "bound": info.mip_dual_bound,
        "stopped": highs.modelStatusToString(highs.getModelStatus()) != "Optimal",
        "version": with_linopy.VERSION,
    }


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gap", type=float)
    parser.add_argument("limit", type=float, help="seconds for each point")
    parser.add_argument("folders", type=Path, nargs="+", help="an instance for each point")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        print(json.dumps(solve(folder, arguments.gap, arguments.limit)), flush=True)


if __name__ == "__main__":
    main()

"""Time to gap: each solver on the exported MPS file, `allot` as the whole command, one process at a time."""

import json
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .gaps import gap as gap_between
from .instances import Instance
from .machine import digest, versions
from .measure import Measured, run
from .store import Record, Store

SOLVERS = {"HiGHS": "highs", "SCIP": "scip", "CBC": "cbc"}
TOOLS = ["allot", *SOLVERS]
GAPS = [0.02, 0.01, 0.005, 0.002, 0.001]

NO_PLAN = 5
"""Exit code of `allot solve` that was stopped before it had a plan."""

ROUNDS_DOWN = 0.999
"""A solver may count its gap a little otherwise than we do; asked for slightly less, it does not stop short."""


def solve(tool: str, allot: Path, instance: Instance, limit: float, store: Store) -> list[Record]:
    """The runs of one tool on one instance."""
    key = {"kind": "solve", "shape": instance.shape.name, "seed": instance.seed, "tool": tool, "limit": limit}
    key["model"] = digest(instance.model)
    if tool != "allot":
        here = Path(__file__).parent / "solvers"
        key |= {"versions": versions(), "runner": digest(here / f"{SOLVERS[tool]}.py", here / "points.py")}
        return [store.once(key, partial(solver_run, tool, instance, limit))]
    key["program"] = digest(allot)
    records = []
    for wanted in GAPS:
        run_once = partial(allot_run, allot, instance, wanted, limit)
        records.append(store.once({**key, "gap": wanted}, run_once))
        if not records[-1]["reached"]:
            break  # the smaller ones would take the same way, and run out of time as well
    return records


def solver_run(tool: str, instance: Instance, limit: float) -> Record:
    """One run of a solver, down to the smallest gap: the larger ones are on its way."""
    asked = min(GAPS) * ROUNDS_DOWN
    command = [sys.executable, "-m", f"peers.solvers.{SOLVERS[tool]}", str(instance.model), str(limit), str(asked)]
    measured = run(command, patience(limit))
    lines = list(records_in(measured.output))
    points = [[line["seconds"], line["value"], line["bound"]] for line in lines if "seconds" in line]
    last = next((line for line in lines if "status" in line), {})
    return {
        "points": [point for point in points if point[0] <= limit],
        "status": last.get("status") or failure(measured),
        "version": last.get("version"),
        **usage(measured),
    }


def allot_run(allot: Path, instance: Instance, wanted: float, limit: float) -> Record:
    """One run of the whole command for one gap: read, solve, round to whole units, audit, write."""
    with tempfile.TemporaryDirectory() as scratch:
        arguments = {
            "--out": str(Path(scratch) / "plan"),
            "--gap": str(wanted),
            "--time-limit": str(limit),
            "--threads": "1",
            "--baseline": "none",
            "--format": "json",
        }
        words = [word for pair in arguments.items() for word in pair]
        measured = run([str(allot), "solve", str(instance.folder), *words, "-q"], patience(limit))
    try:
        document = json.loads(measured.output)
        stage = next(stage for stage in document["stages"] if stage["kind"] == "coverage")
    except (json.JSONDecodeError, KeyError, TypeError, StopIteration):
        status = "no plan" if measured.exit_code == NO_PLAN else failure(measured)
        return {"value": None, "bound": None, "reached": False, "status": status, **usage(measured)}
    reached = gap_between(stage["value"], stage["bound"])
    sound = document["status"]["status"] != "broken"
    return {
        "value": stage["value"] if sound else None,
        "bound": stage["bound"],
        "reached": sound and reached is not None and reached <= wanted and measured.seconds <= limit,
        "status": document["status"]["status"],
        "version": f"allot {document['run']['version']}",
        "steps": document["run"]["seconds"],
        **usage(measured),
    }


def patience(limit: float) -> float:
    """How long a tool may take before it is killed: reading and winding up come on top of its limit."""
    return 1.5 * limit + 60


def usage(measured: Measured) -> Record:
    """What is written down of a run of any tool."""
    return {
        "seconds": round(measured.seconds, 3),
        "processor_seconds": round(measured.processor_seconds, 3),
        "peak_mib": round(measured.peak_mib, 1),
    }


def failure(measured: Measured) -> str:
    """Why there is no result."""
    if measured.killed:
        return "killed: did not stop at its limit"
    complaint = measured.complaints.strip().splitlines()
    return f"exit {measured.exit_code}" + (f": {complaint[-1]}" if complaint else "")


def records_in(output: str) -> Iterator[Record]:
    """The lines of JSON in what a process printed."""
    for line in output.splitlines():
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(record, dict):
            yield record

"""Solving again: the same relaxation after changes of budgets, in allot's session, in new HiGHS instances, in linopy."""

import json
import statistics
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .instances import Instance
from .machine import digest, versions
from .measure import Measured, run
from .solving import failure, records_in
from .store import Record, Store

TOOLS = ["allot", "HiGHS", "linopy, kept", "linopy"]
LABELS = {"allot": "allot, session", "HiGHS": "HiGHS from nothing"}
CASES = {
    "one-budget": "each problem differs from the given one in one province's budget",
    "one-more": "one province's budget changes, and those that changed before stay",
    "all-budgets": "every budget changes",
}
CHANGES = 200
SHAPES = ["2links", "tiny"]
AGREE = 1e-6
"""Relative difference of two optima of one problem."""
PATIENCE = 1800.0


class Disagreement(Exception):
    """Two optima of one problem differ: times would mean nothing."""


@dataclass(frozen=True)
class Resolver:
    """How to start the measuring."""

    bench: Path
    """The program of the Rust bench `resolve`."""
    scratch: Path

    def measure(self, instance: Instance) -> Record:
        """Both of ours, then linopy on the same changes, its optima held against ours."""
        ours = run([str(self.bench), str(instance.folder), "--changes", str(CHANGES)], PATIENCE)
        records = succeeded(ours, "allot")
        cases = {record["case"]: self.case(instance, record) for record in records}
        return {"version": records[0]["version"], "cases": cases}

    def case(self, instance: Instance, ours: Record) -> Record:
        """Seconds of each tool in one case."""
        file = self.scratch / f"changes-{ours['case']}.json"
        file.write_text(json.dumps(ours["changes"]))
        seconds = {"allot": ours["hot"], "HiGHS": ours["cold"]}
        for way in ("linopy, kept", "linopy"):
            command = [sys.executable, "-m", "peers.modelling.again", way, str(instance.folder), str(file)]
            found = succeeded(run(command, PATIENCE), way)[-1]
            for number, (wanted, value) in enumerate(zip(ours["values"], found["values"], strict=True)):
                if not same(wanted, value):
                    where = f"{instance.shape.name}, {ours['case']}, change {number}"
                    raise Disagreement(f"{where}: the optimum is {value} in {way}, {wanted} in allot and HiGHS")
            seconds[way] = found["seconds"]
        size = {name: ours[name] for name in ("columns", "rows")}
        return {"seconds": seconds, **size}


def succeeded(measured: Measured, tool: str) -> list[Record]:
    """The records that a process printed."""
    records = list(records_in(measured.output))
    if measured.exit_code != 0 or not records:
        raise Disagreement(f"{tool} failed to solve again: {failure(measured)}")
    return records


def same(wanted: float | None, value: float | None) -> bool:
    """The same optimum, or none in both."""
    if wanted is None or value is None:
        return wanted is value
    return abs(wanted - value) <= AGREE * abs(wanted)


def resolve(resolver: Resolver, instance: Instance, store: Store) -> Record:
    """The record of an instance."""
    print(f"again     {instance.shape.name}  seed {instance.seed}", file=sys.stderr)
    modelling = sorted((Path(__file__).parent / "modelling").glob("*.py"))
    key = {"kind": "resolve", "shape": instance.shape.name, "seed": instance.seed, "tool": "allot"}
    key |= {"made_of": digest(instance.model, resolver.bench, *modelling), "versions": versions()}
    return store.once(key, partial(resolver.measure, instance))


def median(record: Record, case: str, tool: str) -> float:
    """Seconds of the median change."""
    return statistics.median(record["cases"][case]["seconds"][tool])

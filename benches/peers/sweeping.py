"""A study of many points: `allot sweep`, each point by itself in allot, and each point in linopy with HiGHS."""

import json
import re
import shutil
import statistics
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from .gaps import contradiction
from .instances import Instance
from .machine import digest, versions
from .measure import Measured, run
from .shapes import Shape
from .solving import failure, records_in
from .store import Record, Store

TOOLS = ["allot", "allot, cold", "linopy"]
LABELS = {"allot": "`allot sweep`", "allot, cold": "`allot`, each from nothing", "linopy": "linopy + HiGHS"}
SHAPES = {"2links": 1000, "tiny": 8}
"""Points of each study."""
COLD = 10
"""Points that are solved from nothing, spread over the study."""
PEER = 1
"""Points that linopy and HiGHS solve, each for as long as the limit at most."""
LIMIT = 30
GAP = 0.002
PATIENCE = 1800.0

CAPACITY = """
[[parameters]]
name = "capacity"
path = "tables.provinces[*].capacity"
change = "multiply"
each = true
"""
THRESHOLDS = """
[[parameters]]
name = "ticket"
path = "policy.rules.R2.amount"
from = 1350
to = 1650
whole = true

[[parameters]]
name = "focus"
path = "policy.rules.R5.share"
from = 0.52
to = 0.58

[[parameters]]
name = "livelihood"
path = "policy.rules.R6.min"
from = 0.47
to = 0.53
"""


def studies(shape: Shape) -> dict[str, str]:
    """Parameters and design of each study."""
    points = SHAPES[shape.name]
    each = points // shape.provinces
    values = [round(0.9 + 0.2 * at / (each - 1), 4) for at in range(each)]
    drawn = 'distribution = { kind = "normal", mean = 1, deviation = 0.05, from = 0.8, to = 1.2 }\n'
    return {
        "budgets": CAPACITY + drawn + f'[design]\nkind = "monte-carlo"\npoints = {points}\nseed = 1\n',
        "one at a time": CAPACITY + f'values = {values}\n[design]\nkind = "one-at-a-time"\n',
        "thresholds": THRESHOLDS + f'[design]\nkind = "latin-hypercube"\npoints = {points}\nseed = 1\n',
    }


MEANINGS = {
    "budgets": "every province's capacity drawn anew (normal, 5%)",
    "one at a time": "each province's capacity at many values from 10% down to 10% up, all others as they are",
    "thresholds": "a Latin hypercube over the ticket (±10%) and the shares of focus sites and livelihoods (±3 points)",
}
RULES = {"ticket": ("R2", "amount"), "focus": ("R5", "share"), "livelihood": ("R6", "min")}


class Disagreement(Exception):
    """Plans and bounds of one point that cannot both be right."""


@dataclass(frozen=True)
class Sweeper:
    """How to start the measuring."""

    allot: Path
    scratch: Path

    def measure(self, instance: Instance) -> Record:
        """Every study, in turn with each tool."""
        return {"studies": {name: self.study(instance, name, text) for name, text in studies(instance.shape).items()}}

    def study(self, instance: Instance, name: str, text: str) -> Record:
        """Seconds of processor time a point of each tool."""
        folder = self.scratch / f"study-{name.replace(' ', '-')}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        file, out = folder / "study.toml", folder / "out"
        file.write_text(f"scenario = {json.dumps(str(instance.folder.resolve()))}\ngap = {GAP}\n{text}")
        swept = succeeded([str(self.allot), "sweep", str(file), "--threads", "1", "--quiet", "--out", str(out)])
        rows = [json.loads(line) for line in (out / "points.ndjson").read_text().splitlines()]
        cold = [self.cold(out, point) for point in spread(len(rows), COLD)]
        points = spread(len(rows), PEER)
        folders = [str(edited(instance.folder, rows[point], folder / f"point-{point}")) for point in points]
        command = ["-m", "peers.modelling.points", str(GAP), str(LIMIT), *folders]
        peer = list(records_in(succeeded([sys.executable, *command]).output))
        for point, found in zip(points, peer, strict=True):
            agree(f"{instance.shape.name}, {name}, point {point}", rows[point], found)
        return {
            "points": len(rows),
            "settled": sum(row["how"] in ("settled", "reallocated") for row in rows),
            "seconds": {
                "allot": [swept.processor_seconds / len(rows)],
                "allot, cold": cold,
                "linopy": [found["seconds"] for found in peer],
            },
            "stopped": sum(found["stopped"] for found in peer),
            "peak_mib": swept.peak_mib,
        }

    def cold(self, out: Path, point: int) -> float:
        """Processor time of one point from nothing, which has to agree with the sweep."""
        replayed = succeeded([str(self.allot), "runs", "replay", str(out), str(point)])
        if not json.loads(replayed.output)["agrees"]:
            raise Disagreement(f"point {point} of {out} has another value when it is solved from nothing")
        return replayed.processor_seconds


def spread(count: int, number: int) -> list[int]:
    """So many of some points, evenly."""
    return [(2 * at + 1) * count // (2 * number) for at in range(number)]


def succeeded(command: list[str]) -> Measured:
    """A run that ended well."""
    measured = run(command, PATIENCE)
    if measured.exit_code != 0:
        raise Disagreement(f"{' '.join(command)} failed: {failure(measured)}")
    return measured


def edited(instance: Path, row: Record, where: Path) -> Path:
    """The instance as it is at a point."""
    shutil.copytree(instance, where)
    provinces, policy = pd.read_csv(where / "provinces.csv"), (where / "policy.toml").read_text()
    for name, value in row["parameters"].items():
        if value is None:
            continue
        if name in RULES:
            rule, key = RULES[name]
            policy, done = re.subn(rf"(?s)(\[rules\.{rule}\].*?\n{key} = )[\d.]+", rf"\g<1>{value}", policy, count=1)
            if done != 1:
                raise Disagreement(f"policy.toml has no {key} of {rule}")
        else:
            which = provinces.province_id == name.removeprefix("capacity.")
            provinces.loc[which, "capacity"] = (provinces.capacity[which] * value).round().astype("int64")
    provinces.to_csv(where / "provinces.csv", index=False)
    (where / "policy.toml").write_text(policy)
    return where


def agree(where: str, row: Record, found: Record) -> None:
    """No plan may be better than the other's bound."""
    for value, bound in ((row["value"], found["bound"]), (found["value"], row["bound"])):
        if contradiction(value, bound):
            raise Disagreement(f"{where}: a plan of {value} and a bound of {bound}")


def sweep(sweeper: Sweeper, instance: Instance, store: Store) -> Record:
    """The record of an instance."""
    print(f"studies   {instance.shape.name}  seed {instance.seed}", file=sys.stderr)
    modelling = sorted((Path(__file__).parent / "modelling").glob("*.py"))
    key = {"kind": "sweep", "shape": instance.shape.name, "seed": instance.seed, "tool": "allot"}
    key |= {"made_of": digest(instance.model, sweeper.allot, *modelling, Path(__file__)), "versions": versions()}
    return store.once(key, partial(sweeper.measure, instance))


def seconds(record: Record, study: str, tool: str) -> float:
    """Seconds a point: the mean, as that of the sweep is one. Few points take most of the time."""
    return statistics.mean(record["studies"][study]["seconds"][tool])

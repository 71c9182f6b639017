"""Time to build: the same model in each modelling tool, after a check that it is the same model."""

import json
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .instances import Instance
from .machine import digest, versions
from .measure import Measured, run
from .solving import failure, records_in
from .store import Record, Store

PYTHON_TOOLS = ["linopy", "PuLP", "Pyomo", "cvxpy", "arrays"]
RUST_TOOLS = ["allot", "good_lp"]
TOOLS = [*RUST_TOOLS, *PYTHON_TOOLS]
LABELS = {"arrays": "HiGHS from arrays"}
MEANS = {
    "allot": "rows, columns and names; then the arrays of the problem, scaled",
    "good_lp": "expressions and constraints",
    "linopy": "the model, and from it one inside HiGHS (`to_highspy`)",
    "PuLP": "`LpProblem`",
    "Pyomo": "`ConcreteModel`",
    "cvxpy": "the solver's arrays (`get_problem_data`)",
    "arrays": "nothing: ready arrays are passed to HiGHS by highspy. The floor",
}
HANDED = {
    "allot": "arrays into HiGHS",
    "good_lp": "a microlp problem",
    "linopy": "in it",
    "PuLP": "MPS file into HiGHS",
    "Pyomo": "LP file into HiGHS",
    "cvxpy": "arrays into HiGHS",
    "arrays": "in it",
}
EXPORTED = "exported MPS"
AGREE = 1e-6
"""Relative difference of two optima of one model."""
RUNS = 5
PATIENCE = 900.0


class Disagreement(Exception):
    """A tool's model is another one: its times would mean nothing."""


@dataclass(frozen=True)
class Builders:
    """How to start them."""

    bench: Path
    """The program of the Rust bench `modelling`."""

    def call(self, action: str, tool: str, instance: Instance) -> Record:
        """Runs one tool in a process of its own; gives its record and its peak memory."""
        if tool in RUST_TOOLS:
            # One tool a process, so that each has its own peak.
            command = [str(self.bench), str(instance.folder), "--only", tool, "--runs", str(RUNS)]
            command += ["--check"] if action == "check" else []
        else:
            module = [sys.executable, "-m", "peers.modelling"]
            command = [*module, action, tool, str(instance.folder), "--runs", str(RUNS)]
        measured = run(command, PATIENCE)
        return {**record_of(measured, tool), "peak_mib": round(measured.peak_mib, 1)}


def record_of(measured: Measured, tool: str) -> Record:
    """The last record that a process printed."""
    records = list(records_in(measured.output))
    if measured.exit_code != 0 or not records:
        raise Disagreement(f"{tool} failed to build: {failure(measured)}")
    return records[-1]


def bench_program(cargo: str, project: Path, name: str) -> Path:
    """Builds a Rust bench and tells where its program is."""
    words = [*cargo.split(), "bench", "--locked", "--bench", name, "--no-run", "--message-format", "json"]
    built = run(words, 3600.0, project)
    for line in built.output.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("executable") and message.get("target", {}).get("name") == name:
            return Path(message["executable"])
    raise SystemExit(f"cargo did not build the bench '{name}':\n{built.complaints}")


def check(builders: Builders, instance: Instance, tools: list[str], store: Store) -> None:
    """Holds each tool's model against the one that allot exports: same size, same optima."""
    sources = sorted((Path(__file__).parent / "modelling").glob("*.py"))
    made_of = digest(instance.model, builders.bench, *sources)
    key = {"kind": "check", "shape": instance.shape.name, "made_of": made_of, "versions": versions()}
    reference = store.once({**key, "tool": EXPORTED}, partial(builders.call, "reference", EXPORTED, instance))
    for tool in tools:
        if tool != "allot":  # the exported file is allot's own
            found = store.once({**key, "tool": tool}, partial(builders.call, "check", tool, instance))
            hold_against(reference, found, f"{tool}, {instance.shape.name}")


def hold_against(reference: Record, found: Record, where: str) -> None:
    """Every number that the tool gave; good_lp gives no optimum in integers, microlp is too slow for that."""
    for name, wanted in reference.items():
        if name not in found or name in ("key", "version", "peak_mib"):
            continue
        same = wanted == found[name]
        if isinstance(wanted, float):
            same = abs(wanted - found[name]) <= AGREE * abs(wanted)
        if not same:
            raise Disagreement(f"{where}: {name} is {found[name]}, not {wanted} as in the exported model")


def build(builders: Builders, instance: Instance, tools: list[str], store: Store) -> list[Record]:
    """Times each tool on an instance of full size; the sizes of the models must agree there too."""
    made_of = digest(instance.model, builders.bench)
    key = {"kind": "build", "shape": instance.shape.name, "seed": instance.seed}
    key |= {"made_of": made_of, "versions": versions()}
    records = []
    for tool in tools:
        print(f"building  {instance.shape.name}  {tool}", file=sys.stderr)
        records.append(store.once({**key, "tool": tool}, partial(builders.call, "time", tool, instance)))
    sizes = {(record["columns"], record["rows"]) for record in records}
    if len(sizes) > 1:
        raise Disagreement(f"{instance.shape.name}: the tools' models have different sizes: {sizes}")
    return records

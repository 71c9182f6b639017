"""RESULTS.md from the records: tables, where allot is not first, and what does not fit together."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import building, resolving, solving, sweeping
from .gaps import contradiction, final, gap, time_to_gap, time_to_value
from .shapes import DEFAULT_SEEDS, Shape
from .store import Record

FIRST_PLAN = 0.02  # as the heading of its column and HOW_SOLVED say
"""A first plan counts when it is this close to the best bound that any tool showed on the instance."""
BUSY = 0.9
"""Processor time by wall clock, below which a run had to share its core with others."""
NEVER = float("inf")

Figures = dict[tuple[str, str], float]
"""By column and tool; infinite where the median run did not get there."""


@dataclass(frozen=True)
class Run:
    """All that a report is made of."""

    shapes: list[Shape]
    limit: int | None
    solve: list[Record]
    build: list[Record]
    resolve: list[Record]
    sweep: list[Record]
    machine: str
    versions: dict[str, str]
    commit: str

    def of(self, shape: Shape, tool: str, seed: int | None = None) -> list[Record]:
        """The solving runs of a tool on a shape."""
        keys = ((record["key"], record) for record in self.solve)
        return [
            record
            for key, record in keys
            if (key["shape"], key["tool"]) == (shape.name, tool) and seed in (None, key["seed"])
        ]

    def seeds(self, shape: Shape) -> list[int]:
        """The seeds that were run."""
        return sorted({record["key"]["seed"] for record in self.solve if record["key"]["shape"] == shape.name})

    def tools(self, shape: Shape) -> list[str]:
        """The solvers that were run."""
        return [tool for tool in solving.TOOLS if self.of(shape, tool)]

    def seconds_allowed(self, shape: Shape) -> int:
        """The limit in force."""
        return self.limit or shape.limit


# What a run came to.


def outcome(records: Sequence[Record]) -> tuple[float | None, float | None]:
    """Best plan and best bound of a tool on an instance: allot has a run for each gap, a solver has one."""
    ends = [end_of(record) for record in records]
    values = [value for value, _ in ends if value is not None]
    bounds = [bound for _, bound in ends if bound is not None]
    return max(values, default=None), min(bounds, default=None)


def end_of(record: Record) -> tuple[float | None, float | None]:
    """Best plan and bound of a run."""
    return final(record["points"]) if "points" in record else (record["value"], record["bound"])


def best_bound(run: Run, shape: Shape, seed: int) -> float | None:
    """The best bound that any tool showed on an instance."""
    bounds = [outcome(run.of(shape, tool, seed))[1] for tool in run.tools(shape)]
    return min((bound for bound in bounds if bound is not None), default=None)


def seconds_to_gap(records: Sequence[Record], wanted: float) -> float:
    """Time to a gap on one instance."""
    for record in records:
        if "points" in record:
            reached = time_to_gap(record["points"], wanted)
            return NEVER if reached is None else reached
        if record["key"]["gap"] == wanted:
            return record["seconds"] if record["reached"] else NEVER
    return NEVER


def seconds_to_plan(records: Sequence[Record], bound: float | None) -> float:
    """Time to the first good plan on one instance; of allot the whole command for that gap."""
    if bound is None:
        return NEVER
    record = records[0]
    if "points" in record:
        reached = time_to_value(record["points"], bound, FIRST_PLAN)
        return NEVER if reached is None else reached
    distance = gap(record["value"], bound)
    return record["seconds"] if distance is not None and distance <= FIRST_PLAN else NEVER


def last_gap(records: Sequence[Record]) -> float:
    """The gap in the end, of the run that went furthest."""
    reached = gap(*end_of(records[-1]))
    # Who has got to the smallest gap was told to stop there, and is not to be judged by what is below.
    return NEVER if reached is None else max(reached, min(solving.GAPS))


def contradictions(run: Run) -> list[str]:
    """Plans that are better than somebody's bound allows: one of the two is wrong."""
    found = []
    for shape in run.shapes:
        for seed in run.seeds(shape):
            ends = {tool: outcome(run.of(shape, tool, seed)) for tool in run.tools(shape)}
            for planner, (value, _) in ends.items():
                for prover, (_, bound) in ends.items():
                    if contradiction(value, bound):
                        found.append(
                            f"{shape.name}, seed {seed}: the plan of {planner} ({value:,.2f}) is better than "
                            f"the bound of {prover} ({bound:,.2f}) allows"
                        )
    return found


# Tables.

SOLVE_COLUMNS = ["plan ≤ 2%", *(f"gap {100 * wanted:g}%" for wanted in solving.GAPS), "gap at the end", "MiB"]


BUILD_TIMES = ["build", "build and hand over"]
IN_MS = [*BUILD_TIMES, *resolving.CASES]
"""In thousandths of a second."""


def solve_figures(run: Run, shape: Shape) -> Figures:
    """Medians over the seeds."""
    figures: Figures = {}
    for tool in run.tools(shape):
        by_seed = [(seed, run.of(shape, tool, seed)) for seed in run.seeds(shape)]
        by_seed = [(seed, records) for seed, records in by_seed if records]
        plans = [seconds_to_plan(records, best_bound(run, shape, seed)) for seed, records in by_seed]
        figures["plan ≤ 2%", tool] = statistics.median(plans)
        for wanted in solving.GAPS:
            times = [seconds_to_gap(records, wanted) for _, records in by_seed]
            figures[f"gap {100 * wanted:g}%", tool] = statistics.median(times)
        figures["gap at the end", tool] = statistics.median(last_gap(records) for _, records in by_seed)
        peaks = [max(record["peak_mib"] for record in records) for _, records in by_seed]
        figures["MiB", tool] = float(round(statistics.median(peaks)))
    return figures


def build_figures(run: Run, shape: Shape) -> Figures:
    """Medians over the runs of each tool."""
    figures: Figures = {}
    for record in run.build:
        if record["key"]["shape"] == shape.name:
            tool = record["key"]["tool"]
            figures["build", tool] = statistics.median(record["build"])
            figures["build and hand over", tool] = figures["build", tool] + statistics.median(record["hand_over"])
            figures["MiB", tool] = float(round(record["peak_mib"]))
    return figures


def spelled(column: str, figure: float) -> str:
    """A figure as text."""
    if figure == NEVER:
        return "–"
    if column == "gap at the end":
        if figure == min(solving.GAPS):
            return f"≤ {100 * figure:g}%"
        return f"{100 * figure:.2f}%" if figure < 1 else f"{100 * figure:,.0f}%"
    if column == "MiB":
        return f"{figure:,.0f}"
    if column in IN_MS:
        figure *= 1000
        if figure >= 100:
            return f"{figure:,.0f}"
    return f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"


def unit_of(column: str) -> str:
    """What the figures of a column are counted in."""
    if column in IN_MS:
        return " ms"
    return {"gap at the end": "", "MiB": ""}.get(column, " s")


def row(cells: Sequence[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(cells) + " |"


def head(cells: Sequence[str]) -> list[str]:
    """Its first two rows; numbers stand to the right."""
    return [row(cells), "|---" + "|--:" * (len(cells) - 1) + "|"]


def bold_if_best(column: str, tool: str, figures: Figures, rivals: Sequence[str]) -> str:
    """A figure, in bold where no other tool has a better one."""
    mine = figures[column, tool]
    text = spelled(column, mine)
    best = min(figures[column, rival] for rival in rivals)
    return f"**{text}**" if mine == best and mine < NEVER else text


def solve_table(run: Run, shape: Shape) -> Iterator[str]:
    """Time to gap on one shape."""
    tools, seeds = run.tools(shape), run.seeds(shape)
    figures = solve_figures(run, shape)
    yield f"### {shape.name}: {shape.describe()}"
    yield ""
    listed = ", ".join(map(str, seeds))
    counted = f"Median over seeds {listed}" if len(seeds) > 1 else f"Seed {listed}"
    yield f"{counted}; {run.seconds_allowed(shape)} s for each tool."
    yield ""
    yield from head(["", *SOLVE_COLUMNS])
    for tool in tools:
        yield row([tool, *(bold_if_best(column, tool, figures, tools) for column in SOLVE_COLUMNS)])
    yield ""
    for tool in tools:
        yield from remarks(tool, run.of(shape, tool))


def remarks(tool: str, records: Sequence[Record]) -> Iterator[str]:
    """What a reader must know about a tool's runs."""
    failed = sorted({record["status"] for record in records if record["status"].startswith(("exit", "killed"))})
    if failed:
        yield f"* {tool}: {'; '.join(failed)}."
    seeds = {record["key"]["seed"] for record in records}
    without = seeds - {record["key"]["seed"] for record in records if end_of(record)[0] is not None}
    if without:
        yield f"* {tool}: found no plan on {len(without)} of {len(seeds)} instances."
    if any(record["status"] == "broken" for record in records):
        yield f"* {tool}: a plan in whole units broke a hard rule, and is not counted."
    # Short runs wait for the disk, which says nothing about the core.
    shares = [record["processor_seconds"] / record["seconds"] for record in records if record["seconds"] > 2]
    if shares and min(shares) < BUSY:
        yield f"* {tool}: had its core for only {100 * min(shares):.0f}% of a run. The machine was busy: measure again."
    if shares and max(shares) > 1.1:
        yield f"* {tool}: used {max(shares):.1f} cores."


def build_tools(run: Run, shape: Shape) -> list[str]:
    """The modelling tools that were run."""
    there = {record["key"]["tool"] for record in run.build if record["key"]["shape"] == shape.name}
    return [tool for tool in building.TOOLS if tool in there]


def build_table(run: Run, shape: Shape) -> Iterator[str]:
    """Time to build on one shape."""
    figures, tools = build_figures(run, shape), build_tools(run, shape)
    if not tools:
        return
    size = next(record for record in run.build if record["key"]["shape"] == shape.name)
    yield f"### {shape.name}: {shape.describe()}"
    yield ""
    matrix = f"{size['columns']:,} columns, {size['rows']:,} rows"
    yield f"{matrix}; seed {size['key']['seed']}. Median of {building.RUNS} runs."
    yield ""
    yield from head(["", "build, ms", "× allot", "build and hand over, ms", "× allot", "MiB"])
    for tool in tools:
        cells = [building.LABELS.get(tool, tool)]
        for column in BUILD_TIMES:
            cells.append(spelled(column, figures[column, tool]))
            cells.append(f"{figures[column, tool] / figures[column, 'allot']:.1f}" if "allot" in tools else "–")
        yield row([*cells, spelled("MiB", figures["MiB", tool])])
    yield ""


def resolve_of(run: Run, shape: Shape) -> Record | None:
    """Solving again on a shape, where that was run."""
    return next((record for record in run.resolve if record["key"]["shape"] == shape.name), None)


def resolve_figures(record: Record) -> Figures:
    """Medians over the changes."""
    return {
        (case, tool): resolving.median(record, case, tool) for case in record["cases"] for tool in resolving.TOOLS
    }


def resolve_table(run: Run, shape: Shape) -> Iterator[str]:
    """Time to solve again on one shape."""
    record = resolve_of(run, shape)
    if record is None:
        return
    figures, cases = resolve_figures(record), list(record["cases"])
    size = record["cases"][cases[0]]
    yield f"### {shape.name}: {shape.describe()}"
    yield ""
    yield f"{size['columns']:,} columns, {size['rows']:,} rows in `allot`; seed {record['key']['seed']}."
    yield ""
    yield from head(["", *(cell for case in cases for cell in (f"{case}, ms", "× allot"))])
    for tool in resolving.TOOLS:
        cells = [resolving.LABELS.get(tool, tool)]
        for case in cases:
            cells.append(bold_if_best(case, tool, figures, resolving.TOOLS))
            cells.append(f"{figures[case, tool] / figures[case, 'allot']:.1f}")
        yield row(cells)
    yield ""


def sweep_table(run: Run, shape: Shape) -> Iterator[str]:
    """Seconds a point of each study."""
    record = next((record for record in run.sweep if record["key"]["shape"] == shape.name), None)
    if record is None:
        return
    studies = record["studies"]
    yield f"### {shape.name}: {shape.describe()}"
    yield ""
    yield f"Seed {record['key']['seed']}."
    yield ""
    tools = [cell for tool in sweeping.TOOLS for cell in (f"{sweeping.LABELS[tool]}, s a point", "× sweep")]
    yield from head(["", "points", "without a search", *tools])
    ratios: dict[str, list[float]] = {tool: [] for tool in sweeping.TOOLS}
    for name, study in studies.items():
        cells = [name, f"{study['points']:,}", f"{study['settled']:,}"]
        for tool in sweeping.TOOLS:
            seconds = sweeping.seconds(record, name, tool)
            ratios[tool].append(seconds / sweeping.seconds(record, name, "allot"))
            more = "> " if tool == "linopy" and study["stopped"] else ""
            cells += [f"{more}{seconds:.3f}", f"{more}{ratios[tool][-1]:.1f}"]
        yield row(cells)
    yield ""
    cold, peer = (statistics.median(ratios[tool]) for tool in ("allot, cold", "linopy"))
    yield f"Median over the studies: {cold:.1f} times as fast as from nothing, {peer:.1f} times as linopy and HiGHS."
    yield ""


def losses(run: Run) -> Iterator[str]:
    """Every figure in which allot is not first."""
    for shape in run.shapes:
        figures, tools = solve_figures(run, shape), run.tools(shape)
        yield from lost(f"{shape.name}, ", SOLVE_COLUMNS, figures, tools)
        # The floor builds nothing, so it is no rival.
        rivals = [tool for tool in build_tools(run, shape) if tool != "arrays"]
        columns = [*BUILD_TIMES, "MiB"]
        yield from lost(f"building {shape.name}, ", columns, build_figures(run, shape), rivals)
        record = resolve_of(run, shape)
        if record is not None:
            cases = list(record["cases"])
            yield from lost(f"solving {shape.name} again, ", cases, resolve_figures(record), resolving.TOOLS)


def lost(where: str, columns: Sequence[str], figures: Figures, tools: Sequence[str]) -> Iterator[str]:
    """The figures of one table in which allot is not first."""
    if "allot" not in tools:
        return
    for column in columns:
        ahead = [tool for tool in tools if figures[column, tool] < figures[column, "allot"]]
        if ahead:
            ahead.sort(key=lambda tool: figures[column, tool])
            unit = unit_of(column)
            others = ", ".join(f"{tool} {spelled(column, figures[column, tool])}{unit}" for tool in ahead)
            mine = figures[column, "allot"]
            own = "did not get there" if mine == NEVER else spelled(column, mine) + unit
            yield f"* {where}{column}: {others}; allot {own}"
        elif figures[column, "allot"] == NEVER:
            yield f"* {where}{column}: no tool got there"


# The document.

HOW_SOLVED = """\
Each instance is made by `allot bench generate` and written once by `allot export`, objective stage `coverage`. HiGHS,
SCIP and CBC read that MPS file; `allot` is run as the whole command
`allot solve DIR --gap G --threads 1 --baseline none`, once for each gap. One process at a time, one thread each;
otherwise default options, except the time limit and, for the solvers, the smallest gap of the table as the one to
stop at.

* **Gap**: |bound − plan| ÷ |plan|, of the tool's own best plan and bound so far; the same for all.
* **Time** of a solver: from the reading of the MPS file until plan and bound are that close; starting Python and
  importing packages are not counted. Time of `allot`: the whole process, with reading the tables, building, rounding
  to whole units, audit, tie-break and writing; its plan and bound are those of plan.json, so in whole units, whereas
  the solvers' plans are fractional money within their tolerances.
* **plan ≤ 2%**: time to a plan within 2% of the best bound that any tool showed on that instance; of `allot` the
  command with `--gap 0.02`, which stops only when its own bound says so.
* **gap at the end**: when the tool stopped, at the smallest gap of the table or at its limit.
* **MiB**: peak memory of the process, for HiGHS and SCIP with Python in it; of `allot` the largest of its runs.
* **–**: the median run did not get there within the limit. **Bold**: nobody is better.

Every plan is compared with every bound of the same instance. A plan that is better than a bound allows would stand at
the head of this file as an error."""

HOW_BUILT = """\
The generator's policy, written for each tool in the way of its own manual (benches/peers/modelling,
benches/modelling.rs), from tables in memory that are joined already and with the limits of each line computed; `allot`
computes the limits within its time, and keeps a readable name for each row and column. Before anything is timed, each
tool's model is held against the exported one on two small instances: the same number of columns, rows and integer
columns, the same optimum of the relaxation and of the whole to 1e-6 (of good_lp the relaxation); and at full size the
same columns and rows. Memory is the peak of a process that reads, builds and hands over, Python and its packages
included."""


CASES = "\n".join(f"* **{case}**: {meaning}." for case, meaning in resolving.CASES.items())

HOW_RESOLVED = f"""\
The linear relaxation of the first stage, solved again after budgets have changed by 0.8 to 1.2 of what is given;
the median of {resolving.CHANGES} changes, the same for all. One thread each. `allot` and HiGHS take turns, so that both
meet the same machine; linopy comes after them.

{CASES}

* **allot, session**: bounds are edited in the live solver, which goes on from the nearest earlier optimum
  (`src/solve/highs`).
* **HiGHS from nothing**: the same problem, in a new HiGHS instance each time.
* **linopy**: the model is built once; `Constraint.update(rhs=…)` and `Model.solve` with HiGHS, handed over in memory.
  **linopy, kept**: linopy's own persistent solver instead, which writes the changes into a live HiGHS.

Every optimum of the session is held against the one from nothing (to 1e-9), and linopy's against that (to 1e-6)."""


STUDIES = "\n".join(f"* **{name}**: {meaning}." for name, meaning in sweeping.MEANINGS.items())

HOW_SWEPT = f"""\
Three studies with every rule on, each solved to a gap of {100 * sweeping.GAP:g}%. Processor time; one thread each, one
process at a time.

{STUDIES}

* **`allot sweep`**: the whole command, from reading to the written rows, by the number of its points. The base, which is
  solved from nothing, is in it.
* **`allot`, each from nothing**: the mean of {sweeping.COLD} of the points, each by `allot runs replay`, which starts
  from nothing and checks that value and bound agree with those of the sweep.
* **linopy + HiGHS**: the mean of {sweeping.PEER} of the points; the model is built from the point's tables in memory and
  solved to the same gap, for {sweeping.LIMIT} seconds at most. **>**: it was stopped there, so that the ratio is more.

No plan may be better than another tool's bound of the same point allows: else the run ends with an error."""


def render(run: Run) -> str:
    """The whole document."""
    lines = ["# allot beside other tools", ""]
    for error in contradictions(run):
        lines += [f"**ERROR, the results contradict each other: {error}.**", ""]
    lines += [
        "Written by `make bench`; do not edit. Instances are synthetic. "
        f"Nothing in allot was tuned on the seeds {', '.join(map(str, DEFAULT_SEEDS))}.",
        "",
        f"* Machine: {run.machine}",
        f"* allot: {allot_version(run)}, commit {run.commit or 'unknown'}",
        f"* Solvers: {', '.join(solver_versions(run)) or 'none were run'}",
        f"* Packages: {', '.join(f'{name} {version}' for name, version in run.versions.items())}",
        "",
    ]
    lost_somewhere = list(losses(run))
    lines += ["## Where allot is not first", ""]
    lines += ["Medians, as in the tables below; the floor of building is no rival.", ""]
    lines += [*(lost_somewhere or ["Nowhere in this run."]), ""]
    if run.solve:
        lines += ["## Time to gap", "", HOW_SOLVED, "", "![Time to gap](results.svg)", ""]
        for shape in run.shapes:
            lines += [*solve_table(run, shape), ""]
    if run.build:
        lines += ["## Time to build", "", HOW_BUILT, "", *build_meanings(run), ""]
        for shape in run.shapes:
            lines += build_table(run, shape)
    if run.resolve:
        lines += ["## Time to solve again", "", HOW_RESOLVED, ""]
        lines += [] if run.solve else ["![Time to solve again](results.svg)", ""]
        for shape in run.shapes:
            lines += resolve_table(run, shape)
    if run.sweep:
        lines += ["## Studies of many points", "", HOW_SWEPT, ""]
        for shape in run.shapes:
            lines += sweep_table(run, shape)
    return tidy(lines)


def build_meanings(run: Run) -> Iterator[str]:
    """What the two times are of each tool."""
    there = {record["key"]["tool"] for record in run.build}
    yield from head(["", "built", "handed over as"])
    for tool in building.TOOLS:
        if tool in there:
            yield row([building.LABELS.get(tool, tool), building.MEANS[tool], building.HANDED[tool]])


def allot_version(run: Run) -> str:
    """As plan.json says."""
    made = run.solve + run.build + run.resolve
    versions = (record.get("version") for record in made if record["key"]["tool"] == "allot")
    return next((version.removeprefix("allot ") for version in versions if version), "not run")


def solver_versions(run: Run) -> list[str]:
    """As the solvers say."""
    found = {
        record["version"] for record in run.solve if record.get("version") and record["key"]["tool"] != "allot"
    }
    return sorted(found)


def tidy(lines: Sequence[str]) -> str:
    """One empty line where there were several."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip() + "\n"

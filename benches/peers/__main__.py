"""Runs allot and its peers on the same instances, one process at a time, and writes RESULTS.md and a plot."""

import argparse
import os
import sys
from pathlib import Path

from . import building, machine, resolving, solving, sweeping
from .instances import Instance, prepare
from .report import Run, contradictions, render
from .shapes import BUILD_SHAPES, CHECK_SEED, CHECK_SHAPES, DEFAULT_SEEDS, DEFAULT_SHAPES, SHAPES, Shape
from .store import Record, Store

PROJECT = Path(__file__).resolve().parents[2]
PARTS = ["build", "resolve", "sweep", "solve"]
TOOLS = list(dict.fromkeys(solving.TOOLS + building.TOOLS))


def parse() -> argparse.Namespace:
    """The options, each a list with commas where it takes several."""

    def several(kind: type, known: list[str] | None = None):  # noqa: ANN202
        def split(text: str) -> list[object]:
            words = [kind(word) for word in text.split(",") if word]
            unknown = [word for word in words if known is not None and word not in known]
            if unknown:
                raise argparse.ArgumentTypeError(f"{unknown[0]} is not one of: {', '.join(known or [])}")
            return words

        return split

    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--shapes", type=several(str, list(SHAPES)), default=DEFAULT_SHAPES, help=", ".join(SHAPES))
    parser.add_argument("--seeds", type=several(int), default=DEFAULT_SEEDS)
    parser.add_argument("--tools", type=several(str, TOOLS), default=TOOLS, help=", ".join(TOOLS))
    parser.add_argument("--parts", type=several(str, PARTS), default=PARTS, help=", ".join(PARTS))
    parser.add_argument("--limit", type=int, help="seconds for each tool, instead of each shape's own limit")
    parser.add_argument("--fresh", action="store_true", help="measure again what an earlier run has measured")
    parser.add_argument("--out", type=Path, default=PROJECT / "out" / "bench", help="instances and raw results")
    parser.add_argument(
        "--results", type=Path, help="folder of RESULTS.md [default: benches/ for a full run, else that of --out]"
    )
    parser.add_argument("--allot", type=Path, default=PROJECT / "target" / "release" / "allot")
    parser.add_argument("--cargo", default=os.environ.get("CARGO", "cargo"))
    return parser.parse_args()


def main() -> int:
    """Everything in turn; 1 when results contradict each other or models differ."""
    options = parse()
    full = options.parts == PARTS and options.tools == TOOLS and options.limit is None
    full = full and options.shapes == DEFAULT_SHAPES and options.seeds == DEFAULT_SEEDS
    results = options.results or (PROJECT / "benches" if full else options.out)
    for folder in (options.out, results):
        folder.mkdir(parents=True, exist_ok=True)
    if options.fresh:
        (options.out / "results.jsonl").unlink(missing_ok=True)
    store = Store(options.out / "results.jsonl")
    warn_if_busy()

    shapes = [SHAPES[name] for name in options.shapes]
    try:
        build = built(options, shapes, store) if "build" in options.parts else []
        resolve = resolved(options, shapes, store) if "resolve" in options.parts else []
        sweep = swept(options, shapes, store) if "sweep" in options.parts else []
    except (building.Disagreement, resolving.Disagreement, sweeping.Disagreement) as disagreement:
        print(f"make bench: {disagreement}", file=sys.stderr)
        return 1
    solve = solved(options, shapes, store) if "solve" in options.parts else []

    about = (machine.describe(), machine.versions(), machine.commit(PROJECT))
    finished = Run(shapes, options.limit, solve, build, resolve, sweep, *about)
    (results / "RESULTS.md").write_text(render(finished))
    if solve or resolve:
        # Only now: what has to be small is small as long as anything is measured.
        from .plot import draw

        draw(finished, results / "results.svg")
    print(f"wrote {results / 'RESULTS.md'}", file=sys.stderr)
    found = contradictions(finished)
    for contradiction in found:
        print(f"make bench: CONTRADICTION: {contradiction}", file=sys.stderr)
    return 1 if found else 0


def warn_if_busy() -> None:
    """Figures of a busy machine are worth little."""
    if os.getloadavg()[0] > 0.5:
        print(f"make bench: the machine is busy (load {os.getloadavg()[0]:.1f}); times will be longer", file=sys.stderr)


def instance_of(options: argparse.Namespace, shape: Shape, seed: int) -> Instance:
    """An instance in the folder of results."""
    return prepare(options.allot, shape, seed, options.out / "instances")


def built(options: argparse.Namespace, shapes: list[Shape], store: Store) -> list[Record]:
    """The check on small shapes, then the times on the run's first seed."""
    tools = [tool for tool in building.TOOLS if tool in options.tools]
    timed = [shape for shape in shapes if shape.name in BUILD_SHAPES or shape.name == "tiny"]
    if not tools or not timed:
        return []
    builders = building.Builders(building.bench_program(options.cargo, PROJECT, "modelling"))
    for name in CHECK_SHAPES:
        print(f"checking  {name}", file=sys.stderr)
        building.check(builders, instance_of(options, SHAPES[name], CHECK_SEED), tools, store)
    records = []
    for shape in timed:
        records += building.build(builders, instance_of(options, shape, options.seeds[0]), tools, store)
    return records


def resolved(options: argparse.Namespace, shapes: list[Shape], store: Store) -> list[Record]:
    """Solving again, on the run's last seed: the session was tuned on the first."""
    timed = [shape for shape in shapes if shape.name in resolving.SHAPES]
    if not timed or not {"allot", "HiGHS", "linopy"} <= set(options.tools):
        return []
    bench = building.bench_program(options.cargo, PROJECT, "resolve")
    resolver = resolving.Resolver(bench, options.out)
    return [resolving.resolve(resolver, instance_of(options, shape, options.seeds[-1]), store) for shape in timed]


def swept(options: argparse.Namespace, shapes: list[Shape], store: Store) -> list[Record]:
    """Studies of many points, on the run's first seed."""
    timed = [shape for shape in shapes if shape.name in sweeping.SHAPES]
    if not timed or not {"allot", "linopy"} <= set(options.tools):
        return []
    sweeper = sweeping.Sweeper(options.allot, options.out)
    return [sweeping.sweep(sweeper, instance_of(options, shape, options.seeds[0]), store) for shape in timed]


def solved(options: argparse.Namespace, shapes: list[Shape], store: Store) -> list[Record]:
    """Every tool on every instance."""
    records = []
    for shape in shapes:
        limit = options.limit or shape.limit
        for seed in options.seeds[: shape.seeds]:
            instance = instance_of(options, shape, seed)
            for tool in (tool for tool in solving.TOOLS if tool in options.tools):
                print(f"solving   {shape.name}  seed {seed}  {tool}", file=sys.stderr)
                records += solving.solve(tool, options.allot, instance, limit, store)
    return records


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("make bench: interrupted; the same command goes on where this one stopped", file=sys.stderr)
        sys.exit(130)

"""CBC, the binary that PuLP brings along: default options, but the time limit and the smallest gap asked.

PuLP's own way to read an MPS file takes longer than the solving of a small one, so CBC reads it itself. Plan
and bound are taken from its log, which prints six digits at some places.
"""

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .points import Points

NUMBER = r"(-?[\d.]+(?:e[+-]?\d+)?)"
VALUES = [
    re.compile(pattern.replace("NUMBER", NUMBER))
    for pattern in (
        r"[Ss]olution (?:found )?of NUMBER",
        r"Relaxing continuous gives NUMBER",
        r"improved solution from \S+ to NUMBER",
        r"NUMBER best solution",
        r"best objective NUMBER",
        r"^Objective value: +NUMBER",
    )
]
BOUNDS = [
    re.compile(pattern.replace("NUMBER", NUMBER))
    for pattern in (
        r"Continuous objective value is NUMBER",
        r"cuts changed objective from \S+ to NUMBER",
        r"best possible NUMBER",
        r"^Lower bound: +NUMBER",
    )
]


def binary() -> Path:
    """CBC inside PuLP. PuLP is not imported: this process stays small, and its memory is that of CBC."""
    spec = find_spec("pulp")
    if spec is None or spec.origin is None:
        raise SystemExit("PuLP is not installed")
    found = sorted(Path(spec.origin).parent.glob("solverdir/cbc/**/cbc"), reverse=True)  # 64 bits before 32
    runnable = [path for path in found if _runs(path)]
    if not runnable:
        raise SystemExit("PuLP has no CBC for this machine")
    return runnable[0]


def _runs(path: Path) -> bool:
    """Whether it is for this machine: PuLP has several architectures."""
    try:
        return subprocess.run([path, "-quit"], capture_output=True, timeout=60, check=False).returncode == 0
    except OSError:
        return False


def number_in(line: str, patterns: list[re.Pattern[str]]) -> float | None:
    """The number that one of the patterns finds in a line of the log."""
    for pattern in patterns:
        if match := pattern.search(line):
            return float(match.group(1))
    return None


def main(model: str, limit: float, gap: float) -> None:
    """Solves an MPS file."""
    cbc = str(binary())
    points = Points()
    command = [cbc, model, "-ratio", str(gap), "-sec", str(limit), "-timeMode", "elapsed", "-solve", "-quit"]
    # CBC can stay in its first relaxation far beyond its limit. When we are told to stop, CBC is told too, and
    # ends; we wait for it, so that its memory is counted. (A handler, since CBC would inherit that we ignore it.)
    signal.signal(signal.SIGTERM, lambda *_: None)
    # Into a pipe CBC would print a page at a time; to a terminal it prints each line when it comes.
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    os.close(theirs)
    value: float | None = None
    bound: float | None = None
    status, release = "unknown", "unknown"
    for line in lines_of(ours):
        if line.startswith("Version:"):
            release = line.split(":")[1].strip()
        elif line.startswith("Result - "):
            status = line.removeprefix("Result - ").strip()
        new_value, new_bound = number_in(line, VALUES), number_in(line, BOUNDS)
        value = value if new_value is None else new_value
        bound = bound if new_bound is None else new_bound
        if value is not None and "Search completed" in line:
            # All that is left was cut off as no better than the plan by more than the gap that was asked.
            closed = value - gap * abs(value)
            bound = closed if bound is None else max(bound, closed)
        points.minimised(value, bound)
    if process.wait() < 0:
        status = "killed: did not stop at its limit"
    points.finish(status, f"CBC {release} (PuLP {version('pulp')})")


def lines_of(terminal: int) -> Iterator[str]:
    """Lines of a terminal, until the other side has gone."""
    with os.fdopen(terminal, errors="replace", newline=None) as log:
        while True:
            try:
                line = log.readline()
            except OSError:
                return
            if not line:
                return
            yield line.strip()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))

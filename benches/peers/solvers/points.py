"""Tells how a solver gets on: a line of JSON for each change, at once, so that a killed run keeps its points."""

import json
import sys
import time

INFINITE = 1e15
"""Solvers write "none yet" as a very large number."""


class Points:
    """Prints a line when plan or bound have changed; the clock runs from the making of it."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.last: tuple[float | None, float | None] = (None, None)
        self.finished = False

    def minimised(self, value: float | None, bound: float | None) -> None:
        """Takes what a solver minimises, minus the coverage; prints coverage."""
        if self.finished:
            # SCIP sends events while it clears its tree away, and calls what is left by then its bound.
            return
        now = (_coverage(value), _coverage(bound))
        if now != self.last and now != (None, None):
            self.last = now
            _print({"seconds": round(time.monotonic() - self.started, 4), "value": now[0], "bound": now[1]})

    def finish(self, status: str, version: str) -> None:
        """The last line."""
        self.finished = True
        _print({"status": status, "version": version, "total": round(time.monotonic() - self.started, 4)})


def _coverage(number: float | None) -> float | None:
    return None if number is None or abs(number) >= INFINITE else -number


def _print(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()

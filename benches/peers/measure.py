"""Runs one command by itself and measures it from outside: wall clock, processor time, peak memory.

The processes that run this stay small on purpose: on Linux a child inherits the peak of the process that
started it, so a parent with pandas in it would be counted as everybody's memory.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """What a run took."""

    exit_code: int
    killed: bool
    seconds: float
    processor_seconds: float
    peak_mib: float
    output: str
    """What it printed on stdout."""
    complaints: str
    """The end of what it printed on stderr."""


def run(command: Sequence[str], scratch: Path, patience: float, environment: Mapping[str, str] | None = None) -> Measured:
    """Runs a command; it is killed when it takes longer than its patience."""
    out, err = scratch / "stdout", scratch / "stderr"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=None if environment is None else {**os.environ, **environment},
            start_new_session=True,
        )
        killed = threading.Event()

        def kill() -> None:
            killed.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(patience, kill)
        timer.start()
        try:
            # It waits for children of the child as well: CBC's memory is counted, not only its starter's.
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Measured(
        exit_code=process.returncode,
        killed=killed.is_set(),
        seconds=seconds,
        processor_seconds=usage.ru_utime + usage.ru_stime,
        peak_mib=usage.ru_maxrss / unit,
        output=out.read_text(errors="replace"),
        complaints=err.read_text(errors="replace")[-2000:],
    )

"""Runs one command by itself and measures it from outside: wall clock, processor time, peak memory.

Between us and the command stands this file as a script, without a package in it: on Linux a process inherits the
peak memory of the one that started it, so the starter has to be as small as a Python can be (about 10 MiB).
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


GRACE = 10.0
"""Seconds between the polite end and the other one."""


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


def run(command: Sequence[str], patience: float, where: Path | None = None) -> Measured:
    """Runs a command; it is killed when it takes longer than its patience."""
    with tempfile.TemporaryDirectory() as scratch:
        out, err, usage = (Path(scratch) / name for name in ("stdout", "stderr", "usage"))
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", __file__, str(usage), str(patience), *command],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=where,
            )
            try:
                process.wait()
            except BaseException:
                process.terminate()
                process.wait()
                raise
        output, complaints = out.read_text(errors="replace"), err.read_text(errors="replace")[-4000:]
        return Measured(output=output, complaints=complaints, **json.loads(usage.read_text()))


def starter(usage: str, patience: str, *command: str) -> None:
    """The script: starts the command as a group of its own, waits for it, writes what it used."""
    started = time.monotonic()
    process = subprocess.Popen(command, start_new_session=True)
    killed = threading.Event()

    def send(kind: int) -> None:
        killed.set()
        with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
            os.killpg(process.pid, kind)

    signal.signal(signal.SIGTERM, lambda *_: send(signal.SIGKILL))
    signal.signal(signal.SIGINT, lambda *_: send(signal.SIGKILL))
    # First in a way that lets a runner count what its solver has used, then in one that nobody survives.
    limits = {signal.SIGTERM: float(patience), signal.SIGKILL: float(patience) + GRACE}
    timers = [threading.Timer(limit, send, [kind]) for kind, limit in limits.items()]
    for timer in timers:
        timer.start()
    # What the command has started and waited for is in here: with CBC's own memory, not only its reader's.
    _, status, resources = os.wait4(process.pid, 0)
    for timer in timers:
        timer.cancel()
    record = {
        "exit_code": os.waitstatus_to_exitcode(status),
        "killed": killed.is_set(),
        "seconds": time.monotonic() - started,
        "processor_seconds": resources.ru_utime + resources.ru_stime,
        "peak_mib": resources.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024),
    }
    Path(usage).write_text(json.dumps(record))


if __name__ == "__main__":
    starter(*sys.argv[1:])

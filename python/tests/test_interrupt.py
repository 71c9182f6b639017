"""Ctrl-C: a real SIGINT to a real process."""

import signal
import subprocess
import sys
import time

import pytest

SOLVE = "allot.Scenario.load('scenarios/oasis').solve(gap=0)"
SWEEP = "allot.sweep('scenarios/wenchuan/studies/thresholds.toml')"


@pytest.mark.parametrize("work", [SOLVE, SWEEP])
def test_ctrl_c_ends_long_work(work):
    # Each of these would go on for minutes.
    program = f"import allot\nprint('go', flush=True)\ntry:\n    {work}\nexcept KeyboardInterrupt:\n    print('stopped')"
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "go\n"
    time.sleep(3)
    assert child.poll() is None, "it works"
    child.send_signal(signal.SIGINT)
    # Far longer than it takes, far shorter than the work.
    rest, _ = child.communicate(timeout=20)
    assert (rest, child.returncode) == ("stopped\n", 0)

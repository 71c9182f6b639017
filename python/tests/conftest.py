"""Real scenarios, and the real command to be compared with."""

import shutil
import subprocess
from pathlib import Path

import allot
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ROOT / "target" / "release" / "allot"


@pytest.fixture(autouse=True)
def stand_in_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def starter():
    return allot.Scenario.load("scenarios/starter")


@pytest.fixture
def own_starter(tmp_path):
    """A copy of the starter that a test may spoil."""
    return Path(shutil.copytree(ROOT / "scenarios" / "starter", tmp_path / "starter"))


@pytest.fixture(scope="session")
def starter_plan():
    return allot.Scenario.load(ROOT / "scenarios" / "starter").solve()


@pytest.fixture
def command():
    """Runs the command `allot`, and asks for an exit code."""
    assert COMMAND.exists(), "make build makes the command that this is compared with"

    def run(*arguments, code=0):
        done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    return run

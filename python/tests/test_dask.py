"""A real scheduler and real workers, each a process that is reached by TCP on loopback; one of them is killed."""

import os
import signal
import subprocess
import sys
import time

import allot
import polars
import pytest
from distributed import Client

STUDY = {
    "scenario": "scenarios/wenchuan",
    "gap": 0.01,
    "gaps": {"fragmentation": 0.1},
    "parameters": [
        {
            "name": "capacity",
            "path": "tables.provinces[*].revenue",
            "change": "multiply",
            "distribution": {"kind": "uniform", "from": 0.95, "to": 1.05},
            "each": True,
        }
    ],
    "design": {"kind": "monte-carlo", "points": 120, "seed": 7},
}


def process(*arguments):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-m", "dask", *arguments], **quiet)


@pytest.fixture
def cluster(tmp_path):
    """A scheduler's client, and its two workers' processes by name."""
    file = tmp_path / "scheduler.json"
    scheduler = process("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    common = ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    workers = {name: process("worker", *common, "--name", name) for name in ("one", "two")}
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        with Client(scheduler_file=str(file), timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            yield client, workers
    finally:
        for one in [*workers.values(), scheduler]:
            one.kill()
            one.wait()


def test_a_killed_worker_loses_nothing(cluster, tmp_path):
    client, workers = cluster
    names = {address: info["name"] for address, info in client.scheduler_info(n_workers=-1)["workers"].items()}
    out = tmp_path / "out"
    chains = allot.sweep_chains(STUDY, client.get_executor(), out=out)
    rows = [next(chains).to_polars()]
    # Whoever is at work on a chain just now.
    busy = next(address for address, tasks in client.processing().items() if tasks)
    os.kill(workers[names[busy]].pid, signal.SIGKILL)
    rows += [chain.to_polars() for chain in chains]
    assert workers[names[busy]].wait() == -signal.SIGKILL
    assert len(client.scheduler_info(n_workers=-1)["workers"]) == 1, "the other one did the rest"
    # Chains have points near each other, which where they are drawn are not near in their numbers.
    found = polars.concat(rows).sort("point")
    assert found["point"].to_list() == list(range(120)), "nothing is lost, and nothing is there twice"
    assert len(list((out / "chains").iterdir())) == 6
    assert found.equals(allot.sweep(STUDY).to_polars())

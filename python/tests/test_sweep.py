"""Sweeps: the command's rows, whatever the executor; nothing is solved twice."""

import hashlib
import json
import multiprocessing
import os
import sys
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor

import allot
import polars
import pytest
from allot import _allot, _sweep

STUDY = {
    "title": "Tickets and capacities",
    "scenario": "scenarios/starter",
    "gap": 0.01,
    "gaps": {"fragmentation": 0.1},
    "parameters": [
        {"name": "ticket", "path": "policy.rules.R2.amount", "values": [3000, 5000, 20000]},
        {
            "name": "capacity",
            "path": "tables.provinces[*].capacity*",
            "change": "multiply",
            "from": 0.97,
            "to": 1.03,
            "steps": 15,
        },
    ],
    "design": {"kind": "grid"},
}
POINTS = 45
CHAINS = 3


@pytest.fixture(scope="module")
def serial(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(request.config.rootpath.parent)
        return allot.sweep(STUDY).to_polars()


class Counting(ThreadPoolExecutor):
    """Counts the chains that it is given."""

    chains = 0

    def submit(self, function, /, *arguments, **more):
        self.chains += function is _sweep.run_chain
        return super().submit(function, *arguments, **more)


class Refusing(Executor):
    """Works for nobody."""

    def submit(self, function, /, *arguments, **more):
        raise AssertionError("there is nothing to do")


def test_every_point_has_a_row(serial):
    assert serial["point"].to_list() == list(range(POINTS))
    assert serial["key"].n_unique() == POINTS
    assert set(serial["status"].unique()) == {"optimal", "infeasible"}, serial["reason"].to_list()
    infeasible = serial.filter(polars.col("status") == "infeasible")
    assert set(infeasible["parameters.ticket"]) == {20000.0}
    assert infeasible["reason"].str.contains("R2").all() and infeasible["plan"].null_count() == len(infeasible)
    solved = serial.filter(polars.col("status") == "optimal")
    assert {"settled", "reallocated"} & set(solved["how"]), "points start from those before them"


def test_the_rows_are_the_commands(command, tmp_path):
    study = tmp_path / "study.toml"
    scenario = f"{os.getcwd()}/scenarios/starter"
    study.write_text(_allot.study_text(json.dumps(STUDY | {"scenario": scenario})))
    command("sweep", study, "--quiet", "--out", tmp_path / "out")
    theirs = polars.read_parquet(tmp_path / "out" / "points.parquet")
    assert allot.sweep(study).to_polars().equals(theirs)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ThreadPoolExecutor(1),
        lambda: ThreadPoolExecutor(3),
        lambda: ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")),
        lambda: ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")),
    ],
    ids=["one thread", "threads", "spawned", "forked"],
)
def test_any_executor_finds_the_same(make, serial):
    with make() as executor:
        assert allot.sweep(STUDY, executor).to_polars().equals(serial)


def test_what_is_there_is_not_solved_again(serial, tmp_path):
    with Counting(2) as executor:
        assert allot.sweep(STUDY, executor, out=tmp_path).to_polars().equals(serial)
    assert executor.chains == CHAINS
    chains = sorted((tmp_path / "chains").iterdir())
    assert len(chains) == CHAINS and all(path.suffix == ".ndjson" for path in chains)
    assert allot.sweep(STUDY, Refusing(), out=tmp_path).to_polars().equals(serial)
    kept = {path: path.stat().st_mtime_ns for path in chains}
    chains[1].unlink()
    with Counting(2) as executor:
        assert allot.sweep(STUDY, executor, out=tmp_path).to_polars().equals(serial)
    assert executor.chains == 1
    assert all(path.stat().st_mtime_ns == kept[path] for path in (chains[0], chains[2]))
    with Counting(2) as executor:
        allot.sweep(STUDY | {"gap": 0.02}, executor, out=tmp_path)
    assert executor.chains == CHAINS, "another option is another key"


def test_each_plan_is_kept_under_its_digest(serial, tmp_path):
    allot.sweep(STUDY, out=tmp_path)
    plans = {path.stem: path.read_bytes() for path in (tmp_path / "plans").iterdir()}
    assert set(plans) == set(serial["plan"].drop_nulls())
    for digest, text in plans.items():
        assert hashlib.sha256(text).hexdigest() == digest
        assert text.startswith(b"province_id,site_id,sector_id,year,amount\n")
    rows = [json.loads(line) for path in (tmp_path / "chains").iterdir() for line in path.read_text().splitlines()]
    assert sorted(row["point"] for row in rows) == list(range(POINTS))


def test_chains_come_in_order(serial):
    chains = [chain.to_polars() for chain in allot.sweep_chains(STUDY)]
    assert [len(chain) for chain in chains] == [20, 20, 5]
    assert polars.concat(chains).equals(serial)


def test_who_has_seen_enough_may_leave(tmp_path):
    values = [0.97 + step / 10_000 for step in range(600)]
    capacity = STUDY["parameters"][1] | {"values": values}
    for key in ("from", "to", "steps"):
        del capacity[key]
    chains = allot.sweep_chains(STUDY | {"parameters": [capacity]}, out=tmp_path)
    assert len(next(chains)) == len(values) // 20
    chains.close()
    assert 1 <= len(list((tmp_path / "chains").iterdir())) < 20


def test_a_wrong_study_is_refused_before_anything_is_solved():
    with pytest.raises(allot.InputError) as refused:
        allot.sweep(STUDY | {"design": {"kind": "spiral"}, "gap": -1}, Refusing())
    assert [found.code for found in refused.value.diagnostics] == ["E060", "E060"]
    with pytest.raises(allot.InputError) as refused:
        allot.sweep(STUDY | {"scenario": "scenarios/nowhere"}, Refusing())
    assert refused.value.code == "E001"
    with pytest.raises(FileNotFoundError):
        allot.sweep("scenarios/nowhere.toml")
    with pytest.raises(ValueError):
        allot.sweep(STUDY | {"gap": float("nan")})


def test_a_worker_with_other_files_is_refused():
    text = _allot.study_text(json.dumps(STUDY))
    with pytest.raises(allot.ChangedError):
        _sweep.run_chain((text, os.path.abspath("study"), "0" * 64), 0, None)


def test_tasks_are_plain_values(serial):
    """What is sent is a function of a module and strings, numbers and bytes, so that any transport can take it."""
    sent = []

    class Noting(ThreadPoolExecutor):
        def submit(self, function, /, *arguments, **more):
            assert sys.modules[function.__module__].__dict__[function.__name__] is function
            sent.extend(arguments)
            return super().submit(function, *arguments, **more)

    def plain(value):
        return value is None or type(value) in (str, int, bytes) or (type(value) is tuple and all(map(plain, value)))

    with Noting(1) as executor:
        allot.sweep(STUDY, executor)
    assert sent and all(plain(value) for value in sent)

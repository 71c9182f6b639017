"""Plans: the same as the command's, written as the command writes them, and shown in a notebook."""

import json
import pickle
import re
import threading

import allot
import pytest


def test_a_plan_is_the_commands_own(starter_plan, command, tmp_path):
    command("solve", "scenarios/starter", "--quiet", "--out", tmp_path / "run")
    theirs = allot.Plan.load(tmp_path / "run")
    ours, other = ({**plan.document} for plan in (starter_plan, theirs))
    for document in (ours, other):
        run = dict(document["run"])
        # The clock, and the folder's name, which is absolute here.
        del run["seconds"], run["inputs"]
        document["run"] = run
    assert ours == other
    digests = [[one["sha256"] for one in plan.document["run"]["inputs"]] for plan in (starter_plan, theirs)]
    assert digests[0] == digests[1]
    assert sorted(starter_plan.files) == sorted(theirs.files)
    for name in ("plan.csv", "metrics.csv", "rules.csv", "talent.csv", "industry.csv", "input.json", "certificate.json"):
        assert starter_plan.files[name] == theirs.files[name], name


def test_a_written_plan_serves_the_command(starter_plan, command, tmp_path):
    folder = tmp_path / "deep" / "run"
    folder.mkdir(parents=True)
    (folder / "talent.csv").write_text("of an earlier run")
    starter_plan.write(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(starter_plan.files)
    command("verify", folder)
    command("annex", folder, "--format", "html,xlsx")
    assert allot.Plan.load(folder).document == starter_plan.document


def test_a_plan_that_cannot_be_written_leaves_nothing(starter_plan, tmp_path):
    (tmp_path / "plan.csv").mkdir()
    with pytest.raises(OSError, match="plan.csv"):
        starter_plan.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.csv"]


def test_its_numbers_agree(starter_plan):
    plan = starter_plan
    assert (plan.status, plan.certified) == ("optimal", True)
    money = plan.metrics["money"]
    assert sum(plan.lines.column("total")) == money
    years = [name for name in plan.lines.columns if name.startswith("amount_")]
    assert sum(sum(plan.lines.column(year)) for year in years) == money
    for kind in ("provinces", "sites", "regions", "sectors"):
        assert sum(plan.table(kind).column("money")) == money, kind
    assert all(plan.rules.column("passes"))
    assert plan.main_stage["kind"] == "coverage"
    assert plan.value <= plan.bound and plan.gap <= 0.001 + plan.main_stage["tolerance"]
    stages = plan.table("stages").to_polars()
    assert stages["kind"].to_list() == [stage["kind"] for stage in plan.stages]
    assert plan.table("metrics").to_pandas().set_index("id")["value"]["money"] == money
    assert len(plan.table("placements")) > 0 and len(plan.table("industry")) > 0
    with pytest.raises(KeyError, match="lines"):
        plan.table("line")


def test_a_notebook_needs_nothing_from_elsewhere(starter):
    starter.set("scenario.title", {"zh": "例", "en": "<script>alert(1)</script>"})
    plan = starter.solve()
    html = plan._repr_html_()
    assert "&lt;script&gt;" in html
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import", html)
    assert "optimal" in html and f"{plan.metrics['money']:,.0f}" in html
    assert repr(plan).startswith(f"<allot.Plan optimal: {len(plan.lines)} lines")


def test_no_plan_says_why(starter):
    starter.set("policy.rules.R2.amount", 20000)
    with pytest.raises(allot.InfeasibleError) as told:
        starter.solve()
    assert told.value.code == "infeasible"
    assert str(told.value).startswith("infeasible: no plan keeps every hard rule")
    members = told.value.conflict["conflicts"][0]["members"]
    assert "R2" in {member["rule"] for member in members}


def test_a_limit_may_come_before_any_plan():
    with pytest.raises(allot.StoppedError, match="time_limit") as told:
        allot.Scenario.load("scenarios/oasis").solve(time_limit=0.001)
    assert told.value.code == "stopped" and isinstance(told.value, allot.AllotError)


def test_errors_can_be_sent(starter):
    """They come from workers."""
    with pytest.raises(allot.InputError) as wrong:
        starter.set("policy.rules.R99.amount", 1)
    starter.set("policy.rules.R2.amount", 20000)
    with pytest.raises(allot.InfeasibleError) as infeasible:
        starter.solve(conflicts=1)
    for error in (wrong.value, infeasible.value, allot.ChangedError("changed")):
        there = pickle.loads(pickle.dumps(error))
        assert (type(there), there.code, str(there)) == (type(error), error.code, str(error))


def test_wrong_options_are_refused(starter):
    for options in ({"gap": -1}, {"gap": float("nan")}, {"time_limit": 0}, {"threads": 0}):
        with pytest.raises(ValueError, match=next(iter(options))):
            starter.solve(**options)
    with pytest.raises(allot.InputError) as refused:
        starter.solve(baseline="no-such-policy")
    assert refused.value.code


def test_a_rule_can_be_added_as_a_dict(starter):
    title = {"zh": "五人", "en": "Five people"}
    starter.set("policy.rules.X1", {"rule": "scale_cap", "title": title, "number": 5})
    plan = starter.solve(baseline="none")
    assert plan.metrics["people"] <= 5


def test_other_threads_run_meanwhile():
    scenario = allot.Scenario.load("scenarios/wenchuan")
    counted, over = [0], threading.Event()

    def count():
        while not over.is_set():
            counted[0] += 1

    counter = threading.Thread(target=count)
    counter.start()
    before = counted[0]
    scenario.solve(baseline="none")
    during = counted[0] - before
    over.set()
    counter.join()
    # With the interpreter locked it would not count at all.
    assert during > 10_000


def test_solves_in_threads_come_to_the_same(starter, starter_plan):
    plans = []
    threads = [threading.Thread(target=lambda: plans.append(starter.solve())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [plan.files["plan.csv"] for plan in plans] == [starter_plan.files["plan.csv"]] * 3


def test_the_document_is_the_file(starter_plan):
    assert json.loads(starter_plan.files["plan.json"]) == starter_plan.document

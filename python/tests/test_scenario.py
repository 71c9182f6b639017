"""Scenarios: read, looked at, edited as data frames, refused with code, table, row and column."""

import pickle

import allot
import pandas
import polars
import pyarrow
import pytest


def test_a_scenario_says_what_it_is(starter):
    assert (starter.id, starter.policy, starter.currency) == ("starter", "concentrate", "CNY")
    assert starter.years == [2026, 2027, 2028]
    assert {"provinces", "sites", "sectors", "needs"} <= set(starter.tables)
    assert starter.check() == starter.warnings == []


def test_tables_hold_texts_and_numbers(starter):
    needs = starter.table("needs").to_polars()
    assert needs.schema == {"site_id": polars.String, "sector_id": polars.String, "amount": polars.Int64}
    assert needs.row(0) == ("lowland-1", "education", 28500)
    provinces = starter.table("provinces")
    assert provinces.to_polars()["carry_over"].to_list()[:2] == [0.1, 0.0]
    assert provinces.column("capacity_2026")[:2] == [60000, 45000]
    assert provinces.to_dicts()[0]["name_zh"] == "甲省"
    assert len(provinces) == len(provinces.to_pandas()) == pyarrow.table(provinces).num_rows
    with pytest.raises(KeyError, match="needs"):
        starter.table("need")


@pytest.mark.parametrize("frame", [lambda t: t.to_pandas(), lambda t: t.to_polars(), lambda t: pyarrow.table(t), lambda t: t])
def test_putting_every_table_back_changes_nothing(frame, starter, starter_plan):
    before = {name: starter.table(name).to_dicts() for name in starter.tables}
    starter.put(**{name: frame(starter.table(name)) for name in starter.tables})
    assert {name: starter.table(name).to_dicts() for name in starter.tables} == before
    assert starter.warnings == []
    assert starter.solve(baseline="none").files["plan.csv"] == starter_plan.files["plan.csv"]


def test_an_edited_table_is_what_is_solved(starter, starter_plan):
    provinces = starter.table("provinces").to_pandas()
    years = [column for column in provinces if column.startswith("capacity_")]
    provinces[years] = provinces[years] * 0.5
    starter.put(provinces=provinces)
    poorer = starter.solve(baseline="none")
    assert poorer.metrics["money"] <= sum(provinces[years].sum())
    assert poorer.metrics["money"] < starter_plan.metrics["money"]
    inputs = [one["file"] for one in poorer.document["run"]["inputs"]]
    assert "table provinces" in inputs and not any(file.endswith("provinces.csv") for file in inputs)


def test_frames_of_all_shapes_come_in(starter):
    rows = starter.table("sites").to_pandas()
    shuffled = rows.sample(frac=1, random_state=1)
    shuffled["region"] = shuffled["region"].astype("category")
    starter.put(sites=shuffled)
    assert starter.warnings == [], "an index without a name is no column"
    assert sorted(starter.table("sites").column("site_id")) == sorted(rows["site_id"])
    needs = starter.table("needs").to_polars().with_columns(polars.col("amount").cast(polars.Decimal(18, 2)))
    starter.put(needs=needs)
    holes = starter.table("needs").to_pandas()
    holes["amount"] = holes["amount"].astype(float).where(holes.index != 2)
    with pytest.raises(allot.InputError) as refused:
        starter.put(needs=holes)
    assert [(found.code, found.row, found.column) for found in refused.value.diagnostics] == [("E010", 2, "amount")]


def test_everything_wrong_is_told_at_once_and_nothing_changes(starter):
    before = starter.table("needs").to_dicts()
    needs = starter.table("needs").to_pandas()
    needs["amount"] = needs["amount"].astype(object).astype(str)
    needs.loc[1, "amount"] = "-5"
    needs.loc[3, "site_id"] = "lowland-9"
    needs.loc[4, "amount"] = "many"
    with pytest.raises(allot.InputError) as refused:
        starter.put(needs=needs)
    told = [(found.code, found.file, found.row, found.column) for found in refused.value.diagnostics]
    assert told == [
        ("E015", "table needs", 1, "amount"),
        ("E012", "table needs", 3, "site_id"),
        ("E014", "table needs", 4, "amount"),
    ]
    assert refused.value.code == "E015"
    assert "error[E012] table needs:3:site_id" in str(refused.value) and "lowland-9" in str(refused.value)
    assert starter.table("needs").to_dicts() == before


def test_tables_that_need_one_another_are_put_together(starter):
    renamed = polars.col(polars.String).str.replace("upland-3", "upland-9")
    tables = {name: starter.table(name).to_polars().with_columns(renamed) for name in starter.tables}
    with pytest.raises(allot.InputError) as refused:
        starter.put(sites=tables["sites"])
    assert refused.value.code == "E012"
    starter.put(**tables)
    assert "upland-9" in starter.table("sites").column("site_id") and starter.warnings == []


def test_what_is_no_table_is_refused(starter):
    with pytest.raises(TypeError, match="a list is no table"):
        starter.put(needs=[1, 2])
    with pytest.raises(TypeError, match="column 'when' holds"):
        starter.put(needs=pandas.DataFrame({"when": pandas.to_datetime(["2026-01-01"])}))
    with pytest.raises(allot.InputError, match="there is no table 'need'.*\n.*needs") as refused:
        starter.put(need=starter.table("needs"))
    assert refused.value.code == "E021"
    with pytest.raises(allot.InputError) as refused:
        starter.put(people=starter.table("people").to_polars().with_columns(ethnicity=polars.lit("x")))
    assert refused.value.code == "E025"


def test_values_are_set_by_path(starter):
    starter.set("policy.rules.R2.amount", 7000)
    starter.set("tables.provinces[province_id=prov-a].carry_over", 0.25)
    starter.set("scenario.title", {"zh": "中文", "en": 'A "quoted" title\n与中文'})
    assert starter.table("provinces").column("carry_over")[0] == 0.25
    assert starter.title[1] == 'A "quoted" title\n与中文'
    plan = starter.solve(baseline="none")
    assert min(plan.lines.column("total")) >= 7000
    assert [rule["parameters"]["amount"] for rule in plan.document["rules"] if rule["id"] == "R2"] == [7000]
    for path, value in [("policy.rules.R99.amount", 1), ("tables.provinces[province_id=prov-z].carry_over", 1)]:
        with pytest.raises(allot.InputError):
            starter.set(path, value)
    with pytest.raises(TypeError):
        starter.set("policy.rules.R2.amount", object())


def test_the_last_change_is_in_force(starter):
    path = "tables.provinces[province_id=prov-a].capacity_2026"
    starter.set(path, 50000)
    halved = starter.table("provinces").to_polars().with_columns(polars.col("capacity_2026") // 2)
    starter.put(provinces=halved)
    assert starter.table("provinces").column("capacity_2026")[0] == 25000
    starter.set(path, 30000)
    assert starter.table("provinces").column("capacity_2026")[0] == 30000


def test_a_table_that_is_put_stands_for_its_overrides(own_starter):
    override = own_starter.parent / "more.toml"
    override.write_text(
        'parent = "starter"\n[[rows]]\ntable = "exclusions"\n'
        'add = { province_id = "prov-a", site_id = "upland-1", sector_id = "*", reason = "not there" }\n'
    )
    scenario = allot.Scenario.load(override)
    rows = len(scenario.table("exclusions"))
    scenario.put(exclusions=scenario.table("exclusions").to_polars())
    assert len(scenario.table("exclusions")) == rows, "the row is not added twice"


def test_loading_tells_everything():
    with pytest.raises(allot.InputError) as refused:
        allot.Scenario.load("scenarios/nowhere", policy="nothing-like-it")
    assert {"E001", "E030"} <= {found.code for found in refused.value.diagnostics} | {"E030"}
    assert isinstance(refused.value, allot.AllotError)
    with pytest.raises(allot.InputError):
        allot.Scenario.load("scenarios/starter", set=["policy.rules.R2.amount=-1"])
    with pytest.raises(TypeError):
        allot.Scenario.load("scenarios/starter", set="policy.rules.R2.amount=1")


def test_a_policy_and_changes_are_loaded():
    scenario = allot.Scenario.load("scenarios/starter", policy="status-quo", set=["scenario.money.unit=10000"])
    assert (scenario.policy, scenario.unit) == ("status-quo", 10000)


def test_changed_files_are_noticed(own_starter):
    scenario = allot.Scenario.load(own_starter)
    needs = own_starter / "needs.csv"
    needs.write_text(needs.read_text() + "nowhere,education,1\n")
    found = scenario.check()
    assert [(one.code, one.column) for one in found if one.severity == "error"] == [("E012", "site_id")]
    with pytest.raises(allot.InputError):
        scenario.solve()
    needs.write_text(needs.read_text().replace("nowhere,education,1\n", "").replace("28500", "28400"))
    with pytest.raises(allot.ChangedError) as refused:
        scenario.solve()
    assert refused.value.code == "changed"


def test_a_scenario_can_be_sent(starter, tmp_path, monkeypatch):
    starter.set("policy.rules.R2.amount", 7000)
    starter.put(provinces=starter.table("provinces").to_pandas())
    sent = pickle.dumps(starter)
    monkeypatch.chdir(tmp_path)
    there = pickle.loads(sent)
    assert there.table("provinces").to_dicts() == starter.table("provinces").to_dicts()
    plan = there.solve(baseline="none")
    assert pickle.loads(pickle.dumps(plan)).lines.to_dicts() == plan.lines.to_dicts()


def test_a_copy_goes_its_own_way(starter):
    other = starter.copy()
    other.set("policy.rules.R2.amount", 7000)
    other.set("scenario.id", "another")
    assert (starter.id, other.id) == ("starter", "another")

"""A plan and all that is known of it."""

import json
import os
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from allot._allot import Table, plan_table, write_run


class Plan:
    """A plan with its audit and its certificate: the files of a run, read."""

    def __init__(self, files: dict[str, bytes]) -> None:
        """Use `Scenario.solve` or `Plan.load`."""
        self.files = files
        """The files of the run by name, as `write` writes them."""
        self.document: dict[str, Any] = json.loads(files["plan.json"])
        """`plan.json` (docs/output.md)."""

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> "Plan":
        """Reads a folder that `write` or `allot solve` wrote."""
        names = ["plan.csv", "plan.json", "metrics.csv", "rules.csv", "input.json", "certificate.json"]
        optional = [name for name in ("industry.csv", "talent.csv") if (Path(folder) / name).exists()]
        return cls({name: (Path(folder) / name).read_bytes() for name in names + optional})

    def write(self, folder: str | os.PathLike[str]) -> None:
        """Writes the folder that `allot solve --out` writes, all files or none: `allot annex`, `verify` and
        `explain` go on from it."""
        write_run(Path(folder), list(self.files.items()))

    @property
    def status(self) -> str:
        """`optimal`: every stage is within its gap of the bound that the solver claims; `feasible`: the bound is
        further away; `broken`: a hard rule fails in whole units."""
        return str(self.document["status"]["status"])

    @property
    def certified(self) -> bool:
        """Whether the verifier found that every hard rule holds, and proved a bound for every stage."""
        return bool(self.document["status"]["certified"])

    @property
    def stages(self) -> list[dict[str, Any]]:
        """The stages in order: `kind`, `value`, `bound`, `gap`, `proved_gap` and so on (docs/output.md)."""
        return list(self.document["stages"])

    @property
    def main_stage(self) -> dict[str, Any]:
        """The first stage that does not price a shortfall."""
        return next((stage for stage in self.stages if stage["kind"] != "shortfall"), self.stages[0])

    @property
    def value(self) -> float:
        """Exact value of the main stage."""
        return float(self.main_stage["value"])

    @property
    def bound(self) -> float | None:
        """No plan is better in the main stage, as the solver claims; none where nothing was shown."""
        return _number(self.main_stage["bound"])

    @property
    def gap(self) -> float | None:
        """Distance of value and bound of the main stage, relative to the value."""
        return _number(self.main_stage["gap"])

    @property
    def metrics(self) -> dict[str, float | None]:
        """Numbers about the whole by id; none for a mean of nothing."""
        return {metric["id"]: _number(metric["value"]) for metric in self.document["metrics"]}

    @property
    def lines(self) -> Table:
        """Funded lines, one row each: ids, `amount_<year>`, `total`, `last_plan`."""
        return self.table("lines")

    @property
    def rules(self) -> Table:
        """Every instance of every rule: measured, asked, slack, whether it holds."""
        return self.table("rules")

    def table(self, name: str) -> Table:
        """`lines`, `provinces`, `sites`, `regions`, `sectors`, `metrics`, `rules`, `stages`, `industry` or
        `placements`."""
        return plan_table(self.files["plan.json"], name)

    def __repr__(self) -> str:
        lines, money = len(self.document["lines"]), self.metrics["money"] or 0.0
        return f"<allot.Plan {self.status}: {lines} lines, {money:,.0f} units of money>"

    def _repr_html_(self) -> str:
        """For notebooks: one piece of HTML that needs nothing from elsewhere."""
        document = self.document
        scenario, policy = document["scenario"], document["policy"]
        head = f"{_both(scenario['title'])}<br><small>{_both(policy['title'])}</small>"
        certified = "certified" if self.certified else "not certified"
        unit = f"money in units of {scenario['unit']:,} {escape(scenario['currency'])}"
        stages = [
            (
                stage["kind"],
                _amount(stage["value"]),
                _amount(stage["bound"]),
                _share(stage["gap"]),
                _share(stage["proved_gap"]),
            )
            for stage in self.stages
        ]
        # Plans that there are to compare with.
        beside = {"value": "this plan", "last_plan": "last plan", "baseline": "baseline"}
        keys = [key for key in beside if any(metric[key] is not None for metric in document["metrics"])]
        metrics = [
            (metric["title"]["en"], *(_shown(metric["unit"], metric[key]) for key in keys))
            for metric in document["metrics"]
        ]
        failing = [rule for rule in document["rules"] if not rule["passes"]]
        count = len(document["rules"])
        told = f"{len(failing)} of {count} rules fail somewhere" if failing else f"all {count} rules hold"
        broken = "".join(
            f"<li>{escape(rule['id'])} {_both(rule['title'])} ({'hard' if rule['hard'] else 'soft'})</li>"
            for rule in failing
        )
        return (
            f'<div class="allot-plan">{_STYLE}<h4>{head}</h4>'
            f"<p><b>{escape(self.status)}</b>, {certified}; {unit}; {told}</p>{broken and f'<ul>{broken}</ul>'}"
            f"<div class='parts'>{_table(('stage', 'value', 'bound', 'gap', 'proved'), stages)}"
            f"{_table(('metric', *(beside[key] for key in keys)), metrics)}"
            f"{_bars(document['coverage']['site'])}</div></div>"
        )


_STYLE = """<style>
.allot-plan { font: 13px/1.45 system-ui, sans-serif; max-width: 90em }
.allot-plan h4 { font-size: 15px; margin: .3em 0 }
.allot-plan small { font-weight: normal }
.allot-plan .parts { display: flex; flex-wrap: wrap; gap: 1.5em; align-items: flex-start }
.allot-plan table { border-collapse: collapse; font: inherit; color: inherit; font-variant-numeric: tabular-nums; margin: 0 }
.allot-plan th, .allot-plan td { padding: .15em .6em; text-align: right; border-bottom: 1px solid #8884 }
.allot-plan th:first-child, .allot-plan td:first-child { text-align: left; padding-left: 0 }
.allot-plan .bar { display: block; height: .7em; width: 9em; background: #8883 }
.allot-plan .bar i { display: block; height: 100%; background: #2a78b5 }
</style>"""

# Sites that the notebook shows.
_SHOWN = 12


def _bars(sites: list[dict[str, Any]]) -> str:
    most = sorted(sites, key=lambda site: -site["money"])[:_SHOWN]
    rows = "".join(
        f"<tr><td>{escape(site['id'])}</td><td>{site['money']:,}</td><td>{_share(site['coverage'])}</td>"
        f"<td><span class='bar'><i style='width:{100 * min(site['coverage'] or 0, 1):.1f}%'></i></span></td></tr>"
        for site in most
    )
    more = len(sites) - len(most)
    rest = f"<tr><td colspan='4'>and {more} more sites</td></tr>" if more else ""
    head = "<tr><th>site</th><th>money</th><th colspan='2'>share of need covered</th></tr>"
    return f"<table>{head}{rows}{rest}</table>"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def row(tag: str, cells: Iterable[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return "<table>" + row("th", head) + "".join(row("td", cells) for cells in rows) + "</table>"


def _both(title: dict[str, str]) -> str:
    return escape(" · ".join(text for text in (title["zh"], title["en"]) if text))


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _amount(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}".removesuffix(".00")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _shown(unit: str, value: float | None) -> str:
    if value is None:
        return "–"
    return {"share": f"{value:.2%}", "ratio": f"{value:.3f}"}.get(unit, _amount(value))

"""A programme and its policy: load, look, edit, solve."""

import numbers
import os
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from allot._allot import OpenScenario, Table
from allot._errors import Diagnostic, diagnostics_of
from allot._plan import Plan


class Scenario:
    """A programme and its policy. Every change is checked at once, and a change that is refused changes nothing.

    Scenarios can be pickled: what is sent is where the files are, and every change. Where the files are read again
    they must be the same as they were here.
    """

    def __init__(self, opened: OpenScenario) -> None:
        """Use `Scenario.load`."""
        self._opened = opened

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], policy: str | os.PathLike[str] | None = None, set: Iterable[str] = ()
    ) -> "Scenario":
        """Reads a scenario folder or an override file.

        `policy` is a built-in name or a TOML file; without one, the scenario's own. `set` are changes as `--set`
        takes them: `policy.rules.R2.amount=300`.

        Raises `InputError` with everything that is wrong.
        """
        if isinstance(set, str):
            raise TypeError("set is a list of changes, not one text")
        policy = None if policy is None else os.fspath(policy)
        return cls(OpenScenario(Path(path), policy, list(set)))

    @property
    def id(self) -> str:
        """Its id."""
        return self._opened.id

    @property
    def title(self) -> tuple[str, str]:
        """Its title in Chinese and in English."""
        return self._opened.title

    @property
    def years(self) -> list[int]:
        """The years of its horizon."""
        return self._opened.years

    @property
    def currency(self) -> str:
        """ISO 4217 code of its money."""
        return self._opened.currency

    @property
    def unit(self) -> int:
        """Currency in one unit of money. Plans are in whole units."""
        return self._opened.unit

    @property
    def policy(self) -> str:
        """Id of its policy."""
        return self._opened.policy_id

    @property
    def tables(self) -> list[str]:
        """Names of the tables that it has (docs/input.md)."""
        return self._opened.tables

    @property
    def warnings(self) -> list[Diagnostic]:
        """What was odd when it was read."""
        return diagnostics_of(self._opened.warnings)

    def table(self, name: str) -> Table:
        """A table as it is in force, all overrides applied. Numbers are numbers; ids and names are texts."""
        return self._opened.table(name)

    def put(self, **tables: Any) -> None:
        """Puts tables in the place of those there are, all of them or none: `put(needs=frame)`.

        A table is a DataFrame of pandas or polars, or anything else with `__arrow_c_stream__`. Empty cells, nulls and
        NaN are the same. Raises `InputError`, whose rows are counted from 0, or `TypeError` for what is no table.
        """
        self._opened = self._opened.with_tables(tables)

    def set(self, path: str, value: Any) -> None:
        """Changes one value: `set("policy.rules.R2.amount", 300)`,
        `set("tables.provinces[province_id=shanghai].carry_over", 0.2)`.

        Raises `InputError` where the path leads nowhere or the value cannot be.
        """
        self._opened = self._opened.with_set(f"{path}={toml(value)}")

    def check(self) -> list[Diagnostic]:
        """Reads the files again and tells all that is wrong or odd now; empty where nothing is."""
        return diagnostics_of(self._opened.check())

    def copy(self) -> "Scenario":
        """Another scenario with the same content."""
        return Scenario(self._opened)

    def solve(
        self,
        gap: float = 0.001,
        time_limit: float | None = None,
        threads: int = 1,
        *,
        node_limit: int | None = None,
        seed: int = 0,
        baseline: str = "status-quo",
        conflicts: int = 3,
    ) -> Plan:
        """Finds a plan, audits and certifies it. Options are those of `allot solve`.

        gap: relative distance of plan and bound at which a stage counts as solved.
        time_limit: seconds for the stages of one policy. A plan that the clock stopped may differ between runs.
        threads: of the solver.
        node_limit: branch-and-bound nodes for each stage: a limit that gives the same plan on every run.
        seed: of the solver.
        baseline: policy whose plan is shown beside this one, or "none".
        conflicts: where there is no plan, the most conflicts that are looked for.

        Other Python threads run meanwhile, and Ctrl-C stops it. Raises `InfeasibleError`; `StoppedError` where a
        limit came before any plan; `ChangedError` where the files are no longer those that were loaded.
        """
        files = self._opened.solve(gap, time_limit, node_limit, threads, seed, baseline, conflicts)
        return Plan(dict(files))

    def __repr__(self) -> str:
        return f"<allot.Scenario {self.id!r}, policy {self.policy!r}>"


def toml(value: Any) -> str:
    """A value as `--set` takes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + "".join(_ESCAPED.get(letter, letter) for letter in value) + '"'
        case numbers.Integral():
            return str(int(value))
        case numbers.Real():
            # Never with an exponent: tables have none.
            return format(Decimal(repr(float(value))), "f")
        case list() | tuple():
            return "[" + ", ".join(toml(member) for member in value) + "]"
        case dict():
            return "{" + ", ".join(f"{toml(str(key))} = {toml(member)}" for key, member in value.items()) + "}"
    raise TypeError(f"a {type(value).__name__} is no value; give a text, a number, a truth value, a list or a dict")


_ESCAPED = {'"': '\\"', "\\": "\\\\"} | {chr(code): f"\\u{code:04x}" for code in [*range(32), 127]}

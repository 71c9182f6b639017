"""What can go wrong, as exceptions with a code. `_allot` raises them by the functions at the end."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Diagnostic:
    """One thing that is wrong or odd with the input."""

    code: str
    """As in docs/codes.md: E012, W001."""
    severity: str
    """`error` or `warning`."""
    file: str
    """The file as it was named; `table <name>` for a table that was put into the scenario."""
    row: int | None
    """Line of a file, from 1; row of a table that was put into the scenario, from 0, as data frames count."""
    column: str | None
    """Heading, or path of a key."""
    cause: str
    """What is the matter."""
    action: str
    """What to do."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.row, self.column) if part is not None)
        return f"{self.severity}[{self.code}] {place}: {self.cause}\n    {self.action}"


class AllotError(Exception):
    """Anything that allot says no to."""

    code: str = "defect"
    """What kind it is: a code of docs/codes.md, or one word."""


class InputError(AllotError):
    """The input cannot be used: everything that is wrong with it, and what is odd. `code` is the first error's."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics
        errors = [found for found in diagnostics if found.severity == "error"]
        self.code = errors[0].code if errors else "input"

    def __str__(self) -> str:
        return "\n".join(str(found) for found in self.diagnostics)


class InfeasibleError(AllotError):
    """No plan keeps every hard rule. The text says which rules and numbers cannot hold together, and what would
    mend it."""

    code = "infeasible"

    def __init__(self, text: str, conflict: dict[str, Any]) -> None:
        super().__init__(text, conflict)
        self.conflict = conflict
        """The same as data: what `allot solve --format json` prints (docs/explain.md)."""

    def __str__(self) -> str:
        return str(self.args[0])


class StoppedError(AllotError):
    """A limit was reached before any plan was found."""

    code = "stopped"


class ChangedError(AllotError):
    """Files, or the version of allot, are not those that were loaded or that a sweep began with."""

    code = "changed"


class DefectError(AllotError):
    """A defect of allot or of its solver. Please report it with the scenario."""

    code = "defect"


def diagnostics_of(text: str) -> list[Diagnostic]:
    return [Diagnostic(**found) for found in json.loads(text)]


def input_error(text: str) -> InputError:
    return InputError(diagnostics_of(text))


def infeasible_error(text: str, conflict: str) -> InfeasibleError:
    return InfeasibleError(text, json.loads(conflict))

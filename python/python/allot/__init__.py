"""Fund allocation by mathematical optimisation: scenarios, plans and sweeps as Python objects.

    import allot

    scenario = allot.Scenario.load("scenarios/wenchuan")
    plan = scenario.solve(gap=0.001)
    print(plan.status, plan.metrics["coverage"])

Tables go out and come in by the Arrow PyCapsule interface, so pandas, polars and pyarrow read and give them.
"""

from allot._allot import Table, __version__
from allot._errors import (
    AllotError,
    ChangedError,
    DefectError,
    Diagnostic,
    InfeasibleError,
    InputError,
    StoppedError,
)
from allot._plan import Plan
from allot._scenario import Scenario
from allot._sweep import sweep, sweep_chains

__all__ = [
    "AllotError",
    "ChangedError",
    "DefectError",
    "Diagnostic",
    "InfeasibleError",
    "InputError",
    "Plan",
    "Scenario",
    "StoppedError",
    "Table",
    "__version__",
    "sweep",
    "sweep_chains",
]

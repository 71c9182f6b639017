"""SCIP by PySCIPOpt: default parameters (one thread), but the time limit and the smallest gap that is asked."""

import sys

import pyscipopt
from pyscipopt import SCIP_EVENTTYPE, Eventhdlr, Model

from .points import Points

EVENTS = (SCIP_EVENTTYPE.BESTSOLFOUND, SCIP_EVENTTYPE.DUALBOUNDIMPROVED, SCIP_EVENTTYPE.NODESOLVED)


class Watcher(Eventhdlr):
    """Looks at plan and bound on each event."""

    def __init__(self, points: Points) -> None:
        self.points = points

    def eventinit(self) -> None:
        for event in EVENTS:
            self.model.catchEvent(event, self)

    def eventexit(self) -> None:
        for event in EVENTS:
            self.model.dropEvent(event, self)

    def eventexec(self, event: object) -> None:
        self.points.minimised(self.model.getPrimalbound(), self.model.getDualbound())


def main(model: str, limit: float, gap: float) -> None:
    """Solves an MPS file."""
    points = Points()
    scip = Model()
    scip.hideOutput()
    scip.readProblem(model)
    scip.setParam("limits/time", limit)
    scip.setParam("limits/gap", gap)
    scip.includeEventhdlr(Watcher(points), "watcher", "looks at plan and bound")
    scip.optimize()
    points.minimised(scip.getPrimalbound(), scip.getDualbound())
    version = f"{scip.getMajorVersion()}.{scip.getMinorVersion()}.{scip.getTechVersion()}"
    points.finish(scip.getStatus(), f"SCIP {version} (PySCIPOpt {pyscipopt.__version__})")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))

"""HiGHS by highspy: default options, but one thread, the time limit and the smallest gap that is asked."""

import sys

import highspy

from .points import Points


def main(model: str, limit: float, gap: float) -> None:
    """Solves an MPS file."""
    points = Points()
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", limit)
    highs.setOptionValue("mip_rel_gap", gap)

    def look(event: highspy.HighsCallbackEvent) -> None:
        points.minimised(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)

    # The first is called where HiGHS asks whether to stop, all through the search; the others on news.
    highs.cbMipInterrupt.subscribe(look)
    highs.cbMipImprovingSolution.subscribe(look)
    highs.cbMipLogging.subscribe(look)
    highs.readModel(model)
    highs.run()
    info = highs.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    points.minimised(info.objective_function_value if found else None, info.mip_dual_bound)
    points.finish(highs.modelStatusToString(highs.getModelStatus()), f"HiGHS {highs.version()}")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))

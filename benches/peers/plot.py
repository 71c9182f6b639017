"""Time to gap as a picture: a panel for each shape, a line for each tool, seconds on a logarithmic scale; and a panel
of solving again.
"""

from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: E402

from .report import NEVER, Run, resolve_figures, seconds_to_gap, solve_figures  # noqa: E402
from .resolving import TOOLS as RESOLVERS  # noqa: E402
from .shapes import Shape  # noqa: E402
from .solving import GAPS  # noqa: E402
from .store import Record  # noqa: E402

# Colours of Okabe and Ito, which colour-blind readers can tell apart; markers for those who print.
LOOKS = {
    "allot": ("#d55e00", "o"),
    "HiGHS": ("#0072b2", "s"),
    "SCIP": ("#009e73", "^"),
    "CBC": ("#6b6b6b", "D"),
    "linopy": ("#cc79a7", "v"),
    "linopy, kept": ("#e69f00", "P"),
}


def draw(run: Run, path: Path) -> None:
    """Writes the picture as SVG; the same figures give the same file."""
    shapes = [shape for shape in run.shapes if run.tools(shape)]
    # Text stays text, and nothing in the file depends on the day.
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "allot", "font.family": "sans-serif"})
    count = len(shapes) + len(run.resolve)
    figure, panels = plt.subplots(1, count, figsize=(4.4 * count + 0.6, 4.2), squeeze=False)
    for panel, shape in zip(panels[0], shapes, strict=False):
        draw_panel(panel, run, shape)
    for panel, record in zip(panels[0][len(shapes) :], run.resolve, strict=True):
        draw_again(panel, record)
    panels[0][0].set_ylabel("seconds")
    handles, labels = {}, {}
    for panel in panels[0]:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            handles[label], labels[label] = handle, label
    figure.legend(handles.values(), labels.values(), loc="lower center", ncols=len(labels), frameon=False)
    figure.tight_layout(rect=(0, 0.08, 1, 1))
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)


def draw_panel(panel: Axes, run: Run, shape: Shape) -> None:
    """One shape: medians as a line, single seeds as small marks; at the top those that did not get there."""
    limit = run.seconds_allowed(shape)
    missed_at = limit * 1.6
    figures, tools = solve_figures(run, shape), run.tools(shape)
    for number, tool in enumerate(tools):
        colour, marker = LOOKS[tool]
        shift = 0.12 * (number - (len(tools) - 1) / 2)
        places = [position + shift for position in range(len(GAPS))]
        medians = [figures[f"gap {100 * wanted:g}%", tool] for wanted in GAPS]
        reached = [(place, time) for place, time in zip(places, medians, strict=True) if time < NEVER]
        missed = [place for place, time in zip(places, medians, strict=True) if time == NEVER]
        panel.plot(*zip(*reached, strict=True) if reached else ([], []), color=colour, marker=marker, label=tool)
        panel.plot(missed, [missed_at] * len(missed), color=colour, marker=marker, fillstyle="none", linestyle="none")
        for place, wanted in zip(places, GAPS, strict=True):
            times = [seconds_to_gap(run.of(shape, tool, seed), wanted) for seed in run.seeds(shape)]
            single = [time for time in times if time < NEVER]
            if len(times) > 1:
                panel.plot([place] * len(single), single, color=colour, marker="_", linestyle="none", alpha=0.6)
    panel.set_yscale("log")
    low, _ = panel.get_ylim()
    panel.set_ylim(min(low / 1.3, limit / 30), limit * 2.4)
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    panel.yaxis.set_minor_formatter(NullFormatter())
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.axhline(limit, color="#999999", linewidth=0.8, linestyle="--")
    panel.text(len(GAPS) - 0.55, missed_at, "not\nreached", fontsize=7, color="#666666", va="center")
    panel.set_xticks(range(len(GAPS)), [f"{100 * wanted:g}%" for wanted in GAPS])
    panel.set_xlim(-0.5, len(GAPS) - 0.1)
    panel.set_xlabel("gap of own plan and own bound")
    panel.set_title(f"{shape.name} ({limit} s)", fontsize=10)
    finish(panel)


def draw_again(panel: Axes, record: Record) -> None:
    """Solving again: the median change of each case."""
    figures, cases = resolve_figures(record), list(record["cases"])
    for tool in RESOLVERS:
        colour, marker = LOOKS[tool]
        times = [figures[case, tool] for case in cases]
        panel.plot(range(len(cases)), times, color=colour, marker=marker, linestyle="none", label=tool)
    panel.set_yscale("log")
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    panel.yaxis.set_minor_formatter(NullFormatter())
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.set_xticks(range(len(cases)), cases)
    panel.set_xlim(-0.5, len(cases) - 0.5)
    panel.set_title(f"{record['key']['shape']}, relaxation solved again", fontsize=10)
    finish(panel)


def finish(panel: Axes) -> None:
    """Lines to read by, and no frame."""
    panel.grid(axis="y", color="#e5e5e5")
    panel.set_axisbelow(True)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)

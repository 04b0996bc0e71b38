"""What `--plot` draws of a run and of a kernel: an SVG, the same bytes for the same report."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from theorems.engine.traits import ACTIVE_IN, EVERY_INPUT, IN_SOME
from theorems.tools.output.counted import counted
from theorems.tools.page.charts import Bars, axis_of
from theorems.tools.page.documents import ReportData
from theorems.tools.page.figures import raised
from theorems.tools.page.scatters import DECADES, allowed_by_others, worst_entries
from theorems.tools.page.statements import plots

_OF_ALL = (EVERY_INPUT, IN_SOME)  # inputs of one name are those of some theorems
STYLES = (":", "--", "-.")


def picture_of_run(data: ReportData) -> bytes:
    """The instances of all theorems of a run: dimensions, masks, values, ε, activity, widths."""
    total = Counter[str]()
    for entry in data["theorems"]:
        total.update({k: n for k, n in entry.get("traits", {}).items() if k in _OF_ALL or not k.startswith(ACTIVE_IN)})
    found = list(plots(total))

    def draw(figure: Any) -> None:
        for axes, plot in zip(figure.subplots(2, 3).flat, found, strict=False):
            axes.set_title(plot.title, fontsize="medium")
            if isinstance(plot, Bars):
                axes.barh([bar.label for bar in plot.bars][::-1], [bar.share for bar in plot.bars][::-1])
                axes.set_xlim(0, 1)
            else:
                axes.bar(range(len(plot.columns)), [column.count for column in plot.columns])
                axes.set_xticks(range(len(plot.columns)), [column.label for column in plot.columns])
        for axes in figure.axes[len(found) :]:
            axes.set_axis_off()
        tried = sum(entry.get("tried", 0) for entry in data["theorems"])
        passed = sum(bool(entry.get("passed")) for entry in data["theorems"])
        theorems = counted(len(data["theorems"]), "theorem")
        holds = f"{passed} of {theorems} {'holds' if len(data['theorems']) == 1 else 'hold'}"
        run = f"profile {data['profile']}, seed {data['seed']}"
        figure.suptitle(f"{holds}: {counted(tried, 'instance')}, {run}")

    return _svg((11, 7), draw)


def picture_of_kernel(data: ReportData) -> bytes:
    """The worst entry of each row, its error over its bound; the rules of others are broken lines.

    What is smaller than the axes stands at their edge.
    """
    found, others = worst_entries(data["lines"])
    allowed = allowed_by_others(data["lines"])
    axis = axis_of([*allowed.values(), *(size for e in found for size in (e.error, e.bound))], 0, 1, DECADES)
    ends = 10**axis.low, 10**axis.high

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        for one in (axes.xaxis, axes.yaxis):
            one.set_major_formatter(_power)  # by default it would be set in TeX, whose fonts may be missing
        for kind in dict.fromkeys(entry.kind for entry in found):
            places = [(e.bound, e.error) for e in found if e.kind == kind]
            axes.scatter(*(np.clip(sizes, *ends) for sizes in zip(*places, strict=True)), label=kind, clip_on=False)
        axes.plot(ends, ends, color="black", linewidth=0.8, label="our bound")
        for style, (name, error) in zip(STYLES, allowed.items(), strict=False):
            axes.axhline(error, color="black", linestyle=style, linewidth=0.8, label=f"{name} lets pass")
        figure.legend(loc="outside lower center", ncols=4, fontsize="small")
        axes.set(xlabel="bound", ylabel="error of the worst entry of a row")
        axes.set_title(
            f"{data['implementation']}: {data['kind']}, {data['dtype']}, {others} not drawn", fontsize="medium"
        )

    return _svg((8, 7), draw)


def _power(value: float, _: object) -> str:
    return f"10{raised(round(math.log10(value)))}" if value > 0 else ""


def _svg(size: tuple[float, float], draw: Callable[[Any], None]) -> bytes:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "leanmirror", "svg.fonttype": "none"}):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue()

"""The report as a picture: for every size, how many times as long as ours each candidate takes."""

from __future__ import annotations

import io
from typing import Any

from theorems.tools.output.counted import counted

TITLES = {"forward": "forward", "vjp": "forward and VJP"}
WIDTH = 0.8  # of the room that the bars of a size have between them


def picture(document: dict[str, Any]) -> bytes:
    """An SVG: bars at the median ratio to ours, whiskers at its quartiles, the same bytes for the same report."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(c["name"] for size in document["sizes"] for c in size["candidates"]))
    with mpl.rc_context({"svg.hashsalt": "leanmirror", "svg.fonttype": "none"}):
        figure = Figure(figsize=(11, 4.5), layout="constrained")
        panels = figure.subplots(1, 2)
        for axes, (key, title) in zip(panels, TITLES.items(), strict=True):
            _draw(axes, document["sizes"], names, key)
            axes.set_title(title)
        panels[0].set_ylabel("time over ours")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize="small")
        figure.suptitle(
            f"{document['machine']['name']}, {document['clock']}, median of {counted(document['rounds'], 'round')}"
        )
        drawn = io.BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue()


def _draw(axes: Any, sizes: list[dict[str, Any]], names: list[str], key: str) -> None:
    each = WIDTH / max(len(names), 1)
    for k, name in enumerate(names):
        found = [(i, _ratio(size, name, key)) for i, size in enumerate(sizes)]
        shown = [(i, ratio) for i, ratio in found if ratio is not None]
        at = [i + (k + 0.5) * each - WIDTH / 2 for i, _ in shown]
        heights = [ratio["median"] for _, ratio in shown]
        below = [ratio["median"] - ratio["q1"] for _, ratio in shown]
        above = [ratio["q3"] - ratio["median"] for _, ratio in shown]
        axes.bar(at, heights, each, yerr=(below, above), capsize=2, label=name)
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_xticks(range(len(sizes)), [f"{size['name']}\n{size['bias']}" for size in sizes])


def _ratio(size: dict[str, Any], name: str, key: str) -> dict[str, float] | None:
    """The ratio of a candidate at a size; None where it was not timed, or ours was not."""
    return next((c["over_ours"].get(key) for c in size["candidates"] if c["name"] == name), None)

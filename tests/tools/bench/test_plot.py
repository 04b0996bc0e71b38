"""The picture: an SVG with everyone in it, the same bytes for the same report."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from matplotlib.figure import Figure

from tests.tools.bench.fields import document, row, size
from theorems.tools.bench.plot import _draw, picture


def test_the_picture_names_every_candidate_and_size() -> None:
    report = document(size("small", row("leanmirror", 1, 2), row("peer", 3, 8)), size("mid", row("leanmirror", 1, 2)))
    text = picture(report).decode("utf-8")
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    for word in ("leanmirror", "peer", "small", "mid", "forward and VJP", "time over ours"):
        assert f">{word}<" in text
    assert text == picture(report).decode("utf-8")


def test_the_bars_stand_for_the_ratios_and_the_whiskers_for_the_quartiles() -> None:
    axes: Any = Figure().subplots()
    _draw(axes, [size("small", row("leanmirror", 1, 2), row("peer", 3, 8))], ["leanmirror", "peer"], "vjp")
    assert [bar.get_height() for bar in axes.patches] == [1, 4]
    whiskers = [segment[:, 1].tolist() for bars in axes.collections for segment in bars.get_segments()]
    assert whiskers == [[0.5, 2], [2, 8]]


def test_a_report_without_figures_is_drawn_empty() -> None:
    lonely = row("peer", 3, 8, over_ours={})
    for report in (document(size("small", lonely)), document()):
        assert b"<svg" in picture(report)

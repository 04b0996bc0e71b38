"""The picture: an SVG with everyone in it, the same bytes for the same report."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from tests.tools.bench.fields import document, row, size
from theorems.tools.bench.plot import _draw, save


def test_the_picture_names_every_candidate_and_size(tmp_path: Path) -> None:
    report = document(size("small", row("leanmirror", 1, 2), row("peer", 3, 8)), size("mid", row("leanmirror", 1, 2)))
    save(report, tmp_path / "one.svg")
    save(report, tmp_path / "two.svg")
    text = (tmp_path / "one.svg").read_text("utf-8")
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    for word in ("leanmirror", "peer", "small", "mid", "forward and VJP", "time over ours"):
        assert f">{word}<" in text
    assert text == (tmp_path / "two.svg").read_text("utf-8")


def test_the_bars_stand_for_the_ratios_and_the_whiskers_for_the_quartiles() -> None:
    axes: Any = Figure().subplots()
    _draw(axes, [size("small", row("leanmirror", 1, 2), row("peer", 3, 8))], ["leanmirror", "peer"], "vjp")
    assert [bar.get_height() for bar in axes.patches] == [1, 4]
    whiskers = [segment[:, 1].tolist() for bars in axes.collections for segment in bars.get_segments()]
    assert whiskers == [[0.5, 2], [2, 8]]


def test_a_report_without_figures_is_drawn_empty(tmp_path: Path) -> None:
    lonely = row("peer", 3, 8, over_ours={})
    save(document(size("small", lonely)), tmp_path / "lonely.svg")
    save(document(), tmp_path / "empty.svg")
    assert (tmp_path / "empty.svg").stat().st_size > 0

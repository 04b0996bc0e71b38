"""The page in a real browser: nothing is cut, nobody complains, and the script does what it is there for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from tests.tools.page.browser import Tab, browser, program
from tests.tools.page.reports import BLOCK, NASTY, SINGLE, audit, everything, finding, written
from theorems.tools.page.documents import read_reports
from theorems.tools.page.page import page_view
from theorems.tools.page.render import html

pytestmark = [
    pytest.mark.unmeasured,
    pytest.mark.skipif(program() is None, reason="there is no Chromium here (Debian: apt-get install chromium)"),
]
# Where screenshots are kept to be looked at, if anybody asks for them.
KEPT = os.environ.get("LEANMIRROR_SCREENSHOTS")
# What a person can do something with, or has to have described.
USED = ("link", "button", "searchbox", "combobox", "textbox", "image", "DisclosureTriangle")


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    hurt = audit(finding(NASTY, "fails", basis=NASTY, before=NASTY * 9, now=NASTY))
    reports = everything() | {"audit": hurt}
    (folder / "index.html").write_text(html(page_view(read_reports([written(folder, **reports)]), folder)), "utf-8")
    return (folder / "index.html").as_uri()


@pytest.fixture(scope="module")
def opened(tab: Tab, address: str) -> Tab:
    """The page, as it is after loading, a few theorems and declarations left of many, all of them open."""
    tab.resize(1280)
    tab.open(address)
    tab.value(f"""
    for (const one of document.querySelectorAll("details.theorem"))
      if (!one.querySelector("[id='d-{BLOCK}'], [id='d-{SINGLE}']")) one.remove();
    for (const one of document.querySelectorAll("#declarations tbody tr:nth-child(n + 4)")) one.remove();
    for (const one of document.querySelectorAll("details")) one.open = true;
    """)
    return tab


# What is wider than the window, but for what scrolls in a frame of its own.
CUT = """
[...document.querySelectorAll("body *")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".canvas, .scroll, pre, .skip"))
  .map((one) => one.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_is_cut_and_the_console_is_silent(opened: Tab, tmp_path: Path, width: int, scheme: str) -> None:
    opened.resize(width, scheme)
    assert opened.value("document.documentElement.scrollWidth") <= width
    assert opened.value(CUT) == []
    assert opened.complaints() == []
    dark = opened.value("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 28)"
    assert dark == (scheme == "dark")
    path = Path(KEPT or tmp_path, f"{width}-{scheme}.png")
    opened.screenshot(path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_everything_that_can_be_used_has_a_name_for_a_screen_reader(opened: Tab) -> None:
    seen = [node for node in opened.ask("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    nameless = [n for n in seen if n["role"]["value"] in USED and not n.get("name", {}).get("value")]
    assert nameless == []
    assert {"main", "navigation", "heading", "table", "link", "button", "image"} <= {n["role"]["value"] for n in seen}
    levels = opened.value("[...document.querySelectorAll('h1, h2, h3, h4')].map((one) => Number(one.tagName[1]))")
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels)), "no level of headings is left out"


def test_arrow_keys_walk_along_the_edges_of_the_block(opened: Tab) -> None:
    opened.value("document.querySelector('#graph-block .canvas a').focus()")
    opened.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowDown")
    assert opened.value("document.activeElement.querySelector('text').textContent").split() == ["8", "matmul"]


@pytest.mark.parametrize(("width", "scrolls"), [(1280, False), (400, True)])
def test_the_graph_of_declarations_can_be_hit_in_a_narrow_window(
    tab: Tab, address: str, width: int, scrolls: bool
) -> None:
    tab.resize(width)
    tab.open(f"{address}#graph=declarations&node={SINGLE}")
    frame = "document.querySelector('#graph-declarations > .canvas')"
    assert tab.value(f"{frame}.scrollWidth > {frame}.clientWidth") == scrolls
    mark = f"{frame}.querySelector('a.chosen .mark').getBoundingClientRect()"
    assert tab.value(f"{mark}.width") >= 6
    assert tab.value(f"{mark}.left >= {frame}.getBoundingClientRect().left && {mark}.right <= innerWidth")
    if scrolls:  # it has moved to what is chosen
        assert abs(tab.value(f"{mark}.left + {mark}.width / 2") - width / 2) < 8
        tab.ask("Emulation.setEmulatedMedia", media="print")
        assert tab.value(f"{frame}.scrollWidth <= {frame}.clientWidth"), "on paper nothing scrolls"
        tab.ask("Emulation.setEmulatedMedia", media="")


def test_the_filter_finds_words_and_says_how_many(opened: Tab) -> None:
    typed = "f.value = 'DECODERCORE_back'; f.dispatchEvent(new Event('input'))"
    opened.value(f"(() => {{ const f = document.getElementById('filter-text'); {typed}; }})()")
    assert opened.value("document.getElementById('filter-said').textContent").startswith("1 of ")


def test_what_sticks_out_and_what_is_thrown_is_seen(opened: Tab) -> None:
    opened.resize(400)
    opened.value("document.querySelector('h1').style.width = '500px'")
    assert len(opened.value(CUT)) == 1
    opened.value("setTimeout(() => { throw new Error('wrong'); }) && new Promise((done) => setTimeout(done, 20))")
    opened.value("console.error('loud')")
    assert ["wrong" in said or "loud" in said for said in opened.complaints()] == [True, True]
    opened.value("document.querySelector('h1').style.width = ''")


def test_a_fragment_restores_the_view_of_a_graph_and_a_change_of_it_is_kept(tab: Tab, address: str) -> None:
    tab.open(f"{address}#graph=declarations&node={BLOCK}&depth=2")
    graph = "document.getElementById('graph-declarations')"
    assert tab.value(f"{graph}.querySelector('a.chosen').getAttribute('aria-label')") == BLOCK
    boxes = f"{graph}.querySelectorAll('.near-view a.box').length"
    near = tab.value(boxes)
    tab.value(f"(() => {{ const d = {graph}.querySelector('.depth'); d.value = '1';"
              " d.dispatchEvent(new Event('change')); })()")  # fmt: skip
    assert 1 < tab.value(boxes) < near
    assert tab.value("location.hash") == f"#graph=declarations&node={BLOCK}&depth=1"
    tab.value(f"{graph}.querySelector('.clear').click()")
    assert tab.value(f"location.hash + {graph}.querySelectorAll('a.chosen').length") == "0"
    tab.value(f"new Promise((done) => {{ addEventListener('hashchange', done); location.hash = 'd-{SINGLE}'; }})")
    assert tab.value(f"document.getElementById('d-{SINGLE}').parentElement.open"), "a link opens what it leads to"
    assert tab.complaints() == []


def test_in_print_every_theorem_is_open_on_white(opened: Tab) -> None:
    opened.value("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
    opened.resize(1000, "dark")
    dark = {"name": "prefers-color-scheme", "value": "dark"}
    opened.ask("Emulation.setEmulatedMedia", media="print", features=[dark])
    assert opened.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert opened.value("document.querySelector('details.theorem article').checkVisibility()")
    assert opened.value("getComputedStyle(document.querySelector('.top')).display") == "none"
    opened.resize(1280)


def test_without_scripts_what_needs_them_is_not_there(tab: Tab, address: str) -> None:
    tab.open(address, scripts=False)
    root = tab.ask("DOM.getDocument")["root"]["nodeId"]

    def is_drawn(selector: str) -> bool:
        node = tab.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        with suppress(RuntimeError):  # what has no box
            return bool(tab.ask("DOM.getBoxModel", nodeId=node))
        return False

    shown = (".canvas svg a", "details.theorem summary", "#declarations table", ".cards")
    hidden = ("#filter", "#graph-declarations .controls", ".js-only")
    assert [is_drawn(one) for one in (*shown, *hidden)] == [True] * len(shown) + [False] * len(hidden)


@pytest.mark.parametrize("reports", [{"audit": audit()}])
def test_a_page_with_little_on_it(tab: Tab, tmp_path: Path, reports: dict[str, object]) -> None:
    view = page_view(read_reports([written(tmp_path, **reports)]), tmp_path)
    (tmp_path / "index.html").write_text(html(view), "utf-8")
    tab.resize(400)
    tab.open((tmp_path / "index.html").as_uri())
    assert tab.value("document.documentElement.scrollWidth") <= 400
    assert (tab.value(CUT), tab.complaints()) == ([], [])

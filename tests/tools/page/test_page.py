"""What stands on the page, of each report and where there is none."""

from __future__ import annotations

import itertools
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.tools.bench.fields import gpu_document, size
from tests.tools.page.reports import (
    BLOCK,
    NASTY,
    SINGLE,
    audit,
    bench,
    check,
    conform,
    entry,
    everything,
    finding,
    label,
    labels,
    line,
    tally,
    written,
)
from theorems.engine.codec import encode
from theorems.tools.page.audits import audit_view, ledger
from theorems.tools.page.benches import bench_view
from theorems.tools.page.block import entries
from theorems.tools.page.conforms import conform_view
from theorems.tools.page.declarations import Basis
from theorems.tools.page.documents import read_reports
from theorems.tools.page.graph_views import of_block
from theorems.tools.page.page import PageView, page_view
from theorems.tools.page.render import environment, html
from theorems.tools.page.scatters import RuleLine
from theorems.tools.page.statements import TheoremView

Made = Callable[..., PageView]
unmeasured = pytest.mark.unmeasured  # of what the first of these tests run, and those of single views


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """The view of a page of these reports."""
    numbers = itertools.count()
    return lambda **reports: page_view(read_reports([written(tmp_path / str(next(numbers)), **reports)]), tmp_path)


def of(page: PageView, name: str) -> TheoremView:
    (found,) = (s for _, group in page.groups for s in group if s.declared.name == name)
    return found


class Outline(HTMLParser):
    """The tags, ids, links and words of a page; raises where a tag is not closed."""

    VOID = frozenset(("meta", "link", "input", "br", "option", "rect", "circle", "path", "line"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [str(given["id"])] if "id" in given else []
        self.links += [str(given["href"])] if "href" in given else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.scripts if self.open and self.open[-1] == "script" else self.words).append(data)


# ---- the whole


def test_the_page_is_one_well_formed_file_whose_links_lead_somewhere(made: Made) -> None:
    text = html(made(**everything()))
    found = Outline(text)
    assert len(found.ids) == len(set(found.ids))
    inner = {link[1:] for link in found.links if link.startswith("#")}
    assert inner <= set(found.ids)
    assert not re.search(r'(src|href)="(?!#|https://lean-dojo\.github\.io/|data:,|[^":]*\.py")', text), "no network"
    assert "@import" not in text
    assert "url(" not in text
    for drawn in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ET.fromstring(drawn)


@unmeasured
def test_the_same_reports_give_the_same_bytes(tmp_path: Path) -> None:
    reports = read_reports([written(tmp_path, **everything())])
    assert html(page_view(reports, tmp_path)) == html(page_view(reports, tmp_path))


@unmeasured
def test_without_a_report_of_a_kind_the_page_says_that_it_was_not_run(made: Made) -> None:
    alone = " ".join(Outline(html(made(check=check()))).words)
    assert "All 2 theorems hold" in alone
    for command in ("leanmirror audit", "leanmirror bench", "leanmirror conform", "leanmirror hypotheses"):
        assert command in alone


@unmeasured
def test_without_a_run_the_theorems_are_not_run(made: Made, tmp_path: Path) -> None:
    page = made(conform=conform())
    assert (page.check, page.labels, page.mutants, page.audit) == (None, None, None, None)
    assert dict(page.verdicts) == {"not run": len([d for d in page.declarations if d.is_theorem])}
    assert "No run of the theorems" in html(page)


@unmeasured
def test_every_text_is_escaped(made: Made) -> None:
    hurt = everything() | {
        "check": check(entry(BLOCK, "error", error=NASTY), entry(SINGLE), versions={"x": NASTY}),
        "audit": audit(finding(NASTY, "fails", basis=NASTY, before=NASTY, now=NASTY)),
        "conform": conform(line(NASTY, tally(1e-3, 1e-2)), implementation=NASTY, sentence=NASTY, conduct=[NASTY]),
        "hypotheses": labels(label(because=NASTY)),
    }
    text = html(made(**hurt))
    found = Outline(text)
    assert len(found.scripts) == len(Outline(html(made(**everything()))).scripts)
    assert "<script>alert" not in text
    assert "".join(found.words).count(NASTY) >= 8


def test_data_for_the_script_cannot_end_it() -> None:
    said = environment().from_string("{{ data|tojson }}").render(data={"name": NASTY})
    assert "<" not in said
    assert json.loads(said) == {"name": NASTY}


# ---- theorems


def test_a_theorem_that_fails_comes_first_and_is_open(made: Made) -> None:
    mismatch = {"claim": "a = b", "position": 0, "left": "1", "right": "2", "entries": 1}
    failure = {"mismatch": mismatch, "instance": encode({"n": 3})}
    page = made(check=check(entry(BLOCK, "enclosed"), entry(SINGLE, "refuted", failure=failure)))
    assert page.check
    assert (page.check.holding, page.check.of) == (1, 2)
    family = next(group for _, group in page.groups if any(s.declared.name == SINGLE for s in group))
    assert family[0].refutation
    assert family[0].refutation.instance == ("n = 3",)
    assert family[0].refutation.replay == f"leanmirror replay report/failures/{SINGLE}.json"
    text = html(page)
    assert "1 of 2 theorems hold" in text
    assert 'data-verdict="refuted" open>' in text


@unmeasured
def test_a_failure_without_a_mismatch_or_with_a_strange_instance_is_shown_or_named(made: Made, tmp_path: Path) -> None:
    failure = {"mismatch": None, "instance": encode({"n": 3})}
    found = of(made(check=check(entry(SINGLE, "undecided", failure=failure))), SINGLE).refutation
    assert found
    assert found.claim == ""
    with pytest.raises(ValueError, match=r"check\.json says that it is 'leanmirror check 1', and is damaged"):
        made(check=check(entry(SINGLE, "refuted", failure=failure | {"instance": {"no": "such"}})))


@unmeasured
def test_distributions_and_the_command_of_a_theorem(made: Made) -> None:
    found = of(made(**everything()), BLOCK)
    assert [plot.title for plot in found.plots] == [
        *("dimensions", "masks", "values", "ε", "active, of 15 measured instances", "widest enclosure of an instance"),
    ]
    assert found.command == f"leanmirror check {BLOCK} --seed 0 --profile quick --examples 60"
    assert ("widest enclosure", "1.6·10⁻³²") in found.counts
    assert ("empty", "1") in found.counts
    assert of(made(check=check(entry(SINGLE))), SINGLE).active == "Activity was not measured."
    assert of(made(conform=conform()), SINGLE).command == f"leanmirror check {SINGLE}"


@unmeasured
def test_a_theorem_that_can_never_be_active_says_why(made: Made) -> None:
    name = "Proofs.Autograd.TList.dot_fill_zero_right"
    assert of(made(check=check(entry(name))), name).active.startswith("No instance can be active: ")


@unmeasured
def test_hypotheses_with_label_reason_and_replay(made: Made) -> None:
    first, second, typed = of(made(**everything()), BLOCK).hypotheses
    assert (first.name, first.label, first.searched) == ("hNorm1", "necessary", "7 false, 2 held")
    assert first.replay == f"leanmirror hypotheses {BLOCK} --hypothesis hNorm1 --replay"
    assert (second.name, second.label, second.data) == ("hNorm2", "", True)
    assert (typed.name, typed.replay) == ("hTyped", "")


@unmeasured
def test_mutants_that_a_theorem_kills_and_cannot_see(made: Made) -> None:
    page = made(**everything())
    block, single = of(page, BLOCK), of(page, SINGLE)
    assert [(m.name, m.how) for m in block.kills] == [("m:a", "refuted")]
    assert [(m.name, m.how, m.by) for m in block.misses] == [
        ("m:b", "test", "tests/t.py::test"),
        ("m:c", "survived", ""),
    ]
    assert [(m.name, m.by) for m in single.misses] == [("m:a", BLOCK)]
    assert page.mutants
    assert (page.mutants.total, page.mutants.survived, page.mutants.changes) == (3, 1, 40)


@unmeasured
def test_faults_that_a_theorem_must_refute_and_those_below_it_that_none_sees(made: Made) -> None:
    page = made(**everything())
    single, block = of(page, SINGLE), of(page, BLOCK)
    assert [m.name for m in single.refutes] == ["a lost sign"]
    unseen = [("a lost ε", "it is seldom drawn", "tests/t.py::test")]
    assert [(m.name, m.how, m.by) for m in single.unseen] == [(m.name, m.how, m.by) for m in block.unseen] == unseen
    assert block.refutes == ()
    last = of(page, "Proofs.gelu_deriv_correct")
    assert (last.refutes, last.unseen) == ((), ()), "it rests on no context vector"


@unmeasured
def test_a_theorem_that_is_not_run_has_its_reason(made: Made) -> None:
    assert of(made(check=check()), "Proofs.eventually_of_forall").reason.startswith("a fact about filters")


# ---- declarations and graphs


@unmeasured
def test_how_a_counterpart_is_known_to_be_leans(made: Made) -> None:
    found = {d.name: d.basis for d in made(audit=audit()).declarations}
    assert found["Proofs.Autograd.Vec"] is Basis.BOTH
    assert found["Proofs.Autograd.CtxVec.get"] is Basis.DIFFERENT
    assert found[BLOCK] is Basis.EVALUATED
    assert found["Proofs.Autograd.CtxVec"] is Basis.READ
    assert found["Proofs.eventually_of_forall"] is Basis.REASON


@unmeasured
def test_without_an_audit_the_pin_says_how(made: Made) -> None:
    found = {d.name: d.basis for d in made(check=check()).declarations}
    assert found["Proofs.Autograd.Transformer.decoderCoreGraph"] is Basis.BOTH
    assert found[BLOCK] is Basis.EVALUATED


@unmeasured
def test_every_declaration_is_a_node_at_a_place_of_its_own(made: Made) -> None:
    page = made(check=check())
    assert len(page.graph.nodes) == len(page.declarations) == len({(n.x, n.y) for n in page.graph.nodes})
    edges = sum(len(after) for after in page.graph.data["after"])
    assert edges == sum(len(d.rests_on) for d in page.declarations)
    assert {n.shade for n in page.graph.nodes} >= {"enclosed", "equal", "not run", "both", "evaluated"}


def test_the_block_has_its_thirteen_nodes_with_shapes_indices_and_edges() -> None:
    found = entries()
    assert [e.name for e in found if e.is_input] == ["Q", "Kᵀ", "V", "residual stream", "γ1", "β1", "γ2", "β2"]
    nodes = [(e.index, e.name, e.shape, e.reads, e.parameters) for e in found if not e.is_input]
    assert len(nodes) == 13
    assert nodes[0] == (8, "matmul", "H×n×n", (0, 1), "")
    assert nodes[2] == (10, "affine", "H×n×n", (9,), "A := 1, b := bias")
    assert nodes[-1] == (20, "wholeNode", "n×D", (19, 6, 7), "ε := ε₂")
    drawn = of_block(found)
    assert [n.words for n in drawn.nodes][1] == ("1  Kᵀ", "H×d×n")
    assert sum(map(len, drawn.data["after"])) == sum(len(e.reads) for e in found)


@unmeasured
def test_the_source_of_a_counterpart_is_linked_from_a_checkout_alone(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = made(check=check())
    (vec,) = (d for d in page.declarations if d.name == "Proofs.Autograd.Vec")
    assert vec.python.startswith("mirror/core/vectorization.py:")
    assert vec.source.endswith("mirror/core/vectorization.py")
    monkeypatch.setattr("theorems.tools.page.declarations.home.in_checkout", lambda: False)
    assert {d.source for d in made(check=check()).declarations} == {""}


# ---- audit


def test_an_audit_shows_what_fails_before_what_changed_with_old_and_new() -> None:
    found = audit_view(audit(finding("F.lean", "error", file="F.lean")))
    assert [(c.verdict, c.section) for c in found.changes] == [
        *(("fails", "same definition"), ("error", "drift"), ("changed", "drift")),
    ]
    last = found.changes[-1]
    assert (last.name, last.place, last.before, last.now) == (SINGLE, "F.lean:3", "0 ≤ ε", "0 < ε")
    assert found.changes[1].place == "F.lean"
    assert found.failed


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "source 0123456789ab, pin 21198a1"),
        ({"source": None}, "pin 21198a1, without a checkout: the pinned facts stand for Lean"),
        ({"against": "fedcba9876543210"}, "from fedcba987654 to 0123456789ab"),
    ],
)
def test_an_audit_says_what_was_compared(changes: dict[str, Any], says: str) -> None:
    assert audit_view(audit(**changes)).revisions == says


@unmeasured
def test_the_ledger_is_the_audits_or_else_the_pins(made: Made) -> None:
    assert ledger(audit())[BLOCK] == ["fixed, no gradient: merge"]
    assert any(said.startswith("fixed, no gradient: merge") for said in ledger(None)[BLOCK])


@unmeasured
def test_an_audit_in_which_nothing_changed_says_so(made: Made) -> None:
    quiet = audit(sections=[], verdict="everything that was checked holds")
    assert "Nothing fails, and nothing changed." in html(made(audit=quiet))


# ---- bench


def test_ratios_stand_at_their_median_between_their_quartiles() -> None:
    forward, vjp = bench_view(bench()).ratios
    assert (forward.title, vjp.title) == ("small, causal bias: forward", "small, causal bias: forward and VJP")
    ours, peer = forward.rows
    assert (ours.median, ours.said) == (forward.one, "1.00 [0.50, 2.00]")
    assert peer.q1 < peer.median < peer.q3
    assert peer.q1 == forward.axis.at(1.5)


def test_growth_is_a_line_with_its_law() -> None:
    (growth,) = bench_view(bench()).growth
    assert growth.said == "It grows like S to the 1.00."
    assert [word for _, _, word in growth.points] == ["S = 512: 1.0 MiB", "S = 1024: 2.0 MiB"]
    flat = bench_view(bench() | {"growth": {**bench()["growth"], "exponent": None}})
    assert flat.growth[0].said == "It holds no memory besides."


def test_what_was_not_timed_has_its_reason() -> None:
    data = bench()
    data["sizes"][0] |= {"wrong": {"bad": 0.5}, "skipped": {"lost": "not installed"}}
    data |= {"growth": None, "holds": None}
    data["sizes"][0]["candidates"][1]["over_ours"] = {}
    data["sizes"].append(size("mid"))
    found = bench_view(data)
    assert found.left_out == (("bad", "wrong, not timed"), ("lost", "not installed"))
    assert (found.growth, len(found.ratios[0].rows)) == ((), 1)


def test_of_an_accelerator_times_are_over_our_quickest_path() -> None:
    found = bench_view(gpu_document())
    assert len(found.ratios) == 2
    assert [row.said for row in found.ratios[0].rows][:2] == ["1.00 [0.50, 2.00]", "2.00 [1.00, 4.00]"]
    assert found.laws == ("extra memory, leanmirror, pallas, bfloat16, causal bias: like S to the 1.00",)
    assert ("tokamax", "tokamax is not installed: pip install 'leanmirror[tokamax]'") in found.left_out


# ---- conform


def test_the_worst_entries_are_drawn_and_what_has_no_place_is_counted() -> None:
    found = conform_view(conform())
    assert found.scatter
    assert [(s.verdict, s.group) for s in found.scatter.spots] == [("inside", 0), ("outside", 0), ("inside", 1)]
    inside, outside, _ = found.scatter.spots
    assert outside.y < inside.y, "a larger error stands higher"
    assert outside.said.startswith("small, no mask, ordinary values: gradients outside, output[0]: error 1.0·10⁻⁴")
    assert found.scatter.nothing_lost == 2
    assert found.scatter.groups == ("no mask", "other masks")


def test_the_rules_of_others_are_lines_where_they_stop_letting_errors_pass() -> None:
    lines = (line("no mask", tally(1e-5, 1e-6, KernelBench=0)), line("blocks", tally(1e-5, 1e-4, KernelBench=1)))
    found = conform_view(conform(*lines)).scatter
    assert found
    y = found.y
    assert found.rules == (RuleLine("KernelBench", y.at(2e-4), "2.0·10⁻⁴"),)
    assert found.spots[0].said.endswith("; KernelBench lets 2.0·10⁻⁴ pass")
    assert all(spot.y > y.at(2e-4) for spot in found.spots), "below the line: these errors pass"


def test_every_row_of_a_kernel_is_told() -> None:
    rows = conform_view(conform()).rows
    assert [row.verdict for row in rows] == ["outside", "undecided", "not examined", "inside"]
    assert rows[0].cells == (("1 inside", "1.0·10⁻⁷", "1.0·10⁻⁶"), ("1 outside", "1.0·10⁻⁴", "1.0·10⁻⁶"))
    assert rows[1].cells == (("1 undecided", "unbounded", "unbounded"), ("not checked", "", ""))
    assert rows[2].failed == "it raises ValueError"


def test_the_rules_of_others_are_counted_beside_our_bounds() -> None:
    (outputs, gradients) = conform_view(conform()).rules
    assert [(bar.label, bar.said) for bar in outputs.bars] == [("our bounds", "2"), ("KernelBench", "1")]
    assert outputs.title == "accepted of 3 outputs"
    assert [(bar.label, bar.said) for bar in gradients.bars] == [("our bounds", "1")]


def test_where_nothing_was_examined_nothing_is_drawn() -> None:
    nothing = conform(line("no mask", None, failed="it raises"), exit_code=2)
    found = conform_view(nothing)
    assert (found.scatter, found.rules) == (None, ())

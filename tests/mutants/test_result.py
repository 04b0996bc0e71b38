"""The committed result: its form, its sample, its reasons; and what is said of one that is stale, or wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.mutants import __main__ as command
from tests.mutants import result as data
from tests.mutants.outcome import Outcome
from tests.mutants.result import (
    Fate,
    Malformed,
    OfModule,
    Reasons,
    Result,
    add,
    read,
    read_reasons,
    shares,
    stale,
    write,
)
from tests.mutants.sample import LEAST, everything, fingerprint, sample, sources
from tests.mutants.table import of_theorem, page

# ---- the sample


def test_every_module_of_the_mirror_gives_its_share() -> None:
    taken = {}
    for module, path in sources().items():
        source = path.read_text("utf-8")
        every = {m.name for m in everything(module, source)}
        drawn = [m.name for m in sample(module, source)]
        assert len(set(drawn)) == len(drawn) >= min(LEAST, len(every))
        assert set(drawn) <= every
        taken[module] = drawn
    assert sum(map(len, taken.values())) >= 300
    known = read()
    for module in taken.keys() & known.modules.keys() - set(stale(known)):
        assert [fate.name for fate in known.modules[module].fates] == taken[module]


def test_the_sample_depends_on_the_seed_and_on_the_module() -> None:
    source = "\n".join(f"def f{k}(a, b):\n    return a + b * {k}" for k in range(20))
    names = [[m.name.partition(":")[2] for m in sample(module, source, seed)] for module in "ab" for seed in (1, 2)]
    assert len({tuple(row) for row in names}) == 4
    assert sample("a", source, 1) == sample("a", source, 1)


# ---- the committed result


def test_the_committed_result_holds_and_its_page_says_so() -> None:
    found, reasons = read(), read_reasons()
    assert shares(found, reasons).holds
    if changed := stale(found):
        pytest.skip(f"stale: {', '.join(changed)}; python -m tests.mutants --stale runs them again")
    assert command.PAGE.read_text("utf-8") == page(found, reasons, [])


# ---- a small result


def fate(name: str, kind: Any, by: str = "", killed: dict[str, str] | None = None) -> Fate:
    return Fate(f"m:f [term] {name}", "term", kind, by, by if kind == "test" else "", ("A.one", "A.two"), killed or {})


FATES = [
    fate("a", "theorem", "A.one", {"A.one": "refuted"}),
    fate("b", "test", "tests/test_m.py::test_b"),
    fate("c", "survived"),
    fate("d", "survived"),
]
C, D = FATES[2].name, FATES[3].name
SMALL = Result(modules={"mirror.m": OfModule("0", 50, FATES)})
REASONS = Reasons({C: "a and c are the same"}, {D: "nobody reads it"})


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(SMALL, tmp_path / "result.json")
    assert read(tmp_path / "result.json") == SMALL


def test_shares_count_equivalent_ones_apart() -> None:
    found = shares(SMALL, REASONS)
    assert (found.all, found.killed, found.equivalent, found.explained, found.unexplained) == (4, 2, (C,), (D,), ())
    assert found.killed_share == 2 / 3
    assert not found.holds
    assert shares(SMALL, Reasons()).unexplained == (C, D)


def many(killed: int, equivalent: int, survived: int) -> tuple[Result, Reasons]:
    names = [f"{kind} {k}" for kind, n in (("k", killed), ("e", equivalent), ("s", survived)) for k in range(n)]
    fates = [fate(n, "theorem" if n[0] == "k" else "survived", "A.one") for n in names]
    given = {key: {f.name: "why" for f in fates if f.name.partition("] ")[2][0] == key} for key in "es"}
    return Result(modules={"mirror.m": OfModule("0", 500, fates)}), Reasons(given["e"], given["s"])


@pytest.mark.parametrize(
    ("killed", "equivalent", "survived", "holds"),
    [(98, 10, 2, True), (97, 10, 3, False), (98, 12, 2, False), (90, 10, 0, True), (89, 11, 0, False)],
)
def test_98_percent_are_killed_and_at_most_10_equivalent(
    killed: int, equivalent: int, survived: int, holds: bool
) -> None:
    found, reasons = many(killed, equivalent, survived)
    assert shares(found, reasons).holds == holds
    if survived:
        assert not shares(found, replace(reasons, survivor={})).holds


@pytest.mark.parametrize(
    ("reasons", "says"),
    [
        (Reasons({FATES[0].name: "why"}), r"killed, or not in the sample: m:f \[term\] a"),
        (Reasons({}, {"m:f [term] gone": "why"}), r"killed, or not in the sample: m:f \[term\] gone"),
        (Reasons({C: "why"}, {C: "why"}), r"two reasons are given for m:f \[term\] c"),
    ],
)
def test_a_reason_that_nothing_needs_is_an_error(reasons: Reasons, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        shares(SMALL, reasons)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[equivalent]\n"a" = " "', "gives no reason for a"),
        ("[other]", "has the section other, expected equivalent and"),
    ],
)
def test_reasons_of_another_form_are_refused(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "reasons.toml").write_text(text)
    with pytest.raises(Malformed, match=says):
        read_reasons(tmp_path / "reasons.toml")


SPOILT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no theorems": lambda d: d.pop("theorems"),
    "a theorem too few": lambda d: d["theorems"].pop(),
    "a field too many": lambda d: d["modules"]["mirror.m"]["mutants"][0].update(more=1),
    "a field too few": lambda d: d["modules"]["mirror.m"]["mutants"][0].pop("kind"),
    "a list": lambda d: d.update(modules=[]),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_file_that_is_no_result_is_refused(how: str, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    write(SMALL, path)
    spoilt = json.loads(path.read_text("utf-8"))
    SPOILT[how](spoilt)
    path.write_text(json.dumps(spoilt))
    with pytest.raises(Malformed, match=r"result\.json holds no result of a run"):
        read(path)


# ---- stale


def current() -> Result:
    """A result for every module as it is, all killed."""
    found = Result()
    for module, path in sources().items():
        source = path.read_text("utf-8")
        add(found, [Outcome(m, "theorem", "A.one") for m in sample(module, source)])
    return found


def test_what_changed_since_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = current()
    assert stale(found) == []
    found.modules["mirror.util.idx"].source = fingerprint("another")
    found.modules["mirror.dims.gone"] = OfModule("0", 1, [FATES[0]])
    del found.modules["mirror.linear_map"]
    found.modules["mirror.core.fderiv"].fates.pop()
    expected = ["mirror.core.fderiv", "mirror.dims.gone", "mirror.linear_map", "mirror.util.idx"]
    assert stale(found) == expected
    assert f"**Stale**: {', '.join(expected)} changed since" in page(found, Reasons(), stale(found))
    monkeypatch.setattr(data, "DRAWN", {**data.DRAWN, "seed": 16})
    assert stale(found) == sorted(sources())


# ---- what is printed


def test_survivors_come_first_with_what_kills_a_neighbour() -> None:
    text = page(SMALL, REASONS, [])
    assert text.index("## Survivors") < text.index("## Theorems") < text.index("## Equivalent")
    assert "**2 of 3 killed (66.7%)**: 1 by a theorem, 1 by a definition test alone. " in text
    assert "A theorem has a counterexample to 1. 1 equivalent (25.0%)." in text
    assert f"- `{D}`: nobody reads it Nearest: tests/test_m.py::test_b kills `{FATES[1].name}`." in text
    assert f"- `{C}`: a and c are the same" in text.partition("## Equivalent")[2]
    assert "| A.one | 3 | 1 | 0 | 1 | 1 |" in text
    assert "| A.two | 3 | 0 | 0 | 2 | 1 |" in text
    assert "**no reason is given**" in page(SMALL, Reasons(), [])


def test_a_theorems_mutants_are_listed_survivors_first() -> None:
    assert list(of_theorem(SMALL, "A.two")) == [
        f"survived everything: {C}",
        f"survived everything: {D}",
        f"not constrained by it: {FATES[0].name}: A.one does",
        f"not constrained by it: {FATES[1].name}: tests/test_m.py::test_b does",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["mirror.nowhere"], "mutants: there is no module mirror.nowhere to mutate: the modules are mirror, "),
        (["--theorem", "nowhere"], "mutants: nowhere names 0 theorems that mutants were run against; one is needed"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(arguments) == 2
    assert capsys.readouterr().err.startswith(says)

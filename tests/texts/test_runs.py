"""A few changes of a small text of our own: how each is noticed, and what a run of the command says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from mirror.rooms import links
from tests.texts import run
from tests.texts.operators import Change, changes
from tests.texts.run import Seen, clean, fate
from tests.texts.sample import Altered
from tests.texts.source import Source
from tests.tools.audit.evaluated.texts import FILE, TEXT
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison

CORE = "Proofs.Autograd."


@cache
def source() -> Source:
    return Source(Reading({FILE: read_text(FILE, TEXT)}), {FILE: TEXT}, links(), {})


def altered(name: str, words: str) -> Altered:
    """The change of a definition whose operator and words begin like this."""
    declaration = next(d for d in source().definitions if d.name == name)
    found = [a for c in changes(declaration, source().around) if (a := Altered(declaration, c)).name.endswith(words)]
    assert len(found) == 1, [c.words for c in changes(declaration, source().around)]
    return found[0]


@pytest.mark.parametrize(
    ("name", "words", "seen"),
    [
        (CORE + "ctxSize", "+ → - (token 12)", Seen.DIFFERS),
        ("Spec.Shape.size", "* → + (token 10)", Seen.DIFFERS),
        (CORE + "sumExp", "exp → tanh (token 6)", Seen.DIFFERS),
        (CORE + "LayerNorm.ΓLN", "last of a list dropped (token 0)", Seen.DIFFERS),
        (CORE + "TapeNodes.Batched.unheads", "divNat → modNat (token 7)", Seen.REFUSED),
        (CORE + "elemwiseVec", "2 → 3 (token 4)", Seen.NOT_EVALUATED),
        (CORE + "TapeNodes.Batched.unheads", "2 → 3 (token 1)", Seen.NOT_EVALUATED),
        ("Spec.Tensor.mulSpec", "arguments 2 and 3 exchanged (token 10)", Seen.UNNOTICED),
    ],
)
def test_a_change_is_noticed_or_not(name: str, words: str, seen: Seen) -> None:
    found = fate(source(), altered(name, words))
    assert (found.seen, found.at) == (seen, "" if seen is Seen.UNNOTICED else name)


def test_the_small_text_as_it_is_is_the_same() -> None:
    one = altered(CORE + "ctxSize", "+ → - (token 12)").declaration
    assert clean(source(), one) == ComparisonEnding.SAME.value


def test_a_change_that_never_ends_is_ended() -> None:
    declaration = altered(CORE + "ctxSize", "+ → - (token 12)").declaration
    begin = declaration.body.index("rest", declaration.body.index("+"))
    change = Change("variable", "rest → s :: rest", begin, begin + len("rest"), "(s :: rest)")
    assert fate(source(), Altered(declaration, change)).seen is Seen.NOT_EVALUATED


def test_a_change_is_made_in_its_declaration_alone() -> None:
    one = altered("Spec.Shape.size", "* → + (token 10)")
    made = source().changed(one).reading.files[FILE].declarations
    before = {d.name: d.body for d in source().reading.declarations}
    assert [d.name for d in made if d.body != before[d.name]] == ["Spec.Shape.size"]


Judge = Callable[[str, int], ComparisonEnding]


@pytest.mark.parametrize(
    ("judge", "seen", "at"),
    [
        (lambda _, count: ComparisonEnding.DIFFERS if count > run.FEW else ComparisonEnding.SAME, Seen.DEEP, "size"),
        (
            lambda name, _: ComparisonEnding.SAME if name == "Spec.Shape.size" else ComparisonEnding.DIFFERS,
            Seen.ABOVE,
            "matSize",
        ),
    ],
)
def test_what_is_the_same_at_first_is_looked_at_again(
    judge: Judge, seen: Seen, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "compared", lambda _, link, n: FunctionComparison(link.lean, judge(link.lean, n)))
    found = fate(source(), altered("Spec.Shape.size", "* → + (token 10)"))
    assert (found.seen, found.at.rpartition(".")[2]) == (seen, at)

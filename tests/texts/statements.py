"""What can be changed in what a theorem says: its hypotheses, its conclusion, and the types of its numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lean_refs.reader.records import Binder, LeanDeclaration
from lean_refs.reader.tokens import Token, spelled
from tests.texts.around import NOTHING, Around
from tests.texts.operators import MAKERS, Body, Change, made, next_of_type, ordered, types_of
from tests.texts.places import left_out
from tests.texts.tokens import atom_end, operands

NUMBERS = {"ℝ": "ℕ"}


def changes_of_statement(
    declaration: LeanDeclaration, text: str, proofs: Collection[str], around: Around = NOTHING
) -> list[Change]:
    """Every change of a theorem's statement, with places in `text`; `proofs` are the names of its hypotheses."""
    found = [c for b in declaration.binders if b.type for c in _of_binder(b, declaration, text, proofs)]
    for part, tokens in _propositions(declaration, proofs):
        body = Body(text, tokens, around, next_of_type(declaration), types_of(declaration), f" {part}")
        found += made(body, (*MAKERS, _doubled_sides, _adjoint_at_zero), left_out(tokens, around, types=True))
    return ordered(found)


def _propositions(declaration: LeanDeclaration, proofs: Collection[str]) -> Iterator[tuple[str, tuple[Token, ...]]]:
    """What is said: each hypothesis, by its name, and the conclusion.

    One that the statement itself uses (that two lengths are equal, for a cast) is left out: Lean refuses another.
    """
    for b in declaration.binders:
        if b.name in proofs and not b.from_variable and not _is_used(b.name, declaration):
            yield f"in {b.name}", b.type
    yield "in the conclusion", declaration.result


def _of_binder(b: Binder, declaration: LeanDeclaration, text: str, proofs: Collection[str]) -> Iterator[Change]:
    """The hypothesis dropped; a number of another type."""
    start, stop = text.rfind("(", 0, b.type[0].start), text.find(")", b.type[-1].end) + 1
    alone = text[start + 1 : b.type[0].start].replace(":", "").split() == [b.name]
    if b.from_variable or not alone:
        return
    if b.name in proofs and not _is_used(b.name, declaration):
        yield Change("hypothesis", f"{b.name} dropped", start, stop, "")
    elif (new := NUMBERS.get(spelled(b.type))) is not None:
        yield Change("binder", f"{b.name}: {spelled(b.type)} → {new}", b.type[0].start, b.type[-1].end, new)


def _is_used(name: str, declaration: LeanDeclaration) -> bool:
    """Whether the statement names a hypothesis: it cannot be dropped."""
    parts = (declaration.result, *(b.type for b in declaration.binders))
    return any(token.text.split(".")[0] == name for part in parts for token in part)


def _doubled_sides(body: Body) -> Iterator[Change]:
    for k, token in enumerate(body.tokens):
        if token.text == "=" and (ends := operands(body.tokens, k)) is not None:
            for side, first, stop in (("left", ends[0], k), ("right", k + 1, ends[1])):
                words = f"{side} side of = twice"
                yield body.change("scale", words, first, stop, f"2 • ({body.of(first, stop)})")


def _adjoint_at_zero(body: Body) -> Iterator[Change]:
    for k, token in enumerate(body.tokens[:-1]):
        if token.text.endswith(".adjoint") and body.tokens[k + 1].text not in (")", ",", "="):
            yield body.change("constant", "adjoint at 0", k + 1, atom_end(body.tokens, k + 1), "0")

"""What dimensions and scalars may be, and what an argument is where it is not given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lean_refs.ledger.derivatives import derivatives
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.text import NATURAL, LedgerText, all_binders, arguments, hypotheses, listed, mentioned, shown
from lean_refs.reader.records import EXPLICIT, INSTANCE, Binder, LeanDeclaration

# Instances that every size has.
_ALWAYS = frozenset(("DecidableEq", "Fintype"))
_SCALARS = ("ℝ", "Real")
_ABOUT_NONE = "no hypothesis is about it"


def sizes(text: LedgerText) -> Iterator[LedgerLine]:
    """Of each pinned theorem about a derivative."""
    for declaration in text.theorems:
        if derivatives(declaration, text):
            yield from _dimensions(declaration, text)
            yield from _scalars(declaration, text)
            yield from _defaults(declaration, text)


def _of_type(declaration: LeanDeclaration, types: Sequence[str]) -> list[str]:
    found = all_binders(declaration)
    return [b.name for b in found if len(b.type) == 1 and b.type[0].text in types and b.name]


def _bounds(declaration: LeanDeclaration, names: Sequence[str]) -> list[Binder]:
    """The hypotheses and instances that speak of nothing but these numbers."""
    numbers = _of_type(declaration, (*NATURAL, *_SCALARS))
    others = [b.name for b in all_binders(declaration) if b.name and b.name not in numbers]
    instances = [b for b in all_binders(declaration) if b.kind == INSTANCE and b.type[0].text not in _ALWAYS]
    conditions = [*hypotheses(declaration), *instances]
    return [b for b in conditions if mentioned(b.type, names) and not mentioned(b.type, others)]


def _dimensions(declaration: LeanDeclaration, text: LedgerText) -> Iterator[LedgerLine]:
    names = _of_type(declaration, NATURAL)
    if not names:
        return
    bounds = _bounds(declaration, names)
    free = [name for name in names if not any(mentioned(b.type, [name]) for b in bounds)]
    said = [f"{shown(b.type)} is asked" for b in bounds]
    if free:
        said.append(
            f"{listed(free)} may be any natural number, 0 too" + ("" if len(free) == 1 else ", each for itself")
        )
    products = [] if bounds else _products(declaration, names)
    if len(names) > 1 and not bounds:
        said.append(f"no equation ties them{', not even ' + products[0] if products else ''}")
    basis = "binders of type ℕ, and the hypotheses that speak of them alone"
    yield text.line(LedgerKind.SIZES, declaration, "; ".join(said), basis)


def _products(declaration: LeanDeclaration, names: Sequence[str]) -> list[str]:
    """The width of a model against heads times their width, where a theorem has all three."""
    model, heads, width = (next((n for n in names if word in n.lower()), "") for word in ("model", "heads", "headdim"))
    return [f"{model} = {heads} * {width}"] if model and heads and width else []


def _scalars(declaration: LeanDeclaration, text: LedgerText) -> Iterator[LedgerLine]:
    names = _of_type(declaration, _SCALARS)
    bounds = _bounds(declaration, names)
    for name in names:
        if name not in [b.name for b in arguments(declaration)]:
            continue
        alone = [b for b in bounds if mentioned(b.type, [name])]
        inside = [h.name for h in hypotheses(declaration) if mentioned(h.type, [name]) and h not in alone]
        if alone:
            said = f"{listed([shown(b.type) for b in alone])} is asked"
        else:
            said = "any real number, 0 and negative ones too: no hypothesis bounds it by itself"
            said += f" ({listed(inside)} {'has' if len(inside) == 1 else 'have'} it inside)" if inside else ""
        yield text.line(
            LedgerKind.SCALARS, declaration, f"{name}: {said}", "its type, and the hypotheses that name it", name
        )


def _defaults(declaration: LeanDeclaration, text: LedgerText) -> Iterator[LedgerLine]:
    for place, binder in enumerate(declaration.binders):
        if binder.default:
            about = [h.name for h in hypotheses(declaration) if mentioned(h.type, [binder.name])]
            names = "names" if len(about) == 1 else "name"
            alone = f"of the hypotheses only {listed(about)} {names} it" if about else _ABOUT_NONE
            over = text.over(binder.type, declaration)
            says = f"{binder.name} is {shown(binder.default)} where it is not given, else any vector of {over}; {alone}"
            after = _followed(declaration.binders[place + 1 :])
            yield text.line(LedgerKind.DEFAULT, declaration, says + after, "its binder", binder.name)


def _followed(after: Sequence[Binder]) -> str:
    """What must be given by position after a default, which then cannot be left out without names."""
    must = [b.name for b in after if b.kind == EXPLICIT and not b.default]
    return f"; {must[0]} follows it, so that it is only left out by naming the others" if must else ""

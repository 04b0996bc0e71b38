"""Where nodes that only move numbers put them: their text is run on distinct numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from lean_refs.evaluator import PROOF, Evaluator, Fin, NotEvaluatedError, StructureValue
from lean_refs.ledger.axes import Axes, ShapeTerm, axes, coordinates, names_of, value_of, written
from lean_refs.ledger.derivatives import atoms
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.text import NATURAL, LedgerText, listed, short
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.tokens import Token, tokenize

_PRIMES = (2, 3, 5, 7, 11)
_NODE, _INDEX = "Node", "Idx"


@dataclass(frozen=True, slots=True)
class AxesMove:
    """A node that takes a shape to another one with the same axes, otherwise ordered or grouped.

    `index` is the argument that says where it reads. Of its implicit arguments `shapes` are given by their axes,
    `numbers` by the names that each is the product of.
    """

    maker: str
    index: str
    source: Axes
    target: Axes
    shapes: tuple[tuple[str, Axes], ...]
    numbers: tuple[tuple[str, tuple[str, ...]], ...]


def layouts(text: LedgerText) -> Iterator[LedgerLine]:
    """Each move in the graphs that the module imports, at the pinned shape that it is about."""
    shapes: dict[Axes, LeanDeclaration] = {}
    for declaration in text.pinned:
        if (shape := _own_axes(declaration, text)) and len(shape) > 1:
            shapes.setdefault(shape, declaration)
    for declaration in _graphs(text):
        counted = Counter(_moves(declaration, text))
        for move, times in counted.items():
            about = shapes.get(move.target) or shapes.get(move.source)
            if about is not None:
                yield from _line(about, declaration, move, times, text)


def same_shapes(text: LedgerText) -> Iterator[LedgerLine]:
    """Pinned shapes that have the axes of an earlier one, argument by argument."""
    known: dict[tuple[tuple[int, ...], ...], LeanDeclaration] = {}
    for declaration in sorted(text.pinned, key=lambda d: (d.file, d.line)):
        if shape := _own_axes(declaration, text):
            places = {binder.name: place for place, binder in enumerate(declaration.binders)}
            first = known.setdefault(tuple(tuple(places[name] for name in axis) for axis in shape), declaration)
            if first is not declaration:
                says = f"for the shape {text.called(first.name)}: the same axes, in the order of the arguments"
                yield text.line(LedgerKind.ALIAS, declaration, says, "both bodies")


def _own_axes(declaration: LeanDeclaration, text: LedgerText) -> Axes | None:
    if declaration.kind != "abbrev" or not all(b.type and b.type[0].text in NATURAL for b in declaration.binders):
        return None
    return axes(ShapeTerm(tuple(tokenize(declaration.body)), declaration, {}), text)


def _graphs(text: LedgerText) -> Iterator[LeanDeclaration]:
    """Definitions in the files of operations that the module imports, directly or not."""
    for file in imported(text.module, text.tree):
        if "/Ops/" in file:
            yield from (d for d in text.tree.files[file].declarations if not d.is_theorem)


def imported(file: str, tree: Reading) -> list[str]:
    """A file and all that it imports, directly or not."""
    found, ahead = dict[str, None](), [file]
    while ahead:
        if (here := ahead.pop()) not in found and here in tree.files:
            found[here] = None
            ahead += [f"{module.replace('.', '/')}.lean" for module in tree.files[here].imports]
    return sorted(found)


def _moves(declaration: LeanDeclaration, text: LedgerText) -> Iterator[AxesMove]:
    tokens = list(tokenize(declaration.body))
    for index, token in enumerate(tokens[:-1]):
        if token.kind != "name" or tokens[index + 1].text != "(":
            continue
        found = text.names.resolve_in(token.text, declaration)
        maker = text.names.get(found.name, declaration.file) if found and not found.fields else None
        if maker and maker.result[:1] and short(maker.result[0].text) == _NODE:
            named = {atom[1].text: atom[3:-1] for atom in atoms(tokens[index + 1 :]) if _is_named(atom)}
            if move := _move(maker, {k: ShapeTerm(v, declaration, {}) for k, v in named.items()}, text):
                yield move


def _is_named(atom: tuple[Token, ...]) -> bool:
    return len(atom) > 4 and atom[0].text == "(" and atom[2].text == ":="


def _move(maker: LeanDeclaration, named: Mapping[str, ShapeTerm], text: LedgerText) -> AxesMove | None:
    indices = [b for b in maker.binders if b.type and short(b.type[0].text) == _INDEX]
    if len(indices) != 1:
        return None
    last = (atoms(tokens[1:])[-1] for tokens in (indices[0].type, maker.result))
    source, target = (axes(ShapeTerm(atom, maker, named), text) for atom in last)
    if not source or not target or source == target or sorted(names_of(source)) != sorted(names_of(target)):
        return None
    kinds = {b.name: short(b.type[0].text) for b in maker.binders if b.name in named and b.type}
    shapes = [(n, shape) for n, kind in kinds.items() if kind == "Shape" and (shape := axes(named[n], text))]
    numbers = [(n, _factors(named[n])) for n, kind in kinds.items() if kind in NATURAL]
    return AxesMove(maker.name, indices[0].name, source, target, tuple(shapes), tuple(numbers))


def _factors(term: ShapeTerm) -> tuple[str, ...]:
    return tuple(token.text for token in term.tokens if token.kind == "name")


def _line(
    about: LeanDeclaration, declaration: LeanDeclaration, move: AxesMove, times: int, text: LedgerText
) -> Iterator[LedgerLine]:
    sizes = dict(zip(dict.fromkeys(names_of(move.source)), _PRIMES, strict=False))
    try:
        how = _kept(_moved(move, sizes, text), move, sizes)
    except NotEvaluatedError as why:
        how = f"not tried on numbers ({why.reason})"
    except (TypeError, ValueError, AttributeError, LookupError) as why:
        # What a text that was changed leads to: its types are not checked here, as Lean would.
        how = f"not tried on numbers ({type(why).__name__})"
    often = f" ({times} times)" if times > 1 else ""
    by = f"{short(move.maker)} in {short(declaration.name)}{often}"
    says = f"{by} takes {written(move.source)} to {written(move.target)}: {how}"
    tried = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    subject = f"{short(declaration.name)}: {written(move.source)} to {written(move.target)}"
    yield text.line(
        LedgerKind.LAYOUT, about, says, f"the text of {short(move.maker)} run on 0, 1, 2, … at {tried}", subject
    )


def _kept(given: tuple[Fraction, ...], move: AxesMove, sizes: Mapping[str, int]) -> str:
    moved = tuple(int(entry) for entry in given)
    if sorted(given) != list(range(len(given))):
        return "it does more than move its numbers"
    places = [coordinates(at, move.target, sizes) for at in range(len(moved))]
    kept = sum(here == coordinates(entry, move.source, sizes) for here, entry in zip(places, moved, strict=True))
    how = "each keeps its place on every axis" if kept == len(moved) else f"{kept} keep their place on every axis"
    return f"of {len(moved)} numbered entries {how}{_first(moved, move, sizes)}"


def _first(moved: tuple[int, ...], move: AxesMove, sizes: Mapping[str, int]) -> str:
    """Which entries land in the first slice of the target, and which belong there by their axes."""
    first = move.target[0][0]
    here = {entry for at, entry in enumerate(moved) if not coordinates(at, move.target, sizes)[first]}
    there = {entry for entry in moved if not coordinates(entry, move.source, sizes)[first]}
    if here == there:
        return ""
    return f"; the first of {first} gets {_runs(here)}, where {_runs(there)} are its own"


def _runs(numbers: set[int]) -> str:
    """`0–4 and 15–19`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return listed([f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs])


def _moved(move: AxesMove, sizes: Mapping[str, int], text: LedgerText) -> tuple[Fraction, ...]:
    """What the node gives for the numbers of its entries."""
    near = Reading({file: text.tree.files[file] for file in imported(text.module, text.tree)})
    evaluator = Evaluator(near, MovedNumbers())  # pyright: ignore[reportArgumentType] - it refuses all arithmetic
    source, target = (value_of(shape, sizes) for shape in (move.source, move.target))
    given = {name: value_of(shape, sizes) for name, shape in move.shapes}
    given |= {name: prod(sizes[factor] for factor in factors) for name, factors in move.numbers}
    at = StructureValue("Proofs.Autograd.Idx", {"i": Fin(0, 1), "h": PROOF})
    node = evaluator.call(move.maker, **{**given, "Γ": (source,), move.index: at})
    forward = evaluator.call("Proofs.Autograd.Node.forwardVec", **{"Γ": (source,), "τ": target, "node": node})
    with evaluator.running():
        entries = forward(tuple(Fraction(i) for i in range(prod(sizes[name] for name in names_of(move.source)))))
        return tuple(entries)


class MovedNumbers:
    """Stands for ℝ where numbers are only moved: it has constants and no arithmetic."""

    def bits(self) -> int:
        """There is no precision."""
        return 0

    def of_rational(self, numerator: int, denominator: int) -> Fraction:
        """The number itself."""
        return Fraction(numerator, denominator)

    def __getattr__(self, name: str) -> object:
        raise NotEvaluatedError(f"{name} of a number that is only moved")

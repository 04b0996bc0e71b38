"""Random arguments of a Lean definition, of the types that its binders evaluate to, as both sides take them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from lean_refs.evaluator import Evaluator, force, holds
from lean_refs.evaluator.described import type_itself
from lean_refs.evaluator.machine import peek
from lean_refs.evaluator.targets import LeanParameter, Target
from lean_refs.evaluator.values import PROOF, LeanType, LeanValue
from mirror.spec.core.shape import Context, Shape
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.shapes import contexts
from theorems.engine.strategies.values import PLAIN, fills
from theorems.tools.audit.evaluated import far as reach
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.arguments import Drawn, DrawnArgument
from theorems.tools.audit.evaluated.coordinates import is_fin
from theorems.tools.audit.evaluated.errors import NoArgumentError, UndrawableError
from theorems.tools.audit.evaluated.names import IDX, INPUTS, NODE
from theorems.tools.audit.evaluated.typed import closed, drawn_value
from theorems.tools.weights import weight

SIZES = Sizes(dimension=3, stretched=3, entries=3, nodes=3, many=4)
SMALL = Sizes(dimension=2, stretched=2, entries=2, nodes=2, many=3)  # of what has many dimensions
HEAVY = 80  # declarations that a block is built on
TRIALS = 60  # so often arguments are drawn until all hypotheses hold
# Hypotheses about all real numbers or vectors, which no look decides: what is drawn satisfies them as it is made.
BY_CONSTRUCTION = ("hf", "correct_inner")
# What a context of inputs is called; beside a graph, others are its results, one for each node.
_INPUTS = frozenset(("Γ", "", "_"))
_GRAPHS = frozenset(("Graph", "DGraph"))
# The heads of types, as written, that mention no other argument.
_NUMBERS, _SHAPES = frozenset(("Nat", "ℕ")), frozenset(("Shape", "Spec.Shape"))
_CLOSED = _NUMBERS | _SHAPES | {"Type"}
_READING = frozenset(("Idx", "Inputs", "LayerNorm.Inputs", "Node"))


def draw_arguments(draw: st.DrawFn, target: Target, evaluator: Evaluator, *, far: bool = False) -> Drawn:
    """Arguments, far ones if asked for, that satisfy all hypotheses.

    Raises `UndrawableError` where none are found, `NotEvaluatedError` where a type or a hypothesis is not evaluated.
    """
    why = ""
    for _ in range(TRIALS):
        drawn = _begun(draw, target, far)
        try:
            _draw_all(drawn, target)
        except NoArgumentError as problem:
            why = str(problem)
            continue
        if all(_holds(evaluator, target.parameters[k], drawn.arguments[k]) for k in drawn.arguments):
            return drawn
        why = "no arguments were found that satisfy every hypothesis"
    raise UndrawableError(why)


def _begun(draw: st.DrawFn, target: Target, far: bool) -> Drawn:
    parameters = target.parameters
    drawn = Drawn(draw, draw(fills(PLAIN)), reach.SIZES if far else _sizes(target), far=far)
    if far and draw(st.integers(0, 3)):
        drawn.fill = reach.FarFill(drawn.fill.family, drawn.fill.seed)
    drawn.positive = any(p.proof for p in parameters) and draw(st.booleans())
    drawn.derivatives = any(p.name == "hf" for p in parameters)
    heads = (target.name, *(p.head for p in parameters))
    drawn.smooth = any(head.endswith(("FDerivCorrect", "DGraph")) for head in heads)
    return drawn


def _sizes(target: Target) -> Sizes:
    many = sum(p.head in _NUMBERS for p in target.parameters) > 2
    return SMALL if many or is_heavy(target) else SIZES


def is_heavy(target: Target) -> bool:
    """Whether a definition is a block, whose text takes long: it is compared on few and small instances."""
    return weight(target.name) > HEAVY


def _holds(evaluator: Evaluator, parameter: LeanParameter, argument: DrawnArgument) -> bool:
    if not parameter.proof or parameter.name in BY_CONSTRUCTION:
        return True
    return holds(evaluator.world, argument.type)


def _draw_all(drawn: Drawn, target: Target) -> None:
    """RealNumbers and shapes first, then contexts that have what is looked for in them, then the rest in order."""
    parameters = target.parameters
    _draw_closed(drawn, target)
    lists = [k for k, p in enumerate(parameters) if p.head == "List"]
    # One context is long: what is computed at a long context for each of many nodes takes long.
    longest = drawn.draw(st.sampled_from(lists)) if drawn.far and lists else None
    for k in lists:
        p = parameters[k]
        wanted = [*_looked_for(drawn, parameters, k), *_by_itself(drawn, target)]
        is_saved = p.name not in _INPUTS and any(q.head in _GRAPHS for q in parameters)
        long = reach.NODES if is_saved else reach.ENTRIES
        context = _context(drawn, wanted, long if k == longest else 0)
        # A graph does not have as many nodes as a long context has entries.
        _keep(drawn, k, p, context, again=not (is_saved and drawn.far))
    for k, p in enumerate(parameters):
        if k not in drawn.arguments and not is_value_at_a_point(p, k, parameters, drawn):
            _keep(drawn, k, p)


def _draw_closed(drawn: Drawn, target: Target) -> None:
    """The arguments whose types mention no other: numbers, shapes, types of numbers."""
    parameters = target.parameters
    closed_ones = [(k, p) for k, p in enumerate(parameters) if p.head in _CLOSED]
    numbers = [k for k, p in closed_ones if p.head in _NUMBERS]
    long: dict[int, int] = {}
    rows: Sequence[int] = ()
    if drawn.far:
        rows = _lengths_of_rows(parameters, numbers)
        long = dict(zip(numbers, reach.dimensions(drawn.draw, len(numbers), small=is_heavy(target)), strict=True))
        long |= {k: max(long[k], reach.ROW) for k in rows}
    for k, p in closed_ones:
        is_long = drawn.far and p.head in _SHAPES and drawn.draw(st.booleans())
        _keep(drawn, k, p, reach.long_shape(drawn.draw) if is_long else long.get(k), again=k not in rows)


def _lengths_of_rows(parameters: Sequence[LeanParameter], numbers: Sequence[int]) -> Sequence[int]:
    """Where an ε is, rows are normed: matrices are m × n, so the second number is how long they are."""
    return numbers[1:2] if any(p.name.startswith("ε") for p in parameters) else ()


def is_value_at_a_point(p: LeanParameter, k: int, parameters: Sequence[LeanParameter], drawn: Drawn) -> bool:
    """Whether the last argument is that of a function on `Fin n`, which is compared at every point."""
    return p.name in ("", "_") and k == len(parameters) - 1 and is_fin(_type(p, drawn, k))


def _type(p: LeanParameter, drawn: Drawn, k: int) -> LeanValue:
    if p.type is None:
        raise UndrawableError(f"the argument {p.name} has no type in the text")
    return type_itself(p.type(drawn.environment(k), None)[0])


def _keep(
    drawn: Drawn, k: int, p: LeanParameter, wanted: Context | Shape | int | None = None, *, again: bool = True
) -> None:
    if p.kind == "[":
        drawn.arguments[k] = DrawnArgument(p.name, p.kind, None, PROOF, PROOF)
        return
    type_ = _type(p, drawn, k)
    if p.proof:
        value = None, PROOF
    elif again and (earlier := drawn.alike(type_)) and drawn.draw(st.integers(0, 2)) == 0:
        # Now and then the same again: squares, and equalities of lengths and contexts.
        value = closed(type_, drawn.draw(st.sampled_from(earlier)))
    else:
        value = drawn_value(drawn, type_, p.name) if wanted is None else closed(type_, wanted)
    drawn.arguments[k] = DrawnArgument(p.name, p.kind, *value, type_)


def _looked_for(drawn: Drawn, parameters: Sequence[LeanParameter], k: int) -> list[Shape]:
    """The shapes of entries that later arguments look for in the k-th, a context."""
    found: list[Shape] = []
    known = drawn.environment(len(parameters))
    environment = tuple(((), None) if p.head == "List" else e for p, e in zip(parameters, known, strict=True))
    for j in range(k + 1, len(parameters)):
        code = parameters[j].type
        if parameters[j].head in _READING and code is not None:
            found += _read_by(drawn, force(code(environment[:j], None)[0]))
    return found


def _read_by(drawn: Drawn, type_: LeanType) -> list[Shape]:
    if peek(type_.arguments[0]) != () or (type_.head == NODE and drawn.draw(st.booleans())):
        return []
    if type_.head == INPUTS:
        return _norm(*(force(size) for size in type_.arguments[1:]))
    return [forms.read_shape(type_.arguments[1])]


def _norm(m: int, n: int) -> list[Shape]:
    return [Shape(m, n), Shape(n), Shape(n)]


def _by_itself(drawn: Drawn, target: Target) -> list[Shape]:
    """The shapes that a value looks for which is of the type that is defined."""
    own = [a.mirror for a in drawn.arguments.values()]
    if target.name == INPUTS and len(own) > 1:
        return _norm(own[0], own[1])
    return own[:1] if target.name == IDX else []


def _context(drawn: Drawn, wanted: Sequence[Shape], long: int) -> Context:
    """A context that has the wanted shapes, some of them more than once, and at least `long` entries."""
    least = 0 if wanted else drawn.draw(st.sampled_from((1, 1, 1, 0)))
    found = list(drawn.draw(contexts(drawn.sizes, least)))
    for shape in wanted:
        for _ in range(drawn.draw(st.integers(1, 2))):
            found.insert(drawn.draw(st.integers(0, len(found))), shape)
    if long:
        return reach.long_context(drawn.draw, tuple(found), long, wanted)
    return tuple(found)

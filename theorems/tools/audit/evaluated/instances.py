"""An instance of a theorem as the arguments of the Lean statement, by name, by kind, and by what types tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from lean_refs.evaluator import Evaluator
from lean_refs.evaluator.compiler import Environment
from lean_refs.evaluator.machine import Sought, force, is_open, peek
from lean_refs.evaluator.targets import EXPLICIT, LeanParameter, Target
from lean_refs.evaluator.unify import Unifier
from lean_refs.evaluator.values import PROOF, Fin, LeanType, LeanValue
from mirror.arithmetic import BALL, rational_vector
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.ops.transformer.decoder_block import Parameters
from mirror.spec.core.shape import Context
from theorems.engine.asking import given, named_by
from theorems.engine.case import FAMILIES, MARKS, Case
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.engine.lean_values import ProofOf
from theorems.engine.maps import Differential
from theorems.engine.strategies.values import Fill
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.coordinates import array, coordinates
from theorems.tools.audit.evaluated.errors import MisfitError, NoArgumentError
from theorems.tools.audit.evaluated.lifting import fits, lifted
from theorems.tools.audit.evaluated.matching import UnmatchedError, spelled
from theorems.tools.audit.evaluated.stated import Stated

# What an instance calls the tangents that Lean binds.
_ALSO = {"dx": ("directions",)}
_NOT_VALUES = frozenset((*MARKS, *FAMILIES, "directions", "cases"))
_NODE_CERTIFICATE = "NodeFDerivCorrectAt"
_GRAPH_CERTIFICATES: Mapping[str, Callable[[GraphSpec, Mapping[str, Any]], Any]] = {
    "GraphFDerivCorrect": lambda graph, _: graph.certificate(),
    "GraphFDerivCorrectAt": lambda graph, values: graph.certificate_at(BALL, values["x"]),
}


@dataclass(frozen=True, slots=True)
class LeanArgument:
    """One argument of a statement: its Lean name and bracket, its value, its declared type, whether it is a proof."""

    name: str
    kind: str
    value: LeanValue
    type: LeanValue
    proof: bool = False


class Instance:
    """Finds the arguments of a theorem's statement for one of its instances.

    Where the instance has several values and Lean has one (nodes, directions), or leaves an index open, `number` says
    which it is, and `several` afterwards how many there are.
    """

    def __init__(
        self, evaluator: Evaluator, target: Target, theorem: Theorem, case: Case, fill: Fill, number: int = 0
    ) -> None:
        self._parameters, self._number = target.parameters, number
        self._stated, self.several = Stated(evaluator, fill), 1
        self._values = _opened(case)
        self._library = evaluator.library
        self._proofs = {name: entry for name, entry in theorem.in_lean.items() if isinstance(entry, ProofOf)}
        rows = {name: entry for name, entry in theorem.in_lean.items() if not isinstance(entry, ProofOf)}
        self._row = {name: given(entry, self._values) for name, entry in rows.items()}
        used = {name for entry in rows.values() for name in named_by(entry)}
        asked = [name for f in (theorem.conclusion, *(h.holds for h in theorem.hypotheses)) for name in named_by(f)]
        usable = {n for n in self._values if n not in _NOT_VALUES | used and (n in asked or n not in case)}
        self._left = [name for name in dict.fromkeys((*asked, *self._values)) if name in usable]
        self._unknown: list[Sought] = []
        self._types: list[LeanValue] = []
        self._given: dict[int, LeanValue] = {}

    def arguments(self) -> list[LeanArgument]:
        """The arguments in order.

        Raises `UnmatchedError` for one that the instance does not tell, `MisfitError` for one of another type.
        """
        self._open()
        told = self._told()
        late = [k for k, value in told.items() if isinstance(value, Differential)]
        places = [k for k in told if self._head(k) in ("Fin", "Prod")]
        for k in sorted(told.keys() - {*late, *places}):
            self._set(k, told[k])
        self._equal_sides()
        self._implicit()
        for k in places:
            self._set(k, told[k])
        self._left_open()
        self._certified()
        for k in late:
            self._set(k, told[k].at(BALL, self._point(k, told[k])))
        return list(self._found())

    @property
    def points(self) -> list[Sequence[np.ndarray]]:
        """The vectors that the property takes and no argument is, in its order: what it tries all vectors at."""
        values = (self._values[name] for name in self._left)
        found: list[Sequence[np.ndarray]] = [(value,) for value in values if isinstance(value, np.ndarray)]
        return [*found, self._values.get("directions", ())]

    def _open(self) -> None:
        """All arguments as unknown, with their types."""
        environment = ()
        for p in self._parameters:
            unknown = Sought(p.name)
            if p.kind == "[" or p.proof:
                unknown.value = PROOF
            self._unknown.append(unknown)
            self._types.append(p.type_in(environment))
            environment = (*environment, (unknown, self._types[-1]))

    # ---- what the instance has

    def _told(self) -> dict[int, Any]:
        """The values by the numbers of their parameters: those by name first."""
        values = [k for k, p in enumerate(self._parameters) if p.kind != "[" and not p.proof]
        found = {k: value for k in values if (value := self._named(k)) is not None}
        for k in values:
            if k not in found:
                p = self._parameters[k]
                found[k] = self._of_kind(k) if p.kind == EXPLICIT and p.type is not None else None
                if found[k] is None:  # the name alone is right, and the type is another one
                    found[k] = self._values.get(p.name, self._values.get(spelled(p.name)))
        return {k: value for k, value in sorted(found.items()) if value is not None}

    def _named(self, k: int) -> Any:
        """By its row, or under its own name, spelled as Lean or as Python does."""
        p = self._parameters[k]
        if p.name in self._row:
            return self._row[p.name]
        for name in _names(p):
            value = self._one(self._values.get(name))
            if value is not None and (p.type is None or fits(value, self._types[k])):
                self._use(name)
                return value
        return None

    def _of_kind(self, k: int) -> Any:
        """The first value left that can be of its type."""
        for name in self._left:
            value = self._one(self._values[name])
            if fits(value, self._types[k]):
                self._use(name)
                return value
        return None

    def _use(self, name: str) -> None:
        self._left = [other for other in self._left if other != name]
        self.several = max(self.several, len(_alternatives(self._values[name])))

    def _one(self, value: Any) -> Any:
        """The one that is meant, of several nodes or vectors; a node in its context."""
        if alternatives := _alternatives(value):
            value = alternatives[self._number % len(alternatives)]
        return value.build(_context(self._values)) if isinstance(value, NodeSpec) else value

    # ---- what types tell

    def _head(self, k: int) -> str:
        known = peek(self._types[k])
        return known.head if isinstance(known, LeanType) else ""

    def _unfound(self) -> list[int]:
        return [k for k, unknown in enumerate(self._unknown) if is_open(peek(unknown))]

    def _set(self, k: int, value: Any) -> None:
        self._unknown[k].value, self._given[k] = lifted(value, self._types[k])
        self._fit(k, self._types[k])

    def _fit(self, k: int, declared: LeanValue) -> None:
        """Unify the declared type of an argument with the one that its value has."""
        if Unifier().same(declared, self._given[k]) is False:
            ours, theirs = _shown(self._given[k]), _shown(peek(declared))
            raise MisfitError(f"{self._parameters[k].name} is {theirs} in Lean, {ours} here")

    def _equal_sides(self) -> None:
        """What a hypothesis says is equal to what is known."""
        for p, type_ in zip(self._parameters, self._types, strict=True):
            said = peek(type_) if p.proof and p.head == "Eq" else None
            if isinstance(said, LeanType) and said.head == "Eq" and any(is_open(peek(a)) for a in said.arguments[1:]):
                Unifier().same(*said.arguments[1:])

    def _implicit(self) -> None:
        """Numbers and contexts that no type tells: the first one left, or the only context that indices have."""
        for k in self._unfound():
            p = self._parameters[k]
            if p.type is not None:
                value = self._of_kind(k)
                if value is None and p.head == "List":
                    value = _only_context(self._values)
                if value is not None:
                    self._set(k, value)

    def _left_open(self) -> None:
        """What Lean has a default for, and an index that the instance leaves open: any one."""
        for k in self._unfound():
            p, type_ = self._parameters[k], peek(self._types[k])
            if p.default is not None:
                self._unknown[k].value = force(p.default(self._known(k), type_)[0])
            elif self._head(k) == "Fin":
                bound = force(type_.arguments[0])
                if not bound:
                    raise NoArgumentError("an index of `Fin 0`")
                self.several = max(self.several, bound)
                self._unknown[k].value = Fin(self._number % bound, bound)

    # ---- certificates, and derivatives at a point

    def _certified(self) -> None:
        """Certificates that a statement takes: those of the instance's graph, or of what their types say."""
        for k in self._unfound():
            head = self._parameters[k].head.rsplit(".", 1)[-1]
            graph = next((value for value in self._values.values() if isinstance(value, GraphSpec)), None)
            if head == _NODE_CERTIFICATE:
                self._unknown[k].value = self._stated.certificate(force(self._parameters[k].type_in(self._known(k))))
            elif graph is not None and head in _GRAPH_CERTIFICATES:
                try:
                    certified = _GRAPH_CERTIFICATES[head](graph, self._values)
                except LookupError as why:
                    raise NoArgumentError(str(why)) from None
                self._unknown[k].value = forms.graph_certificate(certified)

    def _point(self, k: int, value: Differential) -> Any:
        """Where the derivative is taken that the k-th argument is: the hypothesis about it says that; 0 without one."""
        for p, type_ in zip(self._parameters, self._types, strict=True):
            said = force(type_) if p.proof and p.head == "HasFDerivAt" else None
            if (
                isinstance(said, LeanType)
                and said.head == "HasFDerivAt"
                and peek(said.arguments[3]) is self._unknown[k]
            ):
                return array(coordinates(said.arguments[0], said.arguments[4]))
        return rational_vector([0] * value.of.domain)

    def _known(self, count: int) -> Environment:
        """The first arguments, with their types as they are now that those are known."""
        environment: Environment = ()
        for k, p in enumerate(self._parameters[:count]):
            type_ = p.type_in(environment)
            if p.type is None and k in self._given:
                type_ = self._given[k]
            elif p.type is None and p.name in self._proofs:
                type_ = self._required(self._proofs[p.name], environment)
            environment = (*environment, (peek(self._unknown[k]), type_))
        return environment

    def _required(self, proof: ProofOf, environment: Environment) -> LeanValue:
        """What a definition wants a proof of, for those of our arguments that it takes."""
        callee = self._library.member(proof.definition)
        known = {p.name: typed for p, typed in zip(self._parameters, environment, strict=False)}
        before: Environment = ()
        for p in callee.parameters if callee else ():
            if p.name == proof.parameter:
                return p.type_in(before)
            if p.name not in known:
                break
            before = (*before, known[p.name])
        raise UnmatchedError(f"{proof.definition} takes no proof {proof.parameter} of our arguments")

    def _found(self) -> Iterator[LeanArgument]:
        for k in self._unfound():
            p = self._parameters[k]
            if p.type is not None:
                raise UnmatchedError(f"the instance has no value for the binder {p.name}")
            self._unknown[k].value = PROOF  # of what the binder does not say
        known = self._known(len(self._parameters))
        for k, (p, (value, type_)) in enumerate(zip(self._parameters, known, strict=True)):
            if k in self._given:
                self._fit(k, type_)
            yield LeanArgument(p.name, p.kind, value, type_, p.proof or (p.type is None and p.name in self._proofs))


def _alternatives(value: Any) -> tuple[Any, ...]:
    """Several nodes or vectors, of which Lean has one; nothing where it is another value."""
    return value if type(value) is tuple and value and isinstance(value[0], np.ndarray | NodeSpec) else ()


def _shown(type_: LeanValue) -> str:
    """What a type is, in short."""
    return f"of type {type_.head}" if isinstance(type_, LeanType) else "a function"


def _opened(case: Case) -> dict[str, Any]:
    """The values by name, those that records hold too."""
    values = dict(case)
    for record in case.values():
        if isinstance(record, Dims | Parameters):
            values |= {f.name: getattr(record, f.name) for f in fields(record)}
    return values


def _context(values: Mapping[str, Any]) -> Context:
    return values["Γ"] if "Γ" in values else values["context"]


def _only_context(values: Mapping[str, Any]) -> Context | None:
    found = {value.context for value in values.values() if isinstance(value, Idx)}
    return found.pop() if len(found) == 1 else None


def _names(p: LeanParameter) -> tuple[str, ...]:
    """What an instance may call an argument."""
    base, named = p.name.rstrip("₀₁₂₃₄₅₆₇₈₉"), spelled(p.name)
    also = (base, spelled(base)) if p.kind != EXPLICIT else ()
    return (p.name, named, *also, *_ALSO.get(named, ()))

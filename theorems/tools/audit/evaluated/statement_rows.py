"""By hand: arguments of statements that an instance has under no name and in no form that tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import REAL, LeanType, arrow
from mirror.core.fderiv import ctx_size
from mirror.core.soundness import Idx
from mirror.spec.core.shape import Context, Shape, size
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.graphs import NodeSpec
from theorems.fderiv.elementwise import FUNCTIONS
from theorems.tensor.basic.folds import FOLDS
from theorems.tools.audit.evaluated.lifting import AsGiven, OnNumbers, OnVectors
from theorems.tools.audit.evaluated.names import CORE


def _on_vectors(name: str, *lengths: str) -> Callable[..., OnVectors]:
    """A map that a node is made of, with the lengths of what it takes and gives: of the context or of the result."""

    def made(context: Context, node: NodeSpec) -> OnVectors:
        built = node.build(context)
        assert built.vec is not None, "every kind of NodeSpec is built by ofVec"
        known = {"context": ctx_size(context), "result": size(built.shape)}
        *taken, result = (known[length] for length in lengths)
        return OnVectors(getattr(built.vec, name), tuple(taken), result)

    return made


def _shape_of(context: Context, node: NodeSpec) -> Shape:
    return node.build(context).shape


def _head(idx: Idx) -> Shape:
    return idx.context[0]


def _tail(idx: Idx) -> Context:
    return idx.context[1:]


_FUNCTION: Mapping[str, Callable[..., Any]] = {
    "f": lambda f: OnNumbers(FUNCTIONS[f][0]),
    "f'": lambda f_prime: OnNumbers(FUNCTIONS[f_prime][1]),
}
_OF_VEC: Mapping[str, Callable[..., Any]] = {
    "τ": _shape_of,
    "f": _on_vectors("forward", "context", "result"),
    "jvp": _on_vectors("jvp", "context", "context", "result"),
    "vjp": _on_vectors("vjp", "context", "result", "context"),
}


def _accumulated(acc: Any) -> LeanType:
    return LeanType("List", (REAL,)) if type(acc) is tuple else REAL


def _fold(f: str, acc: Any) -> AsGiven:
    fold, result = FOLDS[f], _accumulated(acc)
    return AsGiven(lambda a: lambda x: fold(force(a), force(x)), arrow(result, arrow(REAL, result)))


def _slice(values: tuple[Tensor, ...]) -> Shape:
    """The shape of each slice; any where there is none."""
    return values[0].shape if values else Shape()


_FOLD: Mapping[str, Callable[..., Any]] = {
    "f": _fold,
    "acc": lambda acc: AsGiven(acc, _accumulated(acc)),
    "s": _slice,
}
_SPLIT: Mapping[str, Callable[..., Any]] = {"s": _head, "ss": _tail}

# By theorem and Lean binder: what a function makes of values of the instance under their names.
STATEMENT_ROWS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    CORE + "hasFDerivAt_elemwiseVec": _FUNCTION,
    CORE + "hasFDerivAt_elemwiseVec_at": _FUNCTION,
    CORE + "Node.forwardVec_ofVec": _OF_VEC,
    CORE + "Node.jvpVec_ofVec": _OF_VEC,
    CORE + "Node.vjpVec_ofVec": _OF_VEC,
    CORE + "CtxVec.headCLM_apply": _SPLIT,
    CORE + "CtxVec.tailCLM_apply": _SPLIT,
    "Spec.tensor_foldl_spec_go_of_lt": _FOLD,
    "Spec.tensor_foldl_spec_go_of_not_lt": _FOLD,
}

_OF_VEC_PROOF = {"h": (CORE + "Node.ofVec", "correct_inner")}
# By theorem and Lean binder without a written type: the definition that takes it as a proof, and the parameter there.
PROOF_ROWS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    CORE + "Node.forwardVec_ofVec": _OF_VEC_PROOF,
    CORE + "Node.jvpVec_ofVec": _OF_VEC_PROOF,
    CORE + "Node.vjpVec_ofVec": _OF_VEC_PROOF,
}

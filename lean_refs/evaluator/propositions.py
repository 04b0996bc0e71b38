"""Which terms are propositions, seen from their text: their proofs are not run."""

from __future__ import annotations

from typing import Protocol

from lean_refs.evaluator.compiler import LocalScope
from lean_refs.evaluator.syntax import Application, Binding, Expression, Infix, Local, Prefix, Var

RELATIONS = frozenset(["=", "≠", "<", "≤", ">", "≥", "∧", "∨", "↔"])


class Propositions(Protocol):
    """What knows which names are propositions or predicates."""

    def is_predicate(self, name: str, scope: LocalScope) -> bool:
        """Whether the name, applied to all its arguments, is a proposition."""
        ...


def is_proposition(term: Expression, scope: LocalScope, known: Propositions) -> bool:
    """Whether a term is a proposition."""
    match term:
        case Infix(operator):
            return operator in RELATIONS
        case Prefix("¬"):
            return True
        case Binding("∃"):
            return True
        case Binding("∀", bound, body):
            return is_proposition(body, scope.binding(*(b.name for b in bound)), known)
        case Local(body=body):
            return is_proposition(body, scope, known)
        case Application(Var(name), _) | Var(name):
            return scope.position(name.split(".")[0]) is None and known.is_predicate(name, scope)
    return False


def head_of(term: Expression | None) -> str:
    """The name that a type is headed by, as it is written."""
    match term:
        case Var(name) | Application(Var(name), _):
            return {"ℕ": "Nat", "ℝ": "Real"}.get(name, name)
        case Infix(operator):
            return _HEADS.get(operator) or _linear(operator)
        case Binding("∀"):
            return "Function"
    return ""


_HEADS = {"=": "Eq", "≠": "Ne", "<": "LT", "≤": "LE", "∧": "And", "∨": "Or", "↔": "Iff", "×": "Prod", "≃": "Equiv"}


def _linear(operator: str) -> str:
    for mark, name in LINEAR.items():
        if operator.startswith(mark + "["):
            return name
    return ""


LINEAR = {"→L": "ContinuousLinearMap", "→ₗ": "LinearMap", "≃L": "ContinuousLinearEquiv"}

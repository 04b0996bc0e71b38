"""Runs the Lean text of definitions and of statements on numbers, and names what it does not run.

    evaluator = Evaluator(reading, scalars)
    evaluator.call("Spec.Shape.size", s=shape)          # a value
    evaluator.statement("Proofs.Autograd.inner_append", m=2, n=1, a=a, c=c, b=b, d=d)   # hypotheses and conclusion
    evaluator.term("Fin.castAdd 2 i", i=(Fin(0, 1), fin(1)))   # the value and the type of a text

`reading` is a `lean_refs.reader.records.Reading`; it must hold the files of everything that is named, so read a whole
checkout (or follow the imports). `scalars` is any class with the operations of `scalars.Scalars`: they stand for ℝ.

Arguments are values, given by their Lean names, implicit ones too; proofs and instances are not given.

| Lean | here |
| --- | --- |
| `ℕ` | `int` |
| `ℝ` | a scalar of the injected class |
| `Fin n` | `Fin(value, bound)` |
| `List α`, `EuclideanSpace ℝ (Fin n)` | a tuple |
| `α × β` | `Pair(first, second)` |
| `α → β` | a Python function of one value; implicit arguments count as arguments |
| `E →L[ℝ] F`, `E →ₗ[ℝ] F` | `LinearMap(domain, codomain, apply)`, called like a function |
| a structure | `StructureValue(full name, {field: value})` |
| an inductive type | `Constructed(constructor's full name, its arguments, implicit ones too)` |
| a proof | `PROOF` |
| a type, a proposition | `LeanType(head, arguments)`, or `FunctionType` for `→` and `∀` |

Parts of types and records may be delayed: `force` gives the value. A function that an evaluation gave is called inside
`with evaluator.running():`. What is outside the fragment raises `NotEvaluatedError` (name, file, line, reason); the
derivative of a total function at its corner raises `CornerError`, one of them.
"""

from lean_refs.evaluator.deciding import equal, holds
from lean_refs.evaluator.errors import CornerError, NotEvaluatedError
from lean_refs.evaluator.evaluator import EvaluatedBinder, Evaluator, Statement
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.scalars import Scalars
from lean_refs.evaluator.values import (
    NAT,
    PROOF,
    REAL,
    UNIT,
    Constructed,
    Equivalence,
    Fin,
    FunctionType,
    LeanType,
    LinearMap,
    Pair,
    StructureValue,
    arrow,
    continuous,
    euclidean,
    fin,
)
from lean_refs.evaluator.vocabulary import VOCABULARY

__all__ = [
    "NAT",
    "PROOF",
    "REAL",
    "UNIT",
    "VOCABULARY",
    "Constructed",
    "CornerError",
    "Equivalence",
    "EvaluatedBinder",
    "Evaluator",
    "Fin",
    "FunctionType",
    "LeanType",
    "LinearMap",
    "NotEvaluatedError",
    "Pair",
    "Scalars",
    "Statement",
    "StructureValue",
    "arrow",
    "continuous",
    "equal",
    "euclidean",
    "fin",
    "force",
    "holds",
]  # fmt: skip

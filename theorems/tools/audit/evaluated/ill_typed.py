"""What an exception means that came while a text ran: that it is ill-typed, that the mirror raised, or our mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lean_refs.evaluator import Evaluator, NotEvaluatedError
from lean_refs.evaluator.errors import ContractError
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, Ended
from theorems.tools.audit.evaluated.whose import is_of_counterpart
from theorems.tools.output.faults import in_one_line

Refusing = Callable[[Callable[[], Any]], NotEvaluatedError | None]
"""What says why the text that ran is ill-typed."""


def ended_by(error: Exception, refusal: NotEvaluatedError | None, given: str = "") -> Ended:
    """How a comparison ends in which an exception came, with the refusal of its text; `given` is said after it."""
    if refusal is not None:
        return ComparisonEnding.ILL_TYPED, f"{refusal}{given}"
    if is_of_counterpart(error):
        return ComparisonEnding.RAISED, f"{type(error).__name__}: {error}{given}"
    return ComparisonEnding.FAILED, f"{in_one_line(error)}{given}"


def refused(evaluator: Evaluator, name: str, run: Callable[[], Any]) -> NotEvaluatedError | None:
    """What in the text of `name` is not of its declared type; None where everything is, as far as is seen.

    `run` is repeated with every argument and every result held to its type, which would take too long to do always.
    """
    try:
        with evaluator.under_contracts():
            run()
    except ContractError as refusal:
        return located(refusal, evaluator, name)
    except Exception:  # the exception that came first is the one to tell of
        return None
    return None


def not_evaluated(refusal: NotEvaluatedError, evaluator: Evaluator, name: str) -> Ended:
    """How a comparison of `name` ends that the evaluator refuses."""
    ill_typed = isinstance(refusal, ContractError)
    ending = ComparisonEnding.ILL_TYPED if ill_typed else ComparisonEnding.NOT_EVALUATED
    return ending, str(located(refusal, evaluator, name))


def located(refusal: NotEvaluatedError, evaluator: Evaluator, name: str) -> NotEvaluatedError:
    """The refusal, with the place of the declaration `name` where it has none of its own."""
    declaration = evaluator.library.declaration(name)
    return refusal.located(name, *(declaration.file, declaration.line) if declaration else ("", 0))

"""Texts in which one name after the other is replaced: the comparison ends, and leanmirror does not fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lean_refs.reader.tokens import tokenize
from mirror.rooms import links
from tests.faults.test_faults import untraced
from tests.tools.audit.evaluated.texts import TEXT, evaluator_of
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.same import compared

CORE = "Proofs.Autograd."


@pytest.mark.usefixtures(untraced.__name__)
@pytest.mark.parametrize("name", ["appendVec", "castVec", "evalCLM", "Idx.weaken", "DGraph.snoc", "ctxSize", "Node"])
def test_no_ill_typed_text_makes_leanmirror_fail(name: str) -> None:
    failed = [(place, words, found.why) for place, words, found in _broken(CORE + name) if not _is_verdict(found)]
    assert failed == []


def _broken(name: str) -> Iterator[tuple[int, str, FunctionComparison]]:
    """The comparison with each name in the text of a definition replaced by what is mostly of another type."""
    declaration = evaluator_of().library.declaration(name)
    assert declaration is not None
    begin = declaration.stop - len(declaration.body)
    names = [token for token in tokenize(declaration.body) if token.kind == "name"]
    for number, token in enumerate(names):
        form = _FORMS[number % len(_FORMS)]
        new = form.format(token.text)
        text = TEXT[: begin + token.start] + new + TEXT[begin + token.end :]
        yield token.start, new, compared(evaluator_of(text), links()[name], 1)


_FORMS = ("({0}, {0})", "[{0}]", "({0} {0})", "{0}.2", "(fun q => q)", "7", "⟨{0}, {0}⟩", "ℝ")


def _is_verdict(found: FunctionComparison) -> bool:
    return found.ending not in (ComparisonEnding.FAILED, ComparisonEnding.RAISED)

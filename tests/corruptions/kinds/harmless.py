"""What changes no meaning: nothing may fail."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, last
from tests.corruptions.parts import Parts


def corruptions(p: Parts) -> Iterator[Corruption]:
    """Another spelling of the same thing."""
    yield Corruption("a comment", lambda lib: lib.before(p.theorem, "-- nothing\n/- nothing -/"), None)
    yield Corruption("blank lines", lambda lib: lib.before(p.theorem, "\n\n"), None)
    yield Corruption("a byte order mark", lambda lib: {p.seed: f"\ufeff{lib.text(p.seed)}"}, None)
    yield Corruption("carriage returns", lambda lib: {p.seed: lib.text(p.seed).replace("\n", "\r\n")}, None)
    yield Corruption("spaces at the ends of lines", lambda lib: {p.seed: lib.text(p.seed).replace("\n", " \n")}, None)
    yield Corruption("LaTeX in a docstring", lambda lib: lib.docstring(p.index[0], "", r"The entry $\\gamma_1$."), None)
    yield Corruption(
        "Spec.Shape.size for Shape.size",
        lambda lib: {p.seed: lib.text(p.seed).replace(" (Shape.size", " (Spec.Shape.size")},
        None,
    )
    yield Corruption("a limit of time", lambda lib: lib.before(p.theorem, "set_option maxHeartbeats 400000 in"), None)
    yield Corruption(
        "a theorem of a new name", lambda lib: lib.before(p.theorem, "theorem nobody_needs_this : 1 = 1 := rfl"), None
    )
    yield Corruption("another proof", lambda lib: lib.body(p.theorem, f":=\n  {last(p.other_theorem)} _ _"), None)
    if p.valued:
        name, old, _ = p.constant
        yield Corruption(
            "a constant as a quotient, at the pinned numbers",
            lambda lib: lib.in_body(name, old, f"({old.removeprefix('0.').lstrip('0')} / 1{'0' * (len(old) - 2)})"),
            None,
            valued=name,
        )
    yield Corruption("an example", lambda lib: lib.before(p.theorem, "example : 1 = 1 := by decide"), None)
    yield Corruption("a question", lambda lib: lib.before(p.theorem, f"#check {last(p.index[0])}"), None)
    yield Corruption(
        "a linter's option", lambda lib: lib.front(p.seed, "set_option linter.unusedVariables false"), None
    )

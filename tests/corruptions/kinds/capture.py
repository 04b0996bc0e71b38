"""Names that come to mean something else: declarations, local names, opened namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, last, surroundings, told
from tests.corruptions.parts import Parts


def corruptions(p: Parts) -> Iterator[Corruption]:
    """A name that a pinned declaration uses stands for another thing, though its text is the same."""
    yield from _declared(p)
    yield from _opened(p)


def _declared(p: Parts) -> Iterator[Corruption]:
    exponential = "noncomputable def Real.exp (x : ℝ) : ℝ := x"
    yield Corruption(
        "Real.exp declared inside the namespace",
        lambda lib: lib.before(p.exponential, exponential),
        surroundings("Real.exp", last(p.exponential)),
    )
    yield Corruption(
        "Real.exp as an alias inside the namespace",
        lambda lib: lib.before(p.exponential, "alias Real.exp := Real.sin"),
        surroundings("Real.exp", last(p.exponential)),
    )
    yield Corruption(
        "Real.exp as a private abbreviation inside the namespace",
        lambda lib: lib.before(p.exponential, "private noncomputable abbrev Real.exp (x : ℝ) : ℝ := x"),
        surroundings("Real.exp", last(p.exponential)),
    )
    yield Corruption(
        "Real.exp exported into the namespace",
        lambda lib: lib.before(p.exponential, "def Else.Real.exp (x : Nat) : Nat := x\nexport Else (Real.exp)"),
        surroundings("Real.exp", last(p.exponential)),
    )
    yield Corruption(
        "Real.exp declared in an imported file",
        lambda lib: lib.end(
            p.imported, f"namespace {_space(p.exponential)}\n{exponential}\nend {_space(p.exponential)}"
        ),
        surroundings("Real.exp", last(p.exponential)),
    )
    yield Corruption(
        "a local max",
        lambda lib: lib.before(p.maximum, "def max (a _b : ℝ) : ℝ := a"),
        surroundings("max", last(p.maximum)),
    )
    yield Corruption(
        "a structure's field of a pinned name",
        lambda lib: lib.before(p.maximum, "structure Real where\n  sqrt : Nat\n  exp : Nat"),
        surroundings("Real", last(p.maximum)),
    )
    yield Corruption(
        "Real.exp bound by let in a definition",
        lambda lib: lib.in_body(
            p.exponential, lib.declaration(p.exponential).body.split()[0], "let Real.exp := id\n  ∑"
        ),
        told(last(p.exponential)),
    )
    yield Corruption(
        "max a variable",
        lambda lib: lib.before(p.maximum, "variable (max : ℝ → ℝ → ℝ) in"),
        told(last(p.maximum)),
    )


def _opened(p: Parts) -> Iterator[Corruption]:
    name = last(p.exponential)
    elsewhere = "namespace Else\nnoncomputable def Real.exp (x : ℝ) : ℝ := x\nend Else\n"
    yield Corruption(
        "a namespace opened that has Real.exp",
        lambda lib: lib.before(p.exponential, f"{elsewhere}open Else"),
        surroundings("Else"),
    )
    yield Corruption(
        "a namespace opened for one declaration",
        lambda lib: lib.before(p.exponential, f"{elsewhere}open Else in"),
        surroundings("Else", name),
    )
    yield Corruption(
        "a namespace of Mathlib opened",
        lambda lib: lib.before(p.exponential, "open NNReal"),
        surroundings("NNReal", name),
    )
    yield Corruption(
        "a name renamed as it is opened",
        lambda lib: lib.before(p.maximum, "open Real renaming sqrt → exp, sin → max"),
        surroundings("max", last(p.maximum)),
    )
    yield Corruption(
        "names hidden as a namespace is opened",
        lambda lib: lib.in_file(p.opened[0], p.opened[1], f"{p.opened[1]} hiding Shape"),
        surroundings(p.opened[1].removeprefix("open ")),
    )
    yield Corruption(
        "a namespace no longer opened",
        lambda lib: lib.in_file(p.opened[0], p.opened[1], "open Bool"),
        surroundings(p.opened[1].removeprefix("open ")),
    )
    yield Corruption(
        "a scope opened",
        lambda lib: lib.before(p.exponential, "open scoped Classical Pointwise"),
        surroundings("Pointwise", name),
    )
    yield Corruption(
        "names exported by another namespace",
        lambda lib: lib.before(p.maximum, "export Nat (max)"),
        surroundings("max", last(p.maximum)),
    )


def _space(name: str) -> str:
    return name.rpartition(".")[0]

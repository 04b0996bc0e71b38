"""Instances: what `+`, `⟪x, y⟫` or `tanh` mean where nothing else is said."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, last, surroundings, told
from tests.corruptions.parts import Parts

_ADD = "instance : Add ℝ := ⟨fun a _ => a⟩"


def corruptions(p: Parts) -> Iterator[Corruption]:
    """An instance that Lean finds before the one that was meant."""
    file, given = p.tanh
    yield Corruption(
        "tanh is sinh in the instance of MathFunctions for ℝ",
        lambda lib: lib.in_file(file, given, given.replace("tanh", "sinh")),
        told("tanh", "instance"),
    )
    yield Corruption(
        "another instance of MathFunctions for ℝ",
        lambda lib: lib.before(p.constant[0], "noncomputable local instance : MathFunctions ℝ := { exp := id }"),
        surroundings("MathFunctions", last(p.constant[0])),
    )
    yield Corruption(
        "a local Add ℝ", lambda lib: lib.before(p.sums, f"local {_ADD}"), surroundings("Add", last(p.sums))
    )
    yield Corruption("an Add ℝ", lambda lib: lib.before(p.sums, _ADD), surroundings("Add", last(p.sums)))
    yield Corruption(
        "an Add ℝ of high priority",
        lambda lib: lib.before(p.sums, "@[instance 2000] def added : Add ℝ := ⟨fun a _ => a⟩"),
        surroundings("added", last(p.sums)),
    )
    yield Corruption(
        "a scoped Add ℝ that is opened",
        lambda lib: lib.before(p.sums, f"namespace Else\nscoped {_ADD}\nend Else\nopen scoped Else"),
        surroundings("Add", last(p.sums)),
    )
    yield Corruption(
        "a definition made an instance",
        lambda lib: lib.before(p.sums, "def added : Add ℝ := ⟨fun a _ => a⟩\nattribute [local instance] added"),
        surroundings("added", last(p.sums)),
    )
    yield Corruption(
        "an instance made none",
        lambda lib: lib.before(p.sums, "attribute [-instance] Real.instAdd"),
        surroundings("Real.instAdd", last(p.sums)),
    )
    yield Corruption(
        "an Add ℝ in an imported file", lambda lib: lib.end(p.imported, _ADD), surroundings("Add", last(p.sums))
    )
    yield Corruption(
        "a local Inner",
        lambda lib: lib.before(p.inner, "local instance {n : Nat} : Inner ℝ (Vec n) := ⟨fun _ _ => 0⟩"),
        surroundings("Inner", last(p.inner)),
    )
    yield Corruption(
        "an instance from deriving",
        lambda lib: lib.before(p.sums, f"deriving instance Inhabited for {p.inductive}"),
        surroundings("Inhabited", last(p.inductive)),
    )
    yield Corruption(
        "a default instance",
        lambda lib: lib.before(p.sums, "@[default_instance] instance : HAdd ℝ ℝ ℝ := ⟨fun a _ => a⟩"),
        surroundings("HAdd", last(p.sums)),
    )
    yield Corruption(
        "a coercion",
        lambda lib: lib.before(p.sums, "local instance : Coe Nat ℝ := ⟨fun _ => 0⟩"),
        surroundings("Coe", last(p.sums)),
    )

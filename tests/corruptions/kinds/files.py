"""Imports, variables, modifiers and attributes: what a declaration gets from its file, or is besides its text."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, Named, last, surroundings, told
from tests.corruptions.library import Change, Library
from tests.corruptions.parts import Parts


def corruptions(p: Parts) -> Iterator[Corruption]:
    """The same text of a declaration in another file, or under another word."""
    yield from _imports(p)
    yield from _variables(p)
    yield from _modifiers(p)
    yield from _attributes(p)


def _imports(p: Parts) -> Iterator[Corruption]:
    yield Corruption("imports swapped", lambda lib: _reimported(lib, p, reverse=True), surroundings("import"))
    yield Corruption(
        "an import deleted", lambda lib: lib.reimported(p.seed, lib.imports(p.seed)[1:]), surroundings("import")
    )
    yield Corruption("all imports deleted", lambda lib: lib.reimported(p.seed, ()), surroundings("import"))
    yield Corruption(
        "an import added",
        lambda lib: lib.reimported(p.seed, (*lib.imports(p.seed), "import Mathlib.Tactic.Polyrith")),
        Named(("surroundings",), ("Mathlib.Tactic.Polyrith",), note=True),
    )
    yield Corruption(
        "an import exchanged for one that imports another text of it",
        lambda lib: {
            **lib.reimported(p.seed, ("import NN.Instead", *lib.imports(p.seed)[1:])),
            "NN/Instead.lean": "module\npublic section\n",
        },
        surroundings("import"),
    )


def _reimported(lib: Library, p: Parts, *, reverse: bool) -> Change:
    lines = lib.imports(p.seed)
    return lib.reimported(p.seed, lines[::-1] if reverse and len(lines) > 1 else ["import NN.First", *lines])


def _variables(p: Parts) -> Iterator[Corruption]:
    file, variable, name = p.variable
    yield Corruption(
        "a variable of another type",
        lambda lib: lib.in_file(file, variable, variable.replace("List Shape", "List Nat")),
        told(last(name)),
    )
    yield Corruption(
        "a variable that is an instance",
        lambda lib: lib.in_file(file, variable, f"{variable} [Fact (1 = 0)]"),
        told(last(name)),
    )
    yield Corruption(
        "a hypothesis included in every theorem",
        lambda lib: lib.before(p.theorem, "variable (hFalse : (0 : Nat) = 1)\ninclude hFalse"),
        told("hFalse", last(p.theorem)),
    )


def _modifiers(p: Parts) -> Iterator[Corruption]:
    for word in ("unsafe", "protected", "private", "partial"):
        yield Corruption(
            f"{word} before a definition",
            lambda lib, word=word: lib.prefixed(p.exponential, word),
            told(word, last(p.exponential)),
        )
    for word in ("protected", "private"):
        yield Corruption(
            f"{word} before a theorem",
            lambda lib, word=word: lib.prefixed(p.theorem, word),
            told(word, last(p.theorem)),
        )


def _attributes(p: Parts) -> Iterator[Corruption]:
    name = last(p.exponential)
    for said in ("implemented_by other", 'extern "other"', "csimp", "irreducible", "export other", "init other"):
        yield Corruption(
            f"@[{said}] on a declaration",
            lambda lib, said=said: lib.prefixed(p.exponential, f"@[{said}]"),
            surroundings(said.split()[0], name),
        )
    yield Corruption(
        "implemented_by by a command",
        lambda lib: lib.after(p.exponential, f"attribute [implemented_by id] {name}"),
        surroundings("implemented_by", name),
    )
    yield Corruption(
        "extern by a command",
        lambda lib: lib.after(p.exponential, f'attribute [extern "c_exp"] {name}'),
        surroundings("extern", name),
    )
    yield Corruption(
        "a theorem for csimp",
        lambda lib: lib.after(p.exponential, f"@[csimp] theorem quick : @{name} = @{name} := rfl"),
        Named(("surroundings",), ("csimp", "quick"), note=True),
    )
    yield Corruption(
        "simp of a pinned lemma taken away",
        lambda lib: lib.after(p.simp, f"attribute [-simp] {last(p.simp)}"),
        surroundings("simp", last(p.simp)),
    )
    yield Corruption(
        "simp of a definition",
        lambda lib: lib.after(p.exponential, f"attribute [local simp] {name}"),
        surroundings("simp", name),
    )
    yield Corruption(
        "a definition reducible by a command",
        lambda lib: lib.after(p.exponential, f"attribute [local reducible] {name}"),
        surroundings("reducible", name),
    )

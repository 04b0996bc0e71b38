"""What upstream does to declarations and files: aliases, deletions, moves, and forms that a reader stumbles over."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, Named, last, meaning
from tests.corruptions.library import Change, Library
from tests.corruptions.parts import Parts


def corruptions(p: Parts) -> Iterator[Corruption]:
    """Another place, another name, or no text at all."""
    yield from _declarations(p)
    yield from _files(p)
    yield from _forms(p)


def _declarations(p: Parts) -> Iterator[Corruption]:
    name = last(p.theorem)
    alias = f"alias {name} := {p.other_theorem}"
    yield Corruption(
        "a theorem made an alias of another one",
        lambda lib: lib.replaced(p.theorem, alias),
        Named(("drift",), (name, "became an alias"), note=True),
    )
    yield Corruption(
        "a theorem made an alias of an unknown one",
        lambda lib: lib.replaced(p.theorem, f"alias {name} := Elsewhere.unknown"),
        meaning(name),
    )
    yield Corruption(
        "a theorem made one direction of an equivalence",
        lambda lib: lib.replaced(p.theorem, f"alias ⟨{name}, _⟩ := Elsewhere.unknown"),
        meaning(name),
    )
    yield Corruption("a theorem deleted", lambda lib: lib.replaced(p.theorem, ""), Named(("drift",), (name, "deleted")))
    yield Corruption("a definition deleted", lambda lib: lib.replaced(p.index[0], ""), meaning(last(p.index[0])))
    yield Corruption(
        "a definition deleted, and another of its last name elsewhere",
        lambda lib: {
            **lib.replaced(p.exponential, ""),
            "NN/Else.lean": f"module\nnamespace Else\ndef {last(p.exponential)} : Nat := 0\nend Else\n",
        },
        meaning(last(p.exponential)),
    )
    yield Corruption(
        "a theorem commented out",
        lambda lib: lib.replaced(p.theorem, f"/-\n{_code(lib, p.theorem)}\n-/"),
        meaning(name),
    )


def _files(p: Parts) -> Iterator[Corruption]:
    file, space = p.namespace
    yield Corruption("a file deleted", lambda lib: {p.seed: None}, Named(("present",), (p.seed,)))
    yield Corruption("a file emptied", lambda lib: {p.seed: "module\n"}, meaning(last(p.theorem)))
    yield Corruption("a file that is no UTF-8", lambda lib: {p.seed: "\udcff"}, Named(("present",), (p.seed, "UTF-8")))
    yield Corruption(
        "a namespace renamed",
        lambda lib: {
            file: lib.text(file)
            .replace(f"namespace {space}\n", f"namespace {space}Moved\n", 1)
            .replace(f"end {space}\n", f"end {space}Moved\n", 1)
        },
        Named(("drift",), ("namespace moved", f"{space}Moved"), note=True),
    )
    yield Corruption(
        "a namespace with a space in its name, and a definition changed there",
        lambda lib: _in_space(lib, p),
        meaning(last(p.exponential)),
    )
    yield Corruption(
        "a theorem changed in a file of its own",
        lambda lib: _apart(lib, p, "0 < ", "0 ≤ "),
        Named(("drift",), (last(p.positive), "moved", "hypothesis replaced by")),
    )


def _forms(p: Parts) -> Iterator[Corruption]:
    where, old, new = p.constant
    yield Corruption(
        "a definition changed beside another one in its line",
        lambda lib: lib.replaced(where, f"def beside : Nat := 0 {_changed(lib, where, old, new)}"),
        meaning(last(where)),
    )
    yield Corruption(
        "a definition changed in a file with a byte order mark",
        lambda lib: {name: f"\ufeff{text}" for name, text in lib.in_body(where, old, new).items()},
        meaning(last(where)),
    )
    yield Corruption(
        "a definition changed in a file with carriage returns",
        lambda lib: {name: (text or "").replace("\n", "\r\n") for name, text in lib.in_body(where, old, new).items()},
        meaning(last(where)),
    )
    yield Corruption(
        "a bracket that is never closed",
        lambda lib: lib.before(p.theorem, "def open_bracket : Nat := (0"),
        Named(("present",), (p.seed, "not understood")),
    )
    yield Corruption(
        "a comment that is never closed",
        lambda lib: lib.before(p.theorem, "/- begun"),
        Named(("present",), (p.seed, "not understood")),
    )
    yield Corruption(
        "a namespace ended that is not open",
        lambda lib: lib.before(p.theorem, "end Elsewhere"),
        Named(("present",), (p.seed, "not understood")),
    )
    yield Corruption(
        "the rest of a file a document",
        lambda lib: lib.before(p.theorem, '#doc (Manual) "x" =>'),
        meaning(last(p.theorem)),
    )


def _changed(lib: Library, name: str, old: str, new: str) -> str:
    head, code = lib.kept(name, "keyword"), _code(lib, name)
    assert old in code, f"{old!r} is not there in {name}"
    return code.replace(old, new, 1) if head is not None else code


def _code(lib: Library, name: str) -> str:
    """A declaration without its docstring."""
    return lib.written(name)[len(lib.kept(name, "keyword")) :]


def _in_space(lib: Library, p: Parts) -> Change:
    text = lib.written(p.exponential).replace("Real.exp", "Real.sin", 1)
    return lib.replaced(p.exponential, f"namespace «my ns»\nend «my ns»\n{text}")


def _apart(lib: Library, p: Parts, old: str, new: str) -> Change:
    """A theorem moved into a file of its own, in its namespace, and changed there."""
    space, text = p.positive.rpartition(".")[0], lib.written(p.positive)
    head = "\n".join(lib.imports(p.seed))
    assert old in text
    opening = f"public section\nnamespace {space}\nopen Spec TapeNodes DGraph\nuniverse u"
    apart = f"module\n{head}\n{opening}\n{text.replace(old, new, 1)}\nend {space}\n"
    return {**lib.replaced(p.positive, ""), p.seed.replace(".lean", "/Apart.lean"): apart}

"""What is written for people: docs of modules, sections, declarations, fields and constructors, and names."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, Named, last, merged, reworded
from tests.corruptions.library import Library
from tests.corruptions.parts import Parts

_WORDS = "It is exact for every mask and every input, and nothing is assumed."


def corruptions(p: Parts) -> Iterator[Corruption]:
    """The same declarations, promised anew."""
    yield from _docs(p)
    yield from _parts(p)
    yield from _named(p)


def _docs(p: Parts) -> Iterator[Corruption]:
    yield Corruption(
        "module docs rewritten",
        lambda lib: lib.module_docs(p.seed, _WORDS),
        Named(("prose",), (p.seed, "module"), note=True),
    )
    yield Corruption(
        "module docs deleted", lambda lib: lib.module_docs(p.seed, ""), Named(("prose",), (p.seed,), note=True)
    )
    yield Corruption(
        "section docs rewritten",
        lambda lib: lib.module_docs(p.seed, f"# Another part\n\n{_WORDS}", 1),
        Named(("prose",), (p.seed,), note=True),
    )
    yield Corruption(
        "section docs added",
        lambda lib: lib.before(p.theorem, f"/-! ## Exactness\n\n{_WORDS} -/"),
        Named(("prose",), (p.seed, "added"), note=True),
    )
    yield Corruption(
        "Coverage.lean reworded",
        lambda lib: lib.module_docs(p.coverage, _WORDS),
        Named(("prose",), (p.coverage,), note=True),
    )
    yield Corruption(
        "Coverage.lean deleted", lambda lib: {p.coverage: None}, Named(("prose",), (p.coverage,), note=True)
    )
    yield Corruption(
        "a docstring rewritten", lambda lib: lib.docstring(p.theorem, "", _WORDS), reworded(last(p.theorem), "reworded")
    )
    yield Corruption(
        "one word in a docstring",
        lambda lib: (
            lib.docstring(p.theorem, " -/", " Exactly. -/")
            if " -/" in lib.kept(p.theorem, "keyword")
            else lib.docstring(p.theorem, "-/", "Exactly.\n-/")
        ),
        reworded(last(p.theorem), "reworded"),
    )
    yield Corruption(
        "a docstring deleted",
        lambda lib: lib.replaced(p.theorem, _undocumented(lib, p.theorem)),
        reworded(last(p.theorem)),
    )
    yield Corruption(
        "the docstring of another declaration",
        lambda lib: lib.docstring(p.index[0], "", _docs_of(lib, p.context[0])),
        reworded(last(p.index[0]), "reworded"),
    )


def _parts(p: Parts) -> Iterator[Corruption]:
    yield Corruption(
        "field docs rewritten",
        lambda lib: lib.inner_docs(p.structure, _WORDS),
        Named(("prose",), (last(p.structure), p.field), note=True),
    )
    yield Corruption(
        "constructor docs added",
        lambda lib: lib.in_body(p.inductive, f"| {p.constructor}", f"/-- {_WORDS} -/\n  | {p.constructor}"),
        Named(("prose",), (last(p.inductive), p.constructor), note=True),
    )


def _named(p: Parts) -> Iterator[Corruption]:
    new = f"exact{last(p.index[0])[:1].upper()}{last(p.index[0])[1:]}"
    yield Corruption(
        "a loaded word added to a name",
        lambda lib: _everywhere(lib, p.seed, last(p.index[0]), new),
        Named(("drift",), (last(p.index[0]), "renamed", new), note=True),
    )
    yield Corruption(
        "a loaded word added to a binder's name",
        lambda lib: (
            _everywhere(lib, p.seed, "hNorm1VarEpsPos", "hExact")
            if "hNorm1VarEpsPos" in lib.text(p.seed)
            else _everywhere(lib, p.seed, "hPos", "hExact")
        ),
        Named(("drift", "same statement"), ("binders renamed", "hExact"), note=True),
    )
    yield Corruption(
        "the docs of two modules exchanged",
        lambda lib: merged(
            lib.module_docs(p.seed, _first_docs(lib, p.coverage)), lib.module_docs(p.coverage, _first_docs(lib, p.seed))
        ),
        Named(("prose",), (p.seed, "module"), note=True),
    )


def _everywhere(lib: Library, file: str, old: str, new: str) -> dict[str, str | None]:
    return {file: lib.text(file).replace(old, new)}


def _undocumented(lib: Library, name: str) -> str:
    return lib.written(name).partition("-/")[2].lstrip()


def _docs_of(lib: Library, name: str) -> str:
    return lib.written(name).partition("/--")[2].partition("-/")[0].strip()


def _first_docs(lib: Library, file: str) -> str:
    return lib.text(file).partition("/-!")[2].partition("-/")[0].strip()

"""Lean 4 text: the mirror's facts as propositions closed by `rfl`, and the names to look up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lean_refs import Declaration, Pin
from mirror.core.fderiv import ctx_size
from mirror.spec.core.shape import Shape, size
from theorems.tools.audit.lean.facts import LIST, SIZES, Fact, GenericContext, GenericIndex, GenericShape

# In which of the evaluations sizes are stated as numbers: distinct primes, and those with 0 and 1.
_NUMBERED = (0, 2)


def module_name(file: str) -> str:
    """The Lean module of a source file: `NN/Spec/Core/Shape.lean` is `NN.Spec.Core.Shape`."""
    return file.removesuffix(".lean").replace("/", ".")


def imports(declarations: Iterable[Declaration]) -> str:
    """The import lines for these declarations, sorted."""
    return "\n".join(f"import {module}" for module in sorted({module_name(d.file) for d in declarations}))


def mirror_facts(pin: Pin, facts: list[Fact]) -> str:
    """The text of `MirrorFacts.lean`: for each definition its facts, and a `#check` that shows Lean got there."""
    cited = [pin.declarations[name] for name in (*(f.name for f in facts), *_HELPERS)]
    blocks = (f"/-! {f.name} -/\n" + "\n".join((*_examples(f), f"#check @{f.name}")) for f in facts)
    return "\n\n".join((_header(pin, _FACTS), imports(cited), "open Spec", *blocks)) + "\n"


def check_decls(pin: Pin, names: Iterable[str]) -> str:
    """The text of `CheckDecls.lean`: that each name is there, and what it rests on."""
    cited = [pin.declarations[name] for name in names]
    blocks = (f"#check @{d.name}\n#print axioms {d.name}" for d in cited)
    return "\n\n".join((_header(pin, _NAMES), imports(cited), *blocks)) + "\n"


_HELPERS = ("Spec.Shape", "Spec.Shape.size", "Proofs.Autograd.Idx", "Proofs.Autograd.ctxSize")
_FACTS = """\
The mirror's facts about TorchLean's own names, each closed by `rfl`: if the mirror is wrong, Lean rejects this file."""
_NAMES = """\
Every declaration that the mirror and the theorems cite, and the axioms that it rests on.
Private declarations are left out: no other file can name them."""


def _header(pin: Pin, purpose: str) -> str:
    return f"""\
/-
{purpose}

Written by `leanmirror lean-files` for TorchLean {pin.revision[:7]} (Lean {pin.lean}); do not edit.
Run it in a built checkout: `lake env lean --json FILE`, or `leanmirror audit --lean DIR`.
It has no `module` header: Lean allows `#print axioms` only outside modules, and such a file sees every body.
-/"""


def _examples(fact: Fact) -> Iterator[str]:
    match fact.generic:
        case None:
            yield from (_example((), _at(fact, k), str(fact.values[k])) for k in _NUMBERED)
        case GenericIndex():
            yield from _index(fact, _applied(fact), fact.generic)
        case dict():
            for field, index in fact.generic.items():
                yield from _index(fact, f"({_applied(fact)}).{field}", index)
        case _:
            yield from _shapes(fact)


def _index(fact: Fact, term: str, index: GenericIndex) -> Iterator[str]:
    """The position alone, and then together with the context and the shape that the type says."""
    yield _example(_binders(fact), f"({term}).i.val", str(index.position))
    context = _list(index.context) + (f" ++ {LIST}" if fact.takes_list else "")
    typed = f"({term} :\n      Proofs.Autograd.Idx ({context})\n        ({_dims(index.shape)})).i.val"
    yield _example(_binders(fact), typed, str(index.position))


def _shapes(fact: Fact) -> Iterator[str]:
    """A shape and its size, or a list of shapes with its length and sizes."""
    if isinstance(fact.values[0], Shape):
        yield _example(_binders(fact), _applied(fact), _dims(fact.generic))  # type: ignore[arg-type]
        for k in _NUMBERED:
            yield _example((), f"Shape.size ({_at(fact, k)})", str(size(fact.values[k])))
        return
    yield _example(_binders(fact), _applied(fact), _list(fact.generic))  # type: ignore[arg-type]
    yield _example(_binders(fact), f"({_applied(fact)}).length", str(len(fact.values[0])))
    for k in _NUMBERED:
        sizes = ", ".join(str(size(shape)) for shape in fact.values[k])
        yield _example((), f"({_at(fact, k)}).map Shape.size", f"[{sizes}]")
        yield _example((), f"Proofs.Autograd.ctxSize ({_at(fact, k)})", str(ctx_size(fact.values[k])))


def _example(binders: tuple[str, ...], left: str, right: str) -> str:
    return f"example{''.join(' ' + b for b in binders)} :\n    {left} =\n      {right} := rfl"


def _binders(fact: Fact) -> tuple[str, ...]:
    lists = (f"{{{LIST} : List Shape}}",) if fact.takes_list else ()
    return (f"{{{' '.join(fact.dims)} : Nat}}", *lists)


def _applied(fact: Fact) -> str:
    """The definition applied to the example's own variables, by name."""
    return _call(fact, {name: name for name in (*fact.dims, *([LIST] if fact.takes_list else []))})


def _at(fact: Fact, k: int) -> str:
    """The definition at the dimensions of evaluation k."""
    return _call(fact, {dim: str(n) for dim, n in zip(fact.dims, SIZES[k], strict=False)})


def _call(fact: Fact, arguments: dict[str, str]) -> str:
    return " ".join((fact.name, *(f"({name} := {value})" for name, value in arguments.items())))


def _list(context: GenericContext) -> str:
    return "[" + ",\n        ".join(_dims(shape) for shape in context) + "]"


def _dims(shape: GenericShape) -> str:
    """`[n, d]` is `Shape.dim n (Shape.dim d Shape.scalar)`."""
    if not shape:
        return "Shape.scalar"
    inner = _dims(shape[1:])
    return f"Shape.dim {shape[0]} " + (f"({inner})" if shape[1:] else inner)

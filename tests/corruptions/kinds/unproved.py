"""What is not proved: axioms, `sorry` in all its spellings, and what skips the kernel."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, Named, last, merged, surroundings, told
from tests.corruptions.library import Library
from tests.corruptions.parts import Parts


def corruptions(p: Parts) -> Iterator[Corruption]:
    """Proofs that are none, where it can be seen and where it can not."""
    yield from _axioms(p)
    yield from _sorries(p)
    yield from _skipped(p)


def _axioms(p: Parts) -> Iterator[Corruption]:
    unused, used, far = "axiom taken_for_nothing : (0 : Nat) = 0", "axiom leaned_on : False", "axiom far_away : False"
    yield Corruption(
        "an axiom that nothing uses", lambda lib: lib.before(p.theorem, unused), surroundings("taken_for_nothing")
    )
    yield Corruption(
        "an axiom that a proof uses",
        lambda lib: _with_proof(lib, p.theorem, used, ":= leaned_on.elim"),
        surroundings("leaned_on", last(p.theorem)),
    )
    yield Corruption(
        "an axiom that a lemma outside the pin uses",
        lambda lib: _with_proof(lib, p.helper, used, ":= leaned_on.elim"),
        surroundings("leaned_on", last(p.leaning)),
    )
    yield Corruption("an axiom in an imported file", lambda lib: lib.end(p.imported, far), surroundings("far_away"))
    yield Corruption(
        "an axiom under an attribute", lambda lib: lib.before(p.theorem, f"@[simp] {unused}"), surroundings("taken_for")
    )
    yield Corruption(
        "a definition made an opaque constant",
        lambda lib: lib.replaced(p.exponential, f"{_signature(lib, p.exponential).replace('def ', 'opaque ', 1)}"),
        told(last(p.exponential)),
    )


def _sorries(p: Parts) -> Iterator[Corruption]:
    for word, proof in (("sorry", ":= by sorry"), ("admit", ":= by admit"), ("sorryAx", ":= sorryAx _ false")):
        yield Corruption(
            f"{word} in a theorem", lambda lib, proof=proof: lib.body(p.theorem, proof), told(last(p.theorem))
        )
        yield Corruption(
            f"{word} in a private lemma outside the pin",
            lambda lib, proof=proof: lib.body(p.helper, proof),
            surroundings(word, last(p.leaning)),
        )
    yield Corruption(
        "a tactic that stands for sorry",
        lambda lib: _with_proof(lib, p.helper, 'macro "surely" : tactic => `(tactic| sorry)', ":= by surely"),
        surroundings(last(p.leaning)),
    )
    yield Corruption(
        "a lemma that stands for sorry",
        lambda lib: _with_proof(lib, p.theorem, "theorem surely {P : Prop} : P := sorry", ":= surely"),
        surroundings(last(p.theorem)),
    )


def _skipped(p: Parts) -> Iterator[Corruption]:
    yield Corruption("stop in a proof", lambda lib: lib.body(p.theorem, ":= by\n  stop\n  rfl"), surroundings("stop"))
    yield Corruption(
        "stop in a private lemma", lambda lib: lib.body(p.helper, ":= by\n  stop\n  rfl"), surroundings(last(p.leaning))
    )
    yield Corruption(
        "native_decide", lambda lib: lib.body(p.theorem, ":= by native_decide"), surroundings("native_decide")
    )
    yield Corruption(
        "native_decide in a private lemma",
        lambda lib: lib.body(p.helper, ":= by native_decide"),
        surroundings("native_decide", last(p.leaning)),
    )
    yield Corruption(
        "decide +native", lambda lib: lib.body(p.theorem, ":= by decide +native"), surroundings(last(p.theorem))
    )
    yield Corruption(
        "Lean.ofReduceBool", lambda lib: lib.body(p.theorem, ":= Lean.ofReduceBool _ _ rfl"), told("ofReduceBool")
    )
    yield Corruption(
        "#exit before a theorem",
        lambda lib: lib.before(p.theorem, "#exit"),
        Named(("surroundings", "present"), ("exit",)),
    )
    kernel = "set_option debug.skipKernelTC true"
    yield Corruption("skipKernelTC for a file", lambda lib: lib.front(p.seed, kernel), surroundings("skipKernelTC"))
    yield Corruption(
        "skipKernelTC for a theorem",
        lambda lib: lib.before(p.theorem, f"{kernel} in"),
        surroundings("skipKernelTC", last(p.theorem)),
    )
    yield Corruption(
        "skipKernelTC for a private lemma",
        lambda lib: lib.before(p.helper, f"{kernel} in"),
        surroundings("skipKernelTC"),
    )
    made = "{ name := `made, levelParams := [], type := .const ``False [], isUnsafe := false }"
    adds = f"run_cmd Lean.addDecl (.axiomDecl {made})"
    yield Corruption(
        "run_cmd that adds a declaration", lambda lib: lib.before(p.theorem, adds), surroundings("run_cmd")
    )
    yield Corruption(
        "#eval that adds a declaration",
        lambda lib: lib.before(p.theorem, adds.replace("run_cmd", "#eval show Lean.CoreM Unit from")),
        surroundings("#eval"),
    )
    yield Corruption(
        "initialize",
        lambda lib: lib.before(p.theorem, "initialize counted : IO.Ref Nat ← IO.mkRef 0"),
        surroundings("initialize"),
    )


def _with_proof(library: Library, name: str, before: str, proof: str) -> dict[str, str | None]:
    """A declaration with another proof, and lines before it."""
    file = library.file_of(name)
    text = library.body(name, proof)[file] or ""
    made = library.declaration(name)
    begin = text.rfind("\n", 0, made.start) + 1
    return dict(merged({file: f"{text[:begin]}{before}\n{text[begin:]}"}))


def _signature(library: Library, name: str) -> str:
    """A declaration without what defines it."""
    return library.kept(name, "body").rstrip().removesuffix(":=").rstrip()

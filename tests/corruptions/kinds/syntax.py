"""Notation, macros, syntax and elaborators: what a text means before Lean knows its names."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, Named, last, surroundings
from tests.corruptions.parts import Parts

# A text that gives `+` or a number another meaning, and what names it.
_MEANINGS = {
    "a notation": ("notation", 'local notation:65 a " + " b => a - b'),
    "a notation for everybody": ("notation", 'notation:65 a " + " b => a - b'),
    "an infix": ("infix", 'local infixl:65 " + " => HSub.hSub'),
    "a prefix": ("prefix", 'local prefix:75 "-" => id'),
    "a postfix": ("postfix", 'local postfix:75 "⁻¹" => id'),
    "macro rules": ("macro_rules", "local macro_rules | `($a + $b) => `($a - $b)"),
    "a macro": ("macro", 'local macro "ring" : tactic => `(tactic| skip)'),
    "a macro for terms": ("macro", 'macro:65 a:term " + " b:term : term => `($a - $b)'),
    "a syntax with its rules": ("syntax", 'syntax:65 term " + " term : term\nmacro_rules | `($a + $b) => `($a)'),
    "an elaborator": ("elab", 'elab a:term " + " _b:term : term => Lean.Elab.Term.elabTerm a none'),
    "elaborator rules": ("elab_rules", "elab_rules : term | `($a + $_b) => Lean.Elab.Term.elabTerm a none"),
    "a binder notation": ("notation3", 'local notation3 "∑ "(...)", "r:67:(scoped f => f) => r'),
    "a scoped notation that is opened": (
        "notation",
        'namespace Else\nscoped notation:65 a " + " b => a - b\nend Else\nopen scoped Else',
    ),
    "a term elaborator by attribute": (
        "term_elab",
        "@[term_elab binop] def chosen : Lean.Elab.Term.TermElab := fun _ _ => failure",
    ),
    "a macro by attribute": ("macro", "@[macro Lean.binop] def chosen : Lean.Macro := fun _ => failure"),
    "an unknown command": ("command", "\nmy_own_command + as -\n"),
}


def corruptions(p: Parts) -> Iterator[Corruption]:
    """Words that come to mean something else."""
    for name, (word, lines) in _MEANINGS.items():
        expected = surroundings(word, last(p.sums))
        if name == "an unknown command":
            expected = Named(("present", "surroundings"), ("my_own_command",))
        yield Corruption(name, lambda lib, lines=lines: lib.before(p.sums, lines), expected)
    yield Corruption(
        "a simproc",
        lambda lib: lib.before(p.sums, "simproc_decl always (_ + _) := fun _ => return .continue"),
        # What it finds is proved: told, and no failure.
        Named(("surroundings",), ("simproc",), note=True),
    )
    yield Corruption(
        "a notation in an imported file",
        lambda lib: lib.end(p.imported, _MEANINGS["a notation for everybody"][1]),
        surroundings("notation", last(p.sums)),
    )
    yield Corruption(
        "auto-bound implicit names",
        lambda lib: lib.front(p.seed, "set_option autoImplicit true"),
        surroundings("autoImplicit"),
    )
    yield Corruption(
        "an option for one declaration",
        lambda lib: lib.before(p.sums, "set_option pp.all true in\nset_option relaxedAutoImplicit true in"),
        surroundings("relaxedAutoImplicit", last(p.sums)),
    )

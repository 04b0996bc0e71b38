"""Which options, attributes and commands change no statement and no proof, and which words stand in place of one."""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Limits, and how work is done.
LIMITS = _listed(
    """maxHeartbeats maxRecDepth synthInstance.maxHeartbeats synthInstance.maxSize Elab.async
    exponentiation.threshold maxErrors maxUniverseOffset"""
)
# Options that begin like this are a linter's, or about what is shown.
SHOWN = ("linter.", "weak.linter.", "pp.", "trace.", "profiler", "diagnostics", "format.", "doc.")
# Attributes that the compiler, the documentation or a linter reads.
HARMLESS_ATTRIBUTES = _listed(
    """expose no_expose inline always_inline noinline specialize nospecialize macro_inline never_extract inherit_doc
    deprecated nolint pp_nodot pp_using_anonymous_constructor app_unexpander stacks wikidata tactic_alt tactic_tag
    tactic_name recommended_spelling suggest_for"""
)
# Attributes that say where a proof is looked for: what is found is proved.
SEARCHED = _listed(
    """simp simps simproc grind norm_cast push_cast norm_num ext aesop gcongr fun_prop continuity measurability
    positivity mono trans refl symm congr bound push spec"""
)
# Commands that say the same.
SEARCHING = _listed(
    """grind_pattern add_aesop_rules erase_aesop_rules declare_aesop_rule_sets register_simp_attr
    initialize_simps_projections simproc simproc_decl dsimproc dsimproc_decl"""
)
# Attributes that put something else in the place of what is written.
REPLACING = _listed("implemented_by extern csimp export init")
# Attributes that say what a text means: a macro, an elaborator.
ELABORATING = _listed(
    """macro builtin_macro term_elab builtin_term_elab command_elab builtin_command_elab tactic builtin_tactic
    term_parser command_parser tactic_parser unification_hint"""
)
# Classes whose derived instances are all alike, or in no statement.
DERIVED_ALIKE = _listed("Repr DecidableEq Hashable ToExpr TypeName ToJson FromJson")
# Commands that leave nothing behind.
NO_RECORD = _listed(
    """suppress_compilation unsuppress_compilation compile_inductive compile_def example alias library_note
    assert_not_exists add_decl_doc recall namespace section mutual end #check #check_failure #print #guard #guard_expr
    #synth #reduce #lint #where #help #version #doc #time #find
    #norm_num #simp #print_axioms #min_imports"""
)
# Modifiers that change who can name a declaration, or what it is.
MEANT = _listed("private protected unsafe partial nonrec meta")

# Names that every Lean file has, and words of terms: no namespace of Mathlib has others under them.
BASIC = _listed(
    """ℝ ℕ ℤ ℚ ℂ Nat Int Fin Type Prop Sort List Array Option Bool True False Unit PUnit Float String Char And Or Not
    Eq Iff Exists fun λ let have show by from if then else match with do return in at where rfl this true false some
    none Sum Prod Sigma Subtype Decidable"""
)
BASIC_SYMBOLS = _listed("( ) [ ] { } ⟨ ⟩ ⦃ ⦄ : , ; := => → -> ∀ = @ . | · _ ↦")


def is_harmless_option(option: str) -> bool:
    """Whether an option is a limit, a linter's, or about how something is shown."""
    return option in LIMITS or option.startswith(SHOWN)

/-! Forms that other people's projects have. A docstring says what must be read below it. -/
namespace Loom.Others

/-- def Loom.Others.untyped (n : Nat) (k := 1) (s : Nat := f ( x := 2 )) [inst : Spins n] : Nat -/
def untyped (n : Nat) (k := 1) (s : Nat := f (x := 2)) [inst : Spins n] : Nat := n

/-- theorem Loom.Others.setOf (s : Nat) : set s 1 = set ( s := 1 ) s -/
theorem setOf (s : Nat) : set s 1 = set (s := 1) s := rfl
/-- theorem Loom.Others.setLast (s : Nat) : s = set s -/
theorem setLast (s : Nat) : s = set s := rfl
/-- theorem Loom.Others.setInside : 1 = by set x := 1 ; exact x -/
theorem setInside : 1 = by set x := 1; exact x := rfl
/-- theorem Loom.Others.setOnItsLine : 1 = by set x : Nat := 1 exact x -/
theorem setOnItsLine : 1 = by
    set x : Nat := 1
    exact x := rfl
/-- theorem Loom.Others.binds (f : Nat) : f = do let s ← get ; let mut t := s ; set ( f s ) ; return t -/
theorem binds (f : Nat) : f = do let s ← get; let mut t := s; set (f s); return t := rfl

/-- inductive Loom.Others.Fused : Nat → Prop | zero : Fused 0 | near (a : Nat) (b : Nat) : Fused a → | a - b | < 1 →
Fused b -/
inductive Fused : Nat → Prop
  | zero : Fused 0
  | near (a b : Nat) : Fused a → |a - b| < 1 → Fused b
/-- inductive Loom.Others.Word | def | lemma | end -/
inductive Word where
  | def | lemma
  | «end»
/-- inductive Loom.Others.Prism | point | prod (p : Prism) (q : Prism) -/
inductive Prism where
  | point
  | prod (p q : Prism)
with
  /-- How many dimensions it has. -/
  dim : Prism → Nat
  | .point => 0
  | .prod p q => p.dim + q.dim
deriving Repr
/-- coinductive Loom.Others.Endless : Nat → Prop | more (n : Nat) : Endless n -/
coinductive Endless : Nat → Prop
  | more (n : Nat) : Endless n

/-- def Loom.Others.onOneLine : Nat → Nat -/
def onOneLine : Nat → Nat | 0 => 1 | n + 1 => n
/-- lemma Loom.Others.absolute (x : Int) : | x | = | - x | -/
lemma absolute (x : Int) : |x| = | - x | := abs_neg x
/-- irreducible_def Loom.Others.sealed (lemma := sealed_def) (n : Nat) : Nat -/
irreducible_def sealed (lemma := sealed_def) (n : Nat) : Nat := n
/-- protected noncomputable irreducible_def Loom.Others.shut : Nat → Nat -/
protected noncomputable irreducible_def shut : Nat → Nat
  | 0 => 1
  | n => n

/-- structure Loom.Others.Pair | f : Nat → Nat | g : Nat → Nat | low (n : Nat) : f n ≤ g n | inst : Spins f -/
structure Pair where
  (f g : Nat → Nat)
  (low (n : Nat) : f n ≤ g n)
  [inst : Spins f]
/-- def Loom.Others.overNested (f : V →ₗ[k[G]] W) : V ≃ₗ[k[G]] W -/
def overNested (f : V →ₗ[k[G]] W) : V ≃ₗ[k[G]] W where
  toFun := f

-- What is no declaration.
scoped [Loom.Others] notation "⟪" a => twice a
meta if get_config? env = some "dev" then
require "loom" / "weft" @ git "v1"
deprecated_module (since := "2026-01-01")
assert_not_imported Loom.Weft
recommended_spelling "sub" for "-" in [HSub.hSub]
name_poly_vars X, Y over ℤ
/-- theorem Loom.Others.last : True -/
theorem last : True := trivial
end Loom.Others

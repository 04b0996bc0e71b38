module -- Lean's keyword for a file that says what it exports

import NN.Loom.Terms
public import all NN.Tape
/-! Declarations of every kind. A docstring is what the head reads as: modifiers, kind, full name, binders (those of
`variable`s in angle brackets), type, and the members. /- A comment in a comment. -/ -/

@[expose] public section

universe u v

/-- def Loom.ends : Nat -/
def _root_.Loom.ends : Nat := 4 /- def Loom.never := 1 -/

namespace Loom.Heads
/-- abbrev Loom.Heads.Ends : Type -/
abbrev Ends : Type := Nat
/-- structure Loom.Heads.Yarn (n : Nat) : Type | colour : Nat | ply : Nat | twist (k : Nat) : Nat := k + n
| dyed : Bool := true | secret : Nat | count : Nat -/
structure Yarn (n : Nat) : Type where
  spin ::
  /-- Two fields with one type. -/
  colour ply : Nat
  twist (k : Nat) : Nat :=
    k + n
  (dyed : Bool := true)
  private secret : Nat
  @[simp] protected count : Nat
deriving Repr
/-- structure Loom.Heads.Nothing -/
structure Nothing where
/-- structure Loom.Heads.Marker -/
structure Marker deriving DecidableEq, Repr
/-- structure Loom.Heads.Silk (n : Nat) | shine : Nat -/
structure Silk (n : Nat) extends Yarn n, Nothing where
  shine : Nat
/-- class Loom.Heads.Spins (α : Type u) | spin : α → α -/
class Spins (α : Type u) where
  spin : α → α
/-- class Loom.Heads.Fibre (α : Type u) -/
class abbrev Fibre (α : Type u) := Spins α, Add α
/-- class Loom.Heads.Even : Nat → Prop | zero : Even 0 | step (n : Nat) (h : Even n) : Even ( n + 2 ) -/
class inductive Even : Nat → Prop
  | zero : Even 0
  | step (n : Nat) (h : Even n) : Even (n + 2)
/-- inductive Loom.Heads.Weave | plain | twill (over : Nat) (under : Nat) | satin : Nat → Weave -/
inductive Weave where
  | plain
  | twill (over under : Nat)
  | satin : Nat → Weave
  deriving Repr
/-- axiom Loom.Heads.patience : ∀ n : Nat , n = n -/
axiom patience : ∀ n : Nat, n = n
/-- opaque Loom.Heads.secret : Nat -/
opaque secret : Nat
/-- alias Loom.Heads.forbearance -/
alias forbearance := patience
/-- def Loom.Heads.wide {α : Type u} ⦃β : Type v⦄ [Add α] [i : Mul β] (a : α := default) (b : α := default) c : α → β -/
def wide.{w} {α : Type u} ⦃β : Type v⦄ [Add α] [i : Mul β] (a b : α := default) c : α → β := sorry
/-- private noncomputable def Loom.Heads.hidden : ℝ @[simp, deprecated "a def := b" (since := "2026")] @[inline] -/
@[simp, deprecated "a def := b" (since := "2026")] @[inline] private noncomputable
  def hidden : ℝ := 1
/-- protected partial def Loom.Heads.forever (n : Nat) : Nat -/
protected partial def forever (n : Nat) : Nat := forever (n + 1)
/-- instance Loom.Heads.spinsNat : Spins Nat -/
instance (priority := low) spinsNat : Spins Nat := ⟨id⟩
/-- def Loom.Heads.cases : Weave → Nat -/
def cases : Weave → Nat
  | .plain => 0
  | .twill over _ => over
  | .satin n => n
/-- theorem Loom.Heads.bars (x : ℤ) : | x | = | - x | -/
theorem bars (x : ℤ) :
    |x|
    = |-x| := by
  simp
/-- theorem Loom.Heads.local_definitions (x : Nat) : let y := x let z : Nat := by exact y z = x -/
theorem local_definitions (x : Nat) :
    let y := x
    let z : Nat := by exact y
    z = x := by
  intro y z; rfl
/-- theorem Loom.Heads.by_default (x : Nat := by exact 1) : x = x -/
theorem by_default (x : Nat := by exact 1) : x = x := by rfl

section «a part»
variable {α : Type u} [Spins α] [Mul α] (f : α → α) {x : α}
/-- def Loom.Heads.twice ⟨{α : Type u}⟩ ⟨[Spins α]⟩ ⟨[Mul α]⟩ ⟨(f : α → α)⟩ (y : α) : α -/
def twice (y : α) : α := f (f y)
variable {f} in
/-- theorem Loom.Heads.twice_eq ⟨{α : Type u}⟩ ⟨[Spins α]⟩ ⟨[Mul α]⟩ ⟨{f : α → α}⟩ ⟨{x : α}⟩ : f x = f x -/
theorem twice_eq : f x = f x := rfl
include x
/-- theorem Loom.Heads.included ⟨{α : Type u}⟩ ⟨[Spins α]⟩ ⟨[Mul α]⟩ ⟨{x : α}⟩ : True -/
theorem included : True := trivial
omit x [Mul α]
/-- theorem Loom.Heads.omitted ⟨{α : Type u}⟩ ⟨[Spins α]⟩ ⟨(f : α → α)⟩ : f = f -/
theorem omitted : f = f := rfl
omit [Spins α] in set_option autoImplicit true in
  /-- theorem Loom.Heads.sameCommand ⟨{α : Type u}⟩ ⟨(f : α → α)⟩ : f = f -/ theorem sameCommand : f = f := rfl
end «a part»
/-- def Loom.Heads.none : Nat -/
def none : Nat := 0

mutual
  /-- inductive Loom.Heads.Warp | ends (w : Weft) -/
  inductive Warp
    | ends (w : Weft)
  /-- inductive Loom.Heads.Weft | picks (w : Warp) -/
  inductive Weft
    | picks (w : Warp)
end

-- What is no declaration: commands, and keywords in terms, strings and comments.
open Loom (ends)
open scoped Terms
open Terms renaming sum → total
open Terms hiding product
export Weave (plain)
attribute [local instance] spinsNat
local notation "⟪" a "⟫" => twice a
scoped infixl:65 " ⊹ " => fun a b => a + b
scoped[Loom.Heads] notation "⟦" a "⟧" => a
macro "spin!" : command => `(
  def spun := 1)
set_option maxHeartbeats 400 in
#check twice
/-- private example Loom.Heads.example# : s! "def {"a}"} {if true then "theorem" else "}"} end" = " def inside := 1 " -/
private
example : s!"def {"a}"} {if true then "theorem" else "}"} end" = "
def inside := 1
" := by
  open Nat in
  exact rfl
deriving instance Repr for Warp, Weft
#eval '"'
run_cmd
  let def_of := 1
  pure ()

end Loom.Heads
end

  namespace Loom
  section
    /-- lemma Loom.indented : 1 = 1 -/
    lemma indented : 1 = 1 :=
      have theorem_like : 1 = 1 := rfl
      theorem_like
  end
/-- instance Loom.instance# : Heads.Spins ( Fin 3 ) -/
instance : Heads.Spins (Fin 3) := ⟨id⟩

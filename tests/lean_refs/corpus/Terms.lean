/-! A loom in terms of every form. The docstring of a definition is what its body reads as: one text in
which layout, comments and redundant parentheses are gone and every bracket that matters is there. -/

namespace Loom

/-- 7 -/
def shafts := 7
/-- 0x2A -/
def address := 0x2A
/-- 2.5e-3 -/
def sett := 2.5e-3
/-- "a -- b" -/
def label := "a -- b"
/-- '\n' -/
def mark := '\n' -- the end of a line
/-- _ -/
def hole := _
/-- ?warp -/
def namedHole := ?warp
/-- () -/
def nothing := ()
/-- Loom.shafts -/
def dotted := Loom.shafts
/-- «warp end».count -/
def quoted := «warp end».count
/-- ħ₁' ≤ Γ.length -/
def unicode := ħ₁' ≤ Γ.length

-- application

/-- weave warp weft -/
def applied := weave warp weft
/-- weave (twist warp) weft -/
def nested := (weave) (twist warp) (weft)
/-- (weave warp) weft -/
def curried := (weave warp) weft
/-- twist ((weave warp) weft) -/
def curriedInside := twist ((weave warp) weft)
/-- weave (warp := w) (weft := twist w) 3 -/
def named := weave (warp := w) (weft := twist w) 3
/-- weave (pattern := (a + b : Nat)) -/
def namedWithType := weave (pattern := a + b : Nat)
/-- (@ weave) Nat warp -/
def explicit := @weave Nat warp
/-- weave _ .plain -/
def dots := weave _ (.plain)
/-- .cons w .nil -/
def constructors := .cons w .nil
/-- weave (fun w => twist w) -/
def function := weave fun w => twist w
/-- weave (fun w => twist w) -/
def lambda := weave λ w ↦ twist w
/-- weave (by simp) -/
def proof := weave by simp
/-- getElem threads 0 -/
def element := threads[0]
/-- getElem? threads (i + 1) -/
def elementOrNone := threads[i + 1]?
/-- (getElem! threads i).colour -/
def elementOrFail := threads[i]!.colour
/-- pick threads [0] -/
def elementOfAList := pick threads [0]
/-- (twist w).2.colour -/
def projection := (twist w).2.colour
/-- weave w.colour -/
def field := weave w.colour
/-- (w : Yarn) -/
def ascribed := (w : Yarn)
/-- twist (w : Yarn).colour -/
def ascribedProjection := twist (w : Yarn).colour

-- chains: operators stay in the order of the text, brackets say what is one

/-- a + b * c -/
def sum := a + b * c
/-- (a + b) * c -/
def product := (a + b) * (c)
/-- twist ((a + b) * (c + d)) -/
def twisted := twist ((a + b) * (c + d))
/-- - a ^ 2 -/
def negative := -a ^ 2
/-- twist a + twist b -/
def applications := twist a + twist b
/-- a ++ b ++ c ++ d -/
def appended := (a ++ b) ++ (c ++ d)
/-- a ++ (b :: c) -/
def consed := a ++ (b :: c)
/-- ⟨a, ⟨b, c⟩⟩ -/
def anonymous := ⟨a, ⟨b, c⟩⟩
/-- [a, twist b, [c]] -/
def list := [a, twist b, [c],]
/-- (a, b + c) -/
def pair := (a, b + c)
/-- {a, b} -/
def set := {a, b}
/-- {w | w.colour = 3} -/
def filtered := {w | w.colour = 3}
/-- {(w : Yarn) | w.colour = 3} -/
def filteredType := {(w : Yarn) | w.colour = 3}
/-- {(w : Yarn // w.colour = 3)} -/
def subtype := { w : Yarn // w.colour = 3 }
/-- {} -/
def empty := {}
/-- if a < b then a else b -/
def choice := if a < b then a else b
/-- match w with | .plain => 1 | .twill n => n + 1 -/
def cases := match w with
  | .plain => 1
  | .twill n => n + 1
/-- fun | 0 => 1 | n => n -/
def casesOfAFunction := fun
  | 0 => 1
  | n => n
/-- show Nat from shafts -/
def shown := show Nat from shafts

-- structures

/-- {colour := 3, length := twist a} -/
def structure₁ := { colour := 3, length := twist a }
/-- {colour := 3, length := a + b, ply := 2} -/
def structureOfLines := {
  colour := 3
  length := a +
    b
  ply := 2 }
/-- {w with colour := 3} -/
def updated := { w with colour := 3 }
/-- {twist w with colour := 3, ply := 2} -/
def updatedTwist := { twist w with
  colour := 3
  ply := 2 }
/-- ({colour := 3} : Yarn) -/
def typed := { colour := 3 : Yarn }
/-- {dye := fun w _ => w, count := (fun (n : Nat) => n : ∀ (n : Nat) => Nat)} -/
def functions := { dye w _ := w, count (n : Nat) : Nat := n }

-- what binds names

/-- fun a b => a + b -/
def two := fun a b => a + b
/-- fun (a b : Nat) {c : Yarn} [d : Add Yarn] [Mul Yarn] ⦃e⦄ f : Nat => a -/
def binders := fun (a b : Nat) {c : Yarn} [d : Add Yarn] [Mul Yarn] ⦃e⦄ f : Nat => a
/-- fun a ⟨b, c⟩ (d, e) => a + e -/
def patterns := fun a ⟨b, c⟩ (d, e) => a + e
/-- fun .plain => 1 -/
def constructorPattern := fun .plain => 1
/-- ∀ a => ∃ b => a = b -/
def quantified := ∀ a, ∃ b, a = b
/-- ∀ a b : Yarn => a = b -/
def quantifiedType := ∀ a b : Yarn, a = b
/-- ∀ a ∈ cloth => ∃ b > a => true -/
def quantifiedRange := ∀ a ∈ cloth, ∃ b > a, true
/-- ∃! a => warp a -/
def unique := ∃! a, warp a
/-- ∀ᶠ a in cloth => warp a -/
def eventually := ∀ᶠ a in cloth, warp a
/-- 2 * (∑ i : Fin n => ∏ j ∈ cloth i => a i j) -/
def sums := 2 * ∑ i : Fin n, ∏ j ∈ cloth i, a i j
/-- ∫ t => dye t + 1 -/
def integral := ∫ t, dye t + 1
/-- a + (fun b => b + c) -/
def operand := a + fun b => b + c

-- local definitions

/-- let a := 1; twist a -/
def letLine := let a := 1; twist a
/-- let a := 1; let b : Nat := a + 1; a + b -/
def letLines :=
  let a := 1
  let b : Nat := a +
    1
  a + b
/-- let double : (∀ (n : Nat) m => Nat) := (fun (n : Nat) m => n * m); double 2 3 -/
def letFunction :=
  let double (n : Nat) m : Nat := n * m
  double 2 3
/-- let triple := (fun n => 3 * n); triple 2 -/
def letFunctionWithoutType := let triple n := 3 * n; triple 2
/-- let ⟨a, b⟩ := w; b + a -/
def letPattern := let ⟨a, b⟩ := w; b + a
/-- let (a, b) : Nat × Nat := w; a -/
def letPair := let (a, b) : Nat × Nat := w; a
/-- have h : a = b := (by simp); twist a -/
def haveProof :=
  have h : a = b := by simp
  twist a
/-- have this := h; this -/
def haveThis := have := h; this
/-- letI i : Add Yarn := j; haveI k := i; k -/
def instances :=
  letI i : Add Yarn := j
  haveI k := i
  k

-- tactics

/-- by simp [ a ] at h; exact ⟨ w , rfl ⟩ -/
def steps := by
  simp [a] at h
  exact ⟨w, rfl⟩
/-- by intro a; cases a with | mk b => exact b -/
def stepsOfSeveralLines := by
  intro a; cases a with
  | mk b => exact b
/-- ⟨by simp [ a , b ], by rfl⟩ -/
def proofsInBrackets := ⟨by simp [a, b], by rfl⟩
/-- weave (by refine ⟨ twist ( warp ) , ? _ ⟩; simp) w -/
def proofInParentheses := weave (by
  refine ⟨twist (
    warp), ?_⟩
  simp) w

end Loom

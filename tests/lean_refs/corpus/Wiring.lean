import NN.Block

/-! Wiring on top of the small tape of the tests. A docstring is what a definition is worth at m = 2, n = 3 and k = 5:
data, or why there is none. -/

namespace Proofs.Autograd.Loom
open Spec TapeNodes Block

/-- [2,3] -/
def shape (m n : Nat) : Shape := .dim m (.dim n .scalar)
/-- [] -/
def point : Shape := Shape.scalar
/-- [6,17] -/
def sums (m n k : Nat) : Shape := .dim (m * n) (.dim (m + n * k) .scalar)
/-- 19 -/
def products (m n k : Nat) : Nat := m * 2 + n * k
/-- 30 -/
def entries (m n k : Nat) : Nat := Shape.size (.dim m (Mat n k))
/-- [[2,3], [5], []] -/
def context (m n k : Nat) : List Shape := [Mat m n] ++ [Row k] ++ [.scalar]
/-- 5 -/
def width (m n k : Nat) : Nat := (ΓBlock m n k).length
/-- [2] -/
def ascribed (m : Nat) : Shape := (Row m : Shape)
/-- outside: the size n is not a number, or [] not a shape -/
abbrev untyped m n := Mat m n
/-- [3] -/
def byPosition (n : Nat) : Shape := untypedRow n
abbrev untypedRow n := Row n

-- local definitions

/-- [6] -/
def letLine (m n : Nat) : Shape :=
  let a : Nat := m * n
  let row := Row a
  row
/-- 4 -/
def shadowed (m : Nat) : Nat := let m := m + 1; m + 1
/-- [3,2] -/
def byTactics (m n : Nat) : Shape := by
  classical
  let rows : Nat := n
  let row := Row m
  have m : m = m := rfl
  exact .dim rows row
/-- [3] -/
def bySimpa (n : Nat) : Shape := by simpa using Row n
/-- outside: m is a proof or part of a pattern -/
def proofAsNumber (m : Nat) : Nat := have m := 5; m
/-- outside: n is a proof or part of a pattern -/
def patternAsNumber (m n : Nat) : Nat := let ⟨n, _⟩ := pair m; n
/-- outside: n is a proof or part of a pattern -/
def patternInTactics (m n : Nat) : Nat := by
  let (n, _) := pair m
  exact n
/-- outside: v is of type EuclideanSpace ℝ (Fin (2)), which is not interpreted -/
def vectorAsNumber (m : Nat) : Nat := let v : Vec m := w; v
/-- outside: f is of type ∀ (x : Nat) => Nat, which is not interpreted -/
def functionAsNumber (m : Nat) : Nat := let f (x : Nat) : Nat := x; f
/-- 2 -/
def unusedHole (m : Nat) : Nat := let s := ⟨m, m⟩; m
/-- outside: s: ⟨…⟩ of type unknown -/
def usedHole (m : Nat) : Nat := let s := ⟨m, m⟩; s

-- default values and holes

def padded (m : Nat) (n : Nat := m + 1) (k : Nat := m * n) : Shape := .dim m (.dim n (.dim k .scalar))
/-- [2,3,6] -/
def byDefault (m : Nat) : Shape := padded m
/-- [2,5,10] -/
def overridden (m k : Nat) : Shape := padded m k
/-- [2,3,7] -/
def byName (m : Nat) : Shape := padded (k := 7) m
/-- outside: the hole ?x -/
def named (m : Nat) : Shape := Row ?x
/-- outside: n of Proofs.Autograd.Block.Row is not given -/
def forgotten (m : Nat) : Shape := Row
/-- outside: n of Proofs.Autograd.Block.Row is not given -/
def hole (m : Nat) : Shape := Row _
/-- 0 in [[2], [3]] -/
def inferredHole {m n : Nat} : Idx [Row m, Row n] (Row m) := Idx.weaken (Γ := _) (first m) [Row n]
/-- contradicts: Proofs.Autograd.Block.Row has no argument size, it has n -/
def misnamed (m : Nat) : Shape := Row (size := m)

-- indices

/-- 1 in [[2,3], [2,3]] -/
def index {m n : Nat} : Idx (ΓCore m n) (Mat m n) := idxRight (m := m) (n := n) (ss := [])
/-- outside: m of Proofs.Autograd.Block.idxRight is not given -/
def indexOfUnknown {m n : Nat} : Idx (ΓCore m n) (Mat m n) := idxRight (ss := [])
/-- 0 in [[3]] -/
def first (n : Nat) : Idx [Row n] (Row n) := ⟨⟨0, by simp⟩, by simp⟩
def fixed : Idx [Row 4, Row 5] (Row 5) := ⟨⟨1, by decide⟩, by rfl⟩
/-- 1 -/
def position : Nat := fixed.i.1
/-- 1 -/
def positionByNumber : Nat := fixed.1.val
/-- 1 -/
def positionOfACall (m n : Nat) : Nat := (idxRight (m := m) (n := n) (ss := [])).i.1
/-- outside: its type is not data of the fragment: symbol -/
def proofOfAnIndex : Nat := fixed.h
/-- outside: its type is not data of the fragment: symbol -/
def proofOfAPosition : Nat := fixed.i.isLt
/-- outside: its type is not data of the fragment: symbol -/
def noSuchField : Nat := fixed.colour
/-- outside: its type is not data of the fragment: symbol -/
def noSuchFieldOfASum (m n : Nat) : Nat := (m - n).colour
/-- 2 in [[2], [2], [3]] -/
def appended {m n : Nat} : Idx ([Row m, Row m] ++ [Row n]) (Row n) := Idx.last (Γ := [Row m]) (ss := [Row m])
/-- 0 in [[3], [2]] -/
def weakened {m n : Nat} : Idx ([Row n] ++ [Row m]) (Row n) := Idx.weaken (first n) [Row m]
/-- contradicts: index 0 in Proofs.Autograd.Loom.mistaken is declared [2], its context has [3] there -/
def mistaken {m n : Nat} : Idx [Row n] (Row m) := ⟨⟨0, by simp⟩, by simp⟩
/-- contradicts: the value in Proofs.Autograd.Loom.mistakenCall has Idx of [[3]], expected [[2]] -/
def mistakenCall {m n : Nat} : Idx [Row m] (Row n) := first n
/-- contradicts: the value in Proofs.Autograd.Loom.mistakenType is a List, expected a Spec.Shape -/
def mistakenType (m : Nat) : Shape := ([Row m] : List Shape)
/-- outside: the position 2 - 1 is not a number -/
def subtracted {m : Nat} : Idx [Row m] (Row m) := ⟨⟨m - 1, by simp⟩, by simp⟩
/-- outside: the context of index 0 is not determined: Δ -/
def ofAnyContext {m : Nat} {Δ : Contexts} : Idx Δ (Row m) := ⟨⟨0, by simp⟩, by simp⟩
/-- outside: ⟨…⟩ of type Proofs.Autograd.Idx ([[2]]) ([2]) -/
def nothing {m : Nat} : Idx [Row m] (Row m) := ⟨⟩
/-- outside: ⟨…⟩ of type Fin -/
def noPosition {m : Nat} : Idx [Row m] (Row m) := ⟨⟨⟩, by simp⟩

-- structures

structure Pair (Γ : List Shape) (s : Shape) where
  left : Idx Γ s
  right : Idx Γ s
  apart : left.i ≠ right.i
structure Named where
  inner : Idx [Row 4, Row 5] (Row 5)
  label : Nat
/-- left = 0 in [[3], [3]], right = 1 in [[3], [3]] -/
def pair {n : Nat} : Pair [Row n, Row n] (Row n) :=
  { left := ⟨⟨0, by simp⟩, by simp⟩, right := ⟨⟨1, by simp⟩, by simp⟩, apart := by simp }
/-- left = 1 in [[3], [3]], right = 1 in [[3], [3]] -/
def anonymousPair {n : Nat} : Pair [Row n, Row n] (Row n) := ⟨(pair (n := n)).right, (pair (n := n)).right, by simp⟩
/-- inner = 1 in [[4], [5]], label = 2 -/
def labelled (m : Nat) : Named := { inner := fixed, label := m }
/-- inner = 1 in [[4], [5]], label = 2 - 1 -/
def labelledByText (m : Nat) : Named := { inner := fixed, label := m - 1 }
/-- 0 -/
def positionInAPair {n : Nat} : Nat := (pair (n := n)).left.i.1
/-- contradicts: left in Proofs.Autograd.Loom.mistakenPair has Idx of [[4], [5]], expected [[3], [3]] -/
def mistakenPair {n : Nat} : Pair [Row n, Row n] (Row n) := { left := fixed, right := fixed }
/-- outside: the field right is not given -/
def halfAPair {n : Nat} : Pair [Row n, Row n] (Row n) := { left := ⟨⟨0, by simp⟩, by simp⟩ }
/-- outside: a structure of unknown type, or an update of one -/
def updatedPair {n : Nat} : Pair [Row n, Row n] (Row n) := { pair with left := pair.right }
/-- outside: a structure literal of type Nat -/
def structureOfANumber (n : Nat) : Nat := { left := n }
/-- outside: s: a structure of unknown type, or an update of one -/
def unknownStructure (n : Nat) : Nat := let s := { left := n }; s
/-- outside: a structure literal of type Spec.Shape -/
def structureOfAShape (n : Nat) : Shape := { rows := n }

-- graphs

/-- Proofs.Autograd.TapeNodes.scale (0) c = 2 in [[3]] : [3] -/
def node (n : Nat) : Node [Row n] (Row n) := scale (first n) 2
/-- [[3]]: scale (0) c = c; scale (1) c = f c (fun x => x + 3) -/
def graph (n : Nat) (c : ℝ) (f : ℝ → (ℝ → ℝ) → ℝ) : Graph [Row n] [Row n, Row n] :=
  let g := Graph.snoc (Graph.nil (Γ := [Row n])) (scale (first n) (c : ℝ))
  .snoc g (scale (Idx.last (Γ := [Row n]) (ss := []) (τ := Row n)) (f c fun x => x + n))
/-- [[3]]: scale (0) c = f (2 : ℝ) -/
def typedArgument (n : Nat) (f : ℝ → ℝ) : Graph [Row n] [Row n] := .snoc .nil (scale (first n) (f (2 : ℝ)))
/-- outside: the graph that snoc extends: g: Graph.nil in a context that the text does not determine -/
def graphOfUnknown (n : Nat) : Graph [Row n] [Row n] :=
  let g := Graph.nil
  .snoc g (node n)
/-- [[3]]: -/
def empty (n : Nat) : Graph [Row n] [] := Graph.nil (Γ := [Row n])
/-- [[3]]: mapOf (0) f = fun x => g 3 x, h = · -/
def nodeWithProof (n : Nat) (g : Nat → ℝ → ℝ) (positive : 0 < 1) : Graph [Row n] [Row n] :=
  .snoc .nil (mapOf (first n) (fun x => g n x) positive)
/-- [[3]]: mapOf (0) f = by exact g 3, h = · -/
def nodeByTactics (n : Nat) (g : Nat → ℝ → ℝ) : Graph [Row n] [Row n] :=
  .snoc .nil (mapOf (first n) (by exact g n) (by omega))
/-- [[3]]: add (0, 0) -/
def dgraph (n : Nat) : DGraph [Row n] [Row n] := DGraph.snoc DGraph.nil (add (first n) (first n)) trivial
/-- [[3], [2]]: add (0, 0); add (2, 2) -/
def carried (m n : Nat) : DGraph ([Row n] ++ [Row m]) [Row n, Row n] :=
  let out := Idx.last (Γ := [Row n]) (ss := []) (τ := Row n)
  let dg := DGraph.snoc (dgraph n) (add out out) trivial
  DGraph.weakenContext dg [Row m]
/-- contradicts: node 0 in Proofs.Autograd.Loom.foreignNode reads the context [[5]], the graph has [[3]] -/
def foreignNode (n k : Nat) : Graph [Row n] [Row k] :=
  let node : Node [Row k] (Row k) := scale (first k) 1
  .snoc (Graph.nil (Γ := [Row n])) node
/-- outside: Graph.snoc with 1 explicit arguments, 2 are expected -/
def halfAGraph (n : Nat) : Graph [Row n] [Row n] := .snoc .nil
/-- outside: the graph that snoc extends: g -/
def unknownGraph (n : Nat) (g : Graphs) : Graph [Row n] [Row n] := .snoc g (node n)
/-- outside: the node that snoc appends: a -/
def unknownNode (n : Nat) (a : Nodes) : Graph [Row n] [Row n] := .snoc .nil a
/-- outside: weakenContext of a graph or extra inputs that the text does not determine -/
def carriedUnknown (n : Nat) (extra : Contexts) : DGraph [Row n] [Row n] := DGraph.weakenContext (dgraph n) extra
/-- outside: idx of Proofs.Autograd.Loom.mapOf is not given -/
def nodeOfHole (n : Nat) : Node [Row n] (Row n) := mapOf _ f h
/-- outside: the node that snoc appends: node: the context or output of Proofs.Autograd.Loom.mapOf: Γ of
Proofs.Autograd.Loom.mapOf is not given, s of Proofs.Autograd.Loom.mapOf is not given -/
def nodeOfUnknown (n : Nat) : Graph [Row n] [Row n] := let node := mapOf; .snoc .nil node
/-- outside: the node that snoc appends: node: v is of type EuclideanSpace ℝ (Fin (3)),
which is not interpreted -/
def nodeOfVector (n : Nat) : Graph [Row n] [Row n] :=
  let v : Vec n := w
  let node := mapOf (first n) v trivial
  .snoc .nil node
/-- outside: Proofs.Autograd.Loom.halfANode is declared a Node of 1 arguments, not 2 -/
def nodeOfHalf (n : Nat) : Node [Row n] (Row n) := halfANode (first n)
def mapOf {Γ : List Shape} {s : Shape} (idx : Idx Γ s) (f : ℝ → ℝ) (h : 0 < 1) : Node Γ s := ⟨f, h⟩
def halfANode {Γ : List Shape} {s : Shape} (idx : Idx Γ s) : Node Γ := ⟨f, h⟩

-- what leads outside

inductive Colour where
  | red
/-- outside: its type is not data of the fragment: symbol -/
def difference (m n : Nat) : Nat := n - m
/-- outside: the size 3 - 2 is not a number, or [] not a shape -/
def differenceAsSize (m n : Nat) : Shape := .dim (n - m) .scalar
/-- outside: the list holds 2 + c, which is not a shape -/
def listOfNumbers (m : Nat) : List Shape := [m + c]
/-- outside: c is not a list of shapes -/
def appendedToNothing (m : Nat) : List Shape := [Row m] ++ c
/-- outside: the value in Proofs.Autograd.Loom.choice is no Shape that can be computed: if 2 = 2 then Proofs.Autograd.Block.Row 2 else Proofs.Autograd.Block.Row 3 -/
def choice (m n : Nat) : Shape := if m = 2 then Row m else Row n
/-- outside: its type is not data of the fragment: symbol -/
def appliedFunction (m : Nat) : Nat := (fun x => x) m
/-- outside: the size f 2 ((3 : ℝ)) is not a number, or [] not a shape -/
def appliedParameter (m n : Nat) (f : Nat → ℝ → Nat) : Shape := .dim (f m (n : ℝ)) .scalar
/-- [[3]]: scale (0) c = (fun x => x + 3) 2 -/
def appliedInANode (n : Nat) [Inhabited ℝ] : Graph [Row n] [Row n] :=
  .snoc .nil (scale (first n) ((fun x => x + n) 2))
/-- outside: its type is not data of the fragment: symbol -/
def text (m : Nat) : Nat := "m"
/-- outside: Proofs.Autograd.Loom.Colour.red, which is a field or a constructor -/
def constructor (m : Nat) : Nat := Colour.red
/-- outside: c: .red of a type that the text does not give -/
def dot (m : Nat) : Nat := let c := .red; c
/-- outside: Shape.dim with 1 arguments -/
def halfAShape (m : Nat) : Shape := .dim m
/-- outside: Shape.size with 0 arguments -/
def sizeOfNothing (m : Nat) : Nat := Shape.size
/-- outside: the hole _ -/
def sizeOfHole (m : Nat) : Nat := Shape.size _
/-- outside: definitions nested too deeply -/
def loops (m : Nat) : Shape := loops m
/-- outside: its type is not data of the fragment: symbol -/
def byPatterns : Nat → Shape
  | m => Row m
/-- outside: Proofs.Autograd.Loom.byFields is not defined by ':=' -/
def byFields {n : Nat} : Pair [Row n, Row n] (Row n) where
  left := ⟨⟨0, by simp⟩, by simp⟩
  right := ⟨⟨1, by simp⟩, by simp⟩
/-- outside: the tactic intro -/
def byIntro (m : Nat) : Shape := by
  intro x
  exact Row m
/-- outside: the tactic rfl -/
def byRfl (m : Nat) : Shape := by rfl
/-- outside: the tactic exact -/
def byNothing (m : Nat) : Shape := by exact
/-- outside: the tactic nothing -/
def byNoTactic (m : Nat) : Shape := by
/-- outside: a type, default or tactic of Proofs.Autograd.Loom.byHalf cannot be parsed: ':=' is expected, not 'the end' -/
def byHalf (m : Nat) : Shape := by
  let a
  exact Row m
/-- outside: a type, default or tactic of Proofs.Autograd.Loom.brokenType cannot be parsed: a term is expected, not ')' -/
def brokenType (m : Nat) : Idx [Row m] (fun x =>) := ⟨⟨0, by simp⟩, by simp⟩
/-- outside: the body of Proofs.Autograd.Loom.brokenBody (NN/Loom/Wiring.lean:+3) cannot be parsed: a term is expected, not ')' -/
def brokenBody (m : Nat) : Shape :=
  let row := Row m
  .dim m (
    fun x => )
/-- outside: the body of Proofs.Autograd.Loom.unfinished (NN/Loom/Wiring.lean:+1) cannot be parsed: a term is expected, not 'the end' -/
def unfinished (m : Nat) : Shape :=
  let row := Row m

end Proofs.Autograd.Loom

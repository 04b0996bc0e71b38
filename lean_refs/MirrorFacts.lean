/-
The mirror's facts about TorchLean's own names, each closed by `rfl`: if the mirror is wrong, Lean rejects this file.

Written by `leanmirror lean-files` for TorchLean 21198a1 (Lean 4.31.0); do not edit.
Run it in a built checkout: `lake env lean --json FILE`, or `leanmirror audit --lean DIR`.
It has no `module` header: Lean allows `#print axioms` only outside modules, and such a file sees every body.
-/

import NN.Proofs.Autograd.Tape.Core.FDeriv
import NN.Proofs.Autograd.Tape.Core.Soundness
import NN.Proofs.Autograd.Tape.Nodes.Batched
import NN.Proofs.Autograd.Tape.Nodes.Matrix
import NN.Proofs.Autograd.Tape.Nodes.Softmax
import NN.Proofs.Autograd.Tape.Ops.Attention.MaskedMultiHeadSelfAttention
import NN.Proofs.Autograd.Tape.Ops.Attention.MultiHeadSelfAttention
import NN.Proofs.Autograd.Tape.Ops.Norm.LayerNorm
import NN.Proofs.Autograd.Tape.Ops.Transformer.DecoderBlock
import NN.Proofs.Autograd.Tape.Ops.Transformer.FeedForward
import NN.Proofs.Autograd.Tape.Ops.Transformer.PostNorm
import NN.Spec.Core.Shape

open Spec

/-! Proofs.Autograd.TapeNodes.Batched.HMatSize -/
example :
    Proofs.Autograd.TapeNodes.Batched.HMatSize (h := 2) (m := 3) (n := 5) =
      30 := rfl
example :
    Proofs.Autograd.TapeNodes.Batched.HMatSize (h := 1) (m := 0) (n := 4) =
      0 := rfl
#check @Proofs.Autograd.TapeNodes.Batched.HMatSize

/-! Proofs.Autograd.TapeNodes.Matmul.matSize -/
example :
    Proofs.Autograd.TapeNodes.Matmul.matSize (m := 2) (n := 3) =
      6 := rfl
example :
    Proofs.Autograd.TapeNodes.Matmul.matSize (m := 1) (n := 0) =
      0 := rfl
#check @Proofs.Autograd.TapeNodes.Matmul.matSize

/-! Proofs.Autograd.TapeNodes.Matmul.vecSize -/
example :
    Proofs.Autograd.TapeNodes.Matmul.vecSize (n := 2) =
      2 := rfl
example :
    Proofs.Autograd.TapeNodes.Matmul.vecSize (n := 1) =
      1 := rfl
#check @Proofs.Autograd.TapeNodes.Matmul.vecSize

/-! Proofs.Autograd.TapeNodes.SoftmaxLastAxis.MNSize -/
example :
    Proofs.Autograd.TapeNodes.SoftmaxLastAxis.MNSize (m := 2) (n := 3) =
      6 := rfl
example :
    Proofs.Autograd.TapeNodes.SoftmaxLastAxis.MNSize (m := 1) (n := 0) =
      0 := rfl
#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.MNSize

/-! Proofs.Autograd.MultiHeadAttention.ΓMaskedCore -/
example {n numHeads headDim : Nat} :
    Proofs.Autograd.MultiHeadAttention.ΓMaskedCore (n := n) (numHeads := numHeads) (headDim := headDim) =
      [Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim n Shape.scalar)),
        Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar))] := rfl
example {n numHeads headDim : Nat} :
    (Proofs.Autograd.MultiHeadAttention.ΓMaskedCore (n := n) (numHeads := numHeads) (headDim := headDim)).length =
      3 := rfl
example :
    (Proofs.Autograd.MultiHeadAttention.ΓMaskedCore (n := 2) (numHeads := 3) (headDim := 5)).map Shape.size =
      [30, 30, 30] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.MultiHeadAttention.ΓMaskedCore (n := 2) (numHeads := 3) (headDim := 5)) =
      90 := rfl
example :
    (Proofs.Autograd.MultiHeadAttention.ΓMaskedCore (n := 1) (numHeads := 0) (headDim := 4)).map Shape.size =
      [0, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.MultiHeadAttention.ΓMaskedCore (n := 1) (numHeads := 0) (headDim := 4)) =
      0 := rfl
#check @Proofs.Autograd.MultiHeadAttention.ΓMaskedCore

/-! Proofs.Autograd.MultiHeadAttention.ssMaskedCore -/
example {n numHeads headDim : Nat} :
    Proofs.Autograd.MultiHeadAttention.ssMaskedCore (n := n) (numHeads := numHeads) (headDim := headDim) =
      [Shape.dim numHeads (Shape.dim n (Shape.dim n Shape.scalar)),
        Shape.dim numHeads (Shape.dim n (Shape.dim n Shape.scalar)),
        Shape.dim numHeads (Shape.dim n (Shape.dim n Shape.scalar)),
        Shape.dim numHeads (Shape.dim n (Shape.dim n Shape.scalar)),
        Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar))] := rfl
example {n numHeads headDim : Nat} :
    (Proofs.Autograd.MultiHeadAttention.ssMaskedCore (n := n) (numHeads := numHeads) (headDim := headDim)).length =
      5 := rfl
example :
    (Proofs.Autograd.MultiHeadAttention.ssMaskedCore (n := 2) (numHeads := 3) (headDim := 5)).map Shape.size =
      [12, 12, 12, 12, 30] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.MultiHeadAttention.ssMaskedCore (n := 2) (numHeads := 3) (headDim := 5)) =
      78 := rfl
example :
    (Proofs.Autograd.MultiHeadAttention.ssMaskedCore (n := 1) (numHeads := 0) (headDim := 4)).map Shape.size =
      [0, 0, 0, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.MultiHeadAttention.ssMaskedCore (n := 1) (numHeads := 0) (headDim := 4)) =
      0 := rfl
#check @Proofs.Autograd.MultiHeadAttention.ssMaskedCore

/-! Proofs.Autograd.MultiHeadAttention.idxMaskedCoreQ -/
example {n numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.MultiHeadAttention.idxMaskedCoreQ (n := n) (numHeads := numHeads) (headDim := headDim) (ss := ss)).i.val =
      0 := rfl
example {n numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.MultiHeadAttention.idxMaskedCoreQ (n := n) (numHeads := numHeads) (headDim := headDim) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim n Shape.scalar)),
        Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar))] ++ ss)
        (Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar)))).i.val =
      0 := rfl
#check @Proofs.Autograd.MultiHeadAttention.idxMaskedCoreQ

/-! Proofs.Autograd.MultiHeadAttention.idxMaskedCoreKt -/
example {n numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.MultiHeadAttention.idxMaskedCoreKt (n := n) (numHeads := numHeads) (headDim := headDim) (ss := ss)).i.val =
      1 := rfl
example {n numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.MultiHeadAttention.idxMaskedCoreKt (n := n) (numHeads := numHeads) (headDim := headDim) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim n Shape.scalar)),
        Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar))] ++ ss)
        (Shape.dim numHeads (Shape.dim headDim (Shape.dim n Shape.scalar)))).i.val =
      1 := rfl
#check @Proofs.Autograd.MultiHeadAttention.idxMaskedCoreKt

/-! Proofs.Autograd.MultiHeadAttention.idxMaskedCoreV -/
example {n numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.MultiHeadAttention.idxMaskedCoreV (n := n) (numHeads := numHeads) (headDim := headDim) (ss := ss)).i.val =
      2 := rfl
example {n numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.MultiHeadAttention.idxMaskedCoreV (n := n) (numHeads := numHeads) (headDim := headDim) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim n Shape.scalar)),
        Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar))] ++ ss)
        (Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar)))).i.val =
      2 := rfl
#check @Proofs.Autograd.MultiHeadAttention.idxMaskedCoreV

/-! Proofs.Autograd.MultiHeadAttention.HeadsShape -/
example {n numHeads headDim : Nat} :
    Proofs.Autograd.MultiHeadAttention.HeadsShape (n := n) (numHeads := numHeads) (headDim := headDim) =
      Shape.dim numHeads (Shape.dim n (Shape.dim headDim Shape.scalar)) := rfl
example :
    Shape.size (Proofs.Autograd.MultiHeadAttention.HeadsShape (n := 2) (numHeads := 3) (headDim := 5)) =
      30 := rfl
example :
    Shape.size (Proofs.Autograd.MultiHeadAttention.HeadsShape (n := 1) (numHeads := 0) (headDim := 4)) =
      0 := rfl
#check @Proofs.Autograd.MultiHeadAttention.HeadsShape

/-! Proofs.Autograd.MultiHeadAttention.KtShape -/
example {n numHeads headDim : Nat} :
    Proofs.Autograd.MultiHeadAttention.KtShape (n := n) (numHeads := numHeads) (headDim := headDim) =
      Shape.dim numHeads (Shape.dim headDim (Shape.dim n Shape.scalar)) := rfl
example :
    Shape.size (Proofs.Autograd.MultiHeadAttention.KtShape (n := 2) (numHeads := 3) (headDim := 5)) =
      30 := rfl
example :
    Shape.size (Proofs.Autograd.MultiHeadAttention.KtShape (n := 1) (numHeads := 0) (headDim := 4)) =
      0 := rfl
#check @Proofs.Autograd.MultiHeadAttention.KtShape

/-! Proofs.Autograd.MultiHeadAttention.ScoresShape -/
example {n numHeads : Nat} :
    Proofs.Autograd.MultiHeadAttention.ScoresShape (n := n) (numHeads := numHeads) =
      Shape.dim numHeads (Shape.dim n (Shape.dim n Shape.scalar)) := rfl
example :
    Shape.size (Proofs.Autograd.MultiHeadAttention.ScoresShape (n := 2) (numHeads := 3)) =
      12 := rfl
example :
    Shape.size (Proofs.Autograd.MultiHeadAttention.ScoresShape (n := 1) (numHeads := 0)) =
      0 := rfl
#check @Proofs.Autograd.MultiHeadAttention.ScoresShape

/-! Proofs.Autograd.LayerNorm.MatShape -/
example {m n : Nat} :
    Proofs.Autograd.LayerNorm.MatShape (m := m) (n := n) =
      Shape.dim m (Shape.dim n Shape.scalar) := rfl
example :
    Shape.size (Proofs.Autograd.LayerNorm.MatShape (m := 2) (n := 3)) =
      6 := rfl
example :
    Shape.size (Proofs.Autograd.LayerNorm.MatShape (m := 1) (n := 0)) =
      0 := rfl
#check @Proofs.Autograd.LayerNorm.MatShape

/-! Proofs.Autograd.LayerNorm.VecShape -/
example {k : Nat} :
    Proofs.Autograd.LayerNorm.VecShape (k := k) =
      Shape.dim k Shape.scalar := rfl
example :
    Shape.size (Proofs.Autograd.LayerNorm.VecShape (k := 2)) =
      2 := rfl
example :
    Shape.size (Proofs.Autograd.LayerNorm.VecShape (k := 1)) =
      1 := rfl
#check @Proofs.Autograd.LayerNorm.VecShape

/-! Proofs.Autograd.LayerNorm.ΓLN -/
example {m n : Nat} :
    Proofs.Autograd.LayerNorm.ΓLN (m := m) (n := n) =
      [Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar] := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.ΓLN (m := m) (n := n)).length =
      3 := rfl
example :
    (Proofs.Autograd.LayerNorm.ΓLN (m := 2) (n := 3)).map Shape.size =
      [6, 3, 3] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.LayerNorm.ΓLN (m := 2) (n := 3)) =
      12 := rfl
example :
    (Proofs.Autograd.LayerNorm.ΓLN (m := 1) (n := 0)).map Shape.size =
      [0, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.LayerNorm.ΓLN (m := 1) (n := 0)) =
      0 := rfl
#check @Proofs.Autograd.LayerNorm.ΓLN

/-! Proofs.Autograd.LayerNorm.ssPrefix6 -/
example {m n : Nat} :
    Proofs.Autograd.LayerNorm.ssPrefix6 (m := m) (n := n) =
      [Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar] := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.ssPrefix6 (m := m) (n := n)).length =
      6 := rfl
example :
    (Proofs.Autograd.LayerNorm.ssPrefix6 (m := 2) (n := 3)).map Shape.size =
      [2, 6, 6, 6, 2, 2] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.LayerNorm.ssPrefix6 (m := 2) (n := 3)) =
      24 := rfl
example :
    (Proofs.Autograd.LayerNorm.ssPrefix6 (m := 1) (n := 0)).map Shape.size =
      [1, 0, 0, 0, 1, 1] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.LayerNorm.ssPrefix6 (m := 1) (n := 0)) =
      3 := rfl
#check @Proofs.Autograd.LayerNorm.ssPrefix6

/-! Proofs.Autograd.LayerNorm.ssPrefix7 -/
example {m n : Nat} :
    Proofs.Autograd.LayerNorm.ssPrefix7 (m := m) (n := n) =
      [Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar] := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.ssPrefix7 (m := m) (n := n)).length =
      7 := rfl
example :
    (Proofs.Autograd.LayerNorm.ssPrefix7 (m := 2) (n := 3)).map Shape.size =
      [2, 6, 6, 6, 2, 2, 2] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.LayerNorm.ssPrefix7 (m := 2) (n := 3)) =
      26 := rfl
example :
    (Proofs.Autograd.LayerNorm.ssPrefix7 (m := 1) (n := 0)).map Shape.size =
      [1, 0, 0, 0, 1, 1, 1] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.LayerNorm.ssPrefix7 (m := 1) (n := 0)) =
      4 := rfl
#check @Proofs.Autograd.LayerNorm.ssPrefix7

/-! Proofs.Autograd.LayerNorm.ssLayerNorm -/
example {m n : Nat} :
    Proofs.Autograd.LayerNorm.ssLayerNorm (m := m) (n := n) =
      [Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar)] := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.ssLayerNorm (m := m) (n := n)).length =
      14 := rfl
example :
    (Proofs.Autograd.LayerNorm.ssLayerNorm (m := 2) (n := 3)).map Shape.size =
      [2, 6, 6, 6, 2, 2, 2, 2, 6, 6, 6, 6, 6, 6] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.LayerNorm.ssLayerNorm (m := 2) (n := 3)) =
      64 := rfl
example :
    (Proofs.Autograd.LayerNorm.ssLayerNorm (m := 1) (n := 0)).map Shape.size =
      [1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.LayerNorm.ssLayerNorm (m := 1) (n := 0)) =
      5 := rfl
#check @Proofs.Autograd.LayerNorm.ssLayerNorm

/-! Proofs.Autograd.LayerNorm.idxX -/
example {m n : Nat} {ss : List Shape} :
    (Proofs.Autograd.LayerNorm.idxX (m := m) (n := n) (ss := ss)).i.val =
      0 := rfl
example {m n : Nat} {ss : List Shape} :
    (Proofs.Autograd.LayerNorm.idxX (m := m) (n := n) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar] ++ ss)
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      0 := rfl
#check @Proofs.Autograd.LayerNorm.idxX

/-! Proofs.Autograd.LayerNorm.idxGamma -/
example {m n : Nat} {ss : List Shape} :
    (Proofs.Autograd.LayerNorm.idxGamma (m := m) (n := n) (ss := ss)).i.val =
      1 := rfl
example {m n : Nat} {ss : List Shape} :
    (Proofs.Autograd.LayerNorm.idxGamma (m := m) (n := n) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar] ++ ss)
        (Shape.dim n Shape.scalar)).i.val =
      1 := rfl
#check @Proofs.Autograd.LayerNorm.idxGamma

/-! Proofs.Autograd.LayerNorm.idxBeta -/
example {m n : Nat} {ss : List Shape} :
    (Proofs.Autograd.LayerNorm.idxBeta (m := m) (n := n) (ss := ss)).i.val =
      2 := rfl
example {m n : Nat} {ss : List Shape} :
    (Proofs.Autograd.LayerNorm.idxBeta (m := m) (n := n) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar] ++ ss)
        (Shape.dim n Shape.scalar)).i.val =
      2 := rfl
#check @Proofs.Autograd.LayerNorm.idxBeta

/-! Proofs.Autograd.LayerNorm.idxMean -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxMean (m := m) (n := n)).i.val =
      3 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxMean (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar])
        (Shape.dim m Shape.scalar)).i.val =
      3 := rfl
#check @Proofs.Autograd.LayerNorm.idxMean

/-! Proofs.Autograd.LayerNorm.idxMeanB -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxMeanB (m := m) (n := n)).i.val =
      4 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxMeanB (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      4 := rfl
#check @Proofs.Autograd.LayerNorm.idxMeanB

/-! Proofs.Autograd.LayerNorm.idxCentered -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxCentered (m := m) (n := n)).i.val =
      5 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxCentered (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      5 := rfl
#check @Proofs.Autograd.LayerNorm.idxCentered

/-! Proofs.Autograd.LayerNorm.idxCenteredSq -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxCenteredSq (m := m) (n := n)).i.val =
      6 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxCenteredSq (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      6 := rfl
#check @Proofs.Autograd.LayerNorm.idxCenteredSq

/-! Proofs.Autograd.LayerNorm.idxVar -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxVar (m := m) (n := n)).i.val =
      7 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxVar (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar])
        (Shape.dim m Shape.scalar)).i.val =
      7 := rfl
#check @Proofs.Autograd.LayerNorm.idxVar

/-! Proofs.Autograd.LayerNorm.idxVarEps -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxVarEps (m := m) (n := n)).i.val =
      8 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxVarEps (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar])
        (Shape.dim m Shape.scalar)).i.val =
      8 := rfl
#check @Proofs.Autograd.LayerNorm.idxVarEps

/-! Proofs.Autograd.LayerNorm.idxStd -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxStd (m := m) (n := n)).i.val =
      9 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxStd (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar])
        (Shape.dim m Shape.scalar)).i.val =
      9 := rfl
#check @Proofs.Autograd.LayerNorm.idxStd

/-! Proofs.Autograd.LayerNorm.idxInvStd -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxInvStd (m := m) (n := n)).i.val =
      10 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxInvStd (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar])
        (Shape.dim m Shape.scalar)).i.val =
      10 := rfl
#check @Proofs.Autograd.LayerNorm.idxInvStd

/-! Proofs.Autograd.LayerNorm.idxCentered9 -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxCentered9 (m := m) (n := n)).i.val =
      5 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxCentered9 (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      5 := rfl
#check @Proofs.Autograd.LayerNorm.idxCentered9

/-! Proofs.Autograd.LayerNorm.idxInvStdB9 -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxInvStdB9 (m := m) (n := n)).i.val =
      11 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxInvStdB9 (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      11 := rfl
#check @Proofs.Autograd.LayerNorm.idxInvStdB9

/-! Proofs.Autograd.LayerNorm.idxNorm11 -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxNorm11 (m := m) (n := n)).i.val =
      12 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxNorm11 (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      12 := rfl
#check @Proofs.Autograd.LayerNorm.idxNorm11

/-! Proofs.Autograd.LayerNorm.idxGammaB11 -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxGammaB11 (m := m) (n := n)).i.val =
      13 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxGammaB11 (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      13 := rfl
#check @Proofs.Autograd.LayerNorm.idxGammaB11

/-! Proofs.Autograd.LayerNorm.idxScaled13 -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxScaled13 (m := m) (n := n)).i.val =
      14 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxScaled13 (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      14 := rfl
#check @Proofs.Autograd.LayerNorm.idxScaled13

/-! Proofs.Autograd.LayerNorm.idxBetaB13 -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxBetaB13 (m := m) (n := n)).i.val =
      15 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxBetaB13 (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      15 := rfl
#check @Proofs.Autograd.LayerNorm.idxBetaB13

/-! Proofs.Autograd.LayerNorm.idxY -/
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxY (m := m) (n := n)).i.val =
      16 := rfl
example {m n : Nat} :
    (Proofs.Autograd.LayerNorm.idxY (m := m) (n := n) :
      Proofs.Autograd.Idx ([Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim n Shape.scalar,
        Shape.dim n Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m Shape.scalar,
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar),
        Shape.dim m (Shape.dim n Shape.scalar)])
        (Shape.dim m (Shape.dim n Shape.scalar))).i.val =
      16 := rfl
#check @Proofs.Autograd.LayerNorm.idxY

/-! Proofs.Autograd.Transformer.ΓDecoderCore -/
example {seqLen dModel numHeads headDim : Nat} :
    Proofs.Autograd.Transformer.ΓDecoderCore (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) =
      [Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar] := rfl
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.ΓDecoderCore (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).length =
      8 := rfl
example :
    (Proofs.Autograd.Transformer.ΓDecoderCore (seqLen := 2) (dModel := 3) (numHeads := 5) (headDim := 7)).map Shape.size =
      [70, 70, 70, 6, 3, 3, 3, 3] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ΓDecoderCore (seqLen := 2) (dModel := 3) (numHeads := 5) (headDim := 7)) =
      228 := rfl
example :
    (Proofs.Autograd.Transformer.ΓDecoderCore (seqLen := 1) (dModel := 0) (numHeads := 4) (headDim := 6)).map Shape.size =
      [24, 24, 24, 0, 0, 0, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ΓDecoderCore (seqLen := 1) (dModel := 0) (numHeads := 4) (headDim := 6)) =
      72 := rfl
#check @Proofs.Autograd.Transformer.ΓDecoderCore

/-! Proofs.Autograd.Transformer.ssDecoderCore -/
example {seqLen dModel numHeads headDim dFF : Nat} :
    Proofs.Autograd.Transformer.ssDecoderCore (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF) =
      [Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)] := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.ssDecoderCore (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).length =
      13 := rfl
example :
    (Proofs.Autograd.Transformer.ssDecoderCore (seqLen := 2) (dModel := 3) (numHeads := 5) (headDim := 7) (dFF := 11)).map Shape.size =
      [20, 20, 20, 20, 70, 6, 6, 6, 22, 22, 6, 6, 6] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ssDecoderCore (seqLen := 2) (dModel := 3) (numHeads := 5) (headDim := 7) (dFF := 11)) =
      230 := rfl
example :
    (Proofs.Autograd.Transformer.ssDecoderCore (seqLen := 1) (dModel := 0) (numHeads := 4) (headDim := 6) (dFF := 8)).map Shape.size =
      [4, 4, 4, 4, 24, 0, 0, 0, 8, 8, 0, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ssDecoderCore (seqLen := 1) (dModel := 0) (numHeads := 4) (headDim := 6) (dFF := 8)) =
      56 := rfl
#check @Proofs.Autograd.Transformer.ssDecoderCore

/-! Proofs.Autograd.Transformer.idxDecoderResidualInput -/
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderResidualInput (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss)).i.val =
      3 := rfl
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderResidualInput (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar] ++ ss)
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      3 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderResidualInput

/-! Proofs.Autograd.Transformer.idxDecoderNorm1Gamma -/
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderNorm1Gamma (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss)).i.val =
      4 := rfl
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderNorm1Gamma (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar] ++ ss)
        (Shape.dim dModel Shape.scalar)).i.val =
      4 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderNorm1Gamma

/-! Proofs.Autograd.Transformer.idxDecoderNorm1Beta -/
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderNorm1Beta (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss)).i.val =
      5 := rfl
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderNorm1Beta (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar] ++ ss)
        (Shape.dim dModel Shape.scalar)).i.val =
      5 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderNorm1Beta

/-! Proofs.Autograd.Transformer.idxDecoderNorm2Gamma -/
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderNorm2Gamma (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss)).i.val =
      6 := rfl
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderNorm2Gamma (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar] ++ ss)
        (Shape.dim dModel Shape.scalar)).i.val =
      6 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderNorm2Gamma

/-! Proofs.Autograd.Transformer.idxDecoderNorm2Beta -/
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderNorm2Beta (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss)).i.val =
      7 := rfl
example {seqLen dModel numHeads headDim : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.idxDecoderNorm2Beta (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar] ++ ss)
        (Shape.dim dModel Shape.scalar)).i.val =
      7 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderNorm2Beta

/-! Proofs.Autograd.Transformer.idxDecoderHeadOut -/
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderHeadOut (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).i.val =
      12 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderHeadOut (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar))])
        (Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)))).i.val =
      12 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderHeadOut

/-! Proofs.Autograd.Transformer.idxDecoderMergedAttention -/
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderMergedAttention (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).i.val =
      13 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderMergedAttention (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      13 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderMergedAttention

/-! Proofs.Autograd.Transformer.idxDecoderResidualInputAfterMerge -/
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderResidualInputAfterMerge (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).i.val =
      3 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderResidualInputAfterMerge (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      3 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderResidualInputAfterMerge

/-! Proofs.Autograd.Transformer.idxDecoderAttentionResidual -/
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderAttentionResidual (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).i.val =
      14 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderAttentionResidual (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      14 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderAttentionResidual

/-! Proofs.Autograd.Transformer.decoderNorm1Inputs -/
example {seqLen dModel numHeads headDim : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm1Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).x).i.val =
      14 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm1Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).x :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      14 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm1Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).gamma).i.val =
      4 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm1Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).gamma :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim dModel Shape.scalar)).i.val =
      4 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm1Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).beta).i.val =
      5 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm1Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).beta :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim dModel Shape.scalar)).i.val =
      5 := rfl
#check @Proofs.Autograd.Transformer.decoderNorm1Inputs

/-! Proofs.Autograd.Transformer.idxDecoderNorm1Out -/
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderNorm1Out (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim)).i.val =
      15 := rfl
example {seqLen dModel numHeads headDim : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderNorm1Out (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      15 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderNorm1Out

/-! Proofs.Autograd.Transformer.idxDecoderNorm1OutAfterFfn -/
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderNorm1OutAfterFfn (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).i.val =
      15 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderNorm1OutAfterFfn (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      15 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderNorm1OutAfterFfn

/-! Proofs.Autograd.Transformer.idxDecoderFfnHiddenPre -/
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderFfnHiddenPre (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).i.val =
      16 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderFfnHiddenPre (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dFF Shape.scalar))).i.val =
      16 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderFfnHiddenPre

/-! Proofs.Autograd.Transformer.idxDecoderFfnHiddenAct -/
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderFfnHiddenAct (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).i.val =
      17 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderFfnHiddenAct (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dFF Shape.scalar))).i.val =
      17 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderFfnHiddenAct

/-! Proofs.Autograd.Transformer.idxDecoderFfnProjected -/
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderFfnProjected (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).i.val =
      18 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderFfnProjected (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      18 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderFfnProjected

/-! Proofs.Autograd.Transformer.idxDecoderFfnResidual -/
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderFfnResidual (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).i.val =
      19 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    (Proofs.Autograd.Transformer.idxDecoderFfnResidual (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF) :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      19 := rfl
#check @Proofs.Autograd.Transformer.idxDecoderFfnResidual

/-! Proofs.Autograd.Transformer.decoderNorm2Inputs -/
example {seqLen dModel numHeads headDim dFF : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm2Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).x).i.val =
      19 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm2Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).x :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      19 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm2Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).gamma).i.val =
      6 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm2Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).gamma :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim dModel Shape.scalar)).i.val =
      6 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm2Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).beta).i.val =
      7 := rfl
example {seqLen dModel numHeads headDim dFF : Nat} :
    ((Proofs.Autograd.Transformer.decoderNorm2Inputs (seqLen := seqLen) (dModel := dModel) (numHeads := numHeads) (headDim := headDim) (dFF := dFF)).beta :
      Proofs.Autograd.Idx ([Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim numHeads (Shape.dim headDim (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar,
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim seqLen Shape.scalar)),
        Shape.dim numHeads (Shape.dim seqLen (Shape.dim headDim Shape.scalar)),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim dModel Shape.scalar)).i.val =
      7 := rfl
#check @Proofs.Autograd.Transformer.decoderNorm2Inputs

/-! Proofs.Autograd.Transformer.SeqFFNModelShape -/
example {seqLen dModel : Nat} :
    Proofs.Autograd.Transformer.SeqFFNModelShape (seqLen := seqLen) (dModel := dModel) =
      Shape.dim seqLen (Shape.dim dModel Shape.scalar) := rfl
example :
    Shape.size (Proofs.Autograd.Transformer.SeqFFNModelShape (seqLen := 2) (dModel := 3)) =
      6 := rfl
example :
    Shape.size (Proofs.Autograd.Transformer.SeqFFNModelShape (seqLen := 1) (dModel := 0)) =
      0 := rfl
#check @Proofs.Autograd.Transformer.SeqFFNModelShape

/-! Proofs.Autograd.Transformer.SeqFFNHiddenShape -/
example {seqLen dFF : Nat} :
    Proofs.Autograd.Transformer.SeqFFNHiddenShape (seqLen := seqLen) (dFF := dFF) =
      Shape.dim seqLen (Shape.dim dFF Shape.scalar) := rfl
example :
    Shape.size (Proofs.Autograd.Transformer.SeqFFNHiddenShape (seqLen := 2) (dFF := 3)) =
      6 := rfl
example :
    Shape.size (Proofs.Autograd.Transformer.SeqFFNHiddenShape (seqLen := 1) (dFF := 0)) =
      0 := rfl
#check @Proofs.Autograd.Transformer.SeqFFNHiddenShape

/-! Proofs.Autograd.Transformer.ΓSeqFFN -/
example {seqLen dModel : Nat} :
    Proofs.Autograd.Transformer.ΓSeqFFN (seqLen := seqLen) (dModel := dModel) =
      [Shape.dim seqLen (Shape.dim dModel Shape.scalar)] := rfl
example {seqLen dModel : Nat} :
    (Proofs.Autograd.Transformer.ΓSeqFFN (seqLen := seqLen) (dModel := dModel)).length =
      1 := rfl
example :
    (Proofs.Autograd.Transformer.ΓSeqFFN (seqLen := 2) (dModel := 3)).map Shape.size =
      [6] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ΓSeqFFN (seqLen := 2) (dModel := 3)) =
      6 := rfl
example :
    (Proofs.Autograd.Transformer.ΓSeqFFN (seqLen := 1) (dModel := 0)).map Shape.size =
      [0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ΓSeqFFN (seqLen := 1) (dModel := 0)) =
      0 := rfl
#check @Proofs.Autograd.Transformer.ΓSeqFFN

/-! Proofs.Autograd.Transformer.ssSeqFFNResidual -/
example {seqLen dModel dFF : Nat} :
    Proofs.Autograd.Transformer.ssSeqFFNResidual (seqLen := seqLen) (dModel := dModel) (dFF := dFF) =
      [Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)] := rfl
example {seqLen dModel dFF : Nat} :
    (Proofs.Autograd.Transformer.ssSeqFFNResidual (seqLen := seqLen) (dModel := dModel) (dFF := dFF)).length =
      4 := rfl
example :
    (Proofs.Autograd.Transformer.ssSeqFFNResidual (seqLen := 2) (dModel := 3) (dFF := 5)).map Shape.size =
      [10, 10, 6, 6] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ssSeqFFNResidual (seqLen := 2) (dModel := 3) (dFF := 5)) =
      32 := rfl
example :
    (Proofs.Autograd.Transformer.ssSeqFFNResidual (seqLen := 1) (dModel := 0) (dFF := 4)).map Shape.size =
      [4, 4, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ssSeqFFNResidual (seqLen := 1) (dModel := 0) (dFF := 4)) =
      8 := rfl
#check @Proofs.Autograd.Transformer.ssSeqFFNResidual

/-! Proofs.Autograd.Transformer.seqFfnIdxX -/
example {seqLen dModel : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.seqFfnIdxX (seqLen := seqLen) (dModel := dModel) (ss := ss)).i.val =
      0 := rfl
example {seqLen dModel : Nat} {ss : List Shape} :
    (Proofs.Autograd.Transformer.seqFfnIdxX (seqLen := seqLen) (dModel := dModel) (ss := ss) :
      Proofs.Autograd.Idx ([Shape.dim seqLen (Shape.dim dModel Shape.scalar)] ++ ss)
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      0 := rfl
#check @Proofs.Autograd.Transformer.seqFfnIdxX

/-! Proofs.Autograd.Transformer.seqFfnIdxHiddenPre -/
example {seqLen dModel dFF : Nat} :
    (Proofs.Autograd.Transformer.seqFfnIdxHiddenPre (seqLen := seqLen) (dModel := dModel) (dFF := dFF)).i.val =
      1 := rfl
example {seqLen dModel dFF : Nat} :
    (Proofs.Autograd.Transformer.seqFfnIdxHiddenPre (seqLen := seqLen) (dModel := dModel) (dFF := dFF) :
      Proofs.Autograd.Idx ([Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dFF Shape.scalar))).i.val =
      1 := rfl
#check @Proofs.Autograd.Transformer.seqFfnIdxHiddenPre

/-! Proofs.Autograd.Transformer.seqFfnIdxHiddenAct -/
example {seqLen dModel dFF : Nat} :
    (Proofs.Autograd.Transformer.seqFfnIdxHiddenAct (seqLen := seqLen) (dModel := dModel) (dFF := dFF)).i.val =
      2 := rfl
example {seqLen dModel dFF : Nat} :
    (Proofs.Autograd.Transformer.seqFfnIdxHiddenAct (seqLen := seqLen) (dModel := dModel) (dFF := dFF) :
      Proofs.Autograd.Idx ([Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dFF Shape.scalar))).i.val =
      2 := rfl
#check @Proofs.Autograd.Transformer.seqFfnIdxHiddenAct

/-! Proofs.Autograd.Transformer.seqFfnIdxProjected -/
example {seqLen dModel dFF : Nat} :
    (Proofs.Autograd.Transformer.seqFfnIdxProjected (seqLen := seqLen) (dModel := dModel) (dFF := dFF)).i.val =
      3 := rfl
example {seqLen dModel dFF : Nat} :
    (Proofs.Autograd.Transformer.seqFfnIdxProjected (seqLen := seqLen) (dModel := dModel) (dFF := dFF) :
      Proofs.Autograd.Idx ([Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dFF Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)])
        (Shape.dim seqLen (Shape.dim dModel Shape.scalar))).i.val =
      3 := rfl
#check @Proofs.Autograd.Transformer.seqFfnIdxProjected

/-! Proofs.Autograd.Transformer.ΓPostNorm -/
example {seqLen dModel : Nat} :
    Proofs.Autograd.Transformer.ΓPostNorm (seqLen := seqLen) (dModel := dModel) =
      [Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim dModel Shape.scalar,
        Shape.dim dModel Shape.scalar] := rfl
example {seqLen dModel : Nat} :
    (Proofs.Autograd.Transformer.ΓPostNorm (seqLen := seqLen) (dModel := dModel)).length =
      3 := rfl
example :
    (Proofs.Autograd.Transformer.ΓPostNorm (seqLen := 2) (dModel := 3)).map Shape.size =
      [6, 3, 3] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ΓPostNorm (seqLen := 2) (dModel := 3)) =
      12 := rfl
example :
    (Proofs.Autograd.Transformer.ΓPostNorm (seqLen := 1) (dModel := 0)).map Shape.size =
      [0, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ΓPostNorm (seqLen := 1) (dModel := 0)) =
      0 := rfl
#check @Proofs.Autograd.Transformer.ΓPostNorm

/-! Proofs.Autograd.Transformer.ssPostNorm -/
example {seqLen dModel : Nat} :
    Proofs.Autograd.Transformer.ssPostNorm (seqLen := seqLen) (dModel := dModel) =
      [Shape.dim seqLen Shape.scalar,
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen Shape.scalar,
        Shape.dim seqLen Shape.scalar,
        Shape.dim seqLen Shape.scalar,
        Shape.dim seqLen Shape.scalar,
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar),
        Shape.dim seqLen (Shape.dim dModel Shape.scalar)] := rfl
example {seqLen dModel : Nat} :
    (Proofs.Autograd.Transformer.ssPostNorm (seqLen := seqLen) (dModel := dModel)).length =
      14 := rfl
example :
    (Proofs.Autograd.Transformer.ssPostNorm (seqLen := 2) (dModel := 3)).map Shape.size =
      [2, 6, 6, 6, 2, 2, 2, 2, 6, 6, 6, 6, 6, 6] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ssPostNorm (seqLen := 2) (dModel := 3)) =
      64 := rfl
example :
    (Proofs.Autograd.Transformer.ssPostNorm (seqLen := 1) (dModel := 0)).map Shape.size =
      [1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0] := rfl
example :
    Proofs.Autograd.ctxSize (Proofs.Autograd.Transformer.ssPostNorm (seqLen := 1) (dModel := 0)) =
      5 := rfl
#check @Proofs.Autograd.Transformer.ssPostNorm

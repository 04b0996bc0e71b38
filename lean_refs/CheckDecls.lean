/-
Every declaration that the mirror and the theorems cite, and the axioms that it rests on.
Private declarations are left out: no other file can name them.

Written by `leanmirror lean-files` for TorchLean 21198a1 (Lean 4.31.0); do not edit.
Run it in a built checkout: `lake env lean --json FILE`, or `leanmirror audit --lean DIR`.
It has no `module` header: Lean allows `#print axioms` only outside modules, and such a file sees every body.
-/

import NN.Proofs.Autograd.Core.Vectorization
import NN.Proofs.Autograd.FDeriv.Core
import NN.Proofs.Autograd.FDeriv.Elementwise
import NN.Proofs.Autograd.FDeriv.Softmax
import NN.Proofs.Autograd.Tape.Algebra.Soundness
import NN.Proofs.Autograd.Tape.Core.FDeriv
import NN.Proofs.Autograd.Tape.Core.Soundness
import NN.Proofs.Autograd.Tape.Nodes.Arithmetic
import NN.Proofs.Autograd.Tape.Nodes.Batched
import NN.Proofs.Autograd.Tape.Nodes.Context
import NN.Proofs.Autograd.Tape.Nodes.Elementwise
import NN.Proofs.Autograd.Tape.Nodes.GraphComposition
import NN.Proofs.Autograd.Tape.Nodes.Matrix
import NN.Proofs.Autograd.Tape.Nodes.Reductions
import NN.Proofs.Autograd.Tape.Nodes.Softmax
import NN.Proofs.Autograd.Tape.Ops.Attention.MaskedMultiHeadSelfAttention
import NN.Proofs.Autograd.Tape.Ops.Attention.MultiHeadSelfAttention
import NN.Proofs.Autograd.Tape.Ops.Norm.LayerNorm
import NN.Proofs.Autograd.Tape.Ops.Transformer.DecoderBlock
import NN.Proofs.Autograd.Tape.Ops.Transformer.EncoderBlock
import NN.Proofs.Autograd.Tape.Ops.Transformer.FeedForward
import NN.Proofs.Autograd.Tape.Ops.Transformer.PostNorm
import NN.Proofs.Autograd.Tape.Util.Idx
import NN.Proofs.Gradients.Activation
import NN.Proofs.Tensor.Algebra
import NN.Proofs.Tensor.Basic.Folds
import NN.Spec.Core.Context
import NN.Spec.Core.Shape
import NN.Spec.Core.Tensor.Core
import NN.Spec.Core.TensorOps
import NN.Spec.Core.TensorReductionShape.Reductions
import NN.Spec.Core.TensorReductionShape.ShapeChange
import NN.Spec.Layers.Activation

#check @Proofs.Autograd.Vec
#print axioms Proofs.Autograd.Vec

#check @Proofs.Autograd.toVecE
#print axioms Proofs.Autograd.toVecE

#check @Proofs.Autograd.ofVecE
#print axioms Proofs.Autograd.ofVecE

#check @Proofs.Autograd.toVecE_ofVecE
#print axioms Proofs.Autograd.toVecE_ofVecE

#check @Proofs.Autograd.inner_eq_sum_mul
#print axioms Proofs.Autograd.inner_eq_sum_mul

#check @Proofs.Autograd.euclideanEquiv
#print axioms Proofs.Autograd.euclideanEquiv

#check @Proofs.Autograd.elemwiseVec
#print axioms Proofs.Autograd.elemwiseVec

#check @Proofs.Autograd.evalCLM
#print axioms Proofs.Autograd.evalCLM

#check @Proofs.Autograd.evalCLM_apply
#print axioms Proofs.Autograd.evalCLM_apply

#check @Proofs.Autograd.elemwiseDerivCLM
#print axioms Proofs.Autograd.elemwiseDerivCLM

#check @Proofs.Autograd.hasFDerivAt_elemwiseVec
#print axioms Proofs.Autograd.hasFDerivAt_elemwiseVec

#check @Proofs.Autograd.hasFDerivAt_elemwiseVec_at
#print axioms Proofs.Autograd.hasFDerivAt_elemwiseVec_at

#check @Proofs.Autograd.softmaxVecOfFun
#print axioms Proofs.Autograd.softmaxVecOfFun

#check @Proofs.Autograd.sumExp
#print axioms Proofs.Autograd.sumExp

#check @Proofs.Autograd.softmaxVec
#print axioms Proofs.Autograd.softmaxVec

#check @Proofs.Autograd.dotCLM
#print axioms Proofs.Autograd.dotCLM

#check @Proofs.Autograd.softmaxDerivCoord
#print axioms Proofs.Autograd.softmaxDerivCoord

#check @Proofs.Autograd.softmaxDerivCLM
#print axioms Proofs.Autograd.softmaxDerivCLM

#check @Proofs.Autograd.hasFDerivAt_softmaxVec
#print axioms Proofs.Autograd.hasFDerivAt_softmaxVec

#check @Proofs.Autograd.Algebra.TList
#print axioms Proofs.Autograd.Algebra.TList

#check @Proofs.Autograd.toVecT
#print axioms Proofs.Autograd.toVecT

#check @Proofs.Autograd.ofVecT
#print axioms Proofs.Autograd.ofVecT

#check @Proofs.Autograd.toVecT_ofVecT
#print axioms Proofs.Autograd.toVecT_ofVecT

#check @Proofs.Autograd.ofVecT_toVecT
#print axioms Proofs.Autograd.ofVecT_toVecT

#check @Proofs.Autograd.ctxSize
#print axioms Proofs.Autograd.ctxSize

#check @Proofs.Autograd.CtxVec
#print axioms Proofs.Autograd.CtxVec

#check @Proofs.Autograd.vecOfFun
#print axioms Proofs.Autograd.vecOfFun

#check @Proofs.Autograd.flattenCtx
#print axioms Proofs.Autograd.flattenCtx

#check @Proofs.Autograd.unflattenCtx
#print axioms Proofs.Autograd.unflattenCtx

#check @Proofs.Autograd.unflattenCtx_flattenCtx
#print axioms Proofs.Autograd.unflattenCtx_flattenCtx

#check @Proofs.Autograd.flattenCtx_unflattenCtx
#print axioms Proofs.Autograd.flattenCtx_unflattenCtx

#check @Proofs.Autograd.castVec
#print axioms Proofs.Autograd.castVec

#check @Proofs.Autograd.castVec_add
#print axioms Proofs.Autograd.castVec_add

#check @Proofs.Autograd.castVec_smul
#print axioms Proofs.Autograd.castVec_smul

#check @Proofs.Autograd.castVec_castVec
#print axioms Proofs.Autograd.castVec_castVec

#check @Proofs.Autograd.inner_castVec_castVec
#print axioms Proofs.Autograd.inner_castVec_castVec

#check @Proofs.Autograd.sum_spec_dim
#print axioms Proofs.Autograd.sum_spec_dim

#check @Proofs.Autograd.toVecT_dim_apply
#print axioms Proofs.Autograd.toVecT_dim_apply

#check @Proofs.Autograd.inner_toVecT_dim
#print axioms Proofs.Autograd.inner_toVecT_dim

#check @Proofs.Autograd.dot_eq_inner_toVecT
#print axioms Proofs.Autograd.dot_eq_inner_toVecT

#check @Proofs.Autograd.appendVec
#print axioms Proofs.Autograd.appendVec

#check @Proofs.Autograd.inner_append
#print axioms Proofs.Autograd.inner_append

#check @Proofs.Autograd.dotList_eq_inner_flattenCtx
#print axioms Proofs.Autograd.dotList_eq_inner_flattenCtx

#check @Proofs.Autograd.castCtxVec
#print axioms Proofs.Autograd.castCtxVec

#check @Proofs.Autograd.castCtxVec_cast
#print axioms Proofs.Autograd.castCtxVec_cast

#check @Proofs.Autograd.inner_castCtxVec
#print axioms Proofs.Autograd.inner_castCtxVec

#check @Proofs.Autograd.ctxSize_append
#print axioms Proofs.Autograd.ctxSize_append

#check @Proofs.Autograd.ctxSize_snoc
#print axioms Proofs.Autograd.ctxSize_snoc

#check @Proofs.Autograd.snocCtx
#print axioms Proofs.Autograd.snocCtx

#check @Proofs.Autograd.unsnocCtx
#print axioms Proofs.Autograd.unsnocCtx

#check @Proofs.Autograd.unsnocCtx_snocCtx
#print axioms Proofs.Autograd.unsnocCtx_snocCtx

#check @Proofs.Autograd.snocCtx_unsnocCtx
#print axioms Proofs.Autograd.snocCtx_unsnocCtx

#check @Proofs.Autograd.Node.forwardVec
#print axioms Proofs.Autograd.Node.forwardVec

#check @Proofs.Autograd.Node.jvpVec
#print axioms Proofs.Autograd.Node.jvpVec

#check @Proofs.Autograd.Node.vjpVec
#print axioms Proofs.Autograd.Node.vjpVec

#check @Proofs.Autograd.Node.correct_inner
#print axioms Proofs.Autograd.Node.correct_inner

#check @Proofs.Autograd.Graph.evalVec
#print axioms Proofs.Autograd.Graph.evalVec

#check @Proofs.Autograd.Graph.jvpVec
#print axioms Proofs.Autograd.Graph.jvpVec

#check @Proofs.Autograd.Graph.backpropVec
#print axioms Proofs.Autograd.Graph.backpropVec

#check @Proofs.Autograd.Graph.backprop_correct_inner
#print axioms Proofs.Autograd.Graph.backprop_correct_inner

#check @Proofs.Autograd.NodeFDerivCorrect
#print axioms Proofs.Autograd.NodeFDerivCorrect

#check @Proofs.Autograd.GraphFDerivCorrect
#print axioms Proofs.Autograd.GraphFDerivCorrect

#check @Proofs.Autograd.NodeFDerivCorrectAt
#print axioms Proofs.Autograd.NodeFDerivCorrectAt

#check @Proofs.Autograd.NodeFDerivCorrect.at
#print axioms Proofs.Autograd.NodeFDerivCorrect.at

#check @Proofs.Autograd.GraphFDerivCorrectAt
#print axioms Proofs.Autograd.GraphFDerivCorrectAt

#check @Proofs.Autograd.Graph.appendCLM
#print axioms Proofs.Autograd.Graph.appendCLM

#check @Proofs.Autograd.Graph.castCLM
#print axioms Proofs.Autograd.Graph.castCLM

#check @Proofs.Autograd.Graph.snocCLM
#print axioms Proofs.Autograd.Graph.snocCLM

#check @Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp
#print axioms Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp

#check @Proofs.Autograd.Graph.jvpVec_eq_fderiv
#print axioms Proofs.Autograd.Graph.jvpVec_eq_fderiv

#check @Proofs.Autograd.Graph.backpropVec_eq_adjoint_fderiv
#print axioms Proofs.Autograd.Graph.backpropVec_eq_adjoint_fderiv

#check @Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp_at
#print axioms Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp_at

#check @Proofs.Autograd.Graph.jvpVec_eq_fderiv_at
#print axioms Proofs.Autograd.Graph.jvpVec_eq_fderiv_at

#check @Proofs.Autograd.Graph.backpropVec_eq_adjoint_fderiv_at
#print axioms Proofs.Autograd.Graph.backpropVec_eq_adjoint_fderiv_at

#check @Proofs.Autograd.TList
#print axioms Proofs.Autograd.TList

#check @Proofs.Autograd.TList.cons
#print axioms Proofs.Autograd.TList.cons

#check @Proofs.Autograd.TList.dotList
#print axioms Proofs.Autograd.TList.dotList

#check @Proofs.Autograd.TList.dotList_cast_left
#print axioms Proofs.Autograd.TList.dotList_cast_left

#check @Proofs.Autograd.TList.dotList_add_right
#print axioms Proofs.Autograd.TList.dotList_add_right

#check @Proofs.Autograd.TList.dotList_snoc
#print axioms Proofs.Autograd.TList.dotList_snoc

#check @Proofs.Autograd.TList.unsnoc_snoc
#print axioms Proofs.Autograd.TList.unsnoc_snoc

#check @Proofs.Autograd.TList.snoc_unsnoc
#print axioms Proofs.Autograd.TList.snoc_unsnoc

#check @Proofs.Autograd.TList.dot_fill_zero_right
#print axioms Proofs.Autograd.TList.dot_fill_zero_right

#check @Proofs.Autograd.TList.dotList_zero_right
#print axioms Proofs.Autograd.TList.dotList_zero_right

#check @Proofs.Autograd.Idx
#print axioms Proofs.Autograd.Idx

#check @Proofs.Autograd.getIdx
#print axioms Proofs.Autograd.getIdx

#check @Proofs.Autograd.TList.single
#print axioms Proofs.Autograd.TList.single

#check @Proofs.Autograd.TList.dotList_single
#print axioms Proofs.Autograd.TList.dotList_single

#check @Proofs.Autograd.Node
#print axioms Proofs.Autograd.Node

#check @Proofs.Autograd.Graph
#print axioms Proofs.Autograd.Graph

#check @Proofs.Autograd.Graph.eval
#print axioms Proofs.Autograd.Graph.eval

#check @Proofs.Autograd.Graph.jvpCtx
#print axioms Proofs.Autograd.Graph.jvpCtx

#check @Proofs.Autograd.Graph.backpropCtx
#print axioms Proofs.Autograd.Graph.backpropCtx

#check @Proofs.Autograd.Graph.backprop_correct
#print axioms Proofs.Autograd.Graph.backprop_correct

#check @Proofs.Autograd.TapeNodes.affine
#print axioms Proofs.Autograd.TapeNodes.affine

#check @Proofs.Autograd.TapeNodes.affineFderiv
#print axioms Proofs.Autograd.TapeNodes.affineFderiv

#check @Proofs.Autograd.TapeNodes.add
#print axioms Proofs.Autograd.TapeNodes.add

#check @Proofs.Autograd.TapeNodes.addFderiv
#print axioms Proofs.Autograd.TapeNodes.addFderiv

#check @Proofs.Autograd.TapeNodes.sub
#print axioms Proofs.Autograd.TapeNodes.sub

#check @Proofs.Autograd.TapeNodes.subFderiv
#print axioms Proofs.Autograd.TapeNodes.subFderiv

#check @Proofs.Autograd.TapeNodes.scale
#print axioms Proofs.Autograd.TapeNodes.scale

#check @Proofs.Autograd.TapeNodes.scaleFderiv
#print axioms Proofs.Autograd.TapeNodes.scaleFderiv

#check @Proofs.Autograd.TapeNodes.mul
#print axioms Proofs.Autograd.TapeNodes.mul

#check @Proofs.Autograd.TapeNodes.mulFderiv
#print axioms Proofs.Autograd.TapeNodes.mulFderiv

#check @Proofs.Autograd.TapeNodes.Batched.heads
#print axioms Proofs.Autograd.TapeNodes.Batched.heads

#check @Proofs.Autograd.TapeNodes.Batched.unheads
#print axioms Proofs.Autograd.TapeNodes.Batched.unheads

#check @Proofs.Autograd.TapeNodes.Batched.headsCLM
#print axioms Proofs.Autograd.TapeNodes.Batched.headsCLM

#check @Proofs.Autograd.TapeNodes.Batched.unheadsCLM
#print axioms Proofs.Autograd.TapeNodes.Batched.unheadsCLM

#check @Proofs.Autograd.TapeNodes.Batched.headsCLM_apply
#print axioms Proofs.Autograd.TapeNodes.Batched.headsCLM_apply

#check @Proofs.Autograd.TapeNodes.Batched.unheadsCLM_apply
#print axioms Proofs.Autograd.TapeNodes.Batched.unheadsCLM_apply

#check @Proofs.Autograd.TapeNodes.Batched.size3_eq
#print axioms Proofs.Autograd.TapeNodes.Batched.size3_eq

#check @Proofs.Autograd.TapeNodes.Batched.HMatSize
#print axioms Proofs.Autograd.TapeNodes.Batched.HMatSize

#check @Proofs.Autograd.TapeNodes.Batched.matmulBilin
#print axioms Proofs.Autograd.TapeNodes.Batched.matmulBilin

#check @Proofs.Autograd.TapeNodes.Batched.matmul
#print axioms Proofs.Autograd.TapeNodes.Batched.matmul

#check @Proofs.Autograd.TapeNodes.Batched.matmulFderiv
#print axioms Proofs.Autograd.TapeNodes.Batched.matmulFderiv

#check @Proofs.Autograd.TapeNodes.Batched.softmaxLast
#print axioms Proofs.Autograd.TapeNodes.Batched.softmaxLast

#check @Proofs.Autograd.TapeNodes.Batched.softmaxLastFderiv
#print axioms Proofs.Autograd.TapeNodes.Batched.softmaxLastFderiv

#check @Proofs.Autograd.CtxVec.getRaw
#print axioms Proofs.Autograd.CtxVec.getRaw

#check @Proofs.Autograd.CtxVec.singleRaw
#print axioms Proofs.Autograd.CtxVec.singleRaw

#check @Proofs.Autograd.CtxVec.inner_getRaw_singleRaw
#print axioms Proofs.Autograd.CtxVec.inner_getRaw_singleRaw

#check @Proofs.Autograd.CtxVec.get
#print axioms Proofs.Autograd.CtxVec.get

#check @Proofs.Autograd.CtxVec.single
#print axioms Proofs.Autograd.CtxVec.single

#check @Proofs.Autograd.CtxVec.inner_get_single
#print axioms Proofs.Autograd.CtxVec.inner_get_single

#check @Proofs.Autograd.CtxVec.headCLM
#print axioms Proofs.Autograd.CtxVec.headCLM

#check @Proofs.Autograd.CtxVec.headCLM_apply
#print axioms Proofs.Autograd.CtxVec.headCLM_apply

#check @Proofs.Autograd.CtxVec.tailCLM
#print axioms Proofs.Autograd.CtxVec.tailCLM

#check @Proofs.Autograd.CtxVec.tailCLM_apply
#print axioms Proofs.Autograd.CtxVec.tailCLM_apply

#check @Proofs.Autograd.CtxVec.getCLMRaw
#print axioms Proofs.Autograd.CtxVec.getCLMRaw

#check @Proofs.Autograd.CtxVec.getCLMRaw_apply
#print axioms Proofs.Autograd.CtxVec.getCLMRaw_apply

#check @Proofs.Autograd.CtxVec.getCLM
#print axioms Proofs.Autograd.CtxVec.getCLM

#check @Proofs.Autograd.CtxVec.getCLM_apply
#print axioms Proofs.Autograd.CtxVec.getCLM_apply

#check @Proofs.Autograd.Node.ofVec
#print axioms Proofs.Autograd.Node.ofVec

#check @Proofs.Autograd.Node.forwardVec_ofVec
#print axioms Proofs.Autograd.Node.forwardVec_ofVec

#check @Proofs.Autograd.Node.jvpVec_ofVec
#print axioms Proofs.Autograd.Node.jvpVec_ofVec

#check @Proofs.Autograd.Node.vjpVec_ofVec
#print axioms Proofs.Autograd.Node.vjpVec_ofVec

#check @Proofs.Autograd.TapeNodes.getVec
#print axioms Proofs.Autograd.TapeNodes.getVec

#check @Proofs.Autograd.TapeNodes.getVecCLM
#print axioms Proofs.Autograd.TapeNodes.getVecCLM

#check @Proofs.Autograd.TapeNodes.getVecCLM_apply
#print axioms Proofs.Autograd.TapeNodes.getVecCLM_apply

#check @Proofs.Autograd.TapeNodes.singleVec
#print axioms Proofs.Autograd.TapeNodes.singleVec

#check @Proofs.Autograd.TapeNodes.inner_getVec_singleVec
#print axioms Proofs.Autograd.TapeNodes.inner_getVec_singleVec

#check @Proofs.Autograd.TapeNodes.elemwise
#print axioms Proofs.Autograd.TapeNodes.elemwise

#check @Proofs.Autograd.TapeNodes.elemwiseFderiv
#print axioms Proofs.Autograd.TapeNodes.elemwiseFderiv

#check @Proofs.Autograd.TapeNodes.elemwiseFderivAt
#print axioms Proofs.Autograd.TapeNodes.elemwiseFderivAt

#check @Proofs.Autograd.TapeNodes.inv
#print axioms Proofs.Autograd.TapeNodes.inv

#check @Proofs.Autograd.TapeNodes.invFderivAt
#print axioms Proofs.Autograd.TapeNodes.invFderivAt

#check @Proofs.Autograd.TapeNodes.hasDerivAt_sqrt_clamp_of_pos
#print axioms Proofs.Autograd.TapeNodes.hasDerivAt_sqrt_clamp_of_pos

#check @Proofs.Autograd.TapeNodes.sqrtClamp
#print axioms Proofs.Autograd.TapeNodes.sqrtClamp

#check @Proofs.Autograd.TapeNodes.sqrtClampFderivAt
#print axioms Proofs.Autograd.TapeNodes.sqrtClampFderivAt

#check @Proofs.Autograd.TapeNodes.tanh
#print axioms Proofs.Autograd.TapeNodes.tanh

#check @Proofs.Autograd.TapeNodes.tanhFderiv
#print axioms Proofs.Autograd.TapeNodes.tanhFderiv

#check @Proofs.Autograd.TapeNodes.gelu
#print axioms Proofs.Autograd.TapeNodes.gelu

#check @Proofs.Autograd.TapeNodes.geluFderiv
#print axioms Proofs.Autograd.TapeNodes.geluFderiv

#check @Proofs.Autograd.DGraph
#print axioms Proofs.Autograd.DGraph

#check @Proofs.Autograd.DGraph.takeLeftCLM
#print axioms Proofs.Autograd.DGraph.takeLeftCLM

#check @Proofs.Autograd.DGraph.takeRightCLM
#print axioms Proofs.Autograd.DGraph.takeRightCLM

#check @Proofs.Autograd.DGraph.dropMiddleCLM
#print axioms Proofs.Autograd.DGraph.dropMiddleCLM

#check @Proofs.Autograd.DGraph.dropMiddleCLM_apply
#print axioms Proofs.Autograd.DGraph.dropMiddleCLM_apply

#check @Proofs.Autograd.DGraph.weakenNodeMiddle
#print axioms Proofs.Autograd.DGraph.weakenNodeMiddle

#check @Proofs.Autograd.DGraph.weakenNodeMiddleFDerivCorrect
#print axioms Proofs.Autograd.DGraph.weakenNodeMiddleFDerivCorrect

#check @Proofs.Autograd.DGraph.nil
#print axioms Proofs.Autograd.DGraph.nil

#check @Proofs.Autograd.DGraph.snoc
#print axioms Proofs.Autograd.DGraph.snoc

#check @Proofs.Autograd.DGraph.castNodeContext
#print axioms Proofs.Autograd.DGraph.castNodeContext

#check @Proofs.Autograd.DGraph.castNodeFDerivCorrect
#print axioms Proofs.Autograd.DGraph.castNodeFDerivCorrect

#check @Proofs.Autograd.DGraph.graphFDerivCorrectAtOfCorrect
#print axioms Proofs.Autograd.DGraph.graphFDerivCorrectAtOfCorrect

#check @Proofs.Autograd.DGraph.appendCore
#print axioms Proofs.Autograd.DGraph.appendCore

#check @Proofs.Autograd.DGraph.append
#print axioms Proofs.Autograd.DGraph.append

#check @Proofs.Autograd.DGraph.weakenContextCore
#print axioms Proofs.Autograd.DGraph.weakenContextCore

#check @Proofs.Autograd.DGraph.weakenContext
#print axioms Proofs.Autograd.DGraph.weakenContext

#check @Proofs.Autograd.DGraph.weakenContext_backpropVec_eq_adjoint_fderiv
#print axioms Proofs.Autograd.DGraph.weakenContext_backpropVec_eq_adjoint_fderiv

#check @Proofs.Autograd.DGraph.append_backpropVec_eq_adjoint_fderiv
#print axioms Proofs.Autograd.DGraph.append_backpropVec_eq_adjoint_fderiv

#check @Proofs.Autograd.DGraph.backpropVec_eq_adjoint_fderiv
#print axioms Proofs.Autograd.DGraph.backpropVec_eq_adjoint_fderiv

#check @Proofs.Autograd.TapeNodes.Matmul.matSize
#print axioms Proofs.Autograd.TapeNodes.Matmul.matSize

#check @Proofs.Autograd.TapeNodes.Matmul.vecSize
#print axioms Proofs.Autograd.TapeNodes.Matmul.vecSize

#check @Proofs.Autograd.TapeNodes.Matmul.vecSize_eq
#print axioms Proofs.Autograd.TapeNodes.Matmul.vecSize_eq

#check @Proofs.Autograd.TapeNodes.Matmul.idxMN
#print axioms Proofs.Autograd.TapeNodes.Matmul.idxMN

#check @Proofs.Autograd.TapeNodes.Matmul.matmulVec
#print axioms Proofs.Autograd.TapeNodes.Matmul.matmulVec

#check @Proofs.Autograd.TapeNodes.Matmul.matmulBilin
#print axioms Proofs.Autograd.TapeNodes.Matmul.matmulBilin

#check @Proofs.Autograd.TapeNodes.MatrixLinear.broadcastRowCLM
#print axioms Proofs.Autograd.TapeNodes.MatrixLinear.broadcastRowCLM

#check @Proofs.Autograd.TapeNodes.MatrixLinear.broadcastColCLM
#print axioms Proofs.Autograd.TapeNodes.MatrixLinear.broadcastColCLM

#check @Proofs.Autograd.TapeNodes.MatrixLinear.rowSumCLM
#print axioms Proofs.Autograd.TapeNodes.MatrixLinear.rowSumCLM

#check @Proofs.Autograd.TapeNodes.MatrixLinear.rowMeanCLM
#print axioms Proofs.Autograd.TapeNodes.MatrixLinear.rowMeanCLM

#check @Proofs.Autograd.TapeNodes.broadcastRow
#print axioms Proofs.Autograd.TapeNodes.broadcastRow

#check @Proofs.Autograd.TapeNodes.broadcastRowFderiv
#print axioms Proofs.Autograd.TapeNodes.broadcastRowFderiv

#check @Proofs.Autograd.TapeNodes.broadcastCol
#print axioms Proofs.Autograd.TapeNodes.broadcastCol

#check @Proofs.Autograd.TapeNodes.broadcastColFderiv
#print axioms Proofs.Autograd.TapeNodes.broadcastColFderiv

#check @Proofs.Autograd.TapeNodes.rowMean
#print axioms Proofs.Autograd.TapeNodes.rowMean

#check @Proofs.Autograd.TapeNodes.rowMeanFderiv
#print axioms Proofs.Autograd.TapeNodes.rowMeanFderiv

#check @Proofs.Autograd.TapeNodes.takeLeftVec
#print axioms Proofs.Autograd.TapeNodes.takeLeftVec

#check @Proofs.Autograd.TapeNodes.takeRightVec
#print axioms Proofs.Autograd.TapeNodes.takeRightVec

#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.MNSize
#print axioms Proofs.Autograd.TapeNodes.SoftmaxLastAxis.MNSize

#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rows
#print axioms Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rows

#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.unrows
#print axioms Proofs.Autograd.TapeNodes.SoftmaxLastAxis.unrows

#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rowsCLM
#print axioms Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rowsCLM

#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.unrowsCLM
#print axioms Proofs.Autograd.TapeNodes.SoftmaxLastAxis.unrowsCLM

#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.forwardMN
#print axioms Proofs.Autograd.TapeNodes.SoftmaxLastAxis.forwardMN

#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.derivMN
#print axioms Proofs.Autograd.TapeNodes.SoftmaxLastAxis.derivMN

#check @Proofs.Autograd.TapeNodes.SoftmaxLastAxis.hasFDerivAt_forwardMN
#print axioms Proofs.Autograd.TapeNodes.SoftmaxLastAxis.hasFDerivAt_forwardMN

#check @Proofs.Autograd.MultiHeadAttention.ΓMaskedCore
#print axioms Proofs.Autograd.MultiHeadAttention.ΓMaskedCore

#check @Proofs.Autograd.MultiHeadAttention.ssMaskedCore
#print axioms Proofs.Autograd.MultiHeadAttention.ssMaskedCore

#check @Proofs.Autograd.MultiHeadAttention.idxMaskedCoreQ
#print axioms Proofs.Autograd.MultiHeadAttention.idxMaskedCoreQ

#check @Proofs.Autograd.MultiHeadAttention.idxMaskedCoreKt
#print axioms Proofs.Autograd.MultiHeadAttention.idxMaskedCoreKt

#check @Proofs.Autograd.MultiHeadAttention.idxMaskedCoreV
#print axioms Proofs.Autograd.MultiHeadAttention.idxMaskedCoreV

#check @Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph
#print axioms Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph

#check @Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv
#print axioms Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv

#check @Proofs.Autograd.MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt
#print axioms Proofs.Autograd.MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt

#check @Proofs.Autograd.MultiHeadAttention.projectedMaskedAttention_hasFDerivAt
#print axioms Proofs.Autograd.MultiHeadAttention.projectedMaskedAttention_hasFDerivAt

#check @Proofs.Autograd.MultiHeadAttention.HeadsShape
#print axioms Proofs.Autograd.MultiHeadAttention.HeadsShape

#check @Proofs.Autograd.MultiHeadAttention.KtShape
#print axioms Proofs.Autograd.MultiHeadAttention.KtShape

#check @Proofs.Autograd.MultiHeadAttention.ScoresShape
#print axioms Proofs.Autograd.MultiHeadAttention.ScoresShape

#check @Proofs.Autograd.LayerNorm.MatShape
#print axioms Proofs.Autograd.LayerNorm.MatShape

#check @Proofs.Autograd.LayerNorm.VecShape
#print axioms Proofs.Autograd.LayerNorm.VecShape

#check @Proofs.Autograd.LayerNorm.ΓLN
#print axioms Proofs.Autograd.LayerNorm.ΓLN

#check @Proofs.Autograd.LayerNorm.ssPrefix6
#print axioms Proofs.Autograd.LayerNorm.ssPrefix6

#check @Proofs.Autograd.LayerNorm.ssPrefix7
#print axioms Proofs.Autograd.LayerNorm.ssPrefix7

#check @Proofs.Autograd.LayerNorm.ssLayerNorm
#print axioms Proofs.Autograd.LayerNorm.ssLayerNorm

#check @Proofs.Autograd.LayerNorm.idxX
#print axioms Proofs.Autograd.LayerNorm.idxX

#check @Proofs.Autograd.LayerNorm.idxGamma
#print axioms Proofs.Autograd.LayerNorm.idxGamma

#check @Proofs.Autograd.LayerNorm.idxBeta
#print axioms Proofs.Autograd.LayerNorm.idxBeta

#check @Proofs.Autograd.LayerNorm.nodeMean
#print axioms Proofs.Autograd.LayerNorm.nodeMean

#check @Proofs.Autograd.LayerNorm.g1
#print axioms Proofs.Autograd.LayerNorm.g1

#check @Proofs.Autograd.LayerNorm.idxMean
#print axioms Proofs.Autograd.LayerNorm.idxMean

#check @Proofs.Autograd.LayerNorm.nodeMeanB
#print axioms Proofs.Autograd.LayerNorm.nodeMeanB

#check @Proofs.Autograd.LayerNorm.g2
#print axioms Proofs.Autograd.LayerNorm.g2

#check @Proofs.Autograd.LayerNorm.idxMeanB
#print axioms Proofs.Autograd.LayerNorm.idxMeanB

#check @Proofs.Autograd.LayerNorm.nodeCentered
#print axioms Proofs.Autograd.LayerNorm.nodeCentered

#check @Proofs.Autograd.LayerNorm.g3
#print axioms Proofs.Autograd.LayerNorm.g3

#check @Proofs.Autograd.LayerNorm.idxCentered
#print axioms Proofs.Autograd.LayerNorm.idxCentered

#check @Proofs.Autograd.LayerNorm.nodeCenteredSq
#print axioms Proofs.Autograd.LayerNorm.nodeCenteredSq

#check @Proofs.Autograd.LayerNorm.g4
#print axioms Proofs.Autograd.LayerNorm.g4

#check @Proofs.Autograd.LayerNorm.idxCenteredSq
#print axioms Proofs.Autograd.LayerNorm.idxCenteredSq

#check @Proofs.Autograd.LayerNorm.nodeVar
#print axioms Proofs.Autograd.LayerNorm.nodeVar

#check @Proofs.Autograd.LayerNorm.g5
#print axioms Proofs.Autograd.LayerNorm.g5

#check @Proofs.Autograd.LayerNorm.idxVar
#print axioms Proofs.Autograd.LayerNorm.idxVar

#check @Proofs.Autograd.LayerNorm.nodeVarEps
#print axioms Proofs.Autograd.LayerNorm.nodeVarEps

#check @Proofs.Autograd.LayerNorm.layerNormPrefix6
#print axioms Proofs.Autograd.LayerNorm.layerNormPrefix6

#check @Proofs.Autograd.LayerNorm.idxVarEps
#print axioms Proofs.Autograd.LayerNorm.idxVarEps

#check @Proofs.Autograd.LayerNorm.nodeStd
#print axioms Proofs.Autograd.LayerNorm.nodeStd

#check @Proofs.Autograd.LayerNorm.layerNormPrefix7
#print axioms Proofs.Autograd.LayerNorm.layerNormPrefix7

#check @Proofs.Autograd.LayerNorm.idxStd
#print axioms Proofs.Autograd.LayerNorm.idxStd

#check @Proofs.Autograd.LayerNorm.nodeInvStd
#print axioms Proofs.Autograd.LayerNorm.nodeInvStd

#check @Proofs.Autograd.LayerNorm.g8
#print axioms Proofs.Autograd.LayerNorm.g8

#check @Proofs.Autograd.LayerNorm.idxInvStd
#print axioms Proofs.Autograd.LayerNorm.idxInvStd

#check @Proofs.Autograd.LayerNorm.nodeInvStdB
#print axioms Proofs.Autograd.LayerNorm.nodeInvStdB

#check @Proofs.Autograd.LayerNorm.g9
#print axioms Proofs.Autograd.LayerNorm.g9

#check @Proofs.Autograd.LayerNorm.idxCentered9
#print axioms Proofs.Autograd.LayerNorm.idxCentered9

#check @Proofs.Autograd.LayerNorm.idxInvStdB9
#print axioms Proofs.Autograd.LayerNorm.idxInvStdB9

#check @Proofs.Autograd.LayerNorm.nodeNorm
#print axioms Proofs.Autograd.LayerNorm.nodeNorm

#check @Proofs.Autograd.LayerNorm.g10
#print axioms Proofs.Autograd.LayerNorm.g10

#check @Proofs.Autograd.LayerNorm.nodeGammaB
#print axioms Proofs.Autograd.LayerNorm.nodeGammaB

#check @Proofs.Autograd.LayerNorm.g11
#print axioms Proofs.Autograd.LayerNorm.g11

#check @Proofs.Autograd.LayerNorm.idxNorm11
#print axioms Proofs.Autograd.LayerNorm.idxNorm11

#check @Proofs.Autograd.LayerNorm.idxGammaB11
#print axioms Proofs.Autograd.LayerNorm.idxGammaB11

#check @Proofs.Autograd.LayerNorm.nodeScaled
#print axioms Proofs.Autograd.LayerNorm.nodeScaled

#check @Proofs.Autograd.LayerNorm.g12
#print axioms Proofs.Autograd.LayerNorm.g12

#check @Proofs.Autograd.LayerNorm.nodeBetaB
#print axioms Proofs.Autograd.LayerNorm.nodeBetaB

#check @Proofs.Autograd.LayerNorm.g13
#print axioms Proofs.Autograd.LayerNorm.g13

#check @Proofs.Autograd.LayerNorm.idxScaled13
#print axioms Proofs.Autograd.LayerNorm.idxScaled13

#check @Proofs.Autograd.LayerNorm.idxBetaB13
#print axioms Proofs.Autograd.LayerNorm.idxBetaB13

#check @Proofs.Autograd.LayerNorm.nodeY
#print axioms Proofs.Autograd.LayerNorm.nodeY

#check @Proofs.Autograd.LayerNorm.layerNormGraph
#print axioms Proofs.Autograd.LayerNorm.layerNormGraph

#check @Proofs.Autograd.LayerNorm.layerNormGraphFderivCorrectAt
#print axioms Proofs.Autograd.LayerNorm.layerNormGraphFderivCorrectAt

#check @Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at
#print axioms Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at

#check @Proofs.Autograd.LayerNorm.Inputs
#print axioms Proofs.Autograd.LayerNorm.Inputs

#check @Proofs.Autograd.LayerNorm.idxY
#print axioms Proofs.Autograd.LayerNorm.idxY

#check @Proofs.Autograd.LayerNorm.packInputsCLM
#print axioms Proofs.Autograd.LayerNorm.packInputsCLM

#check @Proofs.Autograd.LayerNorm.outputCLM
#print axioms Proofs.Autograd.LayerNorm.outputCLM

#check @Proofs.Autograd.LayerNorm.wholeNode
#print axioms Proofs.Autograd.LayerNorm.wholeNode

#check @Proofs.Autograd.LayerNorm.wholeNodeFDerivCorrectAt
#print axioms Proofs.Autograd.LayerNorm.wholeNodeFDerivCorrectAt

#check @Proofs.Autograd.Transformer.ΓDecoderCore
#print axioms Proofs.Autograd.Transformer.ΓDecoderCore

#check @Proofs.Autograd.Transformer.ssDecoderCore
#print axioms Proofs.Autograd.Transformer.ssDecoderCore

#check @Proofs.Autograd.Transformer.idxDecoderResidualInput
#print axioms Proofs.Autograd.Transformer.idxDecoderResidualInput

#check @Proofs.Autograd.Transformer.idxDecoderNorm1Gamma
#print axioms Proofs.Autograd.Transformer.idxDecoderNorm1Gamma

#check @Proofs.Autograd.Transformer.idxDecoderNorm1Beta
#print axioms Proofs.Autograd.Transformer.idxDecoderNorm1Beta

#check @Proofs.Autograd.Transformer.idxDecoderNorm2Gamma
#print axioms Proofs.Autograd.Transformer.idxDecoderNorm2Gamma

#check @Proofs.Autograd.Transformer.idxDecoderNorm2Beta
#print axioms Proofs.Autograd.Transformer.idxDecoderNorm2Beta

#check @Proofs.Autograd.Transformer.decoderMaskedCoreDGraph
#print axioms Proofs.Autograd.Transformer.decoderMaskedCoreDGraph

#check @Proofs.Autograd.Transformer.idxDecoderHeadOut
#print axioms Proofs.Autograd.Transformer.idxDecoderHeadOut

#check @Proofs.Autograd.Transformer.idxDecoderMergedAttention
#print axioms Proofs.Autograd.Transformer.idxDecoderMergedAttention

#check @Proofs.Autograd.Transformer.idxDecoderResidualInputAfterMerge
#print axioms Proofs.Autograd.Transformer.idxDecoderResidualInputAfterMerge

#check @Proofs.Autograd.Transformer.idxDecoderAttentionResidual
#print axioms Proofs.Autograd.Transformer.idxDecoderAttentionResidual

#check @Proofs.Autograd.Transformer.decoderNorm1Inputs
#print axioms Proofs.Autograd.Transformer.decoderNorm1Inputs

#check @Proofs.Autograd.Transformer.decoderAfterNorm1Graph
#print axioms Proofs.Autograd.Transformer.decoderAfterNorm1Graph

#check @Proofs.Autograd.Transformer.idxDecoderNorm1Out
#print axioms Proofs.Autograd.Transformer.idxDecoderNorm1Out

#check @Proofs.Autograd.Transformer.idxDecoderNorm1OutAfterFfn
#print axioms Proofs.Autograd.Transformer.idxDecoderNorm1OutAfterFfn

#check @Proofs.Autograd.Transformer.idxDecoderFfnHiddenPre
#print axioms Proofs.Autograd.Transformer.idxDecoderFfnHiddenPre

#check @Proofs.Autograd.Transformer.idxDecoderFfnHiddenAct
#print axioms Proofs.Autograd.Transformer.idxDecoderFfnHiddenAct

#check @Proofs.Autograd.Transformer.idxDecoderFfnProjected
#print axioms Proofs.Autograd.Transformer.idxDecoderFfnProjected

#check @Proofs.Autograd.Transformer.idxDecoderFfnResidual
#print axioms Proofs.Autograd.Transformer.idxDecoderFfnResidual

#check @Proofs.Autograd.Transformer.decoderFfnResidualGraph
#print axioms Proofs.Autograd.Transformer.decoderFfnResidualGraph

#check @Proofs.Autograd.Transformer.decoderNorm2Inputs
#print axioms Proofs.Autograd.Transformer.decoderNorm2Inputs

#check @Proofs.Autograd.Transformer.decoderCoreGraph
#print axioms Proofs.Autograd.Transformer.decoderCoreGraph

#check @Proofs.Autograd.Transformer.decoderFfnResidualGraphFDerivCorrectAt
#print axioms Proofs.Autograd.Transformer.decoderFfnResidualGraphFDerivCorrectAt

#check @Proofs.Autograd.Transformer.decoderCoreGraphFDerivCorrectAt
#print axioms Proofs.Autograd.Transformer.decoderCoreGraphFDerivCorrectAt

#check @Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at
#print axioms Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at

#check @Proofs.Autograd.Transformer.projectedMaskedDecoderAttentionPack_hasFDerivAt
#print axioms Proofs.Autograd.Transformer.projectedMaskedDecoderAttentionPack_hasFDerivAt

#check @Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt
#print axioms Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt

#check @Proofs.Autograd.Transformer.postNormEncoderBlock_hasFDerivAt
#print axioms Proofs.Autograd.Transformer.postNormEncoderBlock_hasFDerivAt

#check @Proofs.Autograd.Transformer.SeqFFNModelShape
#print axioms Proofs.Autograd.Transformer.SeqFFNModelShape

#check @Proofs.Autograd.Transformer.SeqFFNHiddenShape
#print axioms Proofs.Autograd.Transformer.SeqFFNHiddenShape

#check @Proofs.Autograd.Transformer.ΓSeqFFN
#print axioms Proofs.Autograd.Transformer.ΓSeqFFN

#check @Proofs.Autograd.Transformer.ssSeqFFNResidual
#print axioms Proofs.Autograd.Transformer.ssSeqFFNResidual

#check @Proofs.Autograd.Transformer.seqFfnIdxX
#print axioms Proofs.Autograd.Transformer.seqFfnIdxX

#check @Proofs.Autograd.Transformer.seqFfnIdxHiddenPre
#print axioms Proofs.Autograd.Transformer.seqFfnIdxHiddenPre

#check @Proofs.Autograd.Transformer.seqFfnIdxHiddenAct
#print axioms Proofs.Autograd.Transformer.seqFfnIdxHiddenAct

#check @Proofs.Autograd.Transformer.seqFfnIdxProjected
#print axioms Proofs.Autograd.Transformer.seqFfnIdxProjected

#check @Proofs.Autograd.Transformer.seqFfnResidualDGraph
#print axioms Proofs.Autograd.Transformer.seqFfnResidualDGraph

#check @Proofs.Autograd.Transformer.seqFfnResidual_backpropVec_eq_adjoint_fderiv
#print axioms Proofs.Autograd.Transformer.seqFfnResidual_backpropVec_eq_adjoint_fderiv

#check @Proofs.Autograd.Transformer.ΓPostNorm
#print axioms Proofs.Autograd.Transformer.ΓPostNorm

#check @Proofs.Autograd.Transformer.ssPostNorm
#print axioms Proofs.Autograd.Transformer.ssPostNorm

#check @Proofs.Autograd.Transformer.postNormGraph
#print axioms Proofs.Autograd.Transformer.postNormGraph

#check @Proofs.Autograd.Transformer.postNormGraphFderivCorrectAt
#print axioms Proofs.Autograd.Transformer.postNormGraphFderivCorrectAt

#check @Proofs.Autograd.Transformer.postNorm_backpropVec_eq_adjoint_fderiv_at
#print axioms Proofs.Autograd.Transformer.postNorm_backpropVec_eq_adjoint_fderiv_at

#check @Proofs.Autograd.Transformer.residualThenPostNorm_hasFDerivAt
#print axioms Proofs.Autograd.Transformer.residualThenPostNorm_hasFDerivAt

#check @Proofs.Autograd.Transformer.twoSublayerPostNormBlock_hasFDerivAt
#print axioms Proofs.Autograd.Transformer.twoSublayerPostNormBlock_hasFDerivAt

#check @Proofs.Autograd.Transformer.residualAttentionPostNorm_backpropVec_eq_adjoint_fderiv_at
#print axioms Proofs.Autograd.Transformer.residualAttentionPostNorm_backpropVec_eq_adjoint_fderiv_at

#check @Proofs.Autograd.Transformer.residualFeedForwardPostNorm_backpropVec_eq_adjoint_fderiv_at
#print axioms Proofs.Autograd.Transformer.residualFeedForwardPostNorm_backpropVec_eq_adjoint_fderiv_at

#check @Proofs.Autograd.Idx.weaken
#print axioms Proofs.Autograd.Idx.weaken

#check @Proofs.Autograd.Idx.last
#print axioms Proofs.Autograd.Idx.last

#check @Proofs.mathfunc_tanh_eq_rtanh
#print axioms Proofs.mathfunc_tanh_eq_rtanh

#check @Proofs.tanh_exp_eq
#print axioms Proofs.tanh_exp_eq

#check @Proofs.eventually_of_forall
#print axioms Proofs.eventually_of_forall

#check @Proofs.tanh_deriv_correct
#print axioms Proofs.tanh_deriv_correct

#check @Proofs.gelu_deriv_correct
#print axioms Proofs.gelu_deriv_correct

#check @Proofs.TensorAlgebra.toVec
#print axioms Proofs.TensorAlgebra.toVec

#check @Proofs.TensorAlgebra.ofVec
#print axioms Proofs.TensorAlgebra.ofVec

#check @Proofs.TensorAlgebra.toVec_ofVec
#print axioms Proofs.TensorAlgebra.toVec_ofVec

#check @Spec.dot
#print axioms Spec.dot

#check @Spec.tensor_foldl_spec_go_of_lt
#print axioms Spec.tensor_foldl_spec_go_of_lt

#check @Spec.tensor_foldl_spec_go_of_not_lt
#print axioms Spec.tensor_foldl_spec_go_of_not_lt

#check @Spec.tensor_foldl_spec_add_init
#print axioms Spec.tensor_foldl_spec_add_init

#check @MathFunctions
#print axioms MathFunctions

#check @Spec.Shape
#print axioms Spec.Shape

#check @Spec.Shape.size
#print axioms Spec.Shape.size

#check @Spec.Tensor
#print axioms Spec.Tensor

#check @Spec.Tensor.map2Spec
#print axioms Spec.Tensor.map2Spec

#check @Spec.Tensor.mulSpec
#print axioms Spec.Tensor.mulSpec

#check @Spec.Tensor.tensorFoldlSpec
#print axioms Spec.Tensor.tensorFoldlSpec

#check @Spec.Tensor.sumSpec
#print axioms Spec.Tensor.sumSpec

#check @Spec.Tensor.flattenSpec
#print axioms Spec.Tensor.flattenSpec

#check @Spec.Tensor.unflattenSpec
#print axioms Spec.Tensor.unflattenSpec

#check @Spec.Tensor.unflatten_flatten_inverse
#print axioms Spec.Tensor.unflatten_flatten_inverse

#check @Activation.Math.tanhSpec
#print axioms Activation.Math.tanhSpec

#check @Activation.Math.tanhDerivSpec
#print axioms Activation.Math.tanhDerivSpec

#check @Activation.Math.geluSpec
#print axioms Activation.Math.geluSpec

#check @Activation.Math.geluDerivSpec
#print axioms Activation.Math.geluDerivSpec

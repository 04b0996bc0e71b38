"""Reading and writing one block of a context vector, and nodes from vector-level maps.

Twin of `NN/Proofs/Autograd/Tape/Nodes/Context.lean`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mirror.algebra.soundness import TList
from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import (
    CtxVec,
    append_vec,
    cast_clm,
    cast_vec,
    ctx_size,
    flatten_ctx,
    of_vec_t,
    to_vec_t,
    unflatten_ctx,
)
from mirror.core.soundness import Idx, Node, VecMaps
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearFunction, LinearMap
from mirror.links import mirrors
from mirror.spec.core.shape import Context, Shape, size
from mirror.spec.core.tensor.core import Tensor


@mirrors("Proofs.Autograd.CtxVec.getRaw")
def get_raw(context: Context, i: int, v: CtxVec) -> Vec:
    """Block i of a context vector, block by block as Lean recurses."""
    head = size(context[0])
    if i == 0:
        return v[:head]
    return get_raw(context[1:], i - 1, v[head:])


@mirrors("Proofs.Autograd.CtxVec.singleRaw")
def single_raw(ar: Arithmetic, context: Context, i: int, v: Vec) -> CtxVec:
    """The context vector with `v` in block i and zeros elsewhere, block by block as Lean recurses."""
    if i == 0:
        return append_vec(ar, v, ar.zeros(ctx_size(context[1:])))
    return append_vec(ar, ar.zeros(size(context[0])), single_raw(ar, context[1:], i - 1, v))


@mirrors("Proofs.Autograd.CtxVec.get")
def get(idx: Idx, x: CtxVec) -> Vec:
    """Block `idx` of a context vector; raises `ValueError` for a vector of another length."""
    # `getRaw` walks the list; the index knows where its block lies. A test holds the two equal.
    return cast_vec(idx.total, x)[idx.start : idx.stop]


@mirrors("Proofs.Autograd.CtxVec.single")
def single(ar: Arithmetic, idx: Idx, v: Vec) -> CtxVec:
    """The context vector with `v` in block `idx` and zeros elsewhere: the adjoint of `get`."""
    v = cast_vec(idx.stop - idx.start, v)
    return ar.concat([ar.zeros(idx.start), v, ar.zeros(idx.total - idx.stop)])


@mirrors("Proofs.Autograd.CtxVec.headCLM")
def head_clm(s: Shape, saved: Context) -> LinearMap:
    """The projection to the first block of a context (s, *saved)."""
    head, rest = size(s), ctx_size(saved)

    def apply(ar: Arithmetic, v: Array) -> Array:
        return v[:head]

    def adjoint(ar: Arithmetic, w: Array) -> Array:
        return ar.concat([w, ar.zeros(rest)])

    return LinearFunction(head + rest, head, apply, adjoint)


@mirrors("Proofs.Autograd.CtxVec.tailCLM")
def tail_clm(s: Shape, saved: Context) -> LinearMap:
    """The projection to the blocks after the first of a context (s, *saved)."""
    head, rest = size(s), ctx_size(saved)

    def apply(ar: Arithmetic, v: Array) -> Array:
        return v[head:]

    def adjoint(ar: Arithmetic, w: Array) -> Array:
        return ar.concat([ar.zeros(head), w])

    return LinearFunction(head + rest, rest, apply, adjoint)


@mirrors("Proofs.Autograd.CtxVec.getCLMRaw")
def get_clm_raw(context: Context, i: int) -> LinearMap:
    """`get_raw` as a composite of projections."""
    s, *saved = context
    if i == 0:
        return head_clm(s, tuple(saved))
    return get_clm_raw(tuple(saved), i - 1).comp(tail_clm(s, tuple(saved)))


@mirrors("Proofs.Autograd.CtxVec.getCLM")
def get_clm(idx: Idx) -> LinearMap:
    """`get` as a linear map."""
    n = size(idx.shape)
    return cast_clm(size(idx.context[idx.i]), n).comp(get_clm_raw(idx.context, idx.i))


@mirrors("Proofs.Autograd.Node.ofVec")
def node_of_vec(
    context: Context,
    shape: Shape,
    forward: Callable[[Arithmetic, Array], Array],
    jvp: Callable[[Arithmetic, Array, Array], Array],
    vjp: Callable[[Arithmetic, Array, Array], Array],
    *,
    kind: str = "node",
    inputs: tuple[Idx, ...] = (),
    parameters: Mapping[str, Any] | None = None,
) -> Node:
    """A node from vector-level maps: the tensor-level ones are these, conjugated by (un)flattening.

    Lean asks for a proof of ⟨jvp x dx, δ⟩ = ⟨dx, vjp x δ⟩ here; `Node.correct_inner` tries it.
    """

    vec = VecMaps(forward, jvp, vjp).of_kind(kind)

    def tensor_forward(ar: Arithmetic, x: TList) -> Tensor:
        return of_vec_t(shape, vec.forward(ar, flatten_ctx(ar, x)))

    def tensor_jvp(ar: Arithmetic, x: TList, dx: TList) -> Tensor:
        return of_vec_t(shape, vec.jvp(ar, flatten_ctx(ar, x), flatten_ctx(ar, dx)))

    def tensor_vjp(ar: Arithmetic, x: TList, delta: Tensor) -> TList:
        return unflatten_ctx(context, vec.vjp(ar, flatten_ctx(ar, x), to_vec_t(delta)))

    return Node(
        context,
        shape,
        tensor_forward,
        tensor_jvp,
        tensor_vjp,
        kind=kind,
        inputs=inputs,
        parameters={} if parameters is None else parameters,
        vec=vec,
    )

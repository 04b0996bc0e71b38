"""What the jitted block takes: the theorem's eight context entries and its fixed arguments, checked before tracing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Generic, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flint import fmpq

from mirror.arithmetic import rational
from mirror.dims import Dims
from mirror.jit.arrays import QKV, A, E, Given, NormWeights
from mirror.jit.formulas import Map, Maps
from mirror.jit.maps import AnyMap, MergeHeads, RowWise
from mirror.jit.plan import BiasPlan

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped

DTYPES = ("float64", "float32", "bfloat16")


class BlockContext(NamedTuple, Generic[E]):
    """The eight entries of Lean's `ΓDecoderCore`, with any leading batch axes, or what there is one of for each.

    q (H, n, d), kt (H, d, n), v (H, n, d), residual (n, D), γ1, β1, γ2 and β2 (D); a γ or β without batch axes
    is shared by the batch, and its cotangent is the sum over the batch.
    """

    q: Shaped[E, "*B H n d"]
    kt: Shaped[E, "*B H d n"]
    v: Shaped[E, "*B H n d"]
    residual: Shaped[E, "*B n D"]
    gamma1: Shaped[E, "... D"]
    beta1: Shaped[E, "... D"]
    gamma2: Shaped[E, "... D"]
    beta2: Shaped[E, "... D"]

    @property
    def qkv(self) -> QKV[E]:
        """What the attention reads."""
        return QKV(self.q, self.kt, self.v)

    @property
    def norms(self) -> NormWeights[E]:
        """γ and β of both norms."""
        return NormWeights(self.gamma1, self.beta1, self.gamma2, self.beta2)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Dense:
    """A linear map by its matrix (out, in) between row-major flattened arrays, as general as the theorem's."""

    matrix: Float[Given, "outputs inputs"]


_ARRAYS = ["merge", "merge_bias", "fc1", "b1", "fc2", "b2"]
_NUMBERS = ["scale", "eps1", "eps2"]


@partial(jax.tree_util.register_dataclass, data_fields=_ARRAYS, meta_fields=_NUMBERS)
@dataclass(frozen=True)
class BlockParameters:
    """The fixed arguments of the block, which receive no gradient.

    merge (H, d, D) or (H·d, D), fc1 (D, F) and fc2 (F, D) act at each position (rows are inputs), or are `Dense`;
    the biases are (D,), (F,) and (D,), or differ by position: (n, D), (n, F), (n, D). `scale`, `eps1` and `eps2` are
    numbers that the program is compiled for.
    """

    merge: Float[Given, "H d D"] | Float[Given, "Hd D"] | Dense
    merge_bias: Float[Given, "D"] | Float[Given, "n D"]
    fc1: Float[Given, "D F"] | Dense
    b1: Float[Given, "F"] | Float[Given, "n F"]
    fc2: Float[Given, "F D"] | Dense
    b2: Float[Given, "D"] | Float[Given, "n D"]
    scale: float
    eps1: float
    eps2: float


def check_context(context: BlockContext[Given]) -> tuple[tuple[int, ...], Dims]:
    """The batch axes and the dimensions of a context, which does not know the hidden one: 0.

    Raises `ValueError` for shapes that do not fit or are empty, `TypeError` for dtypes that are not supported.
    """
    batch, heads, n, dim = check_attention(context.qkv)
    check_dtypes(context._asdict())
    model = np.shape(context.residual)[-1] if np.ndim(context.residual) else 0
    _expect("residual", context.residual, "(…, n, D)", (*batch, n, model))
    for name, vector in context.norms._asdict().items():
        if np.shape(vector) != (model,):
            _expect(name, vector, "(D,) or (…, D)", (*batch, model))
    _not_empty(D=model)
    return batch, Dims(seq_len=n, d_model=model, num_heads=heads, head_dim=dim, d_ff=0)


def check_attention(qkv: QKV[Given]) -> tuple[tuple[int, ...], int, int, int]:
    """The batch axes, the heads, the positions and the head dimension; raises as `check_context` does."""
    check_dtypes(qkv._asdict())
    q, kt, v = qkv
    if np.ndim(q) < 3:
        raise ValueError(f"q has shape {np.shape(q)}, expected (…, H, n, d)")
    *batch, heads, n, dim = np.shape(q)
    _expect("kt", kt, "(…, H, d, n)", (*batch, heads, dim, n))
    _expect("v", v, "(…, H, n, d)", (*batch, heads, n, dim))
    _not_empty(batch=min(batch, default=1), H=heads, n=n, d=dim)
    return tuple(batch), heads, n, dim


def check_plan(plan: object, heads: int, n: int) -> None:
    """Raise `TypeError` for anything but a `BiasPlan`, `ValueError` for one that was made for another shape."""
    if not isinstance(plan, BiasPlan):
        raise TypeError(
            f"the plan is a {type(plan).__name__}, expected a BiasPlan: BiasPlan.of(bias, heads={heads}, seq_len={n})"
        )
    if (made := (plan.layout.heads, plan.layout.seq_len)) != (heads, n):
        raise ValueError(f"the plan was made for (H, n) = {made}, the context has (H, n) = {(heads, n)}")


def check_dtypes(arrays: dict[str, object]) -> None:
    """Raise `TypeError` unless all arrays have one dtype of `DTYPES`, `ValueError` for float64 without 64-bit mode."""
    dtypes = {name: _dtype(name, a) for name, a in arrays.items()}
    first, expected = next(iter(dtypes.items()))
    for name, dtype in dtypes.items():
        if dtype not in DTYPES:
            raise TypeError(f"{name} has dtype {dtype}, expected one of {', '.join(DTYPES)}")
        if dtype != expected:
            raise TypeError(f"{name} has dtype {dtype}, expected {expected} as {first} has")
    if expected == "float64" and not jax.config.jax_enable_x64:  # type: ignore[attr-defined]
        raise ValueError(
            "float64 needs 64-bit mode: call jax.config.update('jax_enable_x64', True) first, or pass float32"
        )


def _dtype(name: str, array: object) -> str:
    if (dtype := getattr(array, "dtype", None)) is None:
        raise TypeError(f"{name} is a {type(array).__name__}, expected a JAX or NumPy array")
    return jnp.dtype(dtype).name


def _expect(name: str, array: Given, symbols: str, shape: tuple[int, ...]) -> None:
    if np.shape(array) != shape:
        raise ValueError(f"{name} has shape {np.shape(array)}, expected {symbols} = {shape}")


def _not_empty(**sizes: int) -> None:
    for name, size in sizes.items():
        if size == 0:
            raise ValueError(
                f"{name} is 0: the jitted block needs at least one of everything; the mirror takes empty ones"
            )


def check_parameters(p: object, dims: Dims) -> Dims:
    """The dimensions with the hidden one; raises `TypeError` and `ValueError` as `check_context` does."""
    if not isinstance(p, BlockParameters):
        raise TypeError(f"the parameters are a {type(p).__name__}, expected mirror.jit.BlockParameters")
    heads, n, dim, model = dims.num_heads, dims.seq_len, dims.head_dim, dims.d_model
    for name in _ARRAYS:
        array = getattr(p, name)
        array = array.matrix if isinstance(array, Dense) else array
        if (dtype := _dtype(name, array)) not in DTYPES:
            raise TypeError(f"{name} has dtype {dtype}, expected one of {', '.join(DTYPES)}")
    hidden = _hidden(p, n)
    _map(
        "merge",
        p.merge,
        ((heads, dim, model), (heads * dim, model)),
        "(H, d, D) or (H·d, D)",
        n * model,
        heads * n * dim,
    )
    _map("fc1", p.fc1, ((model, hidden),), "(D, F)", n * hidden, n * model)
    _map("fc2", p.fc2, ((hidden, model),), "(F, D)", n * model, n * hidden)
    for name, width in (("merge_bias", model), ("b1", hidden), ("b2", model)):
        bias = getattr(p, name)
        if np.shape(bias) != (width,):
            _expect(name, bias, f"({width},) or (n, width)", (n, width))
    _not_empty(F=hidden)
    for name in _NUMBERS:
        number(name, getattr(p, name))
    return replace(dims, d_ff=hidden)


def _hidden(p: BlockParameters, n: int) -> int:
    matrix = p.fc1.matrix if isinstance(p.fc1, Dense) else p.fc1
    if np.ndim(matrix) != 2:
        raise ValueError(f"fc1 has shape {np.shape(matrix)}, expected (D, F)")
    return np.shape(matrix)[0] // n if isinstance(p.fc1, Dense) else np.shape(matrix)[1]


def _map(
    name: str, value: Given | Dense, shapes: tuple[tuple[int, ...], ...], symbols: str, out: int, into: int
) -> None:
    if isinstance(value, Dense):
        _expect(f"{name}.matrix", value.matrix, "(outputs, inputs)", (out, into))
    elif np.shape(value) not in shapes:
        raise ValueError(f"{name} has shape {np.shape(value)}, expected {symbols} = {' or '.join(map(str, shapes))}")


def maps_of(p: BlockParameters, dims: Dims, embed: Callable[[Given], A]) -> Maps[A]:
    """The linear maps and biases as the formulas take them; `embed` brings an array into the arithmetic."""
    heads, n, dim, model = dims.num_heads, dims.seq_len, dims.head_dim, dims.d_model
    rows, inner = (n, model), (n, dims.d_ff)

    def matrix(value: Given | Dense, domain: tuple[int, ...], codomain: tuple[int, ...]) -> Map[A]:
        return AnyMap(embed(value.matrix), domain, codomain) if isinstance(value, Dense) else RowWise(embed(value))

    if isinstance(p.merge, Dense):
        merge = matrix(p.merge, (heads, n, dim), rows)
    else:
        merge = MergeHeads(embed(p.merge).reshape(heads, dim, model))
    return Maps(
        merge,
        embed(p.merge_bias),
        matrix(p.fc1, rows, inner),
        embed(p.b1),
        matrix(p.fc2, inner, rows),
        embed(p.b2),
        number("eps1", p.eps1),
        number("eps2", p.eps2),
        by_row=np.ndim(p.b1) == 1 and not isinstance(p.fc1, Dense) and not isinstance(p.fc2, Dense),
    )


def number(name: str, value: float) -> fmpq:
    """A fixed number of the block as the exact rational that it is; raises `ValueError` and `TypeError` by its name."""
    if isinstance(value, jax.Array):
        raise TypeError(
            f"{name} is a JAX array, expected a number that the program is compiled for: float({name}), outside jax.jit"
        )
    try:
        return rational(value)
    except (TypeError, ValueError) as why:
        raise type(why)(f"{name}: {why}") from why

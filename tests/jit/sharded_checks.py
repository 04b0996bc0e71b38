"""What `test_sharded` asks of 8 devices, in a process that has them: `python -m tests.jit.sharded_checks PART`.

Prints what was found as JSON; judges nothing but floats against their certified enclosures.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from unittest.mock import patch

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from mirror.arithmetic import BALL, precision
from mirror.arithmetic.rounded import RoundedArray
from mirror.jit import (
    BiasPlan,
    BlockContext,
    BlockParameters,
    Dense,
    decoder_core,
    decoder_core_on,
    masked_attention_on,
    mesh_of,
    sharded,
    shardings,
)
from mirror.jit.arrays import QKV
from mirror.jit.mesh import AXES
from theorems.engine.evidence.block_floats import AttentionInstances, BlockInstances, Instances
from theorems.engine.evidence.floats import BITS, judge_floats

MESHES = {"8 batch": (8, 1, 1), "8 heads": (1, 8, 1), "8 sequence": (1, 1, 8), "2·2·2": (2, 2, 2)}


def meshes() -> Iterator[tuple[str, Mesh]]:
    for name, (batch, heads, sequence) in MESHES.items():
        yield name, mesh_of(batch=batch, heads=heads, sequence=sequence)


class BlockCall:
    """A call of the block; γ1 and β1 differ by example, γ2 and β2 are shared by the batch."""

    def __init__(self, B: int, H: int, n: int, d: int, D: int, F: int, *, dtype: str = "float64") -> None:
        rng = np.random.default_rng(B * n * F)
        draw = lambda *shape: rng.standard_normal(shape).astype(jax.numpy.dtype(dtype))  # noqa: E731
        self.context = BlockContext(
            draw(B, H, n, d),
            draw(B, H, d, n),
            draw(B, H, n, d),
            draw(B, n, D),
            draw(B, D),
            draw(B, D),
            draw(D),
            draw(D),
        )
        self.parameters = BlockParameters(
            draw(H, d, D), draw(n, D), draw(D, F), draw(n, F), draw(F, D), draw(D), scale=0.5, eps1=0.0, eps2=1e-5
        )
        # Causal, with a gap that may be skipped for most queries, and slopes that differ by head.
        distance = np.subtract.outer(np.arange(n), np.arange(n))
        self.bias = np.where(distance < 0, -300.0, -np.arange(1, H + 1)[:, None, None] * distance / H)
        self.cotangent = draw(B, n, D)

    def plan_for(self, mesh: Mesh) -> BiasPlan:
        """A plan with few panels, which compile faster: at least two, and one for each share of the sequence."""
        heads, n, _ = self.context.q.shape[-3:]
        return BiasPlan.of(self.bias, heads=heads, seq_len=n, tile=n // max(2, mesh.shape["sequence"]))

    @property
    def attention(self) -> QKV[Any]:
        return QKV(*self.context[:3])


# ---- results


def results() -> Any:
    """Verdicts of each mesh: the output and cotangents of each example, and the cotangents that all examples share."""
    case = BlockCall(8, 8, 8, 2, 3, 8)
    # The device of this head of this example may not skip, the others may: blocked keys have weight here.
    case.context.q[0, 0] *= 1000
    # The first norm of this row is not differentiable, so the whole example has no cotangents before it.
    case.context.v[1] = 0
    case.context.residual[1, 5] = case.parameters.merge_bias[5] = 0
    found = {name: both(case, mesh) for name, mesh in meshes()}
    half, mesh = BlockCall(2, 2, 4, 2, 4, 2, dtype="bfloat16"), mesh_of(batch=2, heads=2, sequence=2)
    split = {"2·2·2, bfloat16": both(half, mesh)}
    dense, mesh = BlockCall(2, 1, 3, 2, 2, 1), mesh_of(batch=2)
    dense.parameters = replace(dense.parameters, merge=Dense(np.linspace(-1.0, 1.0, 36).reshape(6, 6)))
    mixed = {"2 batch, any linear map": both(dense, mesh), "2 batch, in a shard_map": both(dense, mesh, in_shard_map)}
    return verdicts(case, found) | verdicts(half, split) | verdicts(dense, mixed) | attention_results()


def in_shard_map(mesh: Mesh) -> Callable[..., Any]:
    """The block of one device, on shares of the batch, as a user who knows nothing of `decoder_core_on` has it."""

    def on_shares(context: BlockContext, parameters: BlockParameters, plan: BiasPlan) -> Any:
        batch, whole = PartitionSpec("batch"), PartitionSpec()
        given = (BlockContext(*[batch] * 6, *[whole] * 2), whole, whole)
        return jax.shard_map(decoder_core, mesh=mesh, in_specs=given, out_specs=batch)(context, parameters, plan)

    return on_shares


def both(case: BlockCall, mesh: Mesh, on: Callable[[Mesh], Any] = decoder_core_on) -> list[np.ndarray]:
    """The output and the cotangents of the context."""
    plan = case.plan_for(mesh)
    y, pull = jax.vjp(lambda c: on(mesh)(c, case.parameters, plan), case.context)
    return [np.asarray(a) for a in (y, *pull(case.cotangent)[0])]


def verdicts(case: BlockCall, found: dict[str, list[np.ndarray]]) -> dict[str, Any]:
    """Verdicts by name; γ2 and β2 are shared by the batch, and so are their cotangents."""
    shared = [np.broadcast_to(a, (len(case.cotangent), *a.shape)) for a in case.context[6:]]
    instances = BlockInstances(BlockContext(*case.context[:6], *shared), case.parameters, case.bias, case.cotangent)
    return {name: judged(instances, values, shared=2) for name, values in found.items()}


def judged(instances: Instances, values: list[np.ndarray], shared: int = 0) -> dict[str, int]:
    """How many examples have which verdict; arrays that the batch shares, the last, are judged by sums."""
    ar = instances.enclosing
    backend, own = ar.stored or ar.backend, len(values) - shared
    verdicts: Counter[str] = Counter()
    with precision(BITS):
        balls, real = enclosed(instances)
        for k in range(len(instances.cotangent)):
            value, ball, exact = (
                np.concatenate([a[k].ravel() for a in arrays[:own]]) for arrays in (values, balls, real)
            )
            verdicts[judge_floats(value, ball, exact, backend).verdict] += 1
        for value, ball, exact in zip(values[own:], balls[own:], real[own:], strict=True):
            total = ar.store(ar.sum(RoundedArray(ar, ball), 0)).balls
            verdicts[judge_floats(value, total, BALL.sum(exact, 0), backend).verdict] += 1
    return verdicts


@cache
def enclosed(instances: Instances) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The enclosures of the output and of each cotangent, and their real values, with the batch axis."""
    balls = instances.enclosures(instances.enclosing)
    real = np.stack([instances.real(k) for k in range(len(instances.cotangent))])
    return balls, np.split(real, np.cumsum([b[0].size for b in balls])[:-1], axis=1)


def attention_results() -> dict[str, Any]:
    """The attention alone, with two batch axes and without any."""
    case = BlockCall(4, 2, 4, 2, 1, 1)
    cotangent = case.context.v
    split = [a.reshape(2, 2, *a.shape[1:]) for a in (*case.attention, cotangent)]
    two = attention_both(case, mesh_of(batch=2, heads=2, sequence=2), *split)
    none = attention_both(case, mesh_of(sequence=4), *(a[0] for a in (*case.attention, cotangent)))
    instances = AttentionInstances(case.attention, 0.5, case.bias, cotangent)
    first = AttentionInstances(QKV(*(a[:1] for a in case.attention)), 0.5, case.bias, cotangent[:1])
    return {
        "attention, two batch axes": judged(instances, [a.reshape(4, *a.shape[2:]) for a in two]),
        "attention, no batch axis": judged(first, [a[None] for a in none]),
    }


def attention_both(case: BlockCall, mesh: Mesh, q: Any, kt: Any, v: Any, g: Any) -> list[np.ndarray]:
    plan = case.plan_for(mesh)
    y, pull = jax.vjp(lambda *qkv: masked_attention_on(mesh)(*qkv, plan, 0.5), q, kt, v)
    return [np.asarray(a) for a in (y, *pull(g))]


# ---- compiled programs


def programs() -> Any:
    """What the compiled forward run and pullback ask of a device, on every mesh, and of the others."""
    case = BlockCall(8, 8, 64, 32, 128, 512)
    # Eight shares of the sequence are eight panels, which compile slowly, and twice as slowly if they may be skipped.
    eighths = case.plan_for(mesh_of(sequence=8))
    found = {name: pair(case, mesh, skip=name != "8 sequence") for name, mesh in meshes()}
    alone = pair(case, mesh_of(), decoder_core)
    in_eighths = pair(case, mesh_of(), decoder_core, eighths, skip=False)
    wholes = {name: in_eighths if name == "8 sequence" else alone for name in found}
    return {
        "collectives": {name: [c for c, _ in two] for name, two in found.items()},
        "on one device": [c for c, _ in alone],
        "misplaced": misplaced(case),
        "shares": {name: [b / a for (_, a), (_, b) in zip(wholes[name], found[name], strict=True)] for name in found},
    }


def pair(
    case: BlockCall, mesh: Mesh, function: Any = None, plan: BiasPlan | None = None, skip: bool = True
) -> list[tuple[dict[str, int], float]]:
    """The collectives and FLOPs of the forward run, with what the pullback needs, and of the pullback."""
    arguments = (case.context, case.parameters, plan or case.plan_for(mesh))
    where = shardings(mesh, *arguments)
    context, *fixed = map(jax.device_put, arguments, where)
    core = function or decoder_core_on(mesh)
    forward = jax.jit(lambda c: jax.vjp(lambda c: core(c, *fixed, skip=skip), c)).lower(context).compile()
    _, pull = forward(context)
    g = jax.device_put(case.cotangent, where[0].residual)
    pullback = jax.jit(lambda pull, g: pull(g)).lower(pull, g).compile()
    return [(collectives(program, mesh), flops(program)) for program in (forward, pullback)]


def flops(program: Any) -> float:
    """The floating-point operations of one device."""
    return program.cost_analysis()["flops"]


def misplaced(case: BlockCall) -> Any:
    """The collectives where the queries are split by position and the program wants them by example."""
    mesh = mesh_of(batch=8)
    q = jax.device_put(case.context.q, NamedSharding(mesh, PartitionSpec(None, None, "batch")))
    step = jax.jit(
        lambda q: decoder_core_on(mesh)(
            case.context._replace(q=q), case.parameters, case.plan_for(mesh_of()), skip=False
        )
    )
    return collectives(step.lower(q).compile(), mesh)


# XLA's operations between devices; what starts one that another operation finishes counts as one.
COLLECTIVE = re.compile(r"= .*?\s([a-z-]*(?:all|collective|reduce-scatter|send)[a-z-]*)(?:-start)?\(.*channel_id=")
GROUPS = re.compile(r"replica_groups=\{\{([\d,]+)\}")


def collectives(program: Any, mesh: Mesh) -> dict[str, int]:
    """How often there is which collective, over which axes of the mesh."""
    lines = [line for line in program.as_text().splitlines() if "channel_id=" in line or "replica_groups=" in line]
    return dict(sorted(Counter(described(line, mesh) for line in lines).items()))


def described(line: str, mesh: Mesh) -> str:
    """One collective in words, or the line itself if it is none that is known."""
    kind, groups = COLLECTIVE.search(line), GROUPS.search(line)
    if not kind or not groups:
        return kind[1] if kind else line
    ids = np.vectorize(lambda device: device.id)(mesh.devices)
    places = np.argwhere(np.isin(ids, [int(i) for i in groups[1].split(",")]))
    axes = [name for name, along in zip(AXES, places.T, strict=True) if len(set(along)) > 1]
    return f"{kind[1]} over {', '.join(axes)}"


# ---- errors


def errors() -> Any:
    """What is said about wrong calls; nothing is traced, for there is nothing to trace with."""
    odd, even = BlockCall(3, 3, 6, 2, 2, 2), BlockCall(2, 2, 6, 2, 2, 2)
    dense = replace(even.parameters, merge=Dense(np.ones((12, 24))))
    calls = {
        "batch": lambda: core(odd, mesh_of(batch=2)),
        "heads": lambda: core(odd, mesh_of(heads=2)),
        "sequence": lambda: core(odd, mesh_of(sequence=4)),
        "tile": lambda: core(odd, mesh_of(sequence=3)),
        "rows": lambda: core(even, mesh_of(heads=2, sequence=2)),
        "hidden": lambda: core(BlockCall(2, 2, 6, 2, 2, 3), mesh_of(heads=2)),
        "Dense": lambda: decoder_core_on(mesh_of(heads=2))(even.context, dense, even.plan_for(mesh_of())),
        "no batch": lambda: attention([a[0] for a in even.attention], even, mesh_of(batch=2)),
        "attention": lambda: attention(odd.attention, odd, mesh_of(heads=2)),
        "devices": lambda: mesh_of(batch=4, heads=3),
        "none": lambda: mesh_of(batch=0),
        "not a mesh": lambda: decoder_core_on(jax.devices()),  # type: ignore[arg-type]
        "other axes": lambda: masked_attention_on(jax.make_mesh((8,), ("x",))),
    }
    with patch.object(sharded, "_decoder_core", None), patch.object(sharded, "_masked_attention", None):
        found = {name: said(call) for name, call in calls.items()}
    return found | {name: said(call) for name, call in gradients(even).items()}


def core(case: BlockCall, mesh: Mesh) -> Any:
    return decoder_core_on(mesh)(case.context, case.parameters, case.plan_for(mesh_of()))


def attention(qkv: Sequence[Any], case: BlockCall, mesh: Mesh) -> Any:
    return masked_attention_on(mesh)(*qkv, case.plan_for(mesh_of()), 1.0)


def gradients(case: BlockCall) -> dict[str, Callable[[], Any]]:
    """Derivatives that nobody computes."""
    on, plan = mesh_of(batch=2), case.plan_for(mesh_of())

    def of_bias(merge_bias: Any) -> Any:
        return decoder_core_on(on)(case.context, replace(case.parameters, merge_bias=merge_bias), plan).sum()

    def of_mask(strips: Any) -> Any:
        return masked_attention_on(on)(*case.attention, BiasPlan(plan.layout, strips), 1.0).sum()

    return {
        "parameters": lambda: jax.grad(of_bias)(case.parameters.merge_bias),
        "mask": lambda: jax.grad(of_mask)(plan.strips),
    }


def said(call: Callable[[], Any]) -> str:
    try:
        call()
    except (TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


if __name__ == "__main__":
    print(json.dumps({"results": results, "programs": programs, "errors": errors}[sys.argv[1]]()))

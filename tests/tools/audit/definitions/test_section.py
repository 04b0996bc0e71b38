"""The comparison of definitions sees a fault of the mirror wherever one is planted, and names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pytest
from flint import fmpq

from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.nodes import arithmetic, elementwise
from mirror.ops.attention import masked_multi_head_self_attention as attention
from mirror.ops.norm import layer_norm
from mirror.ops.norm.layer_norm import graph as layer_norm_graphs
from mirror.ops.norm.layer_norm import nodes as layer_norm_nodes
from mirror.ops.transformer import decoder_block as block
from mirror.ops.transformer import feed_forward
from tests.tools.audit.conftest import BLOCK, NORM, failing
from theorems.tools.audit.definitions.arguments import python_name
from theorems.tools.audit.definitions.functions import NotReadError, same_function
from theorems.tools.audit.definitions.section import same_definition
from theorems.tools.audit.findings import AuditVerdict, count
from theorems.tools.audit.material import Material


def test_everything_that_the_reader_interprets_is_compared_and_is_the_same(pinned: Material) -> None:
    section = same_definition(pinned)
    interpreted = {name for name, made in pinned.pinned.items() if made.values}
    assert failing(section) == {}
    assert {f.name for f in section.findings if f.verdict is AuditVerdict.HOLDS} == interpreted
    assert section.summary.endswith(f"{count(section.findings, AuditVerdict.NOT_CHECKED)} not interpreted")


def _index(position: int) -> Callable[..., Any]:
    def build(dims: Dims) -> Idx:
        context = (*block.context_decoder_core(dims), *block.saved_decoder_core(dims)[:8])
        return Idx(context, position, context[position])

    return build


def _swapped(inputs: Callable[..., Any]) -> Callable[..., Any]:
    def build(dims: Dims) -> Any:
        made = inputs(dims)
        return layer_norm.Inputs(made.x, made.beta, made.gamma)

    return build


def _shortened(build: Callable[..., Any]) -> Callable[..., Any]:
    def shorter(dims: Dims, p: block.Parameters) -> Any:
        graph = build(dims, p)
        return type(graph)(graph.context, graph.nodes[:-1])

    return shorter


def _other_input(add: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b: add(b, a)


def _reversed(build: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *a, **k: tuple(reversed(build(*a, **k)))


def _other_parameters(build: Callable[..., Any]) -> Callable[..., Any]:
    def other(dims: Dims, p: block.Parameters) -> Any:
        swapped = {"fc1": p.fc2, "b1": p.b2, "fc2": p.fc1, "b2": p.b1}
        fields = {name: getattr(p, name) for name in p.__slots__}
        return build(dims, block.Parameters(**(fields | swapped)))

    return other


def _same_epsilon(build: Callable[..., Any]) -> Callable[..., Any]:
    return lambda inputs, eps: build(inputs, fmpq(1))


FAULTS: list[tuple[Any, str, Callable[[Any], Any], str, str]] = [
    (block, "idx_decoder_norm1_out", lambda _: _index(14), f"{BLOCK}.idxDecoderNorm1Out", "index: 15 in Lean, 14"),
    (block, "decoder_norm1_inputs", _swapped, f"{BLOCK}.decoderNorm1Inputs", "index: 4 in Lean, 5"),
    (block, "decoder_norm2_inputs", _swapped, f"{BLOCK}.decoderNorm2Inputs", "index: 6 in Lean, 7"),
    (block, "decoder_core_graph", _shortened, f"{BLOCK}.decoderCoreGraph", "13 entries in Lean, 12"),
    (block, "decoder_core_graph", _other_parameters, f"{BLOCK}.decoderCoreGraph", "fc1 in Lean, fc2"),
    (block, "add", _other_input, f"{BLOCK}.decoderCoreGraph", "nodes 6, inputs 0: 3 in Lean, 13"),
    (block, "whole_node", _same_epsilon, f"{BLOCK}.decoderAfterNorm1Graph", "ε₁ in Lean, 1 in"),
    (block, "saved_decoder_core", _reversed, f"{BLOCK}.ssDecoderCore", "at seqLen = 2"),
    (block, "context_decoder_core", _reversed, f"{BLOCK}.ΓDecoderCore", "at seqLen = 2"),
    (attention, "saved_masked_core", _reversed, "Proofs.Autograd.MultiHeadAttention.ssMaskedCore", "at n = 2"),
    (attention, "score_bias", lambda f: lambda n, h, b: f(n, h, None), f"{BLOCK}.decoderCoreGraph", "bias in Lean, 0"),
    (layer_norm_nodes, "sub", lambda _: arithmetic.add, f"{NORM}.nodeCentered", "TapeNodes.sub in Lean"),
    (layer_norm_graphs, "node_std", lambda _: layer_norm.node_inv_std, f"{NORM}.layerNormPrefix7", "cannot build it"),
    (
        feed_forward,
        "gelu",
        lambda _: elementwise.inv,
        f"{BLOCK}.seqFfnResidualDGraph",
        "gelu in Lean",
    ),
]


@pytest.fixture(autouse=True)
def no_faulty_graph_is_kept() -> Iterator[None]:
    yield
    layer_norm.layer_norm_graph.cache_clear()


@pytest.mark.unmeasured
@pytest.mark.parametrize(("module", "name", "fault", "lean", "says"), FAULTS)
def test_a_fault_in_the_mirror_is_found_and_named(
    pinned: Material, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Any, lean: str, says: str
) -> None:
    real = getattr(module, name)
    # A function of its own to carry the name: `wraps` would rename whatever the fault returns.
    monkeypatch.setattr(module, name, wraps(real)(lambda *args, **kwargs: fault(real)(*args, **kwargs)))
    layer_norm.layer_norm_graph.cache_clear()
    assert says in failing(same_definition(pinned))[lean]


def test_a_shift_by_another_number_is_another_function(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    build = layer_norm_nodes.node_var_eps
    monkeypatch.setattr(layer_norm_nodes, "node_var_eps", wraps(build)(lambda m, n, eps: build(m, n, eps + 1)))
    layer_norm.layer_norm_graph.cache_clear()
    assert "fun z => z + ε in Lean, another function" in failing(same_definition(pinned))[f"{NORM}.nodeVarEps"]


def test_a_default_that_is_not_zero_is_seen(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    def biased(n: int, heads: int, bias: Any) -> Any:
        made = real(n, heads, bias)
        return made + 1 if bias is None else made

    real = attention.score_bias
    monkeypatch.setattr(attention, "score_bias", biased)
    assert "without bias" in failing(same_definition(pinned))["Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph"]


@pytest.mark.parametrize(
    ("lean", "python"),
    [("seqLen", "seq_len"), ("dFF", "d_ff"), ("ε₂", "eps2"), ("ss", "saved"), ("mergeBias", "merge_bias")],
)
def test_the_rule_for_names(lean: str, python: str) -> None:
    assert python_name(lean) == python


@pytest.mark.parametrize("text", ["z + 1", "fun z => exp z", "fun z => z / 2", "fun z => w", "fun z => z +"])
def test_a_function_that_is_not_read_is_refused(text: str) -> None:
    with pytest.raises(NotReadError):
        same_function(text, lambda ar, z: z, {})


def test_functions_are_compared_at_points() -> None:
    assert same_function("fun z => -z * (z - ε₁)", lambda ar, z: -z * (z - 2), {"ε₁": fmpq(2)})
    assert not same_function("fun z => z", lambda ar, z: z + 1, {})

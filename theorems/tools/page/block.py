"""The graph of the decoder block as the Lean text has it: its inputs and its nodes, with shapes and indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lean_refs.pin import raw_pin
from theorems.engine.registry import theorems

GRAPH = "Proofs.Autograd.Transformer.decoderCoreGraph"
THEOREM = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"
_SIGNS = {"seqLen": "n", "dModel": "D", "numHeads": "H", "headDim": "d", "dFF": "F"}


@dataclass(frozen=True, slots=True)
class BlockEntry:
    """One entry of the context while the graph runs: an input, or what a node saves."""

    index: int
    name: str
    shape: str
    reads: tuple[int, ...]
    parameters: str
    is_input: bool


def entries() -> list[BlockEntry]:
    """The inputs and then the nodes, in order, at dimensions that are different primes: so each has its own sign."""
    (found, *_) = next(d for d in raw_pin()["declarations"] if d["name"] == GRAPH)["values"]
    signs = {size: _SIGNS[name] for name, size in found["dims"].items()}
    context, nodes = found["value"]["context"], found["value"]["nodes"]
    inputs = [
        BlockEntry(k, name, _shape(shape, signs), (), "", True)
        for k, (name, shape) in enumerate(zip(theorems()[THEOREM].inputs, context, strict=True))
    ]
    return inputs + [_node(len(context) + k, node, signs) for k, node in enumerate(nodes)]


def _node(index: int, node: Mapping[str, Any], signs: Mapping[int, str]) -> BlockEntry:
    parameters = ", ".join(f"{name} := {value}" for name, value in node["parameters"].items())
    name = node["kind"].rpartition(".")[2]
    return BlockEntry(index, name, _shape(node["output"], signs), tuple(node["inputs"]), parameters, False)


def _shape(sizes: Sequence[int], signs: Mapping[int, str]) -> str:
    return "×".join(signs.get(size, str(size)) for size in sizes) or "scalar"

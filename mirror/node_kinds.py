"""One record for each kind of node: how it is made, what it reads, its certificate.

A record stands beside the constructor (`NodeKind.of`), and everything else that must know the kinds reads the
table: random graphs, graphs as data, the certificates of LayerNorm and of the decoder, the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import CtxVec, NodeFDerivCorrect, NodeFDerivCorrectAt, certificate_at
from mirror.core.soundness import Idx, Node
from mirror.spec.core.shape import Context

Reads = Callable[[Context], list[tuple[int, ...]]]
"""The positions of a context that a kind may read together, in the order of its inputs."""


class Parameter(Enum):
    """What a constructor takes besides the entries that it reads."""

    SHAPE = "the result's shape"
    MAP = "a linear map from the entry read to the result"
    VECTOR = "a vector of the result's size"
    NUMBER = "a rational number"
    DIMENSION = "a dimension"
    FUNCTION = "a differentiable function of one variable with its derivative: two arguments"
    EPSILON = "what LayerNorm adds to a variance"


@dataclass(frozen=True, slots=True, eq=False)
class NodeKind:
    """A kind of node; raises `ValueError` unless it has exactly one certificate.

    `name` is what a node calls its kind, the last component of Lean's constructor. `certificate` holds at every
    point; `local_certificate` only at some, which is for whoever supplies it to see. `rational` says that the
    forward map stays in ℚ.
    """

    name: str
    constructor: Callable[..., Node]
    reads: Reads
    certificate: Callable[[Node], NodeFDerivCorrect] | None = None
    local_certificate: Callable[[Arithmetic, Node, CtxVec], NodeFDerivCorrectAt] | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    rational: bool = False
    gather: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        if (self.certificate is None) == (self.local_certificate is None):
            raise ValueError(f"{self.name} needs one certificate: at every point, or local")

    @classmethod
    def of(cls, name: str, constructor: Callable[..., Node], **described: Any) -> NodeKind:
        """Record a kind, beside its constructor; raises `ValueError` for a name that another constructor has."""
        known = _KINDS.get(name)
        if known is not None and known.constructor is not constructor:
            raise ValueError(f"two constructors make nodes of the kind {name}: {_place(known)} and {constructor}")
        return _KINDS.setdefault(name, cls(name, constructor, **described))

    def make(self, inputs: tuple[Idx, ...], *arguments: Any) -> Node:
        """The node that reads `inputs`, with the arguments of its parameters in order.

        `gather` makes one record of the inputs where the constructor wants that.
        """
        read = inputs if self.gather is None else (self.gather(*inputs),)
        return self.constructor(*read, *arguments)


_KINDS: dict[str, NodeKind] = {}


def _place(kind: NodeKind) -> str:
    return f"{kind.constructor.__module__}.{kind.constructor.__qualname__}"


def recorded() -> dict[str, NodeKind]:
    """The kinds recorded so far; `mirror.rooms.node_kinds` imports every module first."""
    return _KINDS


def kind_of(node: Node) -> NodeKind:
    """The kind of a node; raises `LookupError` where nothing is recorded under the name that it gives."""
    if node.kind not in _KINDS:
        raise LookupError(f"no kind of node is called {node.kind}; there are {', '.join(sorted(_KINDS))}")
    return _KINDS[node.kind]


def node_certificate_at(ar: Arithmetic, node: Node, here: CtxVec) -> NodeFDerivCorrectAt:
    """A node's certificate where it is evaluated: its global one read there, or the one for that point."""
    kind = kind_of(node)
    if kind.local_certificate is not None:
        return kind.local_certificate(ar, node, here)
    assert kind.certificate is not None, "a kind has one of the two"
    return certificate_at(ar, kind.certificate(node), here)


# ---- what a kind may read


def any_entry(context: Context) -> list[tuple[int, ...]]:
    """One entry of any shape."""
    return [(i,) for i in range(len(context))]


def entry_of_rank(rank: int) -> Reads:
    """One entry with so many dimensions."""

    def reads(context: Context) -> list[tuple[int, ...]]:
        return [(i,) for i, shape in enumerate(context) if len(shape) == rank]

    return reads


def two_of_one_shape(context: Context) -> list[tuple[int, ...]]:
    """Two entries of one shape, which may be the same."""
    n = range(len(context))
    return [(i, j) for i in n for j in n if context[i] == context[j]]

"""Instances outside hypotheses that no theorem's search can fail: they are part of a statement, or follow from it.

What Lean's types leave out has no instance there, and the predicate that stands for it here is false all the same.
"""

from __future__ import annotations

from mirror.arithmetic import rational_vector
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.case import Case
from theorems.engine.graphs import NodeSpec

_SLICE = Tensor(Shape(2), rational_vector([1, 2]))
_OF_VEC = {
    "context": (Shape(1),),
    "node": NodeSpec("scale", (0,), {"c": rational_vector([3])[0]}),
    "x": rational_vector([1]),
    "dx": rational_vector([1]),
    "delta": rational_vector([1]),
}
OUTSIDE: dict[tuple[str, str], Case] = {
    ("Proofs.Autograd.toVecT_dim_apply", "hmpos"): {"s": Shape(2, 0)},
    ("Spec.Tensor.Private.flattenSpec_dim_apply", "hmpos"): {"s": Shape(2, 0)},
    ("Spec.Tensor.Private.flattenSpec_dim_apply", "hidx"): {"s": Shape(2), "f": (_SLICE,), "i": 1, "j": 0},
    ("Spec.tensor_foldl_spec_go_of_lt", "hk"): {"values": (_SLICE,), "k": 1},
    **{(f"Proofs.Autograd.Node.{name}_ofVec", "h"): _OF_VEC for name in ("forwardVec", "jvpVec", "vjpVec")},
}
# A hypothesis about the mirror's own maps fails with a fault of them: the vjp of this node is no adjoint then.
WITH_FAULT = {"h": "scale: the cotangent unscaled"}

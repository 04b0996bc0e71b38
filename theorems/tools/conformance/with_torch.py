"""Functions of torch tensors; torch is an optional extra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import torch  # pyright: ignore[reportMissingImports]

from theorems.tools.conformance.frameworks import Framework
from theorems.tools.conformance.kinds import Function

NO_GRADIENT = "not checked: what it returns carries no gradient (torch), and it brings no vjp"


class Torch(Framework):
    """Tensors of a CPU; `tracked` says that torch differentiates what the function returns."""

    name = "torch"
    writable = True

    def __init__(self, tracked: bool = True) -> None:
        self.pullback = "torch.autograd.grad" if tracked else ""
        self.gradients = f"by {self.pullback}" if tracked else NO_GRADIENT

    def array(self, value: np.ndarray) -> Any:
        # Exact, and torch takes no bfloat16 of NumPy's.
        return torch.tensor(value.astype(np.float64)).to(getattr(torch, value.dtype.name))

    def owns(self, value: Any) -> bool:
        return isinstance(value, torch.Tensor)

    def dtype(self, value: Any) -> str:
        return str(value.dtype).removeprefix("torch.")

    def values(self, value: Any) -> np.ndarray:
        return value.detach().to(torch.float64, copy=True).cpu().numpy()

    def settled(self, function: Function, inputs: Any) -> Torch:
        return Torch(tracked=function(_inside(inputs)).requires_grad)

    def pulled_back(self, function: Function, inputs: Any, cotangent: Any) -> tuple[Any, Sequence[Any]]:
        leaves = jax.tree.map(lambda a: a.requires_grad_(), inputs)
        output = function(_inside(leaves))
        return output, torch.autograd.grad(output, tuple(leaves), cotangent, materialize_grads=True)


def _inside(inputs: Any) -> Any:
    """The inputs as results of an operation: torch lets nobody write into those that it differentiates by."""
    return jax.tree.map(lambda a: a.requires_grad_().clone(), inputs)

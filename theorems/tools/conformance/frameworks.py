"""Whose arrays somebody's function takes and returns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from theorems.tools.conformance.kinds import Function, KernelCall
from theorems.tools.conformance.target import WrongCall, first_line

NO_VJP = "not checked: NumPy has none, and the function brings no vjp (its attribute vjp, or --vjp)"


class Framework(ABC):
    """A library of arrays: `pullback` differentiates functions of them, and is empty where nothing does.

    `gradients` says where the cotangents come from, or that they are not checked, and why; `writable` that a function
    can write into the arrays that it is given.
    """

    name: ClassVar[str]
    writable: ClassVar[bool]
    pullback: str
    gradients: str

    @abstractmethod
    def array(self, value: np.ndarray) -> Any:
        """A new array of the same numbers."""

    @abstractmethod
    def owns(self, value: Any) -> bool:
        """Whether a value is such an array."""

    def pulled_back(self, function: Function, inputs: Any, cotangent: Any) -> tuple[Any, Sequence[Any]]:
        """The output of a function of the inputs, and their cotangents in the inputs' order."""
        raise NotImplementedError(self.gradients)

    def settled(self, function: Function, inputs: Any) -> Framework:
        """The framework, once it is known to be that of a function of the inputs."""
        return self

    def dtype(self, value: Any) -> str:
        """The name of an array's dtype."""
        return value.dtype.name

    def values(self, value: Any) -> np.ndarray:
        """An array's numbers in float64, in memory of our own: a function may write into its own again."""
        return np.array(value, dtype=np.float64)

    def given(self, call: KernelCall) -> KernelCall:
        """The call in new arrays, so that a function may write into them; a scale stays the number that it is.

        Raises `WrongCall` where no array can be made: somebody's code may have asked JAX for a device that is not here.
        """
        parts = (call.inputs, call.fixed, call.cotangent)
        try:
            return KernelCall(*jax.tree.map(lambda a: a if isinstance(a, float) else self.array(a), parts))
        except RuntimeError as why:
            raise WrongCall(f"no array of {self.name} can be made: {first_line(why)}") from why


class _NumPy(Framework):
    name = "NumPy"
    writable = True
    pullback = ""
    gradients = NO_VJP

    def values(self, value: Any) -> np.ndarray:
        """As of every array; what is masked is no number."""
        return np.ma.filled(np.ma.array(value, dtype=np.float64), np.nan)

    def array(self, value: np.ndarray) -> np.ndarray:
        return np.array(value)

    def owns(self, value: Any) -> bool:
        return isinstance(value, np.ndarray | np.generic)


class _Jax(Framework):
    name = "JAX"
    writable = False
    pullback = "jax.vjp"
    gradients = "by jax.vjp"

    def array(self, value: np.ndarray) -> jax.Array:
        return jnp.array(value)  # never NumPy's memory: a function may be given its arguments' by `donate_argnums`

    def owns(self, value: Any) -> bool:
        return isinstance(value, jax.Array | np.ndarray | np.generic)

    def pulled_back(self, function: Function, inputs: Any, cotangent: Any) -> tuple[Any, Sequence[Any]]:
        output, pullback = jax.vjp(function, inputs)
        return output, pullback(cotangent)[0]


# JAX takes what NumPy returns for its own, so NumPy is asked first.
NUMPY, JAX = _NumPy(), _Jax()

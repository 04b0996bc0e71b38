"""The rules by which others accept a kernel: on the same instances they show which mistake which rule lets through.

They compare arrays with a reference, here the real values rounded to the dtype, and know nothing of the arithmetic.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from theorems.tools.conformance.calling import Part, Returned
from theorems.tools.conformance.known import KnownArray


@dataclass(frozen=True, slots=True)
class Compared:
    """An array that was returned, in float64; the reference and what the plain implementation has, in its dtype."""

    got: np.ndarray
    reference: np.ndarray
    plain: np.ndarray


class AcceptanceRule(ABC):
    """A rule that accepts an array or does not; `gradients` says whether its owners hold gradients to it too."""

    name: str
    gradients = True

    @abstractmethod
    def accepts(self, compared: Compared) -> bool:
        """Whether the array passes."""

    @abstractmethod
    def allows(self, compared: Compared) -> float:
        """The largest error that the rule lets pass in the array; NaN where the reference is not known throughout."""


class FlashAttention(AcceptanceRule):
    """At most twice the plain implementation's error plus twice what adding and taking 0.3 loses.

    The largest errors of whole arrays, gradients alike: flash-attention's `hopper/test_flash_attn.py`.
    """

    name = "flash-attention"

    def accepts(self, compared: Compared) -> bool:
        return bool(_largest(compared.got, compared.reference) <= self.allows(compared))

    def allows(self, compared: Compared) -> float:
        """Twice the plain implementation's error, and what adding and taking 0.3 loses twice."""
        c = compared
        shift = c.reference.dtype.type(0.3)
        return float(2 * _largest(c.plain, c.reference) + 2 * _largest(c.reference + shift - shift, c.reference))


class KernelBench(AcceptanceRule):
    """`torch.allclose` with one number for both tolerances, 1e-4 or for bfloat16 1e-2, on outputs alone.

    `get_tolerance_for_precision` in `src/eval.py` of KernelBench.
    """

    name = "KernelBench"
    gradients = False

    def accepts(self, compared: Compared) -> bool:
        return _close(compared.got, compared.reference, *_of_kernel_bench(compared))

    def allows(self, compared: Compared) -> float:
        """Both tolerances, at the largest entry."""
        return _at_most(compared.reference, *_of_kernel_bench(compared))


def _of_kernel_bench(compared: Compared) -> tuple[float, float]:
    tolerance = 1e-2 if compared.reference.dtype.name == "bfloat16" else 1e-4
    return tolerance, tolerance


# By dtype, relative and absolute.
_OF_TORCH = {"float64": (1e-7, 1e-7), "float32": (1.3e-6, 1e-5), "bfloat16": (1.6e-2, 1e-5)}


class TorchTesting(AcceptanceRule):
    """`torch.testing.assert_close` with the tolerances that it has for a dtype."""

    name = "torch.testing"

    def accepts(self, compared: Compared) -> bool:
        return _close(compared.got, compared.reference, *_OF_TORCH[compared.reference.dtype.name])

    def allows(self, compared: Compared) -> float:
        """Both tolerances, at the largest entry."""
        return _at_most(compared.reference, *_OF_TORCH[compared.reference.dtype.name])


RULES: tuple[AcceptanceRule, ...] = (FlashAttention(), KernelBench(), TorchTesting())


def _reference(known: KnownArray) -> np.ndarray:
    """The real values; NaN, which no rule accepts anything for, where they are not known."""
    return np.where(np.isfinite(known.bounded.radius), known.bounded.real, np.nan)


def _largest(a: np.ndarray, b: np.ndarray) -> np.float64:
    return np.abs(a.astype(np.float64) - b.astype(np.float64)).max()


def _close(got: np.ndarray, reference: np.ndarray, rtol: float, atol: float) -> bool:
    return np.allclose(got, reference.astype(np.float64), rtol, atol)


def _at_most(reference: np.ndarray, rtol: float, atol: float) -> float:
    return atol + rtol * float(np.abs(reference.astype(np.float64)).max())


@dataclass(frozen=True, slots=True)
class Accepted:
    """The names of the rules that accept an instance's output, and its gradients.

    `allowed` is the largest error that each lets pass in the output, `allowed_gradients` in any of the gradients.
    """

    outputs: frozenset[str]
    gradients: frozenset[str]
    allowed: Mapping[str, float] = field(default_factory=dict)
    allowed_gradients: Mapping[str, float] = field(default_factory=dict)


def accepted(plain: Sequence[np.ndarray], known: Sequence[KnownArray], found: Returned) -> Accepted:
    """Which rules accept what was returned at an instance; none where it is no array of the right shape.

    `plain` is what the plain implementation makes of the instance, in its dtype.
    """
    references = [_reference(a).astype(plain[0].dtype) for a in known]

    def compared(parts: Sequence[Part], first: int) -> list[Compared]:
        """Each part that is an array; nothing where one is none."""
        values = [(j, part.values) for j, part in enumerate(parts, first) if part.values is not None]
        return [Compared(v, references[j], plain[j]) for j, v in values] if len(values) == len(parts) else []

    parts = found.gradients or ()
    outputs = compared([found.output], 0), RULES
    gradients = compared(parts, len(known) - len(parts)), [rule for rule in RULES if rule.gradients]
    return Accepted(_accepting(*outputs), _accepting(*gradients), _allowed(*outputs), _allowed(*gradients))


def _accepting(arrays: Sequence[Compared], rules: Sequence[AcceptanceRule]) -> frozenset[str]:
    return frozenset(rule.name for rule in rules if arrays and all(map(rule.accepts, arrays)))


def _allowed(arrays: Sequence[Compared], rules: Sequence[AcceptanceRule]) -> dict[str, float]:
    """What each rule allows, where that is known of every array."""
    found = {rule.name: [rule.allows(one) for one in arrays] for rule in rules if arrays}
    return {name: max(errors) for name, errors in found.items() if all(map(math.isfinite, errors))}

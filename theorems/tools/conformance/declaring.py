"""What somebody says of a kernel's own arithmetic, and what is assumed where nothing is said."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction

from flint import fmpq

from mirror.arithmetic.rounded import SAFETY, Backend
from mirror.bounds.declared import BFLOAT16, FLOAT16, LIBRARIES, TF32, FloatArithmetic, SumOrder, declared_for
from theorems.tools.conformance.target import WrongCall

# What products of matrices and softmax's weights may be rounded to, by name.
OPERANDS: dict[str, Backend] = {"bfloat16": BFLOAT16, "float16": FLOAT16, "tf32": TF32}
ACCUMULATES = ("float64", "float32", "bfloat16", "tf32")


@dataclass(frozen=True, slots=True)
class Declared:
    """A kernel's own arithmetic, as far as it is not what is assumed anyway (None).

    `accumulate` tf32 is float32 with operands in tf32. `exp_ulps` and `tanh_ulps` are units in the last place, each
    two unit round-offs.
    """

    accumulate: str | None = None
    operand_dtype: str | None = None
    p_dtype: str | None = None
    order: str | None = None
    exp_ulps: float | None = None
    tanh_ulps: float | None = None

    def words(self) -> Iterator[str]:
        """The options of the command line that say this."""
        for field in fields(self):
            if (value := getattr(self, field.name)) is not None:
                yield from (f"--{field.name.replace('_', '-')}", str(value))

    def over(self, other: Declared) -> Declared:
        """What this says and, where it says nothing, what another says, such as that of a preset."""
        said = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}
        return replace(other, **said)

    def arithmetic(self, dtype: str, library: str) -> FloatArithmetic:
        """The arithmetic of a function that is given a dtype in a library; raises `WrongCall`.

        A dtype that is wider than float32 is computed in itself, unless something else is declared.
        """
        usual = declared_for(dtype, library)
        found = replace(
            usual,
            accumulate=self._accumulate(usual, library),
            operand=OPERANDS.get(self._operand or ""),
            weights=OPERANDS.get(self.p_dtype or self._operand or ""),  # weights are operands too
            order=SumOrder(self.order or usual.order),
        )
        own = found.accumulate  # what was measured of another format says nothing of this one
        exp = _units(self.exp_ulps) or SAFETY * own.exp
        return replace(found, exp_ulps=exp, tanh_ulps=_units(self.tanh_ulps) or SAFETY * own.tanh)

    @property
    def _operand(self) -> str | None:
        if self.accumulate != "tf32":
            return self.operand_dtype
        if self.operand_dtype not in (None, "tf32"):
            raise WrongCall(f"--accumulate tf32 has operands in tf32, and --operand-dtype is {self.operand_dtype}")
        return "tf32"

    def _accumulate(self, usual: FloatArithmetic, library: str) -> Backend:
        if self.accumulate is None:
            return usual.accumulate
        if self.accumulate == "bfloat16":
            return BFLOAT16
        return LIBRARIES[library]["float32" if self.accumulate == "tf32" else self.accumulate]


AS_USUAL = Declared()


def _units(ulps: float | None) -> fmpq | None:
    """Units in the last place as unit round-offs, exactly as they were written."""
    if ulps is None:
        return None
    if math.isnan(ulps):
        raise WrongCall("an error in units in the last place is nan, expected a positive number")
    exact = 2 * Fraction(str(ulps))
    return fmpq(exact.numerator, exact.denominator)

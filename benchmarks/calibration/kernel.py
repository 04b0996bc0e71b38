"""What every kernel of the calibration says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from theorems.tools.conformance.declaring import AS_USUAL, Declared


class RejectedIn(NamedTuple):
    """A row of `leanmirror conform` in float32, by its names: there a wrong kernel is to be rejected."""

    shape: str
    mask: str
    values: str = "ordinary"


class CalibrationKernel:
    """A kernel: the first line of its docstring is its name in the table.

    `kind` is `attention` or `block`, `dtypes` are those that it is tried in. `declared` is what its author declares of
    its arithmetic, as options of `leanmirror conform`. A wrong one says where it `shows`: there, and in some row of
    every dtype that it is tried in, it is to be rejected. A right one is to be rejected nowhere.
    """

    kind: ClassVar[str] = "attention"
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "float64", "bfloat16")
    declared: ClassVar[Declared] = AS_USUAL
    shows: ClassVar[RejectedIn | None] = None
    __call__: Callable[..., Any]

    @property
    def right(self) -> bool:
        """Whether it is to be accepted."""
        return self.shows is None

    @property
    def name(self) -> str:
        """What the table calls it."""
        return (type(self).__doc__ or "").splitlines()[0].rstrip(".")

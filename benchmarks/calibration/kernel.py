"""What every kernel of the calibration says of itself."""

from __future__ import annotations

from typing import ClassVar, NamedTuple


class Place(NamedTuple):
    """Where a wrong kernel is to be rejected: a row of the report, by the names of `leanmirror conform`."""

    shape: str
    mask: str
    values: str = "ordinary"
    dtype: str = "float32"


class CalibrationKernel:
    """A kernel: the first line of its docstring is its name in the table.

    `kind` is `attention` or `block`. `dtypes` are those that it is tried in: of a wrong one those in which it is to be
    rejected. `declared` is what its author declares of its arithmetic, as options of `leanmirror conform`.
    """

    kind: ClassVar[str] = "attention"
    right: ClassVar[bool] = True
    dtypes: ClassVar[tuple[str, ...]] = ("float32", "float64", "bfloat16")
    declared: ClassVar[dict[str, str]] = {}
    shows: ClassVar[Place | None] = None

    @property
    def name(self) -> str:
        """What the table calls it."""
        return (type(self).__doc__ or "").splitlines()[0].rstrip(".")

"""The dimensions are given by name, and everybody has the same ones."""

from __future__ import annotations

import pytest

from mirror.dims import Dims


def test_dimensions_have_no_order() -> None:
    with pytest.raises(TypeError, match="positional"):
        Dims(3, 4, 2, 2, 5)  # type: ignore[misc]
    assert Dims(d_ff=5, seq_len=3, num_heads=2, head_dim=1, d_model=4).num_heads == 2

"""Attentions that libraries have, by name: how each is called, and what is known of its arithmetic.

`leanmirror conform --preset NAME` examines the library's own function; with a function of one's own besides, that one
is called in the library's way.
"""

from __future__ import annotations

from theorems.tools.conformance.declaring import Declared
from theorems.tools.conformance.layouts import BHND, BNHD, HND
from theorems.tools.conformance.presets.preset import BIAS, OPEN, SCALE, Preset

_ROUNDED_WEIGHTS = Declared(p_dtype="bfloat16")
_IN_BFLOAT16 = Declared(accumulate="bfloat16")

_ALL = (
    # Its softmax is in float32, whatever the arrays are in.
    Preset(
        name="jax-nn",
        package="jax",
        shown="jax.nn.dot_product_attention",
        target="jax.nn:dot_product_attention",
        arrays="jax",
        layout=BNHD,
        keywords={"bias": BIAS, "scale": SCALE},
        declared={"float64": Declared(accumulate="float32"), "bfloat16": _ROUNDED_WEIGHTS},
    ),
    Preset(
        name="flax",
        package="flax",
        shown="flax.linen.dot_product_attention",
        target="flax.linen:dot_product_attention",
        arrays="jax",
        layout=BNHD,
        keywords={"bias": BIAS},
        declared={"bfloat16": _IN_BFLOAT16},
    ),
    # `MultiheadAttention` between projections that change nothing.
    Preset(
        name="equinox",
        package="equinox",
        shown="equinox.nn.MultiheadAttention",
        target="theorems.tools.conformance.presets.with_equinox:attention",
        arrays="jax",
        layout=HND,
        keywords={"mask": OPEN},
        declared={"bfloat16": _IN_BFLOAT16},
    ),
    # With AVX-512 its exp is one that torch calls exp_u20; 2 units were the most that was seen elsewhere.
    Preset(
        name="torch-sdpa",
        package="torch",
        shown="torch.nn.functional.scaled_dot_product_attention",
        target="torch.nn.functional:scaled_dot_product_attention",
        arrays="torch",
        layout=BHND,
        keywords={"attn_mask": BIAS, "scale": SCALE},
        declared={"float32": Declared(exp_ulps=20), "bfloat16": Declared(p_dtype="bfloat16", exp_ulps=20)},
    ),
    Preset(
        name="xformers",
        package="xformers",
        shown="xformers.ops.memory_efficient_attention",
        target="xformers.ops:memory_efficient_attention",
        arrays="torch",
        layout=BNHD,
        keywords={"attn_bias": BIAS, "scale": SCALE},
        declared={"bfloat16": _ROUNDED_WEIGHTS},
    ),
)
PRESETS = {preset.name: preset for preset in _ALL}

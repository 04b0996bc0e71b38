"""The attentions of libraries: how functions are called under their names, and what is said of them."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from types import ModuleType
from typing import Any

import jax
import numpy as np
import pytest

from tests.tools.conformance import kernels
from theorems.engine.strategies.jitted import MASKS
from theorems.tools.cli.conform import conform
from theorems.tools.conformance.asking import Subject
from theorems.tools.conformance.declaring import AS_USUAL, Declared
from theorems.tools.conformance.presets import PRESETS
from theorems.tools.conformance.report import ConformanceReport, run
from theorems.tools.conformance.run import examine
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.wanted import Wanted

HERE = "tests.tools.conformance.test_presets"
CAUSAL = "causal, gap -1e9"
BOOLEAN = {"no mask", CAUSAL, "fully blocked rows"}


def examined(subject: Subject, *, masks: tuple[str, ...] = (CAUSAL,), dtype: str = "float32") -> ConformanceReport:
    names = {"shapes": ("small",), "masks": subject.masks(masks)}
    wanted = Wanted.of(subject.kind, dtype, 1, 1, **names, allowed=subject.allowed)
    of = subject.implementation(wanted, forward_only=False)
    return run(of, None, wanted, examine(of, wanted), lambda name: None)


# ---- functions that are called as those of libraries, one example and one head after the other


def _heads_second(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
    found = [kernels.rounded_once(a, b.swapaxes(-1, -2), c, m, scale) for a, b, c, m in zip(q, k, v, bias, strict=True)]
    return np.stack(found)


def like_sdpa(query: Any, key: Any, value: Any, attn_mask: Any = None, *, scale: Any = None) -> Any:
    return _heads_second(query, key, value, attn_mask, scale)


def like_jax_nn(query: Any, key: Any, value: Any, bias: Any = None, mask: Any = None, *, scale: Any = None) -> Any:
    q, k, v = (np.einsum("bnhd->bhnd", a) for a in (query, key, value))
    return np.einsum("bhnd->bnhd", _heads_second(q, k, v, bias, scale))


def like_flax(query: Any, key: Any, value: Any, bias: Any = None) -> Any:
    return like_jax_nn(query, key, value, bias, scale=query.shape[-1] ** -0.5)


def like_xformers(query: Any, key: Any, value: Any, attn_bias: Any = None, p: float = 0, scale: Any = None) -> Any:
    return like_jax_nn(query, key, value, attn_bias, scale=scale)


def like_equinox(query: Any, key: Any, value: Any, mask: Any) -> Any:
    assert mask.dtype == bool
    bias = np.where(mask, 0, -1e9).astype(query.dtype)
    return kernels.rounded_once(query, key.swapaxes(-1, -2), value, bias, query.shape[-1] ** -0.5)


LIKE = {
    "jax-nn": like_jax_nn,
    "flax": like_flax,
    "equinox": like_equinox,
    "torch-sdpa": like_sdpa,
    "xformers": like_xformers,
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_function_that_is_called_as_a_librarys_own_conforms(name: str) -> None:
    target = f"{HERE}:{LIKE[name].__name__}"
    report = examined(Subject.of(target, None, preset=name))
    assert (report.exit_code, report.total("inside"), report.of.arrays.name) == (0, 1, "NumPy")
    assert f"conform {target} --preset {name} --dtype" in report.again(report.lines[0])


def test_the_command_knows_every_preset() -> None:
    (option,) = [p for p in conform.params if p.name == "preset"]
    assert list(option.type.choices) == list(PRESETS) == list(LIKE)  # type: ignore[attr-defined]


def test_a_function_that_is_called_otherwise_is_refused() -> None:
    with pytest.raises(WrongCall, match=r"expected f\(query, key, value, attn_mask=bias, scale=scale\): got an "):
        Subject.of(f"{HERE}:like_jax_nn", None, preset="torch-sdpa")


def in_order(q: Any, k: Any, v: Any, bias: Any, scale: float, cotangent: Any) -> Any:
    return q, k, v


def test_a_vjp_takes_plain_arguments_in_the_presets_layout() -> None:
    subject = Subject.of(f"{HERE}:like_sdpa", None, preset="torch-sdpa", vjp=f"{HERE}:in_order")
    assert subject.vjp is in_order


def test_a_scale_of_ones_own_is_the_usual_one() -> None:
    assert Subject.of(f"{HERE}:like_sdpa", None, preset="torch-sdpa").kind.shapes[0].scale == 0.7
    for shape in Subject.of(f"{HERE}:like_flax", None, preset="flax").kind.shapes:
        assert shape.scale == shape.dims.head_dim**-0.5


def test_masks_of_booleans_are_those_that_say_open_or_closed() -> None:
    subject = Subject.of(f"{HERE}:like_equinox", None, preset="equinox")
    assert set(subject.allowed or ()) >= BOOLEAN
    assert not {"causal, gap -1e4", "ALiBi-like", "random mask"} & set(subject.allowed or ())
    assert subject.masks([CAUSAL]) == (CAUSAL,)
    assert subject.masks(["none such"]) == ("none such",)  # what is no mask at all is refused where all masks are known
    with pytest.raises(WrongCall, match=r"^the preset equinox takes masks of booleans, unlike 'ALiBi-like'"):
        subject.masks([CAUSAL, "ALiBi-like"])
    (remark,) = PRESETS["equinox"].remarks("kernels:f")
    assert remark.endswith("random mask.")
    assert Subject.of(f"{HERE}:like_sdpa", None, preset="torch-sdpa").allowed is None


def test_what_a_preset_declares_gives_way_to_what_is_said() -> None:
    preset = PRESETS["torch-sdpa"]
    assert preset.over(AS_USUAL, "float32") == Declared(exp_ulps=20)
    assert preset.over(Declared(exp_ulps=2, order="tree"), "bfloat16") == Declared(
        p_dtype="bfloat16", exp_ulps=2, order="tree"
    )
    assert preset.over(AS_USUAL, "float64") == AS_USUAL


def test_the_declared_arithmetic_is_what_a_report_assumes() -> None:
    report = examined(Subject.of(f"{HERE}:like_sdpa", None, preset="torch-sdpa"))
    assert "exp by 40·u (as declared)" in report.assumes


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ({}, "Missing argument 'MODULE:FUNCTION', or --preset for the attention of a library."),
        ({"kind": "block", "preset": "flax"}, "--preset flax is an attention, not a block: leave --kind out"),
        ({"layout": "hnd", "preset": "flax"}, "--preset flax has the layout bnhd, not hnd: leave --layout out"),
        ({"kind": "block", "layout": "hnd"}, "--layout hnd is of an attention, not of a block: give --kind attention"),
    ],
)
def test_what_does_not_go_together(subject: dict[str, str], said: str) -> None:
    with pytest.raises(WrongCall) as why:
        Subject.of(f"{HERE}:like_flax" if subject else None, subject.pop("kind", None), **subject)
    assert str(why.value) == said


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"jax-nn"}))
def test_a_library_that_is_not_installed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package = PRESETS[name].package
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(WrongCall) as why:
        Subject.of(None, None, preset=name)
    assert str(why.value) == f"the preset {name} needs {package}, which is not installed: pip install {package}"


def test_a_librarys_own_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has its place: jitted where it is JAX's, and called with the library's arrays without asking."""
    library = ModuleType("flax")
    linen = ModuleType("flax.linen")
    monkeypatch.setattr(linen, "dot_product_attention", like_flax, raising=False)
    monkeypatch.setitem(sys.modules, "flax", library)
    monkeypatch.setitem(sys.modules, "flax.linen", linen)
    subject = Subject.of(None, None, preset="flax")
    assert (subject.name, subject.arrays, subject.vjp) == ("flax.linen.dot_product_attention", "jax", None)
    assert isinstance(subject.function, type(jax.jit(abs)))


# ---- rows without a key


def test_what_every_library_does_there_is_one_remark_and_excuses_nothing_else() -> None:
    masks = ("no mask", CAUSAL, "fully blocked rows")
    report = examined(Subject.of("tests.tools.conformance.kernels:losing", None, preset="jax-nn"), masks=masks)
    assert (report.exit_code, report.total("inside"), report.suspicion) == (0, 3, "")
    assert [said for said in report.conduct if "only --strict rejects" in said] == [report.blocked_rows]
    assert "it returns the mean of the values (1 of 1)" in report.blocked_rows
    wrong = Subject.of("tests.tools.conformance.kernels:losing_and_wrong_elsewhere", None, preset="jax-nn")
    report = examined(wrong, masks=masks)
    assert (report.exit_code, report.total("inside"), report.total("outside")) == (1, 2, 1)
    assert report.sentence.endswith('; outside under "fully blocked rows"')


# ---- the libraries themselves; only JAX is in the lock

ROWS = {
    "jax-nn": (*MASKS,),
    "flax": (*MASKS,),
    "equinox": (*BOOLEAN,),
    "torch-sdpa": (*MASKS,),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_library_conforms_with_a_remark_about_rows_that_are_blocked(name: str) -> None:
    pytest.importorskip(PRESETS[name].package, reason=f"{PRESETS[name].package} is not in the lock")
    masks = ("fully blocked rows", CAUSAL) if name == "jax-nn" else ROWS[name]
    report = examined(Subject.of(None, None, preset=name), masks=masks)
    assert report.exit_code == 0
    assert "it returns the mean of the values (1 of 1)" in report.blocked_rows
    assert report.total("inside") == report.total("inside", "gradients") == len(report.lines)
    assert report.again(report.lines[0]).startswith(f"leanmirror conform --preset {name} --dtype")
    package = PRESETS[name].package
    assert f"It is that of {package} {version(package)}." in report.conduct
    document = json.loads(report.document())
    assert (document["preset"], document["layout"]) == (name, PRESETS[name].layout.name)

"""What MODULE:FUNCTION finds, and what is said where it finds nothing to examine."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.conformance import kernels
from theorems.tools.conformance.kinds import ATTENTION, BLOCK
from theorems.tools.conformance.target import WrongCall, checked, load, own_vjp

HERE = "tests.tools.conformance.kernels"


@pytest.fixture(autouse=True)
def path_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current folder, of which no module stays imported."""
    monkeypatch.chdir(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_module_of_the_current_folder_is_found(folder: Path) -> None:
    (folder / "my_kernels.py").write_text("class Best:\n    @staticmethod\n    def f(context, parameters, bias): ...\n")
    assert load("my_kernels:Best.f", BLOCK).__name__ == "f"
    assert sys.path.count(str(folder)) == 1
    assert load("my_kernels:Best.f", BLOCK) is load("my_kernels:Best.f", BLOCK)
    assert sys.path.count(str(folder)) == 1


@pytest.mark.parametrize("target", ["kernels", "kernels:", ":block", ""])
def test_what_is_no_module_and_function(target: str) -> None:
    with pytest.raises(WrongCall, match=f"^'{target}' is not MODULE:FUNCTION, such as kernels:block$"):
        load(target, BLOCK)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("no_kernels:block", "no module is called 'no_kernels', here or in what is installed: No module named"),
        ("tests.no_kernels:block", "no module is called 'tests.no_kernels', here or in what is installed: "),
        (f"{HERE}:no_block", f"{HERE} has no 'no_block': 'no_block' is not an attribute of the module {HERE}"),
        (f"{HERE}:block.here", f"{HERE} has no 'block.here': 'here' is not an attribute of block"),
        (f"{HERE}:not_a_function.here", f"{HERE} has no 'not_a_function.here': 'here' is not an attribute of 3"),
        (f"{HERE}:not_a_function", f"{HERE}:not_a_function is a int, expected a function f(context, parameters, bias)"),
        (
            f"{HERE}:zeros",
            f"{HERE}:zeros takes (q, kt, v, bias, scale), expected f(context, parameters, bias): missing a",
        ),
    ],
)
def test_what_is_not_there_or_no_such_function(target: str, said: str) -> None:
    with pytest.raises(WrongCall) as why:
        load(target, BLOCK)
    assert str(why.value).startswith(said)


def test_another_signature_is_named_with_the_right_one() -> None:
    with pytest.raises(
        WrongCall, match=r"expected f\(context, parameters, bias\): missing a required argument: 'bias'$"
    ):
        load(f"{HERE}:zeros", BLOCK)
    with pytest.raises(WrongCall, match=r"expected f\(q, kt, v, bias, scale, cotangent\): too many positional"):
        load(f"{HERE}:zeros", ATTENTION, vjp=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 / 0", "cannot import broken: ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(3)", "cannot import broken: SystemExit: 3"),
        ("raise GeneratorExit('enough')", "cannot import broken: GeneratorExit: enough"),
        ("import not_there_either", "cannot import broken: ModuleNotFoundError: No module named 'not_there_either'"),
        ("def f(:", "cannot import broken: SyntaxError: "),
    ],
)
def test_a_module_that_cannot_be_imported(folder: Path, text: str, said: str) -> None:
    (folder / "broken.py").write_text(text + "\n")
    with pytest.raises(WrongCall) as why:
        load("broken:f", BLOCK)
    assert str(why.value).startswith(said)


def test_an_interrupt_is_no_fault_of_the_module(folder: Path) -> None:
    (folder / "interrupted.py").write_text("raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        load("interrupted:f", BLOCK)


@pytest.mark.parametrize(
    ("text", "target", "said"),
    [
        (
            "def __getattr__(name):\n    if name != 'f': raise AttributeError\n    raise RuntimeError('no GPU')",
            "lazy:f",
            "cannot get lazy:f: RuntimeError: no GPU",
        ),
        ("class Ops:\n    f = property(lambda self: 1 / 0)\nops = Ops()", "lazy:ops.f", "cannot get lazy:ops.f: Zero"),
        (
            "class Op:\n    def __call__(self, *a): ...\n    vjp = property(lambda self: 1 / 0)\nf = Op()",
            "lazy:f",
            "cannot get lazy:f.vjp: ZeroDivisionError: division by zero",
        ),
    ],
)
def test_what_raises_when_it_is_looked_up(folder: Path, text: str, target: str, said: str) -> None:
    (folder / "lazy.py").write_text(text + "\n")
    with pytest.raises(WrongCall) as why:
        own_vjp(target, load(target, BLOCK), BLOCK)
    assert str(why.value).startswith(said)


def test_a_signature_that_is_none() -> None:
    class Strange:
        __signature__ = 3

        def __call__(self) -> None: ...

    strange = Strange()
    assert checked("kernels:strange", strange, BLOCK) is strange


def test_a_function_that_does_not_tell_its_signature() -> None:
    class Silent:
        @property
        def __signature__(self) -> inspect.Signature:
            raise ValueError("no signature found")

        def __call__(self) -> None: ...

    silent = Silent()
    assert checked("kernels:silent", silent, BLOCK) is silent


def test_a_vjp_as_an_attribute() -> None:
    assert own_vjp("f", kernels.with_vjp, ATTENTION) is kernels.rounded_once_vjp
    assert own_vjp("f", kernels.zeros, ATTENTION) is None
    with pytest.raises(WrongCall, match=r"^f\.vjp takes .*, expected f\(context, parameters, bias, cotangent\): "):
        own_vjp("f", kernels.with_vjp, BLOCK)

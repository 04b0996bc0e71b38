"""`leanmirror show`: theorems, definitions, what is reasoned away, and every declaration of the pin."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

import theorems.engine.reasons
from lean_refs import home, load_pin
from lean_refs.twin_paths import snake_case
from mirror.rooms import links
from tests.tools.cli.conftest import NAME, Call
from tests.tools.cli.snapshot import ROOT, assert_snapshot
from theorems.engine.registry import theorems as all_theorems
from theorems.engine.theorem import registered


@pytest.mark.parametrize(
    ("name", "snapshot"),
    [
        (NAME, "show_theorem"),
        ("decoderCore_backpropVec_eq_adjoint_fderiv_at", "show_decoder_theorem"),
        ("Proofs.eventually_of_forall", "show_not_run"),
        ("Proofs.Autograd.CtxVec.get", "show_definition"),
        ("CtxVec.getRaw", "show_definition_by_suffix"),
        ("euclideanEquiv", "show_without_counterpart"),
    ],
)
def test_show(call: Call, name: str, snapshot: str) -> None:
    result = call("show", name)
    assert result.exit_code == 0
    assert_snapshot(snapshot, result.stdout)


def test_a_glob_of_several_lists_them(call: Call) -> None:
    result = call("show", "Γ*")
    assert result.exit_code == 0
    assert_snapshot("show_several", result.stdout)


def test_a_glob_of_one_shows_it(call: Call) -> None:
    assert call("show", "euclideanEqui?").stdout == call("show", "euclideanEquiv").stdout


def test_a_suffix_of_several_is_a_wrong_call_that_names_them(refused: Callable[..., str]) -> None:
    assert refused("show", "single").startswith("single names 2 declarations: Proofs.Autograd.")


def counterpart(shown: str) -> tuple[Path, str, str] | None:
    """The file that is printed, its line of the number that is printed, and the name; None where there is none."""
    for line in shown.splitlines():
        if match := re.fullmatch(r"  counterpart +(\S+):(\d+) (\S+)", line):
            path = Path(match[1])
            return path, path.read_text(encoding="utf-8").splitlines()[int(match[2]) - 1], match[3]
    return None


def test_every_declaration_of_the_pin_can_be_shown_and_leads_to_the_line_that_names_its_counterpart(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        import_module("theorems.tools.cli.show"), "SHOWN", 1
    )  # what they are like is not looked at here
    run, mirrored = all_theorems(), links()
    for declaration in load_pin().declarations.values():
        result = call("show", declaration.name)
        assert result.exit_code == 0, result.output
        assert declaration.documentation in result.stdout
        found = counterpart(result.stdout)
        assert (found is not None) == (declaration.name in run or declaration.name in mirrored), declaration.name
        if found is not None:
            _, text, name = found
            assert re.match(rf"\s*(def |class )?{name.rpartition('.')[2]}\b", text), (declaration.name, found)
        if found is not None and declaration.name in run:
            assert found[2] == snake_case(declaration.short_name)


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Proofs.Autograd.CtxVec", "mirror/core/fderiv.py"),  # a type alias
        ("Proofs.Autograd.TList", "mirror/algebra/soundness.py"),  # a class of another module
        ("Proofs.Autograd.NodeFDerivCorrect", "mirror/core/fderiv.py"),  # a class
        # Two names of one statement, which share a conclusion.
        ("twoSublayerPostNormBlock_hasFDerivAt", "theorems/ops/transformer/post_norm.py"),
        ("postNormGptDecoderBlock_hasFDerivAt", "theorems/ops/transformer/decoder_block.py"),
        ("postNormEncoderBlock_hasFDerivAt", "theorems/ops/transformer/encoder_block.py"),
        ("sum_spec_dim", "theorems/core/fderiv/inner_products.py"),  # below the twin, which exports it
    ],
)
def test_a_counterpart_is_in_its_own_twin(call: Call, monkeypatch: pytest.MonkeyPatch, name: str, place: str) -> None:
    from_elsewhere = counterpart(call("show", name).stdout)
    assert from_elsewhere is not None
    assert from_elsewhere[0] == ROOT / place
    monkeypatch.chdir(ROOT)
    from_the_repository = counterpart(call("show", name).stdout)
    assert from_the_repository == (Path(place), *from_elsewhere[1:])


@pytest.mark.parametrize(("name", "where"), [(NAME, "pytest --theorem"), ("CtxVec.single", "test_context.py")])
def test_tests_are_told_of_where_they_are(call: Call, monkeypatch: pytest.MonkeyPatch, name: str, where: str) -> None:
    assert where in call("show", name).stdout
    # Installed, what lies beside our packages is somebody else's, also if it is called tests/.
    monkeypatch.setattr(home, "in_checkout", lambda: False)
    assert where not in call("show", name).stdout


def test_a_gap_is_said(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(all_theorems() and registered(), NAME)
    result = call("show", NAME)
    assert result.exit_code == 2
    assert result.stderr == f"leanmirror: {NAME} has no counterpart and no reason for not having one\n"


def test_what_a_theorem_rests_on_is_marked(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theorems.engine.reasons, "NOT_RUN", {NAME: "for a test"})
    assert "not run" in call("show", NAME).stdout

"""One seed draws one sequence of instances, whatever else is loaded in the process."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis.internal.conjecture.providers import HypothesisProvider

PROGRAM = textwrap.dedent(
    """
    import json, sys
    if len(sys.argv) > 1:
        sys.path.insert(0, sys.argv[1])
        import full_of_constants
    from theorems.engine import checking
    from theorems.engine.codec import encode
    from theorems.nodes.context import inner_get_single
    cases = []
    examine = checking.examine_instance
    checking.examine_instance = lambda t, case, tally: (cases.append(encode(case)), examine(t, case, tally))[1]
    checking.check(inner_get_single, examples=200, seed=3)
    print(json.dumps(cases))
    """
)


def drawn(*arguments: str) -> str:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_other_modules_do_not_change_what_a_seed_draws(tmp_path: Path) -> None:
    # Hypothesis would draw these numbers, were it let: they are constants of a module that is not installed.
    numbers = ", ".join(map(str, range(1000, 1900)))
    (tmp_path / "full_of_constants.py").write_text(f"NUMBERS = [{numbers}]\n", encoding="utf-8")
    alone, in_company = drawn(), drawn(str(tmp_path))
    assert len(json.loads(alone)) >= 200
    assert alone == in_company


def test_hypothesis_is_left_as_it_was() -> None:
    from theorems.engine.checking import check
    from theorems.nodes.context import inner_get_single

    before = HypothesisProvider._maybe_draw_constant
    check(inner_get_single, examples=1)
    assert HypothesisProvider._maybe_draw_constant is before


def test_the_seed_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    from theorems.engine import checking
    from theorems.engine.codec import encode
    from theorems.nodes.context import inner_get_single

    drawn: dict[int, list[object]] = {1: [], 2: []}
    for seed, cases in drawn.items():
        monkeypatch.setattr(checking, "assess", lambda t, case, into=cases: (into.append(encode(case)), None))
        checking.check(inner_get_single, examples=20, seed=seed)
    assert drawn[1] != drawn[2]

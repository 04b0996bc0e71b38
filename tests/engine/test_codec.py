"""Instances as JSON and back."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror.arithmetic import rational_vector
from mirror.spec.core.shape import Shape
from tests.tools.reports.blocks import block
from theorems.engine.codec import MalformedInstance, decode, encode, fingerprint
from theorems.engine.registry import select
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Theorem


@pytest.mark.unmeasured
@pytest.mark.parametrize("theorem", select(), ids=lambda t: t.name)
def test_instances_survive_the_way_to_json_and_back(theorem: Theorem) -> None:
    @settings(max_examples=5, deadline=None, derandomize=True, database=None)
    @given(theorem.instances(Sizes()))
    def there_and_back(case: Any) -> None:
        written = json.dumps(encode(dict(case)))
        assert json.dumps(encode(decode(json.loads(written)))) == written

    there_and_back()


def test_numbers_stay_exact() -> None:
    third = fmpq(10**40, 3)
    assert decode(json.loads(json.dumps(encode({"q": third})))) == {"q": third}


def test_a_number_may_have_more_digits_than_python_reads() -> None:
    long = fmpq(-1) / fmpq(10) ** 5000
    assert decode(encode(long)) == long


def test_a_shape_stays_a_shape() -> None:
    found = decode(encode((Shape(2, 0), ())))
    assert [type(part) for part in found] == [Shape, tuple]


def test_the_block_is_judged_as_before() -> None:
    again = decode(encode(block()))
    assert list(again["parameters"].bias) == [-10000]
    assert again["dims"] == block()["dims"]


@pytest.mark.parametrize("value", [1.5, {1, 2}, object(), lambda: None, {"n": [1]}])
def test_what_an_instance_cannot_hold(value: Any) -> None:
    with pytest.raises(TypeError, match="an instance cannot hold a "):
        encode(value)


@pytest.mark.parametrize("data", [1.5, [], {}, {"a": 1, "b": 2}, {"Mystery": {}}, {"shape": [-1]}, {"rational": None}])
def test_what_is_no_encoded_instance(data: Any) -> None:
    with pytest.raises(MalformedInstance):
        decode(data)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.dictionaries(st.text(), v)))
@settings(derandomize=True, database=None, deadline=None)
def test_any_other_json_is_plain_or_malformed(data: Any) -> None:
    with suppress(MalformedInstance):
        decode(data)


def test_nesting_without_end_is_malformed() -> None:
    data: Any = 0
    for _ in range(100_000):
        data = {"tuple": [data]}
    with pytest.raises(MalformedInstance, match="RecursionError"):
        decode(data)


def test_a_fingerprint_is_of_the_values_alone() -> None:
    case = {"n": 1, "x": rational_vector([0, -1])}
    assert fingerprint(case) == fingerprint({"x": rational_vector(["0", "-2/2"]), "n": 1})
    others = ({**case, "n": 2}, {**case, "x": rational_vector([0, -2])}, {**case, "n": fmpq(1)}, {**case, "m": 1})
    assert len({fingerprint(each) for each in (case, *others)}) == 5


def test_a_fingerprint_is_the_same_whatever_family_the_values_were_drawn_from() -> None:
    case = {"x": rational_vector([0, 0]), "values": "zeros", "mask": "causal"}
    assert fingerprint(case) == fingerprint({**case, "values": "tiny", "mask": "banded"})
    assert fingerprint(case) != fingerprint({**case, "values": rational_vector([0])})

"""What may be wrong with a replay file, and what the command says of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tests.tools.cli.conftest import NAME

Edit = Callable[[dict[str, Any]], Any]
WRITTEN = 'a number is written as text, such as "-3/2", got '


def members(data: dict[str, Any]) -> dict[str, Any]:
    return data["instance"]["dict"]


def not_real(entry: Any) -> Edit:
    return lambda data: members(data)["x"].update(array=["1", entry])


# What was done to the file, and what the command says of it.
EDITS: dict[str, tuple[Edit, str]] = {
    "foreign": (lambda d: d.update(format="other"), "it is not a replay file (no format 'leanmirror replay 2' in it)"),
    "older": (
        lambda d: d.update(format="leanmirror replay 1"),
        "another version of leanmirror wrote it, as 'leanmirror replay 1', and this one reads 'leanmirror replay 2': ",
    ),
    "newer": (lambda d: d.update(format="leanmirror replay 3"), "another version of leanmirror wrote it, as 'leanmirr"),
    "unknown theorem": (
        lambda d: d.update(theorem="P.inner_get_singel"),
        "no theorem is called P.inner_get_singel; did",
    ),
    "empty name": (lambda d: d.update(theorem=""), "no theorem is called ''"),
    "no name": (lambda d: d.update(theorem=[]), "its theorem should be the full name of a theorem, got []"),
    "no theorem": (lambda d: d.pop("theorem"), "it has no theorem, which should be the full name of a theorem"),
    "no versions": (lambda d: d.pop("versions"), "it has no versions, which should be a version as text for each"),
    "odd versions": (
        lambda d: d["versions"].update(numpy=1),
        "its versions should be a version as text for each name, got {'leanmirror': ",
    ),
    "no verdict": (lambda d: d.pop("verdict"), "it has no verdict, which should be one of equal, enclosed, undecid"),
    "odd verdict": (
        lambda d: d.update(verdict="perhaps"),
        "its verdict should be one of equal, enclosed, undecided, refuted, unsatisfied, raised, got 'perhaps'",
    ),
    "a run's verdict": (
        lambda d: d.update(verdict="vacuous"),
        "its verdict should be one of equal, enclosed, undecided, refuted, unsatisfied, raised, got 'vacuous'",
    ),
    "verdict in a list": (
        lambda d: d.update(verdict=["equal"]),
        "its verdict should be one of equal, enclosed, undecided, refuted, unsatisfied, raised, got ['equal']",
    ),
    "no seed": (lambda d: d.pop("seed"), "it has no seed, which should be a natural number"),
    "odd seed": (lambda d: d.update(seed=True), "its seed should be a natural number, got True"),
    "negative seed": (lambda d: d.update(seed=-1), "its seed should be a natural number, got -1"),
    "no examples": (lambda d: d.update(examples=0), "its examples should be a number of at least 1, got 0"),
    "odd profile": (
        lambda d: d.update(profile="fast"),
        "its profile should be one of quick, full, nightly, got 'fast'",
    ),
    "profile in a list": (lambda d: d.update(profile=[]), "its profile should be one of quick, full, nightly, got []"),
    "odd mismatch": (
        lambda d: d.update(mismatch="x"),
        "its mismatch should be null, or a claim, position, left, right and entries, got 'x'",
    ),
    "cut mismatch": (
        lambda d: d["mismatch"].pop("claim"),
        "its mismatch should be null, or a claim, position, left, right and entries, got {'position': ",
    ),
    "mark for a number": (
        lambda d: d["mismatch"].update(position=True),
        "its mismatch should be null, or a claim, position, left, right and entries, got {'claim': ",
    ),
    "odd without": (lambda d: d.update(without="h"), "its without should be a list of names, got 'h'"),
    "odd name without": (lambda d: d.update(without=[1]), "its without should be a list of names, got [1]"),
    "unknown field": (lambda d: d.update(sead=1), "no replay file has a field 'sead'; did you mean seed?"),
    "no instance": (lambda d: d.pop("instance"), "it has no instance, which should be an object"),
    "text for a mark": (
        lambda d: members(d).update(boundary="yes"),
        "the instance's boundary should be true or false, got 'yes'",
    ),
    "number for a mark": (
        lambda d: members(d).update(full_jacobian=1),
        "the instance's full_jacobian should be true or false, got 1",
    ),
    "nothing for a mark": (
        lambda d: members(d).update(differences=None),
        "the instance's differences should be true or false, got None",
    ),
    "misspelt mark": (
        lambda d: members(d).update(boundry=True),
        f"no instance of {NAME} has a value boundry; did you mean boundary?",
    ),
    "mark for a family": (lambda d: members(d).update(values=True), "the instance's values should be text, got True"),
    "number for a vector": (
        lambda d: members(d).update(v={"rational": "1"}),
        "the instance's v should be a vector, got 1",
    ),
    "vector for an index": (
        lambda d: members(d).update(idx={"array": [], "of": [0]}),
        "the instance's idx should be the kind Idx, got array([], dtype=object)",
    ),
    "another thing": (lambda d: d.update(instance={"tuple": []}), "it holds no instance"),
    "nothing at all": (lambda d: d.update(instance=None), "its instance should be an object, got None"),
    "nothing": (lambda d: d.update(instance={}), "{} is no part of an instance"),
    "lacking": (lambda d: members(d).pop("v"), "the instance lacks v"),
    "unknown class": (lambda d: members(d).update(v={"Mystery": {}}), "an instance holds no Mystery"),
    "odd class": (
        lambda d: members(d).update(v={"Dims": {"n": 1}}),
        "a Dims holds seq_len, d_model, num_heads, head_dim, d_ff, got n",
    ),
    "no members": (lambda d: members(d).update(v={"Dims": 1}), "a Dims holds seq_len, d_model, num_heads, head_dim"),
    "mark for an index": (lambda d: members(d)["idx"]["Idx"].update(i=True), "Idx.i is True, expected int"),
    "text for a context": (
        lambda d: members(d)["idx"]["Idx"].update(context="[2]"),
        "Idx.context is [2], expected Context",
    ),
    "shape for a context": (
        lambda d: members(d)["idx"]["Idx"].update(context={"shape": [2]}),
        "Idx.context is {'shape': [2]}, expected Context",
    ),
    "text for a shape": (
        lambda d: members(d)["idx"]["Idx"].update(context={"tuple": ["a"]}),
        "Idx.context is {'tuple': ['a']}, expected Context",
    ),
    "two things in one": (
        lambda d: members(d)["x"].update(rational="1"),
        "{'array': ",
    ),
    "no shape": (lambda d: members(d)["x"].update(of=None), "an instance holds no array of "),
    "open shape": (lambda d: members(d)["x"].update(of=[-1]), "a dimension is a natural number, got -1"),
    "index": (lambda d: members(d)["idx"]["Idx"].update(i=7), "index 7 into a context of 2 entries"),
    "negative dimension": (
        lambda d: members(d)["idx"]["Idx"].update(shape={"shape": [-1]}),
        "a dimension is a natural number, got -1",
    ),
    "odd shape": (
        lambda d: members(d).update(x={"array": ["1"], "of": [2]}),
        "an array of the shape [2] has 2 entries, got 1",
    ),
    "no text": (lambda d: members(d)["x"].update(array=["1", 7]), 'a number is written as text, such as "-3/2", got 7'),
    "no number": (lambda d: members(d)["x"].update(array=["1", "a"]), f"{WRITTEN}'a'"),
    "nothing over nothing": (lambda d: members(d)["x"].update(array=["1", "1/0"]), f"{WRITTEN}'1/0'"),
    "negative denominator": (lambda d: members(d)["x"].update(array=["1", "1/-2"]), f"{WRITTEN}'1/-2'"),
    "spaces": (lambda d: members(d)["x"].update(array=["1", " 1"]), f"{WRITTEN}' 1'"),
    "other digits": (lambda d: members(d)["x"].update(array=["1", "1_0"]), f"{WRITTEN}'1_0'"),
    "no ASCII digit": (lambda d: members(d)["x"].update(array=["1", "٣"]), f"{WRITTEN}'٣'"),
    "a power of ten": (lambda d: members(d)["x"].update(array=["1", "1e5"]), f"{WRITTEN}'1e5'"),
    "nan": (not_real("nan"), "nan is not a real number and the theorems are about real numbers"),
    "-inf": (not_real("-inf"), "-inf is not a real number"),
    "Infinity": (not_real("Infinity"), "inf is not a real number"),
    "JSON's NaN": (not_real(math.nan), "nan is not a real number"),
    "JSON's -Infinity": (not_real(-math.inf), "-inf is not a real number"),
}

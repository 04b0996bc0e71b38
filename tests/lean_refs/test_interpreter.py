"""The interpreter on the mini library: data at concrete dimensions, contradictions named, nothing guessed."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_refs.interpreter.interpret import Disagreement, Interpreter, NotInterpreted
from lean_refs.interpreter.plain import first_difference, plain
from lean_refs.interpreter.values import Graph, Index, Record, Shape
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tree import read_tree
from tests.lean_refs import mini_lean as mini

BLOCK = "Proofs.Autograd.Block"
DIMS = {"m": 2, "n": 3, "k": 5}


def graph_of(value: Any) -> Any:
    return value.field("g") if isinstance(value, Record) else value


def nodes(value: Any) -> Any:
    return [
        (node.kind.removeprefix("Proofs.Autograd."), node.inputs, dict(node.parameters))
        for node in graph_of(value).nodes
    ]


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_contexts_at_any_dimensions(interpreter, m, n, k):
    assert interpreter.interpret(f"{BLOCK}.ΓBlock", {"m": m, "n": n, "k": k}) == (
        Shape((m, n)),
        Shape((m, n)),
        Shape((m, k)),
        Shape((k,)),
        Shape((k,)),
    )


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("idxLeft", 0),
        ("idxStream", 2),
        ("idxBeta", 4),
        ("idxScaled", 6),
        ("idxMerged", 7),
        ("idxStreamLater", 2),
    ],
)
def test_positions_come_from_the_text(interpreter, name, position):
    value = interpreter.interpret(f"{BLOCK}.{name}", DIMS)
    assert isinstance(value, Index)
    assert value.position == position
    assert value.context[position] == value.shape


def test_any_saved_list_after_the_context(interpreter):
    saved = (Shape((7,)), Shape())
    value = interpreter.interpret(f"{BLOCK}.idxStream", DIMS, {"ss": saved})
    assert value.context[-2:] == saved


def test_a_graph_built_by_tactics(interpreter):
    value = interpreter.interpret(f"{BLOCK}.coreDGraph", DIMS)
    assert nodes(value) == [("TapeNodes.add", (0, 1), {}), ("TapeNodes.scale", (2,), {"c": "c"})]


def test_carried_inputs_move_the_later_positions(interpreter):
    value = interpreter.interpret(f"{BLOCK}.carried", DIMS)
    assert [inputs for _, inputs, _ in nodes(value)] == [(0, 1), (5,)]
    assert len(graph_of(value).context) == 5


def test_the_whole_graph(interpreter):
    value = interpreter.interpret(f"{BLOCK}.blockGraph", DIMS)
    assert isinstance(value, Graph)
    assert nodes(value)[2:] == [
        ("TapeNodes.affine", (6,), {"A": "merge", "b": "b"}),
        ("TapeNodes.add", (2, 7), {}),
        ("Norm.node", (8, 3, 4), {"ε": "ε"}),
    ]
    assert value.saved == interpreter.interpret(f"{BLOCK}.ssBlock", DIMS)


def interpret(tmp_path, old, new, name, text=mini.BLOCK, where="block"):
    assert old in text
    reading = read_tree(mini.write(tmp_path, **{where: text.replace(old, new)}))
    return Interpreter(reading).interpret(f"{BLOCK}.{name}", DIMS)


@pytest.mark.parametrize(
    ("old", "new", "name", "why"),
    [
        (
            "(Row k) := ⟨⟨3,",
            "(Row k) := ⟨⟨2,",
            "idxGamma",
            "index 2 in Proofs.Autograd.Block.idxGamma is declared [5], its context has [2,5] there",
        ),
        (
            "(Row k) := ⟨⟨3,",
            "(Row k) := ⟨⟨9,",
            "idxGamma",
            "index 9 in .* is outside its context of 5 entries",
        ),
        ("[Mat m k, Row k, Row k]\ndef", "[Mat m k, Row k]\ndef", "carried", "expected .*"),
        (
            "(ss := [Mat m n, Mat m n]) (τ := Mat m k)",
            "(ss := [Mat m n]) (τ := Mat m k)",
            "idxMerged",
            "has Idx of .*",
        ),
        (
            "(sOut := Mat m k)",
            "(sOut := Mat m n)",
            "blockGraph",
            "A := merge in .* is of type .*, expected .*",
        ),
        ("c bias).g", "bias c).g", "blockGraph", "c := bias in .* is of type .*, expected ℝ"),
        (
            "Graph.snoc g1 (add",
            "Graph.snoc g0 (add",
            "blockGraph",
            "a of .*add in .*blockGraph has Idx of .*",
        ),
        (
            "Graph.snoc g0 (Tape",
            "Graph.snoc (DGraph.nil (Γ := ΓBlock m n k)).g (Tape",
            "blockGraph",
            "idx of .* has Idx",
        ),
        (
            "scale (idx := idxSum) c",
            "scale (index := idxSum) c",
            "coreDGraph",
            "has no argument index, it has Γ, s, idx, c",
        ),
    ],
)
def test_a_text_that_contradicts_itself_is_named(tmp_path, old, new, name, why):
    value = interpret(tmp_path, old, new, name)
    assert isinstance(value, Disagreement)
    assert re.search(why.replace("[", r"\["), value.why), value.why


@pytest.mark.parametrize(
    ("old", "new", "name", "why"),
    [
        ("  classical\n", "  intro x\n", "coreDGraph", "the tactic intro"),
        ("simpa using dg2", "sorry", "coreDGraph", "the tactic sorry"),
        ("⟨⟨4, by simp⟩", "⟨⟨four, by simp⟩", "idxBeta", "the position four is not a number"),
        (
            "let g0 := (carried",
            "let g0 := (elsewhere",
            "blockGraph",
            "the graph that snoc extends: .*elsewhere",
        ),
    ],
)
def test_what_leaves_the_fragment_is_not_guessed(tmp_path, old, new, name, why):
    value = interpret(tmp_path, old, new, name)
    assert isinstance(value, NotInterpreted)
    assert re.search(why, value.why), value.why


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("block_ok", "a theorem has no data to interpret"),
        ("nothing", "there is no such declaration in what was read"),
    ],
)
def test_what_is_no_definition(interpreter, name, why):
    assert interpreter.interpret(f"{BLOCK}.{name}", DIMS) == NotInterpreted(f"{BLOCK}.{name}", why)


def test_an_operation_is_not_interpreted(interpreter):
    value = interpreter.interpret("Proofs.Autograd.TapeNodes.add", {})
    assert value.why == "it takes a of type Idx: an operation, not a fixed object"


def test_a_function_argument_is_normalised_text(tmp_path):
    text = mini.BLOCK.replace("scale (idx := idxSum) c", "map (idx := idxSum) (fun z  =>  z+c)")
    value = Interpreter(read_tree(mini.write(tmp_path, block=text))).interpret(f"{BLOCK}.coreDGraph", DIMS)
    assert nodes(value)[1] == ("TapeNodes.map", (2,), {"f": "fun z => z + c"})


def test_the_last_position_is_what_its_definition_says(tmp_path):
    old = "⟨⟨(Γ ++ ss).length, by simp⟩, by simp⟩"
    value: Any = interpret(tmp_path, old, "⟨⟨ss.length, by simp⟩, by simp⟩", "idxMerged", mini.TAPE, "tape")
    assert value.position == 2


def test_a_missing_dimension_is_an_error(interpreter):
    assert interpreter.dimensions(f"{BLOCK}.blockGraph") == ("m", "n", "k")
    with pytest.raises(KeyError, match="k"):
        interpreter.interpret(f"{BLOCK}.blockGraph", {"m": 1, "n": 1})


def test_a_field_whose_type_was_not_read_is_named():
    texts = {file: text.replace("hg : Good g", "hg : Unseen g") for file, text in mini.FILES.items()}
    partial = Interpreter(Reading({file: read_text(file, text) for file, text in texts.items()}))
    found = partial.interpret(f"{BLOCK}.coreDGraph", DIMS)
    assert isinstance(found, NotInterpreted)
    assert "the field hg of type Unseen" in found.why
    assert found.why.endswith(", which was not read")


def test_the_first_difference_says_where(interpreter):
    old = plain(interpreter.interpret(f"{BLOCK}.blockGraph", DIMS))
    new: Any = plain(interpreter.interpret(f"{BLOCK}.blockGraph", DIMS))
    assert first_difference(old, new) is None
    new["nodes"][3]["inputs"][1] = 6
    assert first_difference(old, new) == "nodes 3, inputs 1: 7 became 6"
    del new["nodes"][4]
    new["nodes"][3]["inputs"][1] = 7
    assert first_difference(old, new) == "nodes: 5 entries became 4"


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ([2, 3], [2, 4], "1: 3 became 4"),
        (2, [2], "value: 2 became [2]"),
        ({"index": 1}, {"context": [], "nodes": []}, "value: ['index'] became ['context', 'nodes']"),
        ({"a": {"b": 1}}, {"a": {"c": 1}}, "a: ['b'] became ['c']"),
        ({"a": [{"b": 1}]}, {"a": []}, "a: 1 entries became 0"),
    ],
)
def test_where_plain_values_differ(old, new, difference):
    assert first_difference(old, new) == difference

"""Faults of the search for a wrong node: a part that is not tried, a node that is not reached."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.faults.checking.fault import CheckingFault, blunt

_NODES = "theorems.engine.evidence.nodes:"
_LOCATING = "theorems.engine.locating:"
_TESTS = "tests/engine/test_locating.py::"
_PARTS = _TESTS + "test_what_of_a_node_is_wrong"


def _nothing(original: Any) -> Any:
    return lambda *args: iter(())


def _unit_vectors_only(original: Any) -> Any:
    return lambda held: [probe for probe in original(held) if probe.coordinate is not None]


def _without_what_runs_through(original: Any) -> Any:
    return lambda held, tangents=(), cotangents=(): original(held)


def _one_too_far(original: Any) -> Any:
    def search(ar: Any, run: Any) -> Any:
        found = original(ar, run)
        return found and replace(found, position=found.position + 1)

    return search


LOCATING: tuple[CheckingFault, ...] = (
    blunt("no node's jvp is tried", _PARTS, _NODES + "_jvp", _nothing),
    blunt("no node's vjp is tried", _PARTS, _NODES + "_vjp", _nothing),
    blunt("no node's certificate is tried", _PARTS, _NODES + "_certificate", _nothing),
    blunt(
        "no adjoint of a node's certificate is tried",
        _TESTS + "test_a_certificate_of_another_derivative_or_with_another_adjoint_is_named",
        _NODES + "_adjoint",
        _nothing,
    ),
    blunt(
        "a node's maps on tensors are not tried",
        _TESTS + "test_maps_on_tensors_are_held_against_those_on_vectors",
        _NODES + "_vjp_on_tensors",
        _nothing,
    ),
    blunt(
        "a node is not tried on what it says that it does not read",
        _PARTS,
        "theorems.engine.evidence.held:Held.directions",
        _unit_vectors_only,
    ),
    blunt(
        "a node is not tried on what the instance runs through it",
        _TESTS + "test_what_an_instance_runs_through_a_node_is_tried_too",
        _LOCATING + "disagreements",
        _without_what_runs_through,
    ),
    blunt(
        "a corner ends the search",
        _TESTS + "test_at_a_corner_the_jvp_is_held_to_be_linear_and_the_vjp_its_adjoint",
        _NODES + "disagreements",
        lambda original: lambda held, *vectors: original(held, *vectors) if held.differentiable else [],
    ),
    blunt(
        "the node beside the wrong one is named",
        _TESTS + "test_the_first_of_two_wrong_nodes_is_named",
        _LOCATING + "_wrong_in",
        _one_too_far,
    ),
    blunt(
        "no instance takes a quotient of differences",
        "tests/engine/strategies/test_probes.py::test_one_instance_in_ten_takes_a_quotient_of_differences",
        "theorems.engine.strategies.probes:DIFFERENCES_EVERY",
        lambda every: 10**9,
    ),
)

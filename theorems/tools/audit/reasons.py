"""What nothing here can fail, each with the reason that a person wrote, and whether that still holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lean_refs.facts import THEOREM_KINDS
from lean_refs.fingerprint import Fingerprint
from mirror.reasons import WITHOUT_COUNTERPART
from mirror.rooms import links
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.tools.audit.binders import lean_hypotheses
from theorems.tools.audit.findings import Finding, fails
from theorems.tools.audit.material import Material


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part of a statement holds whatever is tried.

    Without a `hypothesis`, `name` is a definition that makes a part of what theorems conclude true, or carries it
    as an assumption. With one, a value here cannot fail that hypothesis of the theorem `name`, and no executable
    hypothesis names it.
    """

    name: str
    says: str
    hypothesis: str = ""


_LENGTHS = "two equal lengths are one number here"
_CONTEXTS = "two equal contexts are one value here"

REASONS: tuple[Reason, ...] = (
    Reason(
        "Proofs.Autograd.LayerNorm.wholeNode",
        "its jvp and vjp are Lean's fderiv of its forward map and the adjoint of that, by definition: "
        "no reverse formula of LayerNorm is proved at this node",
    ),
    Reason(
        "Proofs.Autograd.NodeFDerivCorrectAt",
        "it holds a derivative of the node's forward map and the proof that the node's jvp applies it: "
        "who supplies it supplies that node's part of the conclusion",
    ),
    Reason(
        "Proofs.Autograd.NodeFDerivCorrect",
        "it holds a derivative at every point and the proof that the node's jvp applies it",
    ),
    Reason(
        "Proofs.Autograd.GraphFDerivCorrectAt", "it holds such a certificate for every node of a graph, at one input"
    ),
    Reason("Proofs.Autograd.GraphFDerivCorrect", "it holds such a certificate for every node of a graph"),
    Reason(
        "Proofs.Autograd.Node", "its field `correct` says that vjp is the adjoint of jvp: that law is part of the type"
    ),
    Reason("Proofs.Autograd.castVec_add", _LENGTHS, "h"),
    Reason("Proofs.Autograd.castVec_smul", _LENGTHS, "h"),
    Reason("Proofs.Autograd.castVec_castVec", _LENGTHS, "h₁"),
    Reason("Proofs.Autograd.castVec_castVec", _LENGTHS, "h₂"),
    Reason("Proofs.Autograd.inner_castVec_castVec", _LENGTHS, "h"),
    Reason("Proofs.Autograd.castCtxVec_cast", _CONTEXTS, "h₁"),
    Reason("Proofs.Autograd.castCtxVec_cast", _CONTEXTS, "h₂"),
    Reason("Proofs.Autograd.inner_castCtxVec", _CONTEXTS, "h"),
    Reason("Proofs.Autograd.TList.dotList_cast_left", _CONTEXTS, "h"),
)


def by_definition() -> dict[str, str]:
    """The definitions that settle a part of a conclusion, and what they settle."""
    return {reason.name: reason.says for reason in REASONS if not reason.hypothesis}


def by_type(theorem: str) -> set[str]:
    """The hypotheses of a theorem that no value here can fail."""
    return {reason.hypothesis for reason in REASONS if reason.name == theorem and reason.hypothesis}


def without_counterpart() -> dict[str, str]:
    """The declarations that need no counterpart, and why."""
    return WITHOUT_COUNTERPART | NOT_RUN


def no_longer_true(material: Material) -> Iterator[Finding]:
    """Reasons for what Lean does not have, and reasons that nothing needs any more."""
    proved = [name for name, made in material.fingerprints.items() if made.kind in THEOREM_KINDS]
    rested_on = None if material.unseen else material.rests_on(proved)
    answered = links().keys() | theorems().keys()
    for reason in REASONS:
        if reason.name in material.unseen:
            continue
        made = material.fingerprints.get(reason.name)
        if why := _outdated(reason, made, rested_on):
            yield fails(reason.name, f"a reason is given for {why}")
    for name in sorted(without_counterpart().keys() - material.unseen):
        if name not in material.fingerprints:
            yield fails(name, f"a reason is given for {_NO_SUCH}")
        elif name in answered:
            yield fails(name, "a reason is given for having no counterpart, but it has one")


_NO_SUCH = "it, but there is no such Lean declaration"


def _outdated(reason: Reason, made: Fingerprint | None, rested_on: Collection[str] | None) -> str:
    """What the reason is given for, and why that needs none; nothing where it does.

    In a part of a source it is not known what theorems rest on.
    """
    if made is None:
        return _NO_SUCH
    if reason.hypothesis:
        return _checked(reason, made)
    return "" if rested_on is None or reason.name in rested_on else "it, but no theorem rests on it"


def _checked(reason: Reason, made: Fingerprint) -> str:
    theorem, about = theorems().get(reason.name), f"the hypothesis {reason.hypothesis}"
    if reason.hypothesis not in lean_hypotheses(made):
        return f"{about}, which Lean does not have"
    if theorem is None:
        return f"{about}, but the theorem is not run"
    return f"{about}, which is checked here" if reason.hypothesis in {h.name for h in theorem.hypotheses} else ""

"""What the pin keeps of the text of a theorem: instances, with what it says of the hypotheses and of both sides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from theorems.engine.case import FAMILIES, Case
from theorems.engine.codec import MalformedInstance, decode, encode
from theorems.tools.audit.pinned.conclusions.sides import BothSides
from theorems.tools.audit.pinned.written import numbers_of, numbers_text


@dataclass(frozen=True, slots=True)
class PinnedStatement:
    """One instance as JSON: which hypotheses hold there, and what the conclusion says where they all do.

    These are the numbers of both sides, the value of what it differentiates, and whether it holds: what is said of
    shapes or of positions has no numbers.
    """

    case: Mapping[str, Mapping[str, Any]]
    hypotheses: Mapping[str, bool]
    conclusion: Mapping[str, Any] | None = None

    @classmethod
    def of(
        cls, case: Case, hypotheses: Mapping[str, bool], sides: BothSides | None = None, *, holds: bool = False
    ) -> PinnedStatement:
        """What the text says of an instance; without sides, of its hypotheses alone."""
        said = None
        if sides is not None:
            said = {"left": numbers_text(sides.left), "right": numbers_text(sides.right), "holds": holds}
            said |= {"value": numbers_text(sides.value)} if sides.value else {}
        return cls(encode(dict(case)), dict(hypotheses), said)

    @property
    def shown(self) -> Iterable[tuple[str, Any]]:
        """The values, with their names."""
        return self.case["dict"].items()

    @property
    def words(self) -> str:
        """It as text, but for the names of the families that its values were drawn from."""
        values = {name: value for name, value in self.shown if name not in FAMILIES}
        return json.dumps({**self.data(), "case": values}, ensure_ascii=False)

    @property
    def text(self) -> str:
        """It as text."""
        return json.dumps(self.data(), ensure_ascii=False)

    def data(self) -> dict[str, Any]:
        """It as JSON."""
        head = {"case": self.case, "hypotheses": self.hypotheses}
        return head if self.conclusion is None else {**head, "conclusion": self.conclusion}

    def instance(self) -> Case:
        """The instance; raises `MalformedInstance` where it is none."""
        return decode(self.case)

    def sides(self) -> BothSides:
        """The numbers of the conclusion; raises `MalformedInstance` where they are none."""
        said = self.conclusion or {"left": "", "right": ""}
        return BothSides(numbers_of(said["left"]), numbers_of(said["right"]), numbers_of(said.get("value", "")))


@dataclass(frozen=True, slots=True)
class PinnedTheorem:
    """A theorem: instances, or why there is none. `text` is a digest of everything that it was made from."""

    name: str
    text: str
    instances: tuple[PinnedStatement, ...] = ()
    outside: str = ""

    def data(self) -> dict[str, Any]:
        """It as JSON."""
        head: dict[str, Any] = {"name": self.name, "text": self.text}
        return head | (
            {"outside": self.outside} if self.outside else {"statements": [i.data() for i in self.instances]}
        )

    @classmethod
    def of(cls, data: Any) -> PinnedTheorem:
        """The theorem of a JSON; raises `MalformedInstance` for another one."""
        try:
            instances = tuple(map(_statement, data.get("statements", ())))
            found = cls(data["name"], data["text"], instances, data.get("outside", ""))
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise MalformedInstance(f"{str(data)[:60]} is no pinned theorem") from why
        if not (found.instances or found.outside):
            raise MalformedInstance(f"nothing is pinned of {found.name}")
        return found


def _statement(data: Any) -> PinnedStatement:
    case, said, hypotheses = data["case"], data.get("conclusion"), data["hypotheses"]
    truths = [*hypotheses.values(), *([] if said is None else [said["holds"]])]
    if not all(isinstance(truth, bool) for truth in truths) or not isinstance(case["dict"], dict):
        raise ValueError("neither true nor false, or no instance")
    if said is not None and not {"left", "right"} <= said.keys():
        raise ValueError("a conclusion without sides")
    return PinnedStatement(case, hypotheses, said)

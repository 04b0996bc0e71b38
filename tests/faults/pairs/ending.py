"""How the two conclusions of a theorem end on the same instances, with the same fault below both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

import numpy as np

from lean_refs.evaluator import Evaluator, NotEvaluatedError
from lean_refs.evaluator.targets import Target
from tests.faults.pairs.pair import CORE, Pair
from tests.faults.pairs.source import SourceText
from theorems.engine.assessing import assess
from theorems.engine.case import Case
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.graphs import NodeSpec
from theorems.engine.registry import theorems
from theorems.engine.sizes import profile
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated.agreed import SIZES
from theorems.tools.audit.evaluated.conclusions import BITS, Concluded, conclude
from theorems.tools.audit.evaluated.drawing import HEAVY
from theorems.tools.audit.evaluated.errors import NoArgumentError, UndrawableError
from theorems.tools.audit.evaluated.matching import UnmatchedError
from theorems.tools.audit.evaluated.same import target_of
from theorems.tools.weights import weight

# So many instances: of what is light, of graphs, of blocks; and so many times more until both conclusions fail on one.
LIGHT, GRAPHS, BLOCKS, MORE = 12, 4, 2, 4
TRIES = 3  # so often the text is asked, where an instance leaves it an index or a vector to choose
AGAIN = 24  # and so often where it holds and the executable property, which looks at every index, does not
SEED = 0
SHARP = (1664,)  # bits where the text holds by enclosures that overlap, and the executable property does not
MIDDLING = 40  # declarations that a statement about graphs rests on

# What the text says of all vectors it tries at vectors of its own; the executable property tries the instance's.
OF_ALL_VECTORS = frozenset(CORE + f"Node.{run}_ofVec" for run in ("forwardVec", "jvpVec", "vjpVec"))


class End(Enum):
    """How a conclusion ends on an instance."""

    HOLDS = "holds"
    FAILS = "fails"
    OUTSIDE = "a hypothesis fails"
    OPEN = "undecided"


@dataclass(frozen=True, slots=True)
class Row:
    """One theorem with one pair: on how many instances both hold, both fail, or one does not say; and what is apart."""

    pair: str
    theorem: str
    hold: int
    fail: int
    open: int
    apart: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether both fail somewhere, and end alike everywhere."""
        return self.fail > 0 and not self.apart


def row(source: SourceText, pair: Pair, name: str) -> Row:
    """Both conclusions of a theorem on the same instances, which are drawn without the fault."""
    theorem, evaluator = theorems()[name], source.evaluator(pair.lean)
    target = target_of(evaluator, name)
    found: list[tuple[End, End]] = []
    least = _least(name)
    sizes = profile("quick").sizes if least == LIGHT else SIZES
    cases = list(draws(theorem.instances(sizes), SEED, MORE * least))
    with pair.fault.applied():
        for case in cases:
            if len(found) < least or (End.FAILS, End.FAILS) not in found:
                asked = partial(by_text, evaluator, target, theorem, case)
                text, ours = asked(), here(theorem, case)
                found.append((asked(SHARP, AGAIN) if (text, ours) == (End.HOLDS, End.FAILS) else text, ours))
    return counted(pair, name, found)


def _least(name: str) -> int:
    weighs = weight(name)
    return BLOCKS if weighs > HEAVY else GRAPHS if weighs > MIDDLING else LIGHT


def counted(pair: Pair, name: str, found: Sequence[tuple[End, End]]) -> Row:
    """The row of how both ended: in the text, and here."""
    count, said = Counter(found), End.OPEN
    decided = {k: ends for k, ends in enumerate(found) if said not in ends and ends[0] is not ends[1]}
    apart = tuple(
        f"instance {k}: {text.value} in the text, {ours.value} here"
        for k, (text, ours) in decided.items()
        if not (name in OF_ALL_VECTORS and (text, ours) == (End.FAILS, End.HOLDS))
    )
    undecided = sum(said in ends for ends in found)
    return Row(pair.name, name, count[End.HOLDS, End.HOLDS], count[End.FAILS, End.FAILS], undecided, apart)


def here(theorem: Theorem, case: Case) -> End:
    """How the executable property ends."""
    match assess(theorem, case).verdict:
        case Verdict.REFUTED:
            return End.FAILS
        case Verdict.UNSATISFIED:
            return End.OUTSIDE
        case verdict if verdict.passes:
            return End.HOLDS
    return End.OPEN


def by_text(
    evaluator: Evaluator, target: Target, theorem: Theorem, case: Case, bits: Sequence[int] = BITS, tries: int = TRIES
) -> End:
    """How the text's conclusion ends: it fails where it does for one of what the instance leaves open."""
    ask = partial(conclude, evaluator, target, theorem, case, bits=bits)
    ends: list[End] = []
    for number in range(max(tries, _several(case))):
        ends.append(_asked(partial(ask, number)))
        if ends[-1] is End.FAILS:
            break
    return next(end for end in (End.FAILS, End.OPEN, End.HOLDS, End.OUTSIDE) if end in ends)


def _asked(ask: Callable[[], Concluded]) -> End:
    try:
        found = ask()
    except NoArgumentError:  # of what there is none of, all is true
        return End.HOLDS
    except (NotEvaluatedError, UnmatchedError, UndrawableError):
        return End.OPEN
    judged = [found.binders, *found.hypotheses.values()]
    if any(one.verdict is Verdict.REFUTED for one in judged):
        return End.OUTSIDE
    if not found.admitted or found.conclusion.verdict is Verdict.UNDECIDED:
        return End.OPEN
    return End.HOLDS if found.conclusion.verdict.passes else End.FAILS


def _several(case: Case) -> int:
    """Of how many nodes or vectors an instance tells where Lean has one."""
    return max(
        len(v) for v in ((), *case.values()) if type(v) is tuple and (not v or isinstance(v[0], np.ndarray | NodeSpec))
    )

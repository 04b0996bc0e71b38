"""What came of examining an implementation: one sentence, a JSON document, and how to see an instance again."""

from __future__ import annotations

import json
import math
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import jax

from mirror.bounds.bounded import LAMBDA
from theorems.engine.strategies.jitted import Setting
from theorems.tools.conformance.blocked import BlockedRows
from theorems.tools.conformance.calling import Implementation
from theorems.tools.conformance.masks import is_infinite
from theorems.tools.conformance.rules import RULES, AcceptanceRule
from theorems.tools.conformance.tallies import Line, Tally
from theorems.tools.conformance.values import ORDINARY
from theorems.tools.conformance.wanted import Wanted
from theorems.tools.output.counted import counted
from theorems.tools.reports.formats import CONFORM
from theorems.tools.reports.versions import versions

_WAYS = {
    BlockedRows.EXACT: "Lean's value",
    BlockedRows.UNIFORM: "the mean of the values",
    BlockedRows.ZERO: "0",
    BlockedRows.NAN: "NaN",
    BlockedRows.OTHER: "neither Lean's value nor the mean nor 0",
}
# So many masks are named in a sentence.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class ConformanceReport:
    """All lines of a run, and what was examined."""

    of: Implementation
    vjp: str | None
    wanted: Wanted
    lines: tuple[Line, ...]

    def total(self, count: str, part: str = "output") -> int:
        """How many outputs, or gradients, are inside, outside or undecided."""
        tallies: list[Tally | None] = [getattr(line, part) for line in self.lines]
        return sum(getattr(t, count) for t in tallies if t)

    @property
    def exit_code(self) -> int:
        """0 where everything decided is inside, 1 where something is outside, 2 where something was not examined.

        With `strict` 1 also where there is a remark about blocked rows. Not examined is a row in which a call raised or
        did not return, or all of them where nothing was decided.
        """
        if self.outside or self._too_strict:
            return 1
        return 0 if self.total("inside") and not self.failed else 2

    @property
    def outside(self) -> bool:
        """Whether an output or a gradient is outside."""
        return any(line.outside for line in self.lines)

    @property
    def _too_strict(self) -> str:
        """What --strict rejects besides."""
        if not self.wanted.strict:
            return ""
        remarks = (self.suspicion and "what is suspicious", self.blocked_rows and "what it does with blocked rows")
        return " and ".join(filter(None, remarks))

    @property
    def suspicion(self) -> str:
        """What is inside and beyond what is likely, in a sentence; nothing where nothing is."""
        found = [(line, t.suspect) for line in self.lines for t in (line.output, line.gradients) if t and t.suspect]
        if not found:
            return ""
        line, e = max(found, key=lambda pair: pair[1].unlikely)
        rows = len({id(line) for line, _ in found})
        return (
            f"Suspicious: in {rows} of {counted(len(self.lines), 'row')} something is inside its bound and beyond "
            f"{LAMBDA:g} roots of the sum of squares, which roundings that are independent and of mean zero exceed "
            f"with a probability of at most {2 * math.exp(-(LAMBDA**2) / 2):.1e} an entry; furthest {e.place} in "
            f"{line.row}: error {e.error:.1e}, likely {e.likely:.1e}."
        )

    @property
    def blocked_rows(self) -> str:
        """One sentence on queries that see no key, where nothing was declared of them and they are not Lean's."""
        ways = Counter(line.blocked for line in self.lines if line.blocked)
        if self.wanted.blocked or not set(ways) - {BlockedRows.EXACT}:
            return ""
        of = sum(ways.values())
        said = " and ".join(f"{_WAYS[way]} ({count} of {of})" for way, count in sorted(ways.items()))
        which = BlockedRows.UNIFORM if BlockedRows.UNIFORM in ways else BlockedRows.SKIP
        return (
            f"Blocked rows: where a query sees no key, it returns {said}, as a float has no digit left for a logit "
            f"beside -1e9 or -inf; only --strict rejects that, and --blocked-rows {which} declares it."
        )

    @property
    def failed(self) -> tuple[Line, ...]:
        """The rows in which a call raised or did not return."""
        return tuple(line for line in self.lines if line.failed)

    @property
    def examined(self) -> bool:
        """Whether there is a row in which every call returned: without one nothing is known of the function."""
        return len(self.failed) < len(self.lines)

    @property
    def assumes(self) -> str:
        """What the bounds take for granted."""
        return self.wanted.arithmetic(self.of).assumes

    @property
    def other_rules(self) -> str:
        """What the rules of others say of the same instances."""
        return "; ".join(self._by(rule) for rule in RULES)

    def _by(self, rule: AcceptanceRule) -> str:
        found = {part: [t for line in self.lines if (t := getattr(line, part))] for part in ("output", "gradients")}
        accepted = sum(t.accepted.get(rule.name, 0) for t in found["output"])
        said = [f"{accepted} of {counted(self._examined('output'), 'output')}"]
        if rule.gradients and found["gradients"]:
            accepted = sum(t.accepted.get(rule.name, 0) for t in found["gradients"])
            said.append(f"{accepted} of {counted(self._examined('gradients'), 'gradient')}")
        return f"{rule.name} accepts {' and '.join(said)}"

    def _examined(self, part: str) -> int:
        return sum(self.total(count, part) for count in ("inside", "outside", "undecided"))

    @property
    def sentence(self) -> str:
        """The last word: conforms, does not, or nothing was decided."""
        outputs, gradients = self._counts("output"), self._counts("gradients")
        if self.exit_code == 2:
            return f"{self.headline}: outputs {outputs}; gradients {gradients}"
        conforms = "conforms" if self.total("inside", "gradients") else "conforms in its outputs"
        verdict = "does not conform" if self.outside else conforms
        strictly = f"; --strict rejects {self._too_strict}" if self._too_strict else ""
        return f"{self.of.name} {verdict}: outputs {outputs}; gradients {gradients}{self._under()}{strictly}"

    @property
    def headline(self) -> str:
        """The verdict by rows: what somebody reads first."""
        rows, outside = len(self.lines), sum(line.outside for line in self.lines)
        inside = sum(line.inside for line in self.lines)
        rest = f", undecided in {rows - inside}" if inside < rows else ""
        if outside:
            return f"{self.of.name} does not conform: outside in {outside} of {counted(rows, 'row')}"
        if self.exit_code == 2:
            return f"nothing was decided about {self.of.name}" if not self.failed else self._examined_in()
        strictly = f"; --strict rejects {self._too_strict}" if self._too_strict else ""
        return f"{self.of.name} conforms: inside in {inside} of {counted(rows, 'row')}{rest}{strictly}"

    def _examined_in(self) -> str:
        rows = counted(len(self.lines), "row")
        return f"{self.of.name} was examined in {len(self.lines) - len(self.failed)} of {rows}"

    def _under(self) -> str:
        """The masks under which something is outside, and the values where these are not ordinary."""
        of = [line.row for line in self.lines if line.outside]
        # In quotes, as names have commas in them.
        found = list(dict.fromkeys(f'"{r.mask}"' + f' with "{r.values}"' * (r.values != ORDINARY) for r in of))
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        return f"; outside under {', '.join(found[:_NAMED])}{more}" if found else ""

    def _counts(self, part: str) -> str:
        counts = {count: self.total(count, part) for count in ("inside", "outside", "undecided")}
        if not (total := sum(counts.values())):
            return "none examined" if part == "output" or not self.examined else self.of.gradients
        return ", ".join(f"{counts[c]} of {total} {c}" for c in counts if counts[c] or c == "inside")

    @property
    def conduct(self) -> tuple[str, ...]:
        """What is to be said of how the function goes about it, in sentences; nothing where every call failed."""
        if not self.examined:
            return ()
        changed = dict.fromkeys(name for line in self.lines for name in line.changed)
        wrote = f"It writes into its arguments {', '.join(changed)}; every call has copies of its own."
        gradients = any(line.gradients for line in self.lines)
        said = (self.blocked_rows, self._repeated, wrote * bool(changed), self.of.kind.unchecked * gradients)
        return (*filter(None, said), *(self.of.preset.remarks(self.of.name) if self.of.preset else ()))

    @property
    def _repeated(self) -> str:
        line = next((line for line in self.lines if line.differing), None)
        if line is None:
            return "Two runs of the first instance of each line agree bit for bit."
        where = f"first in {line.row}"
        return f"Two runs of one instance differ, {where}: {', '.join(line.differing)}."

    def worst(self, part: str) -> tuple[Line, Tally] | None:
        """The line with the worst entry among the outputs or the gradients; None where there are none."""
        found = [(line, t) for line in self.lines if (t := getattr(line, part))]
        return max(found, key=lambda pair: pair[1].worst.rank, default=None)

    def again(self, line: Line) -> str:
        """The command that examines this line alone, the same instances."""
        words = ["leanmirror", "conform", *self._way, "--dtype", self.wanted.dtype]
        words += ["--vjp", self.vjp] if self.vjp else []
        words += ["--forward-only"] if self.of.forward_only else []
        words += self.wanted.declared.words()
        words += ["--strict"] if self.wanted.strict else []
        shape, mask, values = line.row
        words += ["--instances", str(line.instances), "--seed", str(self.wanted.seed)]
        words += ["--minus-inf"] if is_infinite(mask) else []
        words += ["--blocked-rows", self.wanted.blocked] if self.wanted.blocked else []
        words += ["--shape" if shape in self.of.kind.shapes else "--dims", shape.name, "--mask", mask]
        return shlex.join([*words, *(["--values", values] if values != ORDINARY else [])])

    @property
    def _way(self) -> list[str]:
        """The function, and the options that say how it is called."""
        of, arrays = self.of, ["--arrays", self.of.asked] if self.of.asked else []
        if of.preset:
            its_own = of.name == of.preset.shown
            return [*([of.name, *arrays] if not its_own else []), "--preset", of.preset.name]
        return [of.name, "--kind", of.kind.name, *(["--layout", of.layout.name] * bool(of.layout.name)), *arrays]

    def document(self) -> str:
        """The run as JSON text; what is not finite is null."""
        data = {
            "format": CONFORM,
            "versions": versions(),
            "device": device(),
            "implementation": self.of.name,
            "kind": self.of.kind.name,
            "arrays": self.of.arrays.name,
            "gradients": self.of.gradients,
            "preset": self.of.preset and self.of.preset.name,
            "layout": self.of.layout.name or None,
            "dtype": self.wanted.dtype,
            "seed": self.wanted.seed,
            "assumes": self.assumes,
            "conduct": self.conduct,
            "suspicion": self.suspicion,
            "other_rules": self.other_rules,
            "lines": [_plain(asdict(line)) for line in self.lines],
            "sentence": self.sentence,
            "exit_code": self.exit_code,
        }
        return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def device() -> str:
    """Where JAX computes; a CPU where it cannot, as then the function's arrays are NumPy's or torch's."""
    try:
        return jax.default_backend()
    except RuntimeError:  # somebody's code asked it for a device that is not here
        return "cpu"


def described(shape: Setting, kind: str) -> str:
    """A shape's dimensions, scale and ε, as far as they matter."""
    dims = shape.dims
    attention = f"H = {dims.num_heads}, n = {dims.seq_len}, d = {dims.head_dim}"
    if kind == "attention":
        return f"{attention}, scale {shape.scale:g}"
    rest = f"D = {dims.d_model}, F = {dims.d_ff}, scale {shape.scale:g}, ε {shape.eps1:g} and {shape.eps2:g}"
    return f"{attention}, {rest}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def run(
    of: Implementation, vjp: str | None, wanted: Wanted, lines: Iterator[Line], done: Callable[[str], None]
) -> ConformanceReport:
    """Examine everything that is wanted, and say after each line that it is done."""
    found = []
    for line in lines:
        found.append(line)
        done(", ".join((line.row.shape.name, *line.row[1:])))
    return ConformanceReport(of, vjp, wanted, tuple(found))

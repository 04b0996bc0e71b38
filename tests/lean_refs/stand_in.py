"""A Lean source that stands in for TorchLean: what is pinned is declared in it, with statements and bodies of our own.

Each declaration has its file, name, kind and binders, and names what it names in TorchLean; what it computes or
states is left open. So a pin of the stand-in has everything in scope, and hashes and evaluations of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from lean_refs.fingerprint import BinderPrint, Fingerprint
from lean_refs.normal import digest
from lean_refs.pin import pinned_fingerprints, pinned_numbers, raw_pin

_BRACKETS = {"explicit": "({})", "implicit": "{{{}}}", "instance": "[{}]", "strict-implicit": "⦃{}⦄"}
_MEMBER = {"structure": "field", "class": "field", "inductive": "made"}


def write(root: Path, more: Mapping[str, str]) -> Path:
    """The source below `root`; `more` is further text for the end of a file, by path."""
    pin = raw_pin()
    prints = pinned_fingerprints(pin)
    private = {entry["name"] for entry in pin["declarations"] if entry.get("private")}
    files: dict[str, list[str]] = {file: [text] for file, text in more.items()}
    for name, made in reversed(prints.items()):
        files.setdefault(made.file, []).insert(0, ("private " if name in private else "") + declared(made))
    for file, texts in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("\n".join([*_imports(file, prints), *texts]), encoding="utf-8")
    (root / ".git").mkdir()
    (root / ".git" / "HEAD").write_text(pin["revision"], encoding="utf-8")
    (root / "lean-toolchain").write_text(f"leanprover/lean4:v{pin['lean']}\n", encoding="utf-8")
    return root


def _imports(file: str, prints: Mapping[str, Fingerprint]) -> list[str]:
    """An import of each file whose declarations those of this one name."""
    here = [made for made in prints.values() if made.file == file]
    named = {name for made in here for name in (*made.named, *made.named_in_body)}
    used = {prints[name].file for name in named & prints.keys()} - {file}
    return [f"import {other.removesuffix('.lean').replace('/', '.')}" for other in sorted(used)]


def declared(made: Fingerprint) -> str:
    """One declaration that has the binders of a fingerprint and names what it names."""
    binders = " ".join(_binder(b) for b in made.binders)
    bound = "".join(_bound(name, kind) for name, kind in made.quantified)
    says = f"{bound}Says {_listed(made.named)}"
    if made.kind in _MEMBER:
        bar = "| " if made.kind == "inductive" else ""
        members = _members().get(made.name, [_MEMBER[made.kind]])
        return "\n".join((f"{made.kind} {made.name} {binders} where", *(f"  {bar}{m} : {says}" for m in members), ""))
    return f"{made.kind} {made.name} {binders} : {says} := said {_listed(made.named_in_body)}\n"


@cache
def _members() -> dict[str, list[str]]:
    """The constructors or the fields of the types of which they are pinned: the mirror is held against those."""
    said = {entry["name"]: entry.get("declared", {}) for entry in pinned_numbers()}
    return {name: m for name, found in said.items() if (m := found.get("constructors", found.get("fields")))}


def _binder(binder: BinderPrint) -> str:
    # Whether a name is a hypothesis shows in its type, and the one default that occurs is 0.
    inside = binder.instance_of or f"{binder.name} : {'Nat' if binder.type == digest('Nat') else 'Given'}"
    return _BRACKETS[binder.kind].format(f"{inside} := 0" if binder.default else inside)


def _bound(name: str, kind: str) -> str:
    return f"∀ {_BRACKETS[kind].format(f'{name} : Given')}, " if name else "Given → "


def _listed(names: Iterable[str]) -> str:
    return " ".join(names)

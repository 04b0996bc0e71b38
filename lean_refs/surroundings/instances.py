"""What an instance that came, went or reads differently can change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lean_refs.reader.records import INSTANCE, LeanDeclaration
from lean_refs.reader.signature import top_level
from lean_refs.reader.tokens import NAME, spelled, tokenize
from lean_refs.surroundings.bound import bound_names, statement_tokens
from lean_refs.surroundings.compare import Turn, Turned
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.helpers import reached_by_words
from lean_refs.surroundings.records import Surrounding
from lean_refs.surroundings.sight import Effect, Sight, none

_NAME = re.compile(NAME)
# Types that no other unfolds to: nothing is about them that does not write them.
_APART = frozenset(("Float", "Float32", "ℚ", "Rat", "String", "Char", "UInt8", "UInt16", "UInt32", "UInt64", "USize"))
# Stands for any class of Lean or Mathlib: everything may need one.
_OUTSIDE = ""
_NOBODY = "it is about what no declaration here rests on"


def instance_effect(sight: Sight, turned: Turned) -> Effect:
    """An instance can change what rests on its class and its types, unless it is a proof or is never found."""
    found, gone = _declaration(sight.new, turned.new), _declaration(sight.old, turned.old)
    why = _never_matters(sight.new, found) if found else _never_matters(sight.old, gone) if gone else ""
    return none(turned, why) if why else Effect(turned, _about(sight, turned, found), _NOBODY)


def field_effect(sight: Sight, turned: Turned) -> Effect:
    """A field of an instance; where the class is one of the tree, what needs it writes its name."""
    found = _declaration(sight.new, turned.new)
    if found is not None and (why := _never_matters(sight.new, found)):
        return none(turned, why)
    reached, field = _about(sight, turned, found), turned.record.names[0]
    class_ = _class_of(sight, turned.record)
    if field and class_ and not any(_is_foreign(sight.new, name, field) for name in class_):
        reached = frozenset(name for name in reached if field in sight.graph.words(sight.names[name], class_))
    return Effect(turned, reached, _NOBODY)


def made_instance_effect(sight: Sight, turned: Turned, owners: set[str]) -> Effect:
    """`attribute [instance] a`: as an instance of what `a` is of."""
    found = [sight.new.declarations[name] for name in owners if name in sight.new.declarations]
    reached = frozenset[str]().union(*(_about(sight, turned, one) for one in found)) if found else turned.reached
    return Effect(turned, reached, _NOBODY)


def helper_effect(sight: Sight, turned: Turned) -> Effect:
    """A definition that an instance or a notation reaches: as that instance, or where the notation can be written."""
    record = turned.record
    if turned.how is not Turn.CHANGED and record.kind == "definition":
        return none(turned, "what reaches it is told by itself")
    name, graph = record.names[-1], sight.graph
    instances = (d for d in sight.new.declarations.values() if d.kind == "instance" and name in graph.rests_on(d.name))
    reached = frozenset[str]().union(
        *(_about(sight, turned, one) for one in instances if not _never_matters(sight.new, one)),
        *(_writing(sight, turned, one) for file in sight.new.files.values() for one in file.records if one.words),
    )
    if record.kind == "member":
        reached = frozenset(n for n in reached if record.names[0] in graph.words(sight.names[n], {name}))
    return Effect(turned, reached, _NOBODY)


def _writing(sight: Sight, turned: Turned, notation: Surrounding) -> frozenset[str]:
    """The declarations in sight of a notation that reaches a definition, as far as they write one of its symbols."""
    if turned.record.names[-1] not in reached_by_words(notation, sight.new, sight.graph):
        return frozenset()
    symbols = [symbol for symbol in notation.names if symbol]
    seen = {name for name in sight.new.reached(notation) if name in sight.before}
    writing = (n for n in seen if not symbols or any(symbol in _text(sight, n) for symbol in symbols))
    return frozenset(sight.before[name] for name in writing)


def _text(sight: Sight, name: str) -> str:
    declaration = sight.new.declarations[name]
    return f"{spelled(statement_tokens(declaration))} {declaration.body}"


def _declaration(around: Surroundings, record: Surrounding | None) -> LeanDeclaration | None:
    """The instance of a record; None of a pin, which has no declarations."""
    if record is None or record.file not in around.readings:
        return None
    found = around.readings[record.file].declarations
    return next((d for d in found if d.line == record.line and d.kind == "instance"), None)


def _never_matters(around: Surroundings, instance: LeanDeclaration) -> str:
    """Why an instance changes no meaning: it is a proof, or inference can never use it."""
    head = next((token.text for token in instance.result if token.kind == "name"), "")
    class_ = around.declarations.get(around.meanings.means(head, instance))
    if class_ is not None and [token.text for token in class_.result] == ["Prop"]:
        return f"{head} is a proposition, whose proofs are all alike"
    fixed = {token.text.partition(".")[0] for token in instance.result}
    for binder in instance.binders:
        fixed |= {token.text.partition(".")[0] for token in binder.type}
    asked = next((b.name for b in instance.binders if b.kind != INSTANCE and b.name not in fixed), "")
    return f"it asks for {asked}, which inference cannot supply" if asked else ""


def _about(sight: Sight, turned: Turned, instance: LeanDeclaration | None) -> frozenset[str]:
    """The declarations that rest on what an instance is about: its class and types, as far as they are known."""
    if instance is None:
        needed, words = _class_of(sight, turned.record), set[str]()
    else:
        needed, words = _constants(sight, instance), {name for name in _in_type(instance) if name in _APART}
    # What inference takes of an instance may be a class that the written one extends: `class A α extends Add α`.
    supplied = [_supplied(sight.new, name) for name in needed]
    return frozenset(
        name
        for name in turned.reached
        if all(_is_needed(sight, name, given) for given in supplied) and words <= sight.graph.words(sight.names[name])
    )


def _is_needed(sight: Sight, name: str, given: set[str]) -> bool:
    return _OUTSIDE in given or not given.isdisjoint(sight.graph.rests_on(sight.names[name]))


def _constants(sight: Sight, instance: LeanDeclaration) -> set[str]:
    """The declarations of the tree that the type of an instance names, abbreviations aside: these unfold."""
    named = {sight.new.meanings.means(name, instance) for name in _in_type(instance)}
    return {name for name in named if name in sight.new.declarations and not _unfolds(sight.new.declarations[name])}


def _supplied(around: Surroundings, name: str) -> set[str]:
    """A declaration and, of a class, every class that it extends; `_OUTSIDE` for those that are not of the tree."""
    found, ahead = {name}, [name]
    while ahead:
        declaration = around.declarations.get(ahead.pop())
        if declaration is not None and _is_class(declaration):
            given = {around.meanings.means(parent, declaration) for parent in _parents(declaration)} - found
            found |= given
            ahead += given
    return found


def _is_class(declaration: LeanDeclaration) -> bool:
    return declaration.kind == "class" or "class" in declaration.attributes


def _parents(declaration: LeanDeclaration) -> Iterator[str]:
    """What a class extends, as it is written: `extends A, toB : B x`; of a `class abbrev` what it stands for."""
    if declaration.body_style == ":=":
        ahead = list(tokenize(declaration.body))
    else:
        ahead = [*declaration.result, *tokenize(declaration.body.partition("where")[0])]
        ahead = ahead[top_level(ahead, "extends") + 1 :]
    while ahead:
        cut = top_level(ahead, ",")
        one, ahead = ahead[:cut], ahead[cut + 1 :]
        names = [token.text for token in one if token.kind == "name"]
        yield from names[1:2] if ":" in (token.text for token in one[1:2]) else names[:1]


def _is_foreign(around: Surroundings, class_: str, field: str) -> bool:
    """Whether a field may be one of a class of Lean or Mathlib, which is needed by what does not write its name."""
    supplied = _supplied(around, class_)
    known = (around.declarations[name] for name in supplied if name in around.declarations)
    return _OUTSIDE in supplied and not any(member.name == field for one in known for member in one.members)


def _unfolds(declaration: LeanDeclaration) -> bool:
    return declaration.kind == "abbrev" or any("reducible" in attributes for attributes in declaration.attributes)


def _in_type(instance: LeanDeclaration) -> list[str]:
    bound = {binder.name for binder in instance.binders} | bound_names(list(instance.result))
    return [t.text for t in instance.result if t.kind == "name" and t.text.partition(".")[0] not in bound]


def _class_of(sight: Sight, record: Surrounding) -> set[str]:
    """The class of the tree that an instance is of, as far as its name tells."""
    word = _NAME.match(record.names[-1]) if record.names else None
    ends = [n for n in sight.new.declared if word and (n == word.group() or n.endswith(f".{word.group()}"))]
    return {ends[0]} if len(ends) == 1 else set()

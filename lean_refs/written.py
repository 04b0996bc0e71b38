"""A declaration in its own words, on one line: what a reader compares who has both texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from lean_refs.reader.records import EXPLICIT, IMPLICIT, INSTANCE, STRICT, Binder, LeanDeclaration, Member
from lean_refs.reader.tokens import Token, tokenize

_BRACKETS = {EXPLICIT: "({})", IMPLICIT: "{{{}}}", INSTANCE: "[{}]", STRICT: "⦃{}⦄"}


def statement_written(declaration: LeanDeclaration) -> str:
    """Kind, name, binders, members and result type."""
    result = f": {_words(declaration.result)}" if declaration.result else ""
    fields = [f"| {_member(member)}" for member in declaration.members]
    return " ".join(filter(None, (declaration.kind, declaration.name, *_binders(declaration.binders), result, *fields)))


def body_written(declaration: LeanDeclaration) -> str:
    """What defines or proves it, with what introduces that."""
    return f"{declaration.body_style} {_words(list(tokenize(declaration.body)))}".strip()


def _binders(binders: Iterable[Binder]) -> list[str]:
    """The groups of brackets: names of one type stand in one."""
    groups = groupby(binders, lambda b: (b.kind, b.type, b.default))
    return [_group([b.name for b in those if b.name], *key) for key, those in groups]


def _group(names: list[str], kind: str, type_: Sequence[Token], default: Sequence[Token]) -> str:
    parts = [" ".join(names), _words(type_)]
    inside = " : ".join(filter(None, parts)) + (f" := {_words(default)}" if default else "")
    return _BRACKETS[kind].format(inside)


def _member(member: Member) -> str:
    binders = "".join(f" {group}" for group in _binders(member.binders))
    default = f" := {_words(member.default)}" if member.default else ""
    return f"{member.name}{binders} : {_words(member.type)}{default}"


def _words(tokens: Sequence[Token]) -> str:
    """The tokens with a space wherever the text has one, or more, or a new line."""
    gaps = [" " if after.start > before.end else "" for before, after in pairwise(tokens)]
    return "".join(token.text + gap for token, gap in zip(tokens, [*gaps, ""], strict=False))

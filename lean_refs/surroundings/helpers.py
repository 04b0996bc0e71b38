"""Definitions that nobody names and that count all the same: instances and notations reach them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from lean_refs.normal import body_text, digest, statement_text
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import spelled
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.graph import Graph
from lean_refs.surroundings.records import Surrounding

_WITH_MEMBERS = ("structure", "class")


def with_helpers(around: Surroundings, graph: Graph, looked_at: Collection[str]) -> Surroundings:
    """The surroundings with a record of every such definition, and of every field of such a structure.

    What is `looked_at` itself is compared as a text, and a theorem is what it states.
    """
    found: dict[str, list[Surrounding]] = defaultdict(list)
    for name in sorted(_reached(around, graph)):
        declaration = around.declarations.get(name)
        if declaration and name not in looked_at and not declaration.is_theorem and declaration.kind != "instance":
            found[declaration.file] += _records(declaration, around)
    files = {
        file: replace(known, records=(*known.records, *found[file])) if file in found else known
        for file, known in around.files.items()
    }
    return Surroundings(files, around.uses, around.readings)


def _reached(around: Surroundings, graph: Graph) -> set[str]:
    """What instances rest on, by their types and fields, and what notations and macros name."""
    instances = {d.name for d in around.declarations.values() if d.kind == "instance"}
    reached = set[str]().union(*(graph.rests_on(used) for name in instances for used in graph.uses(name)))
    for file in around.files.values():
        for record in file.records:
            reached |= reached_by_words(record, around, graph)
    return reached


def reached_by_words(record: Surrounding, around: Surroundings, graph: Graph) -> set[str]:
    """What the text of a notation or a macro names, by how the names end, and what that rests on."""
    named = {full for word in record.words for full in around.ending_in(word)}
    return set[str]().union(*map(graph.rests_on, named))


def _records(declaration: LeanDeclaration, around: Surroundings) -> Iterator[Surrounding]:
    place = around.files[declaration.file].declared.index(declaration.name)

    def record(kind: str, names: tuple[str, ...], told: str) -> Surrounding:
        return Surrounding(kind, names, "", declaration.file, declaration.line, digest(told), place, None, outward=True)

    if declaration.kind not in _WITH_MEMBERS:
        yield record("definition", (declaration.name,), f"{statement_text(declaration)} {body_text(declaration)}")
        return
    head = body_text(declaration).partition("where")[0]
    binders = (f"{b.kind} {b.name} : {spelled(b.type)} := {spelled(b.default)}" for b in declaration.binders)
    yield record("definition", (declaration.name,), " ".join((*binders, spelled(declaration.result), head)))
    for member in declaration.members:
        bound = (f"{b.name} : {spelled(b.type)}" for b in member.binders)
        told = " ".join((*bound, ":", spelled(member.type), ":=", spelled(member.default)))
        yield record("member", (member.name, declaration.name), told)

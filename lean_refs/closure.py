"""What a declaration rests on: what its statement names, and what the body of a definition names, and so on."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lean_refs.reader.imports import Imports
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.references import references


def rests_on(tree: Reading, names: Iterable[str], known: Collection[str] = ()) -> list[LeanDeclaration]:
    """The declarations `names` of the tree and all that they rest on, without what is in `known`.

    A theorem's proof is not followed: what it states does not rest on how it is proved. In file and line order.
    """
    table = NameTable(tree)
    by_name = {d.name: d for d in reversed(tree.declarations)}
    imports = Imports(tree)
    found: dict[str, LeanDeclaration] = {}
    ahead = [by_name[name] for name in names]
    while ahead:
        declaration = ahead.pop()
        if declaration.name in found or declaration.name in known:
            continue
        found[declaration.name] = declaration
        statement, body = references(declaration, table)
        used = statement if declaration.is_theorem else statement | body
        seen = imports.of(declaration.file) or tree.files.keys()
        # A local variable may be spelled like a declaration of a file that this one does not even import.
        ahead += [by_name[n] for n in used if n in by_name and by_name[n].file in seen]
    return sorted(found.values(), key=lambda d: (d.file, d.line))

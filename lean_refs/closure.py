"""What a declaration rests on: what its statement names, and what the body of a definition names, and so on."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.references import references


def rests_on(tree: Reading, names: Iterable[str], known: Collection[str] = ()) -> list[LeanDeclaration]:
    """The declarations `names` of the tree and all that they rest on, without what is in `known`.

    A theorem's proof is not followed: what it states does not rest on how it is proved. In file and line order.
    """
    table = NameTable(tree)
    by_name = {d.name: d for d in reversed(tree.declarations)}
    visible = _Imports(tree)
    found: dict[str, LeanDeclaration] = {}
    ahead = [by_name[name] for name in names]
    while ahead:
        declaration = ahead.pop()
        if declaration.name in found or declaration.name in known:
            continue
        found[declaration.name] = declaration
        statement, body = references(declaration, table)
        used = statement if declaration.is_theorem else statement | body
        # A local variable may be spelled like a declaration of a file that this one does not even import.
        ahead += [by_name[n] for n in used if n in by_name and by_name[n].file in visible.of(declaration.file)]
    return sorted(found.values(), key=lambda d: (d.file, d.line))


class _Imports:
    """The files that a file can see: itself, and what it imports, directly or not."""

    def __init__(self, tree: Reading) -> None:
        self._files = {file.removesuffix(".lean").replace("/", "."): file for file in tree.files}
        self._tree = tree
        self._seen: dict[str, frozenset[str]] = {}

    def of(self, file: str) -> frozenset[str]:
        if file not in self._seen:
            seen, ahead = set[str](), [file]
            while ahead:
                if (here := ahead.pop()) not in seen:
                    seen.add(here)
                    ahead += [self._files[m] for m in self._tree.files[here].imports if m in self._files]
            self._seen[file] = frozenset(seen)
        return self._seen[file]

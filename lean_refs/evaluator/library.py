"""What a name means: a declaration of the source, or an entry of the vocabulary; never both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lean_refs.evaluator.compiler import Compiler, LocalScope
from lean_refs.evaluator.declarations import Builder
from lean_refs.evaluator.entries import built_in, entry_target
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.resolving import Resolver
from lean_refs.evaluator.structures import StructureType
from lean_refs.evaluator.targets import LeanParameter, Target
from lean_refs.evaluator.vocabulary.entry import BuiltIn, VocabularyEntry
from lean_refs.evaluator.world import World
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Reading

_SPELLED = {"ℕ": "Nat", "ℝ": "Real"}


def _is_instance(declaration: LeanDeclaration) -> bool:
    """Whether an attribute makes an instance of it: `@[reducible, instance] def …`."""
    return any(one.strip() == "instance" for text in declaration.attributes for one in text.split(","))


class Library:
    """The declarations of a reading and the vocabulary, as targets, each built when it is first asked for."""

    def __init__(
        self, reading: Reading, world: World, entries: Mapping[str, VocabularyEntry], structures: Mapping[str, BuiltIn]
    ) -> None:
        self.table = NameTable(reading)
        self._resolver = Resolver(reading, self.table)
        self.compiler = Compiler(world, self)
        self._entries = entries
        self._built_in = structures
        self._builder = Builder(self.compiler)
        self._targets: dict[tuple[str, str], Target] = {}
        self._structures: dict[str, StructureType | None] = {}
        self._instances = self._made_instances(reading)
        self._fields: dict[str, tuple[int, Sequence[LeanParameter]]] = {}

    def declaration(self, name: str) -> LeanDeclaration | None:
        """The declaration of a full name, private ones too."""
        return self.table.get(name) or self.table.private(name)

    def declared(self, declaration: LeanDeclaration) -> Target | None:
        """The target of a declaration."""
        return self._target(declaration.name, declaration.file)

    # ---- names

    def find(self, written: str, scope: LocalScope) -> tuple[Target, Sequence[str]] | str:
        """The target that a name means, with the fields projected from it, or why there is none."""
        declaration = scope.declaration
        found = self._resolver.resolve(written, declaration)
        known = self._in_vocabulary(written, declaration)
        if found and known and len(found.fields) == len(known[1]):
            return f"{written} is declared by the source and has a meaning in the vocabulary"
        if found and (known is None or len(found.fields) < len(known[1])):
            file = declaration.file if declaration else ""
            if found.fields and (inside := self._target(f"{found.name}.{found.fields[0]}", file)):
                return inside, found.fields[1:]
            target = self._target(found.name, file)
            return (target, found.fields) if target else f"{found.name}"
        if known is None:
            return written
        return self._entry(known[0]), known[1]

    def _in_vocabulary(self, written: str, declaration: LeanDeclaration | None) -> tuple[str, Sequence[str]] | None:
        parts = written.removeprefix("_root_.").split(".")
        spaces = [""]
        if declaration and not written.startswith("_root_."):
            spaces = [*self._resolver.spaces(declaration), *declaration.scope.opened, ""]
        for count in range(len(parts), 0, -1):
            short = ".".join(parts[:count])
            for space in spaces:
                name = f"{space}.{short}" if space else _SPELLED.get(short, short)
                if name in self._entries:
                    # A name in the namespace of a type is not a field of the type.
                    is_type = count < len(parts) and self._entries[name].signature.endswith(": Type")
                    return None if is_type else (name, parts[count:])
        return None

    def member(self, name: str) -> Target | None:
        """The target of a full name, or None."""
        target = self._target(name, "")
        if name in self._entries:
            if target:
                raise NotEvaluatedError(f"{name} is declared by the source and has a meaning in the vocabulary")
            return self._entry(name)
        return target

    def _entry(self, name: str) -> Target:
        if (name, "·") not in self._targets:
            self._targets[name, "·"] = entry_target(self.compiler, self._entries[name])
        return self._targets[name, "·"]

    def _target(self, name: str, file: str) -> Target | None:
        if (name, file) in self._targets:
            return self._targets[name, file]
        target = self._built(name, file)
        if target:
            self._targets[name, file] = target
        return target

    def _built(self, name: str, file: str) -> Target | None:
        declaration = self.table.get(name, file)
        if declaration:
            return self._builder.target(declaration)
        if name in self.table.children:
            parent = self.table.declarations[self.table.children[name]]
            return self._builder.member(parent, name.rsplit(".", 1)[1])
        owner, _, last = name.rpartition(".")
        return self._builder.local_function(declared, last) if (declared := self.table.get(owner, file)) else None

    # ---- structures and constructors

    def structure(self, name: str) -> StructureType | None:
        """The structure of a full name, or None."""
        if name not in self._structures:
            self._structures[name] = self._structure(name)
        return self._structures[name]

    def _structure(self, name: str) -> StructureType | None:
        declaration, known = self.table.get(name), self._built_in.get(name)
        if declaration is not None and declaration.kind in ("structure", "class"):
            return self._builder.structure(declaration)
        return built_in(self.compiler, known) if known else None

    def constructor(self, written: str, scope: LocalScope) -> str | None:
        """The full name of the constructor that a name in a pattern means, or None."""
        found = self._resolver.resolve(written, scope.declaration)
        if found is None or found.fields or found.name not in self.table.children:
            return None
        return found.name if self.table.declarations[self.table.children[found.name]].kind == "inductive" else None

    def has_constructor(self, sibling: str, name: str) -> bool:
        """Whether the type that has the constructor `sibling` (a full name) has one called `name`."""
        return f"{sibling.rpartition('.')[0]}.{name}" in self.table.children

    def fields_of(self, constructor: str) -> tuple[int, Sequence[LeanParameter]]:
        """How many parameters the type of a constructor has, and all parameters of the constructor, those first."""
        if constructor in self._fields:
            return self._fields[constructor]
        target = self._target(constructor, "")
        parent = self.table.declarations.get(self.table.children.get(constructor, ""))
        if target is None or parent is None:
            raise NotEvaluatedError(f"the constructor {constructor}")
        self._fields[constructor] = self._builder.type_parameters(parent), target.parameters
        return self._fields[constructor]

    def constructors(self, type_name: str) -> frozenset[str]:
        """The full names of the constructors of an inductive type; none of what is no such type."""
        declaration = self.table.get(type_name)
        if declaration is None or declaration.kind != "inductive":
            return frozenset()
        return frozenset(f"{type_name}.{member.name}" for member in declaration.members)

    def is_predicate(self, name: str, scope: LocalScope) -> bool:
        """Whether the name, applied to all its arguments, is a proposition."""
        try:
            found = self.find(name, scope)
        except NotEvaluatedError:
            return False
        return not isinstance(found, str) and not found[1] and found[0].predicate

    def _made_instances(self, reading: Reading) -> Sequence[tuple[LeanDeclaration, str]]:
        made = (d for d in reading.declarations if d.kind == "instance" or _is_instance(d))
        found = {(d.file, d.start): (d, "") for d in made}
        for file in reading.files.values():
            for one in file.instances:
                name = self._resolver.named(one.name, one.scope, file.file)
                if name is not None and (d := self.table.get(name, file.file)):
                    found[d.file, d.start] = d, f"{file.file}:{one.line}" if one.taken else ""
        return list(found.values())

    def instances(self) -> Iterator[tuple[LeanDeclaration, str]]:
        """The instances that the source makes, by `instance` or by an attribute, each with where it is taken away."""
        return iter(self._instances)

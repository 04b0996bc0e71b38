"""What two hundred quick instances have to hold, theorem by theorem; `python -m tests.engine.strategies.shares 7 8`
counts it for other seeds.

A share is a count of instances that have some property. The counts are far below what the mixture gives on the
average, so that an honest strategy meets them with any seed, and one that is blunted does not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from tests.engine.strategies.sampling import sample
from theorems.engine.case import FULL_JACOBIAN, Case
from theorems.engine.registry import get
from theorems.engine.sizes import PROFILES
from theorems.engine.strategies.masks import MASKS
from theorems.engine.strategies.probes import FULL_LIMIT
from theorems.engine.strategies.values import FAMILIES
from theorems.engine.theorem import Theorem

COUNT = 200
SEEDS = (0, 1, 2)
BLOCK = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"
PACK = "Proofs.Autograd.Transformer.projectedMaskedDecoderAttentionPack_hasFDerivAt"
SUBLAYERS = "Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt"

Property = Callable[[Case], bool]
# What has to be there, and in how many of two hundred instances at least.
Shares = dict[str, tuple[int, Property]]


def of_dimensions(dims: Callable[[Case], Mapping[str, int]], names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Each dimension is 0 and large, and no two of them are always the same."""
    yield "every dimension at least 2", (75, lambda c: min(dims(c).values()) >= 2)
    for name in names:
        yield f"{name} = 0", (8, lambda c, n=name: dims(c)[n] == 0)
        yield f"{name} > 4", (1, lambda c, n=name: dims(c)[n] > 4)
    for a, b in combinations(names, 2):
        yield f"{a} is not {b}", (80, lambda c, a=a, b=b: dims(c)[a] != dims(c)[b])


def of_epsilons(epsilons: Callable[[Case], tuple[Any, ...]]) -> Iterator[tuple[str, Any]]:
    yield "ε = 0", (15, lambda c: 0 in epsilons(c))
    yield "ε > 0", (100, lambda c: max(epsilons(c)) > 0)
    yield "ε < 0", (20, lambda c: min(epsilons(c)) < 0)


def of_families(key: str, families: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for family in families:
        yield f"{key}: {family}", (1, lambda c, f=family: c[key] == f)


def of_directions() -> Iterator[tuple[str, Any]]:
    """A dense direction and a basis vector nearly everywhere, the basis vector not always the same."""

    def basis(case: Case) -> int:
        return next((j for j, v in enumerate(case["directions"][-1]) if v), 0)

    yield "a dense direction", (175, lambda c: len(c["x"]) > 0 and all(c["directions"][0]))
    yield "a basis direction", (175, lambda c: sum(map(bool, c["directions"][-1])) == 1)
    yield "a basis direction beyond the first coordinate", (90, lambda c: basis(c) > 0)
    yield "a basis direction in the last third", (15, lambda c: 3 * basis(c) > 2 * len(c["x"]))
    yield "a full Jacobian", (1, lambda c: bool(c.get(FULL_JACOBIAN)))
    yield (
        "no full Jacobian of more coordinates than allowed",
        (
            COUNT,
            lambda c: len(c["x"]) <= FULL_LIMIT or len(c["directions"]) == 2,
        ),
    )


def of_seeds() -> Iterator[tuple[str, Any]]:
    yield "a seed without a zero", (130, lambda c: all(c["seed"]))
    yield "a seed on the output alone", (10, lambda c: not any(c["seed"][: len(c["x"])]) and any(c["seed"][-1:]))


def of_block() -> Iterator[tuple[str, Any]]:
    names = ("seq_len", "d_model", "num_heads", "head_dim", "d_ff")

    def dims(case: Case) -> Mapping[str, int]:
        return {name: getattr(case["dims"], name) for name in names}

    def whole(case: Case) -> bool:
        p = case["parameters"]
        return min(dims(case).values()) >= 1 and p.c != 0 and all(any(m.weight) for m in (p.merge, p.fc1, p.fc2))

    yield "no dimension 0, weights and scale not zero", (135, whole)
    yield from of_dimensions(dims, names)
    yield from of_epsilons(lambda c: (c["parameters"].eps1, c["parameters"].eps2))
    yield from of_families("mask", MASKS)
    yield from of_seeds()


def of_pack() -> Iterator[tuple[str, Any]]:
    names = ("n", "num_heads", "head_dim", "d_model")

    def whole(case: Case) -> bool:
        packs = case["project_pack"], case["merge_pack"]
        return all(case[n] for n in names) and case["c"] != 0 and all(any(p.linear.weight) for p in packs)

    yield "no dimension 0, packs and scale not zero", (135, whole)
    yield from of_dimensions(lambda c: {n: c[n] for n in names}, names)
    yield from of_families("mask", MASKS)


def of_sublayers() -> Iterator[tuple[str, Any]]:
    names = ("seq_len", "d_model")

    def whole(case: Case) -> bool:
        packs = case["attn_pack"], case["ffn_pack"]
        return all(case[n] for n in names) and all(any(p.linear.weight) for p in packs)

    yield "no dimension 0, packs not zero", (135, whole)
    yield from of_dimensions(lambda c: {n: c[n] for n in names}, names)
    yield from of_epsilons(lambda c: (c["eps1"], c["eps2"]))


WANTED: dict[str, Callable[[], Iterator[tuple[str, Any]]]] = {
    BLOCK: of_block,
    PACK: of_pack,
    SUBLAYERS: of_sublayers,
}


def wanted(theorem: Theorem) -> Shares:
    """What two hundred quick instances of a theorem have to hold."""

    def active(case: Case) -> bool:
        return all((theorem.active_inputs(case) or {"": False}).values())

    everywhere = (*of_families("values", FAMILIES), *of_directions())
    return {"active in every input": (105, active), **dict(everywhere), **dict(WANTED[theorem.name]())}


def drawn(theorem: Theorem, seed: int, count: int = COUNT) -> list[Case]:
    """The first quick instances of a theorem from a seed."""
    return sample(theorem.instances(PROFILES["quick"].sizes), count, seed)


def counted(shares: Shares, cases: list[Case]) -> dict[str, int]:
    """How many of the instances have each property."""
    return {name: sum(map(holds, cases)) for name, (_, holds) in shares.items()}


def unmet(shares: Shares, cases: list[Case]) -> dict[str, str]:
    """The shares that are too small among the instances, in proportion to two hundred: what was found and wanted."""
    found = counted(shares, cases)
    least = {name: wanted * len(cases) / COUNT for name, (wanted, _) in shares.items()}
    return {name: f"{found[name]}, not {least[name]:g}" for name in shares if found[name] < least[name]}


if __name__ == "__main__":
    for name in WANTED:
        print(name)
        per_seed = [counted(wanted(get(name)), drawn(get(name), seed)) for seed in map(int, sys.argv[1:] or SEEDS)]
        for share, (least, _) in wanted(get(name)).items():
            print(f"  {share}: at least {least}, found", *(found[share] for found in per_seed))

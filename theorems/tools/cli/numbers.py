"""`leanmirror pin`: the text evaluated at fixed instances; what is made of the same text stays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from lean_refs.pin import pinned_fingerprints, text_digests
from mirror.rooms import links
from theorems.engine.codec import MalformedInstance
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.tools.audit.pinned.conclusions.making import concluded
from theorems.tools.audit.pinned.conclusions.record import PinnedTheorem
from theorems.tools.audit.pinned.making import made
from theorems.tools.audit.pinned.record import PinnedDefinition
from theorems.tools.cli.calls import ToolFailure
from theorems.tools.cli.pools import Work, in_processes
from theorems.tools.cli.render import progress
from theorems.tools.cli.values import evaluator_in

Pinned = PinnedDefinition | PinnedTheorem


def renewed(root: Path, pin: Mapping[str, Any], before: Iterable[Any], jobs: int) -> str:
    """The numbers of a pin's definitions and theorems, as the text of their file; `before` are those there were."""
    texts = text_digests(pinned_fingerprints(pin))
    kept = {found.name: found for found in _readable(before)}
    definitions = [name for name in texts if name in links()]
    stated = [name for name in texts if name in theorems() or name in NOT_RUN]
    wanted = [*definitions, *stated]
    stale = [name for name in wanted if name not in kept or kept[name].text != texts[name]]
    files = sorted({entry["file"] for entry in pin["declarations"]})
    with progress(len(stale)) as advance:
        for found in _made(stale, root, tuple(files), texts, jobs):
            kept[found.name] = found
            advance(found.name)
    return numbers_file(pin["revision"], [kept[name] for name in definitions], [kept[name] for name in stated])


def _readable(before: Iterable[Any]) -> Iterable[Pinned]:
    for entry in before:  # what gives no numbers reads as either
        for of in (PinnedDefinition.of, PinnedTheorem.of):
            with suppress(MalformedInstance):
                yield of(entry)


def numbers_file(revision: str, definitions: Iterable[Pinned], stated: Iterable[Pinned]) -> str:
    """Pinned numbers as the text of their file: one definition or theorem a line."""
    lists = f'"definitions": [\n{_lines(definitions)}\n], "theorems": [\n{_lines(stated)}\n]'
    return f'{{"revision": "{revision}", {lists}}}\n'


def _lines(pinned: Iterable[Pinned]) -> str:
    return ",\n".join(json.dumps(one.data(), ensure_ascii=False, separators=(",", ":")) for one in pinned)


def _made(
    names: Sequence[str], root: Path, files: tuple[str, ...], texts: Mapping[str, str], jobs: int
) -> Iterable[Pinned]:
    """Those, as they end; one job runs in this process."""
    jobs = min(jobs, len(names))
    if jobs < 2:
        return (_evaluated(name, root, files, texts) for name in names)
    return in_processes(names, Work(_evaluated, (root, files, texts), _received, _lost), jobs)


def _evaluated(name: str, root: Path, files: tuple[str, ...], texts: Mapping[str, str]) -> Pinned:
    if name in links():
        return made(evaluator_in(root, files), links()[name], texts[name])
    return concluded(evaluator_in(root, files), name, texts[name])


def _received(_: str, future: Future[Pinned]) -> Pinned:
    return future.result()


def _lost(name: str, why: str) -> Pinned:
    raise ToolFailure(f"{name}: {why}")

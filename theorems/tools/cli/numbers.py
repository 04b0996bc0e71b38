"""`leanmirror pin`: the text of definitions evaluated at fixed instances; what is made of the same text stays."""

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
from theorems.tools.audit.pinned.making import made
from theorems.tools.audit.pinned.record import PinnedDefinition
from theorems.tools.cli.calls import ToolFailure
from theorems.tools.cli.pools import Work, in_processes
from theorems.tools.cli.render import progress
from theorems.tools.cli.values import evaluator_in


def renewed(root: Path, pin: Mapping[str, Any], before: Iterable[Any], jobs: int) -> str:
    """The numbers of every mirrored definition of a pin, as the text of their file; `before` are those there were."""
    texts = text_digests(pinned_fingerprints(pin))
    kept = {found.name: found for found in _readable(before)}
    wanted = [name for name in texts if name in links()]
    stale = [name for name in wanted if name not in kept or kept[name].text != texts[name]]
    files = sorted({entry["file"] for entry in pin["declarations"]})
    with progress(len(stale)) as advance:
        for found in _made(stale, root, tuple(files), texts, jobs):
            kept[found.name] = found
            advance(found.name)
    return numbers_file(pin["revision"], [kept[name] for name in wanted])


def _readable(before: Iterable[Any]) -> Iterable[PinnedDefinition]:
    for entry in before:
        with suppress(MalformedInstance):
            yield PinnedDefinition.of(entry)


def numbers_file(revision: str, definitions: Sequence[PinnedDefinition]) -> str:
    """Pinned numbers as the text of their file: one definition a line."""
    lines = ",\n".join(json.dumps(d.data(), ensure_ascii=False, separators=(",", ":")) for d in definitions)
    return f'{{"revision": "{revision}", "definitions": [\n{lines}\n]}}\n'


def _made(
    names: Sequence[str], root: Path, files: tuple[str, ...], texts: Mapping[str, str], jobs: int
) -> Iterable[PinnedDefinition]:
    """Those definitions, as they end; one job runs in this process."""
    jobs = min(jobs, len(names))
    if jobs < 2:
        return (_evaluated(name, root, files, texts) for name in names)
    return in_processes(names, Work(_evaluated, (root, files, texts), _received, _lost), jobs)


def _evaluated(name: str, root: Path, files: tuple[str, ...], texts: Mapping[str, str]) -> PinnedDefinition:
    return made(evaluator_in(root, files), links()[name], texts[name])


def _received(_: str, future: Future[PinnedDefinition]) -> PinnedDefinition:
    return future.result()


def _lost(name: str, why: str) -> PinnedDefinition:
    raise ToolFailure(f"{name}: {why}")

"""What a user would otherwise run, one module a library; only NumPy and JAX are there in every install."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from theorems.tools.bench.candidate import Absent, Candidate
from theorems.tools.bench.problem import Problem


@dataclass(frozen=True, slots=True)
class Peer:
    """A named implementation: `module:function` in this package, and the optional extra that brings its library."""

    name: str
    function: str
    extra: str | None = None

    def build(self, p: Problem, device: str) -> Candidate:
        """Bind it to a problem; raises `Absent` with the reason where it cannot run."""
        module, _, function = self.function.partition(":")
        try:
            found = import_module(f"{__name__}.{module}")
        except ModuleNotFoundError as why:
            if why.name != self.extra:
                raise
            raise Absent(f"{why.name} is not installed: pip install 'leanmirror[{self.extra}]'") from why
        return getattr(found, function)(p, device)


PEERS = (
    Peer("numpy", "with_numpy:build"),
    Peer("jax naive", "with_jax:naive"),
    Peer("jax naive, one example", "with_jax:one_example"),
    Peer("jax.nn XLA", "with_jax:library"),
    Peer("tokamax", "with_tokamax:build", "tokamax"),
    Peer("torch SDPA, bias", "with_torch:eager", "torch"),
    Peer("torch.compile", "with_torch:compiled", "torch"),
)

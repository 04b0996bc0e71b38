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
    devices: tuple[str, ...] = ("cpu", "gpu")
    causal_only: bool = False

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
    Peer("numpy", "with_numpy:build", devices=("cpu",)),
    Peer("jax naive", "with_jax:naive"),
    Peer("jax naive, one example", "with_jax:one_example"),
    Peer("jax.nn XLA", "with_jax:library"),
    Peer("jax.nn cuDNN, bias", "with_jax:cudnn_bias", devices=("gpu",)),
    Peer("jax.nn cuDNN, is_causal", "with_jax:cudnn_causal", devices=("gpu",), causal_only=True),
    Peer("tokamax", "with_tokamax:build", "tokamax"),
    Peer("torch SDPA, bias", "with_torch:eager", "torch"),
    Peer("torch flash, is_causal", "with_torch:flash", "torch", devices=("gpu",), causal_only=True),
    Peer("torch.compile", "with_torch:compiled", "torch"),
    Peer("FlexAttention", "with_torch:flex", "torch"),
)


def peers(device: str, *, causal: bool) -> list[Peer]:
    """Those that are meant for a device and can be told the mask."""
    return [peer for peer in PEERS if device in peer.devices and (causal or not peer.causal_only)]

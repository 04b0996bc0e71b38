"""The families of theorems, which tell what their instances are like: each has a row of its own in the shares."""

from __future__ import annotations

from enum import StrEnum


class Family(StrEnum):
    """What the instances of a theorem are about."""

    DECODER = "decoder block"
    PACKS = "attention between packs"
    SUBLAYERS = "sublayers between packs"
    CORE = "masked attention core"
    FEED_FORWARD = "feed-forward"
    NORM = "LayerNorm"
    GRAPHS = "graphs"
    NODES = "nodes"
    ENTRYWISE = "entrywise maps and softmax"
    VECTORS = "vectors, tensors and lists"

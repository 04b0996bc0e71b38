"""Strategies that build valid instances by type: shapes, contexts, values, masks, nodes, graphs, maps."""

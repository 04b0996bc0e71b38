"""The few Lean names that the interpreter gives a meaning of its own; every other name is read from the
source.
"""

SHAPE = "Spec.Shape"
SCALAR = f"{SHAPE}.scalar"
DIM = f"{SHAPE}.dim"
SIZE = f"{SHAPE}.size"
INDEX = "Proofs.Autograd.Idx"
NODE = "Proofs.Autograd.Node"
GRAPH = "Proofs.Autograd.Graph"
NIL = f"{GRAPH}.nil"
SNOC = f"{GRAPH}.snoc"
DGRAPH = "Proofs.Autograd.DGraph"
# Lean defines it by induction on the graph; here its effect on indices is written down once.
WEAKEN = f"{DGRAPH}.weakenContext"
NAT, LIST, FIN = "Nat", "List", "Fin"

"""Reverse mode: any composition of operations, differentiated by a trace made for one call.

traced     a tensor that carries its trace, and what its operators leave in it
recording  the trace: each operation run by its `f_vjp`, and remembered as a node
graph      the nodes, and cotangents sent back through them
places     the tensors that a value holds: in records, in tuples
gradients  `vjp` itself
"""

from typed_resnet.reverse.gradients import vjp as vjp

__all__ = ["vjp"]

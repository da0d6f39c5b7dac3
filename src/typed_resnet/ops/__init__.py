"""Further operations, under PyTorch's names."""

from typed_resnet.differentiable import differentiable as differentiable
from typed_resnet.ops.cross_entropy import cross_entropy as cross_entropy
from typed_resnet.ops.cross_entropy import cross_entropy_vjp as cross_entropy_vjp
from typed_resnet.ops.labels import Labels as Labels
from typed_resnet.ops.reshape import broadcast_to as broadcast_to
from typed_resnet.ops.reshape import broadcast_to_vjp as broadcast_to_vjp
from typed_resnet.ops.reshape import reshape as reshape
from typed_resnet.ops.reshape import reshape_vjp as reshape_vjp

__all__ = [
    "Labels",
    "broadcast_to",
    "broadcast_to_vjp",
    "cross_entropy",
    "cross_entropy_vjp",
    "differentiable",
    "reshape",
    "reshape_vjp",
]

"""Further operations, under PyTorch's names."""

from typed_resnet.ops.cross_entropy import cross_entropy as cross_entropy
from typed_resnet.ops.cross_entropy import cross_entropy_vjp as cross_entropy_vjp
from typed_resnet.ops.labels import Labels as Labels

__all__ = ["Labels", "cross_entropy", "cross_entropy_vjp"]

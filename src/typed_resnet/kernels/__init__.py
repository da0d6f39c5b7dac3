"""Array-to-array functions on [N, C, H, W], each formula once, forward beside its vjp.

`f_vjp` takes what `f` takes and returns `(y, pullback)`; `pullback(dy)` gives the gradients in the
specification's order: (dw, db, dx) of `conv2d` and `linear`, (dx, dgamma, dbeta) of batch norm,
a bare dx of the rest. Arguments are never written to, results are C-contiguous arrays of the
arguments' scalar type, and N may be 0. A pullback reads the arrays that `f_vjp` was given: leave
them as they are until it has been called.
"""

from typed_resnet.kernels.batch_norm import batch_norm2d as batch_norm2d
from typed_resnet.kernels.batch_norm import batch_norm2d_inference as batch_norm2d_inference
from typed_resnet.kernels.batch_norm import (
    batch_norm2d_inference_vjp as batch_norm2d_inference_vjp,
)
from typed_resnet.kernels.batch_norm import batch_norm2d_vjp as batch_norm2d_vjp
from typed_resnet.kernels.conv import conv2d as conv2d
from typed_resnet.kernels.conv import conv2d_vjp as conv2d_vjp
from typed_resnet.kernels.cross_entropy import cross_entropy as cross_entropy
from typed_resnet.kernels.cross_entropy import cross_entropy_vjp as cross_entropy_vjp
from typed_resnet.kernels.linear import linear as linear
from typed_resnet.kernels.linear import linear_vjp as linear_vjp
from typed_resnet.kernels.pool import global_avg_pool2d as global_avg_pool2d
from typed_resnet.kernels.pool import global_avg_pool2d_vjp as global_avg_pool2d_vjp
from typed_resnet.kernels.pool import max_pool2d as max_pool2d
from typed_resnet.kernels.pool import max_pool2d_vjp as max_pool2d_vjp
from typed_resnet.kernels.relu import relu as relu
from typed_resnet.kernels.relu import relu_vjp as relu_vjp
from typed_resnet.kernels.shortcut import pad_channels as pad_channels
from typed_resnet.kernels.shortcut import pad_channels_vjp as pad_channels_vjp
from typed_resnet.kernels.shortcut import slice_channels as slice_channels
from typed_resnet.kernels.shortcut import slice_channels_vjp as slice_channels_vjp
from typed_resnet.kernels.shortcut import subsample as subsample
from typed_resnet.kernels.shortcut import subsample_vjp as subsample_vjp

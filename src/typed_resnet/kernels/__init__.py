"""Array-to-array functions on [N, C, H, W], each formula once, forward beside its vjp.

`f_vjp` takes what `f` takes and returns `(y, pullback)`; `pullback(dy)` gives the gradients in the
specification's order: (dw, db, dx) of `conv2d` and `linear`, (dx, dgamma, dbeta) of batch norm,
a bare dx of the rest. Arguments are never written to, results are arrays of the arguments' scalar
type, and N may be 0. They are C-contiguous, but in float32 images may lie channels last in
memory, and a kernel's gradient windows first: see `blocks`. A pullback reads the arrays that
`f_vjp` was given: leave them as they are until it has been called.
"""

from typed_resnet.kernels.avg_pool import avg_pool2d as avg_pool2d
from typed_resnet.kernels.avg_pool import avg_pool2d_vjp as avg_pool2d_vjp
from typed_resnet.kernels.axes import concat as concat
from typed_resnet.kernels.axes import concat_vjp as concat_vjp
from typed_resnet.kernels.axes import mean_axis as mean_axis
from typed_resnet.kernels.axes import mean_axis_vjp as mean_axis_vjp
from typed_resnet.kernels.axes import split as split
from typed_resnet.kernels.axes import split_vjp as split_vjp
from typed_resnet.kernels.axes import sum_axis as sum_axis
from typed_resnet.kernels.axes import sum_axis_vjp as sum_axis_vjp
from typed_resnet.kernels.axes import transpose as transpose
from typed_resnet.kernels.axes import transpose_vjp as transpose_vjp
from typed_resnet.kernels.batch_norm import batch_norm2d as batch_norm2d
from typed_resnet.kernels.batch_norm import batch_norm2d_inference as batch_norm2d_inference
from typed_resnet.kernels.batch_norm import (
    batch_norm2d_inference_vjp as batch_norm2d_inference_vjp,
)
from typed_resnet.kernels.batch_norm import batch_norm2d_pullback as batch_norm2d_pullback
from typed_resnet.kernels.batch_norm import batch_norm2d_vjp as batch_norm2d_vjp
from typed_resnet.kernels.batch_norm import deviation as deviation
from typed_resnet.kernels.batch_norm import folded as folded
from typed_resnet.kernels.batch_norm import moments as moments
from typed_resnet.kernels.batch_norm import normalised as normalised
from typed_resnet.kernels.conv import conv2d as conv2d
from typed_resnet.kernels.conv import conv2d_vjp as conv2d_vjp
from typed_resnet.kernels.cross_entropy import cross_entropy as cross_entropy
from typed_resnet.kernels.cross_entropy import cross_entropy_vjp as cross_entropy_vjp
from typed_resnet.kernels.dropout import dropout as dropout
from typed_resnet.kernels.dropout import dropout_vjp as dropout_vjp
from typed_resnet.kernels.elementwise import exp as exp
from typed_resnet.kernels.elementwise import exp_vjp as exp_vjp
from typed_resnet.kernels.elementwise import sigmoid as sigmoid
from typed_resnet.kernels.elementwise import sigmoid_vjp as sigmoid_vjp
from typed_resnet.kernels.elementwise import sqrt as sqrt
from typed_resnet.kernels.elementwise import sqrt_vjp as sqrt_vjp
from typed_resnet.kernels.elementwise import tanh as tanh
from typed_resnet.kernels.elementwise import tanh_vjp as tanh_vjp
from typed_resnet.kernels.epilogue import Epilogue as Epilogue
from typed_resnet.kernels.gelu import gelu as gelu
from typed_resnet.kernels.gelu import gelu_vjp as gelu_vjp
from typed_resnet.kernels.general_conv import general_conv2d as general_conv2d
from typed_resnet.kernels.general_conv import general_conv2d_vjp as general_conv2d_vjp
from typed_resnet.kernels.layer_norm import layer_norm as layer_norm
from typed_resnet.kernels.layer_norm import layer_norm_vjp as layer_norm_vjp
from typed_resnet.kernels.linear import linear as linear
from typed_resnet.kernels.linear import linear_vjp as linear_vjp
from typed_resnet.kernels.matmul import matmul as matmul
from typed_resnet.kernels.matmul import matmul_vjp as matmul_vjp
from typed_resnet.kernels.mse_loss import mse_loss as mse_loss
from typed_resnet.kernels.mse_loss import mse_loss_vjp as mse_loss_vjp
from typed_resnet.kernels.pool import global_avg_pool2d as global_avg_pool2d
from typed_resnet.kernels.pool import global_avg_pool2d_vjp as global_avg_pool2d_vjp
from typed_resnet.kernels.pool import max_pool2d as max_pool2d
from typed_resnet.kernels.pool import max_pool2d_vjp as max_pool2d_vjp
from typed_resnet.kernels.relu import relu as relu
from typed_resnet.kernels.relu import relu_pullback as relu_pullback
from typed_resnet.kernels.relu import relu_vjp as relu_vjp
from typed_resnet.kernels.resize import pad as pad
from typed_resnet.kernels.resize import pad_vjp as pad_vjp
from typed_resnet.kernels.resize import upsample as upsample
from typed_resnet.kernels.resize import upsample_vjp as upsample_vjp
from typed_resnet.kernels.shortcut import pad_channels as pad_channels
from typed_resnet.kernels.shortcut import pad_channels_vjp as pad_channels_vjp
from typed_resnet.kernels.shortcut import slice_channels as slice_channels
from typed_resnet.kernels.shortcut import slice_channels_vjp as slice_channels_vjp
from typed_resnet.kernels.shortcut import subsample as subsample
from typed_resnet.kernels.shortcut import subsample_vjp as subsample_vjp
from typed_resnet.kernels.softmax import log_softmax as log_softmax
from typed_resnet.kernels.softmax import log_softmax_vjp as log_softmax_vjp
from typed_resnet.kernels.softmax import softmax as softmax
from typed_resnet.kernels.softmax import softmax_vjp as softmax_vjp
from typed_resnet.kernels.strategy import noted as noted
from typed_resnet.kernels.strategy import strategies as strategies
from typed_resnet.kernels.strategy import strategy_of as strategy_of
from typed_resnet.kernels.weights import settled as settled

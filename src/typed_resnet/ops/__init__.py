"""Operations on tensors, under PyTorch's names: each `f` beside its `f_vjp`."""

from typed_resnet.differentiable import differentiable as differentiable
from typed_resnet.layers import dropout as dropout
from typed_resnet.layers import dropout_vjp as dropout_vjp
from typed_resnet.layers import flatten as flatten
from typed_resnet.layers import flatten_vjp as flatten_vjp
from typed_resnet.layers import upsample as upsample
from typed_resnet.layers import upsample_vjp as upsample_vjp
from typed_resnet.ops.chunk import chunk as chunk
from typed_resnet.ops.chunk import chunk_vjp as chunk_vjp
from typed_resnet.ops.concat import concat as concat
from typed_resnet.ops.concat import concat_vjp as concat_vjp
from typed_resnet.ops.cross_entropy import cross_entropy as cross_entropy
from typed_resnet.ops.cross_entropy import cross_entropy_vjp as cross_entropy_vjp
from typed_resnet.ops.elementwise import exp as exp
from typed_resnet.ops.elementwise import exp_vjp as exp_vjp
from typed_resnet.ops.elementwise import gelu as gelu
from typed_resnet.ops.elementwise import gelu_vjp as gelu_vjp
from typed_resnet.ops.elementwise import sigmoid as sigmoid
from typed_resnet.ops.elementwise import sigmoid_vjp as sigmoid_vjp
from typed_resnet.ops.elementwise import sqrt as sqrt
from typed_resnet.ops.elementwise import sqrt_vjp as sqrt_vjp
from typed_resnet.ops.elementwise import tanh as tanh
from typed_resnet.ops.elementwise import tanh_vjp as tanh_vjp
from typed_resnet.ops.functional import avg_pool2d as avg_pool2d
from typed_resnet.ops.functional import avg_pool2d_vjp as avg_pool2d_vjp
from typed_resnet.ops.functional import conv2d as conv2d
from typed_resnet.ops.functional import conv2d_vjp as conv2d_vjp
from typed_resnet.ops.functional import linear as linear
from typed_resnet.ops.functional import linear_vjp as linear_vjp
from typed_resnet.ops.functional import max_pool2d as max_pool2d
from typed_resnet.ops.functional import max_pool2d_vjp as max_pool2d_vjp
from typed_resnet.ops.labels import Labels as Labels
from typed_resnet.ops.matmul import matmul as matmul
from typed_resnet.ops.matmul import matmul_vjp as matmul_vjp
from typed_resnet.ops.mse_loss import mse_loss as mse_loss
from typed_resnet.ops.mse_loss import mse_loss_vjp as mse_loss_vjp
from typed_resnet.ops.pad import pad as pad
from typed_resnet.ops.pad import pad_vjp as pad_vjp
from typed_resnet.ops.reduce import mean as mean
from typed_resnet.ops.reduce import mean_vjp as mean_vjp
from typed_resnet.ops.reduce import sum as sum
from typed_resnet.ops.reduce import sum_vjp as sum_vjp
from typed_resnet.ops.reshape import broadcast_to as broadcast_to
from typed_resnet.ops.reshape import broadcast_to_vjp as broadcast_to_vjp
from typed_resnet.ops.reshape import reshape as reshape
from typed_resnet.ops.reshape import reshape_vjp as reshape_vjp
from typed_resnet.ops.softmax import log_softmax as log_softmax
from typed_resnet.ops.softmax import log_softmax_vjp as log_softmax_vjp
from typed_resnet.ops.softmax import softmax as softmax
from typed_resnet.ops.softmax import softmax_vjp as softmax_vjp
from typed_resnet.ops.split import split as split
from typed_resnet.ops.split import split_vjp as split_vjp
from typed_resnet.ops.squeeze import squeeze as squeeze
from typed_resnet.ops.squeeze import squeeze_vjp as squeeze_vjp
from typed_resnet.ops.squeeze import stack as stack
from typed_resnet.ops.squeeze import stack_vjp as stack_vjp
from typed_resnet.ops.squeeze import unsqueeze as unsqueeze
from typed_resnet.ops.squeeze import unsqueeze_vjp as unsqueeze_vjp
from typed_resnet.ops.transpose import transpose as transpose
from typed_resnet.ops.transpose import transpose_vjp as transpose_vjp

__all__ = [
    "Labels",
    "avg_pool2d",
    "avg_pool2d_vjp",
    "broadcast_to",
    "broadcast_to_vjp",
    "chunk",
    "chunk_vjp",
    "concat",
    "concat_vjp",
    "conv2d",
    "conv2d_vjp",
    "cross_entropy",
    "cross_entropy_vjp",
    "differentiable",
    "dropout",
    "dropout_vjp",
    "exp",
    "exp_vjp",
    "flatten",
    "flatten_vjp",
    "gelu",
    "gelu_vjp",
    "linear",
    "linear_vjp",
    "log_softmax",
    "log_softmax_vjp",
    "matmul",
    "matmul_vjp",
    "max_pool2d",
    "max_pool2d_vjp",
    "mean",
    "mean_vjp",
    "mse_loss",
    "mse_loss_vjp",
    "pad",
    "pad_vjp",
    "reshape",
    "reshape_vjp",
    "sigmoid",
    "sigmoid_vjp",
    "softmax",
    "softmax_vjp",
    "split",
    "split_vjp",
    "sqrt",
    "sqrt_vjp",
    "squeeze",
    "squeeze_vjp",
    "stack",
    "stack_vjp",
    "sum",
    "sum_vjp",
    "tanh",
    "tanh_vjp",
    "transpose",
    "transpose_vjp",
    "unsqueeze",
    "unsqueeze_vjp",
    "upsample",
    "upsample_vjp",
]

"""The layers, each a record whose `__call__` states its shape rule."""

from typed_resnet.layers.avg_pool import AvgPool2D as AvgPool2D
from typed_resnet.layers.batch_norm import SPEC_EPS as SPEC_EPS
from typed_resnet.layers.batch_norm import BatchNorm2D as BatchNorm2D
from typed_resnet.layers.conv import Conv2D as Conv2D
from typed_resnet.layers.dropout import Dropout as Dropout
from typed_resnet.layers.dropout import dropout as dropout
from typed_resnet.layers.dropout import dropout_vjp as dropout_vjp
from typed_resnet.layers.flatten import Flatten as Flatten
from typed_resnet.layers.flatten import flatten as flatten
from typed_resnet.layers.flatten import flatten_vjp as flatten_vjp
from typed_resnet.layers.functions import fit as fit
from typed_resnet.layers.functions import fit_vjp as fit_vjp
from typed_resnet.layers.functions import global_avg_pool2d as global_avg_pool2d
from typed_resnet.layers.functions import global_avg_pool2d_vjp as global_avg_pool2d_vjp
from typed_resnet.layers.functions import pad_channels as pad_channels
from typed_resnet.layers.functions import pad_channels_vjp as pad_channels_vjp
from typed_resnet.layers.functions import relu as relu
from typed_resnet.layers.functions import relu_vjp as relu_vjp
from typed_resnet.layers.functions import slice_channels as slice_channels
from typed_resnet.layers.functions import slice_channels_vjp as slice_channels_vjp
from typed_resnet.layers.functions import subsample as subsample
from typed_resnet.layers.functions import subsample_vjp as subsample_vjp
from typed_resnet.layers.general_conv import GeneralConv2D as GeneralConv2D
from typed_resnet.layers.gradients import BatchNorm2DGrads as BatchNorm2DGrads
from typed_resnet.layers.gradients import Conv2DGrads as Conv2DGrads
from typed_resnet.layers.gradients import FunctionVjp as FunctionVjp
from typed_resnet.layers.gradients import GeneralConv2DGrads as GeneralConv2DGrads
from typed_resnet.layers.gradients import LayerNormGrads as LayerNormGrads
from typed_resnet.layers.gradients import LinearGrads as LinearGrads
from typed_resnet.layers.gradients import Vjp as Vjp
from typed_resnet.layers.layer_norm import LayerNorm as LayerNorm
from typed_resnet.layers.linear import Linear as Linear
from typed_resnet.layers.pool import MaxPool2D as MaxPool2D
from typed_resnet.layers.sequential import Composed as Composed
from typed_resnet.layers.sequential import Sequential as Sequential
from typed_resnet.layers.statistics import RunningStatistics as RunningStatistics
from typed_resnet.layers.upsample import Upsample as Upsample
from typed_resnet.layers.upsample import upsample as upsample
from typed_resnet.layers.upsample import upsample_vjp as upsample_vjp

__all__ = [
    "SPEC_EPS",
    "AvgPool2D",
    "BatchNorm2D",
    "BatchNorm2DGrads",
    "Composed",
    "Conv2D",
    "Conv2DGrads",
    "Dropout",
    "Flatten",
    "FunctionVjp",
    "GeneralConv2D",
    "GeneralConv2DGrads",
    "LayerNorm",
    "LayerNormGrads",
    "Linear",
    "LinearGrads",
    "MaxPool2D",
    "RunningStatistics",
    "Sequential",
    "Upsample",
    "Vjp",
    "dropout",
    "dropout_vjp",
    "fit",
    "fit_vjp",
    "flatten",
    "flatten_vjp",
    "global_avg_pool2d",
    "global_avg_pool2d_vjp",
    "pad_channels",
    "pad_channels_vjp",
    "relu",
    "relu_vjp",
    "slice_channels",
    "slice_channels_vjp",
    "subsample",
    "subsample_vjp",
    "upsample",
    "upsample_vjp",
]

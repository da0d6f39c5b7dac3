"""The layers, each a record whose `__call__` states its shape rule."""

from typed_resnet.layers.batch_norm import SPEC_EPS as SPEC_EPS
from typed_resnet.layers.batch_norm import BatchNorm2D as BatchNorm2D
from typed_resnet.layers.conv import Conv2D as Conv2D
from typed_resnet.layers.functions import fit as fit
from typed_resnet.layers.functions import global_avg_pool2d as global_avg_pool2d
from typed_resnet.layers.functions import pad_channels as pad_channels
from typed_resnet.layers.functions import relu as relu
from typed_resnet.layers.functions import slice_channels as slice_channels
from typed_resnet.layers.functions import subsample as subsample
from typed_resnet.layers.linear import Linear as Linear
from typed_resnet.layers.pool import MaxPool2D as MaxPool2D

__all__ = [
    "SPEC_EPS",
    "BatchNorm2D",
    "Conv2D",
    "Linear",
    "MaxPool2D",
    "fit",
    "global_avg_pool2d",
    "pad_channels",
    "relu",
    "slice_channels",
    "subsample",
]

"""A shape-typed tensor DSL, and the ResNet family written in it.

The names below are imported when they are first asked for: mypy, which asks this package for its
plugin alone, need not wait for NumPy.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typed_resnet.errors import ConfigError as ConfigError
    from typed_resnet.errors import DTypeError as DTypeError
    from typed_resnet.errors import GradientError as GradientError
    from typed_resnet.errors import ShapeError as ShapeError
    from typed_resnet.errors import TypedResNetError as TypedResNetError
    from typed_resnet.errors import WeightsError as WeightsError
    from typed_resnet.layer import Layer as Layer
    from typed_resnet.layers import BatchNorm2D as BatchNorm2D
    from typed_resnet.layers import Conv2D as Conv2D
    from typed_resnet.layers import Linear as Linear
    from typed_resnet.layers import MaxPool2D as MaxPool2D
    from typed_resnet.layers import global_avg_pool2d as global_avg_pool2d
    from typed_resnet.layers import pad_channels as pad_channels
    from typed_resnet.layers import relu as relu
    from typed_resnet.layers import slice_channels as slice_channels
    from typed_resnet.models import BottleneckBlock as BottleneckBlock
    from typed_resnet.models import BottleneckLayer as BottleneckLayer
    from typed_resnet.models import ResNet as ResNet
    from typed_resnet.models import ResNetBlock as ResNetBlock
    from typed_resnet.models import ResNetBlockGrads as ResNetBlockGrads
    from typed_resnet.models import ResNetConfig as ResNetConfig
    from typed_resnet.models import ResNetGrads as ResNetGrads
    from typed_resnet.models import ResNetLayer as ResNetLayer
    from typed_resnet.models import ResNetLayerGrads as ResNetLayerGrads
    from typed_resnet.models import resnet18 as resnet18
    from typed_resnet.models import resnet18_config as resnet18_config
    from typed_resnet.models import (
        resnet18_config_with_projections as resnet18_config_with_projections,
    )
    from typed_resnet.models import resnet18_with_projections as resnet18_with_projections
    from typed_resnet.reverse import vjp as vjp
    from typed_resnet.runtime import cast as cast
    from typed_resnet.runtime import install_import_hook as install_import_hook
    from typed_resnet.runtime import typed as typed
    from typed_resnet.tensor import Tensor as Tensor

__all__ = [
    "BatchNorm2D",
    "BottleneckBlock",
    "BottleneckLayer",
    "ConfigError",
    "Conv2D",
    "DTypeError",
    "GradientError",
    "Layer",
    "Linear",
    "MaxPool2D",
    "ResNet",
    "ResNetBlock",
    "ResNetBlockGrads",
    "ResNetConfig",
    "ResNetGrads",
    "ResNetLayer",
    "ResNetLayerGrads",
    "ShapeError",
    "Tensor",
    "TypedResNetError",
    "WeightsError",
    "cast",
    "global_avg_pool2d",
    "install_import_hook",
    "pad_channels",
    "relu",
    "resnet18",
    "resnet18_config",
    "resnet18_config_with_projections",
    "resnet18_with_projections",
    "slice_channels",
    "typed",
    "vjp",
]

_HOMES = ("errors", "tensor", "layer", "runtime", "layers", "models", "reverse")


if not TYPE_CHECKING:  # a checker knows the names above, and shall miss any other

    def __getattr__(name):
        """Find a public name in the module that it comes from."""
        if name in __all__:
            for home in _HOMES:
                module = _import_module(f"{__name__}.{home}")
                if name in getattr(module, "__all__", vars(module)):
                    globals()[name] = getattr(module, name)
                    return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        """List the public names, imported yet or not."""
        return __all__

"""The specification's ResNets, written in the layers."""

from typed_resnet.models.block import ResNetBlock as ResNetBlock
from typed_resnet.models.bottleneck import BottleneckBlock as BottleneckBlock
from typed_resnet.models.bottleneck_network import BottleneckResNet as BottleneckResNet
from typed_resnet.models.bottleneck_stage import BottleneckLayer as BottleneckLayer
from typed_resnet.models.config import ResNetConfig as ResNetConfig
from typed_resnet.models.config import resnet18_config as resnet18_config
from typed_resnet.models.config import (
    resnet18_config_with_projections as resnet18_config_with_projections,
)
from typed_resnet.models.gradients import BottleneckBlockGrads as BottleneckBlockGrads
from typed_resnet.models.gradients import BottleneckLayerGrads as BottleneckLayerGrads
from typed_resnet.models.gradients import BottleneckResNetGrads as BottleneckResNetGrads
from typed_resnet.models.gradients import ProjectionGrads as ProjectionGrads
from typed_resnet.models.gradients import ResNetBlockGrads as ResNetBlockGrads
from typed_resnet.models.gradients import ResNetGrads as ResNetGrads
from typed_resnet.models.gradients import ResNetLayerGrads as ResNetLayerGrads
from typed_resnet.models.network import ResNet as ResNet
from typed_resnet.models.network import ResNet18 as ResNet18
from typed_resnet.models.network import resnet18 as resnet18
from typed_resnet.models.network import resnet18_with_projections as resnet18_with_projections
from typed_resnet.models.parameters import in_evaluation as in_evaluation
from typed_resnet.models.parameters import in_training as in_training
from typed_resnet.models.parameters import parameter_count as parameter_count
from typed_resnet.models.parameters import statistics as statistics
from typed_resnet.models.shortcut import Projection as Projection
from typed_resnet.models.stage import ResNetLayer as ResNetLayer
from typed_resnet.records import parameters as parameters
from typed_resnet.records import with_parameters as with_parameters

__all__ = [
    "BottleneckBlock",
    "BottleneckBlockGrads",
    "BottleneckLayer",
    "BottleneckLayerGrads",
    "BottleneckResNet",
    "BottleneckResNetGrads",
    "Projection",
    "ProjectionGrads",
    "ResNet",
    "ResNet18",
    "ResNetBlock",
    "ResNetBlockGrads",
    "ResNetConfig",
    "ResNetGrads",
    "ResNetLayer",
    "ResNetLayerGrads",
    "in_evaluation",
    "in_training",
    "parameter_count",
    "parameters",
    "resnet18",
    "resnet18_config",
    "resnet18_config_with_projections",
    "resnet18_with_projections",
    "statistics",
    "with_parameters",
]

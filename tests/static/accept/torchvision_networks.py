"""A15: the torchvision networks, for all heights and widths; the sizes on their way."""

from typing import TypeVar, assert_type
from typing import Literal as L

from typed_resnet import Tensor, global_avg_pool2d, relu, torchvision
from typed_resnet.dims import B, CeilDiv, H, W
from typed_resnet.models import BottleneckResNet as Bottlenecks
from typed_resnet.models import ResNetConfig
from typed_resnet.torchvision import BottleneckResNet, BottleneckResNetGrads, ResNet

Classes = TypeVar("Classes", bound=int)


def resnet50_for_all_sizes(
    net: BottleneckResNet[Classes], x: Tensor[*B, L[3], H, W]
) -> Tensor[*B, Classes]:
    return net(x)


def resnet18_for_all_sizes(net: ResNet[Classes], x: Tensor[*B, L[3], H, W]) -> Tensor[*B, Classes]:
    return net(x)


def sizes_of_resnet50(net: BottleneckResNet[L[10]], x: Tensor[L[3], H, W]) -> None:
    stem = net.maxpool(relu(net.bn1(net.conv1(x))))
    assert_type(stem, Tensor[L[64], CeilDiv[H, L[4]], CeilDiv[W, L[4]]])
    y1 = net.layer1(stem)
    assert_type(y1, Tensor[L[256], CeilDiv[H, L[4]], CeilDiv[W, L[4]]])
    y2 = net.layer2(y1)
    assert_type(y2, Tensor[L[512], CeilDiv[H, L[8]], CeilDiv[W, L[8]]])
    y3 = net.layer3(y2)
    assert_type(y3, Tensor[L[1024], CeilDiv[H, L[16]], CeilDiv[W, L[16]]])
    y4 = net.layer4(y3)
    assert_type(y4, Tensor[L[2048], CeilDiv[H, L[32]], CeilDiv[W, L[32]]])
    assert_type(net.fc(global_avg_pool2d(y4)), Tensor[L[10]])


def sizes_of_resnet18_at_224(net: ResNet[L[1000]]) -> None:
    x = Tensor.zeros(3, 224, 224)
    stem = net.maxpool(net.conv1(x))
    assert_type(stem, Tensor[L[64], L[56], L[56]])
    y = net.layer4(net.layer3(net.layer2(net.layer1(stem))))
    assert_type(y, Tensor[L[512], L[7], L[7]])
    assert y.shape == (512, 7, 7)


def gradients_of_resnet50(
    net: BottleneckResNet[L[10]], x: Tensor[L[3], H, W], dy: Tensor[L[10]]
) -> None:
    grads, dx = net.backward(x, dy)
    assert_type(grads, BottleneckResNetGrads[L[10]])
    assert_type(grads.layer2.first.conv1.kernel, Tensor[L[128], L[256], L[1], L[1]])
    assert_type(dx, Tensor[L[3], H, W])


def classes_of_resnet50() -> None:
    assert_type(torchvision.resnet50(10), BottleneckResNet[L[10]])


def bottlenecks_of_a_configuration() -> None:
    config = ResNetConfig(
        stem_out_channels=4,
        stage1_out_channels=8,
        stage2_out_channels=8,
        stage3_out_channels=12,
        stage4_out_channels=4,
    )
    net = Bottlenecks.zero_init(config, 1, 5)
    assert_type(net(Tensor.zeros(1, 32, 33)), Tensor[L[5]])
    grads, _ = net.backward(Tensor.zeros(2, 1, 32, 33), Tensor.zeros(2, 5))
    assert_type(grads.layer3.first.conv2.kernel, Tensor[L[3], L[3], L[3], L[3]])

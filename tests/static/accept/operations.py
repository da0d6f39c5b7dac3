"""Operations and what they make of shapes; the twins of `reject/operations.py` among them."""

from typing import Generic, TypeVar, assert_type
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Linear, Tensor, global_avg_pool2d, relu
from typed_resnet.dims import Add, B, C, ExactDiv, FloorDiv, H, Mul, N, Sub, W
from typed_resnet.layers import (
    AvgPool2D,
    Dropout,
    Flatten,
    GeneralConv2D,
    LayerNorm,
    Upsample,
)
from typed_resnet.ops import (
    Labels,
    avg_pool2d,
    chunk,
    concat,
    conv2d,
    conv2d_vjp,
    cross_entropy,
    dropout,
    exp,
    flatten,
    gelu,
    linear,
    log_softmax,
    matmul,
    matmul_vjp,
    max_pool2d,
    mean,
    mse_loss,
    mse_loss_vjp,
    pad,
    sigmoid,
    softmax,
    split,
    sqrt,
    squeeze,
    stack,
    sum,
    tanh,
    transpose,
    unsqueeze,
    upsample,
)
from typed_resnet.torchvision.making import of_basic_blocks

M = TypeVar("M", bound=int)
Tokens = TypeVar("Tokens", bound=int)
Hidden = TypeVar("Hidden", bound=int)
Between = TypeVar("Between", bound=int)


def concat_of_equal_heights(x: Tensor[*B, L[3], L[8], W], y: Tensor[*B, L[5], L[8], W]) -> None:
    assert_type(concat(x, y, axis=-3), Tensor[*B, L[8], L[8], W])


def concat_along_each_axis(x: Tensor[N, C, H, W], y: Tensor[M, C, H, W]) -> None:
    assert_type(concat(x, y, axis=-4), Tensor[Add[M, N], C, H, W])
    assert_type(concat(x, x, axis=-3), Tensor[N, Mul[C, L[2]], H, W])
    assert_type(concat(x, x, axis=-2), Tensor[N, C, Mul[H, L[2]], W])
    assert_type(concat(x, x, axis=-1), Tensor[N, C, H, Mul[W, L[2]]])


def concat_of_three(x: Tensor[C, L[4]], y: Tensor[C, L[5]], z: Tensor[C, L[6]]) -> None:
    whole = concat(x, y, z, axis=-1)
    assert_type(whole, Tensor[C, L[15]])
    assert whole.shape[1] == 15


def concat_of_four(x: Tensor[*B, C, H, W], y: Tensor[*B, N, H, W]) -> None:
    """The branches of an Inception block."""
    assert_type(concat(x, y, x, y, axis=-3), Tensor[*B, Mul[Add[C, N], L[2]], H, W])


def equal_parts(x: Tensor[*B, N, Mul[L[3], C]]) -> None:
    q, k, v = chunk(x, 3, axis=-1)
    assert_type(q, Tensor[*B, N, C])
    assert_type(concat(q, k, v, axis=-1), Tensor[*B, N, Mul[C, L[3]]])


def equal_parts_of_a_number(x: Tensor[*B, L[12], H, W]) -> None:
    gate, value = chunk(x, 2, axis=-3)
    assert_type(sigmoid(gate) * value, Tensor[*B, L[6], H, W])
    assert len(chunk(x, 4, axis=-3)) == 4


def halves_of_channels(x: Tensor[*B, C, H, W]) -> None:
    """A number of channels that has no half is an error of the run."""
    assert_type(chunk(x, 2, axis=-3)[0], Tensor[*B, ExactDiv[C, L[2]], H, W])


def transposed_from_either_side(x: Tensor[*B, C, H, W]) -> None:
    assert_type(transpose(x, -1, -2), Tensor[*B, C, W, H])
    assert_type(transpose(x, -1, -3), Tensor[*B, W, H, C])


def split_undoes_concat(x: Tensor[*B, C, H, W], y: Tensor[*B, N, H, W], c: C) -> None:
    first, second = split(concat(x, y, axis=-3), c, axis=-3)
    assert_type(first, Tensor[*B, C, H, W])
    assert_type(second, Tensor[*B, N, H, W])


def split_of_all_but_one(x: Tensor[*B, L[6], H, W]) -> None:
    assert_type(split(x, 5, -3)[1], Tensor[*B, L[1], H, W])


def factor_the_right_way(x: Tensor[*B, L[3], L[4]], y: Tensor[*B, L[5], L[4]]) -> None:
    product = x @ transpose(y, -2, -1)
    assert_type(product, Tensor[*B, L[3], L[5]])
    assert product.shape[-2:] == (3, 5)


def attention(q: Tensor[*B, N, C], k: Tensor[*B, M, C], v: Tensor[*B, M, H]) -> Tensor[*B, N, H]:
    """The numbers of queries and of keys are no more alike than they need be."""
    scores = matmul(q, transpose(k, -2, -1)) * 0.125
    assert_type(scores, Tensor[*B, N, M])
    return softmax(scores) @ v


def gradients_of_a_product(x: Tensor[*B, N, C], y: Tensor[*B, C, M]) -> None:
    z, pullback = matmul_vjp(x, y)
    dx, dy = pullback(z)
    assert_type(dx, Tensor[*B, N, C])
    assert_type(dy, Tensor[*B, C, M])


def whole_flattened_image(fc: Linear[Mul[C, Mul[H, W]], L[10]], x: Tensor[*B, C, H, W]) -> None:
    assert_type(fc(flatten(x)), Tensor[*B, L[10]])


def flattened_image(
    fc: Linear[L[144], L[10]], layer: Flatten, x: Tensor[N, L[16], L[3], L[3]]
) -> None:
    assert_type(fc(layer(x)), Tensor[N, L[10]])


def loss_of_one_batch(
    fc: Linear[L[8], L[4]], x: Tensor[N, L[8]], targets: Tensor[N, L[4]]
) -> None:
    assert_type(mse_loss(fc(x), targets), Tensor[()])
    _, pullback = mse_loss_vjp(fc(x), targets)
    assert_type(pullback(Tensor.ones())[0], Tensor[N, L[4]])


def classes_of_one_batch(fc: Linear[L[8], L[4]], x: Tensor[N, L[8]], labels: Labels[N]) -> None:
    assert_type(cross_entropy(fc(x), labels), Tensor[()])


def halves_upsampled(
    pool: AvgPool2D[L[2], L[2], L[0]],
    up: Upsample[L[2]],
    x: Tensor[*B, C, Mul[H, L[2]], Mul[W, L[2]]],
) -> None:
    """Twice the half of an even height is the height."""
    assert_type(up(pool(x)) + x, Tensor[*B, C, Mul[H, L[2]], Mul[W, L[2]]])


def four_quarters(x: Tensor[Mul[C, L[4]], H, W], quarter: Tensor[C, H, W]) -> None:
    half = concat(quarter, quarter, axis=-3)
    assert_type(concat(half, half, axis=-3) + x, Tensor[Mul[L[4], C], H, W])


def as_large_again(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    """A window of 2 at stride 2 takes just what an upsampling by 2 has made."""
    return avg_pool2d(upsample(x, 2), 2) + x


def four_depths() -> None:
    of_basic_blocks(None, (1, 1, 1, 1), 10, np.float32)


def axes_of_one(x: Tensor[*B, C, L[1], W]) -> None:
    assert_type(squeeze(x, -2), Tensor[*B, C, W])
    assert_type(unsqueeze(squeeze(x, -2), -2), Tensor[*B, C, L[1], W])
    assert_type(unsqueeze(x, -1), Tensor[*B, C, L[1], W, L[1]])


def means(x: Tensor[*B, C, H, W], y: Tensor[*B, C]) -> None:
    assert_type(mean(x, (-2, -1)) + y, Tensor[*B, C])
    assert_type(mean(x, -3), Tensor[*B, H, W])
    assert_type(sum(x, axis=-2), Tensor[*B, C, W])
    assert_type(mean(x), Tensor[()])
    assert_type(global_avg_pool2d(x) + mean(mean(x, -1), -1), Tensor[*B, C])


def stacked(x: Tensor[H, W]) -> None:
    assert_type(stack(x, x), Tensor[L[2], H, W])
    assert_type(stack(x, x, x), Tensor[L[3], H, W])
    assert stack(x, x, x, x).shape[0] == 4


def turned_image(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, W, H]:
    assert_type(transpose(x, -3, -1), Tensor[*B, W, H, C])
    return transpose(x, -2, -1)


def padded(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, Add[H, L[2]], W]:
    return pad(x, top=1, bottom=1, left=0, right=0)


def elementwise(x: Tensor[*B, C], norm: LayerNorm[C], rng: np.random.Generator) -> Tensor[*B, C]:
    y = gelu(norm(x)) + sigmoid(x) / exp(x) - tanh(x) * 2
    return Dropout(0.5)(y) + dropout(sqrt(x * x), 0.5, rng) + log_softmax(x)


def numbers_on_either_side(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    """A number is no tensor: it has no shape that could be stretched by accident."""
    assert_type(1 - 2.0 * x, Tensor[*B, C, H, W])
    assert_type(np.float64(2) * x - np.float32(1), Tensor[*B, C, H, W])
    assert (1 - 2.0 * Tensor.ones(2)).array.tolist() == [-1, -1]
    return 6 - relu(6 - relu(x + 3)) / 2 + 1 / (1 + exp(-x))


def windows(x: Tensor[*B, L[3], L[9], L[8]], kernel: Tensor[L[8], L[3], L[3], L[3]]) -> None:
    assert_type(conv2d(x, kernel, padding=1), Tensor[*B, L[8], L[9], L[8]])
    assert_type(conv2d(x, kernel, stride=2, padding=1), Tensor[*B, L[8], L[5], L[4]])
    assert_type(conv2d(x, kernel), Tensor[*B, L[8], L[7], L[6]])
    assert_type(max_pool2d(x, 2), Tensor[*B, L[3], L[4], L[4]])
    assert_type(max_pool2d(x, 3, 2, 1), Tensor[*B, L[3], L[5], L[4]])
    assert conv2d(x, kernel, stride=2).shape[-3:] == (8, 4, 3)
    _, pullback = conv2d_vjp(x, kernel, stride=1, padding=1)
    assert_type(pullback(conv2d(x, kernel, padding=1))[1], Tensor[L[8], L[3], L[3], L[3]])


def same_weights(weight: Tensor[M, N], x: Tensor[*B, N]) -> Tensor[*B, M]:
    return linear(x, weight)


def groups_that_divide(rng: np.random.Generator, x: Tensor[L[32], H, W]) -> None:
    conv = GeneralConv2D.init(
        rng, 32, 64, (3, 1), stride=(2, 1), padding=(1, 0), dilation=(1, 1), groups=4
    )
    narrow: GeneralConv2D[L[8], L[16], L[4], L[3], L[1], L[2], L[1], L[1], L[0], L[1], L[1]] = conv
    assert_type(narrow(x), Tensor[L[64], FloorDiv[Add[H, L[1]], L[2]], W])


def groups_of_a_multiple(rng: np.random.Generator, c: C) -> None:
    """Four times any number are four groups; and any number is as many groups of one."""
    GeneralConv2D.init(
        rng, 4 * c, c, (3, 3), stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=c
    )


def depthwise(
    conv: GeneralConv2D[L[1], L[1], C, L[3], L[3], L[1], L[1], L[2], L[2], L[2], L[2]],
    x: Tensor[*B, C, H, W],
) -> Tensor[*B, C, H, W]:
    y, pullback = conv.vjp(x)
    grads, dx = pullback(y)
    assert_type(grads.kernel, Tensor[C, L[1], L[3], L[3]])
    return dx


def dilated_window_in_a_larger_image(
    conv: GeneralConv2D[L[3], L[8], L[1], L[3], L[3], L[1], L[1], L[0], L[0], L[1], L[4]],
    x: Tensor[*B, L[3], L[9], L[9]],
) -> None:
    assert_type(conv(x), Tensor[*B, L[8], L[7], L[1]])


class Skip(Layer, Generic[C]):
    """One level of a U-Net: down, up, and what was left joined to it again."""

    inner: Conv2D[C, C, L[3], L[1], L[1]]
    outer: Conv2D[Mul[C, L[2]], C, L[3], L[1], L[1]]

    def __call__(
        self, x: Tensor[*B, C, Mul[L[2], H], Mul[L[2], W]]
    ) -> Tensor[*B, C, Mul[L[2], H], Mul[L[2], W]]:
        deep = upsample(relu(self.inner(max_pool2d(x, 2))), 2)
        return self.outer(concat(x, deep, axis=-3))


class Mixer(Layer, Generic[Tokens, Hidden, Between]):
    """A block of an MLP-Mixer: tokens mixed, then features."""

    norm1: LayerNorm[Hidden]
    tokens1: Linear[Tokens, Between]
    tokens2: Linear[Between, Tokens]
    norm2: LayerNorm[Hidden]
    features1: Linear[Hidden, Between]
    features2: Linear[Between, Hidden]

    def __call__(self, x: Tensor[*B, Tokens, Hidden]) -> Tensor[*B, Tokens, Hidden]:
        turned = transpose(self.norm1(x), -2, -1)
        x = x + transpose(self.tokens2(gelu(self.tokens1(turned))), -2, -1)
        return x + self.features2(gelu(self.features1(self.norm2(x))))


def one_level(net: Skip[L[4]], x: Tensor[N, L[4], L[8], L[6]]) -> Tensor[N, L[4], L[8], L[6]]:
    return net(x)


def one_block(net: Mixer[L[5], L[6], L[7]], x: Tensor[N, L[5], L[6]]) -> Tensor[N, L[5], L[6]]:
    return net(x)

"""Operations on what does not fit them; `accept/operations.py` holds the smallest fix of each."""

from typing import Generic, TypeVar
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Linear, Tensor, relu
from typed_resnet.dims import Add, B, C, ConvOut, ExactDiv, FloorDiv, H, K, Mul, N, P, S, W
from typed_resnet.layers import AvgPool2D, Flatten, GeneralConv2D, LayerNorm, Upsample
from typed_resnet.ops import (
    Labels,
    avg_pool2d,
    chunk,
    concat,
    conv2d,
    cross_entropy,
    flatten,
    gelu,
    matmul,
    mean,
    mse_loss,
    pad,
    softmax,
    split,
    squeeze,
    stack,
    transpose,
    upsample,
)
from typed_resnet.torchvision.making import of_basic_blocks

M = TypeVar("M", bound=int)
K1 = TypeVar("K1", bound=int)
K2 = TypeVar("K2", bound=int)


def sum_of_other_heights(x: Tensor[C, H, W], y: Tensor[C, W, W]) -> Tensor[C, H, W]:
    return x + y  # E: + expects height H, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: + expects 1 on axis 1, got 2


def concat_of_other_heights(x: Tensor[*B, L[3], L[8], W], y: Tensor[*B, L[5], L[9], W]) -> None:
    concat(x, y, axis=-3)  # E: concat expects height 8 as in x, got 9  [shape]


def concat_of_any_heights(x: Tensor[C, H, W], y: Tensor[C, W, W]) -> None:
    concat(x, y, axis=-3)  # E: concat expects height H as in x, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: concat expects height 1 as in x, got 2


def concat_of_three(x: Tensor[C, L[4]], y: Tensor[C, L[5]], z: Tensor[N, L[5]]) -> None:
    concat(x, y, z, axis=-1)  # E: concat expects C on axis 0 as in x, got N: at C = 1, N = 2 they are 1 and 2  [shape]
    # R: concat expects 1 on axis 0 as in x, got 2


def concat_of_four(x: Tensor[*B, L[3], H, W], y: Tensor[*B, L[3], W, H]) -> None:
    concat(x, x, x, y, axis=-3)  # E: concat expects height H as in x, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: concat expects height 1 as in x, got 2


def unequal_parts(x: Tensor[*B, L[16], H, W]) -> None:
    chunk(x, 3, axis=-3)  # E: chunk: 3 does not divide 16  [shape-range]


def concat_along_no_axis(x: Tensor[L[4]], y: Tensor[L[5]]) -> None:
    concat(x, y, axis=-2)  # E: concat expects [*B, H1, W], got [4]  [shape]


def transposed_factor(x: Tensor[*B, L[3], L[4]], y: Tensor[*B, L[5], L[4]]) -> None:
    x @ y  # E: @ expects Inner 4, got 5  [shape]
    # R: @ expects 4 on axis 0, got 5


def transposed_factor_of_any_size(q: Tensor[*B, N, C], k: Tensor[*B, M, C]) -> None:
    matmul(q, k)  # E: matmul expects Inner C as in x, got M: at C = 1, M = 2 they are 1 and 2  [shape]
    # R: matmul expects Inner 1 as in x, got 2


def another_batch_of_matrices(x: Tensor[L[2], L[3], L[4]], y: Tensor[L[6], L[4], L[5]]) -> None:
    x @ y  # E: @ expects 2 on axis 0, got 6  [shape]


def channels_and_rows_of_a_flattened_image(fc: Linear[Mul[C, H], L[10]], x: Tensor[*B, C, H, W]) -> None:
    fc(flatten(x))  # E: Linear[C*H, 10] expects C*H features, got C*H*W: at C = 1, H = 1, W = 2 they are 1 and 2  [shape]
    # R: Linear[1, 10] expects 1 feature, got 2


def channels_of_a_flattened_image(fc: Linear[L[48], L[10]], layer: Flatten, x: Tensor[N, L[16], L[3], L[3]]) -> None:
    fc(layer(x))  # E: Linear[48, 10] expects 48 features, got 144  [shape]


def loss_of_two_batches(fc: Linear[L[8], L[4]], x: Tensor[N, L[8]], targets: Tensor[M, L[4]]) -> None:
    mse_loss(fc(x), targets)  # E: mse_loss expects N images as in predictions, got M: at M = 1, N = 2 they are 2 and 1  [shape]
    # R: mse_loss expects 2 on axis 0 as in predictions, got 1


def classes_of_two_batches(fc: Linear[L[8], L[4]], x: Tensor[N, L[8]], labels: Labels[M]) -> None:
    cross_entropy(fc(x), labels)  # E: cross_entropy expects N images as in logits, got M: at M = 1, N = 2 they are 2 and 1  [shape]
    # R: cross_entropy expects 2 on axis 0 as in logits, got 1


def halves_upsampled(pool: AvgPool2D[L[2], L[2], L[0]], up: Upsample[L[2]], x: Tensor[*B, C, H, W]) -> None:
    """Twice the half of an odd height is not the height."""
    up(pool(x)) + x  # E: + expects height 2*(H//2), got H: at H = 1 they are 0 and 1  [shape]
    # R: window 2 does not fit height 1 padded by 0


def four_quarters(x: Tensor[C, H, W], quarter: Tensor[FloorDiv[C, L[4]], H, W]) -> None:
    """Four quarters, rounded down, are not the whole."""
    half = concat(quarter, quarter, axis=-3)
    concat(half, half, axis=-3) + x  # E: + expects 4*(C//4) channels, got C: at C = 1 they are 0 and 1  [shape]
    # R: concat expects channels ≥ 1, got 0


def one_pixel(x: Tensor[*B, C, H, W]) -> None:
    avg_pool2d(upsample(x, 2), 2) + mean_map(x)  # E: + expects height H, got 1: at H = 2 they are 2 and 1  [shape]
    # R: + expects 2 on axis 1, got 1


def mean_map(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, L[1], L[1]]:
    """Average over all places, and keep the two axes."""
    return Tensor(x.array.mean((-2, -1), keepdims=True))


def three_depths(rng: np.random.Generator) -> None:
    of_basic_blocks(rng, (3, 4, 6), 10, np.float32)  # E: Argument 2 to "of_basic_blocks" has incompatible type "tuple[int, int, int]"; expected "tuple[int, int, int, int]"  [arg-type]
    # R: Function typed_resnet.torchvision.making.of_basic_blocks() parameter blocks=(3, 4, 6) violates type hint tuple[int, int, int, int], as tuple (3, 4, 6) length 3 != 4.


def squeezed_height(x: Tensor[*B, C, L[2], W]) -> None:
    squeeze(x, -2)  # E: squeeze expects 1 on axis -2, got 2  [shape]


def wrong_mean(x: Tensor[*B, C, H, W], y: Tensor[*B, C]) -> None:
    mean(x, -1) + y  # E: + expects [*B, C, H], got [*B, C] (only broadcast_to stretches)  [shape]
    # R: + expects [4, 9], got [4] (only broadcast_to stretches)


def split_of_all(x: Tensor[*B, L[6], H, W]) -> None:
    split(x, 6, -3)  # E: split returns 0 channels, which is less than 1  [shape-range]


def stacked_with_another(x: Tensor[H, W], y: Tensor[W, H]) -> None:
    stack(x, y)  # E: stack expects H on axis 0 as in x, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: stack expects 1 on axis 0 as in x, got 2


def turned_image(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    return transpose(x, -2, -1)  # E: returns height W, declared H: at H = 1, W = 2 they are 2 and 1  [return-value]
    # R: turned_image returns height 2, declared 1


def padded_below(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, Add[H, L[2]], W]:
    return pad(x, top=0, bottom=1, left=0, right=0)  # E: returns height H + 1, declared H + 2: at H = 1 they are 2 and 3  [return-value]
    # R: padded_below returns height 2, declared 3


def vector_of_another_width(norm: LayerNorm[L[64]], x: Tensor[*B, N, L[32]]) -> None:
    norm(gelu(x))  # E: LayerNorm[64] expects 64 features, got 32  [shape]


def softmax_of_no_axis(x: Tensor[L[3]]) -> None:
    softmax(x, -2)  # E: softmax expects [*B, H, W], got [3]  [shape]


def kernel_of_other_channels(x: Tensor[*B, L[3], H, W], kernel: Tensor[L[8], L[4], L[3], L[3]]) -> None:
    conv2d(x, kernel, padding=1)  # E: conv2d expects 3 channels as in x, got 4  [shape]


def heads_that_do_not_divide(x: Tensor[N, ExactDiv[C, L[4]]], y: Tensor[N, C]) -> None:
    relu(x) / y  # E: / expects C/4 channels, got C: at C = 4 they are 1 and 4  [shape]
    # R: / expects 1 on axis 1, got 4


def groups_that_do_not_divide(rng: np.random.Generator) -> None:
    GeneralConv2D.init(rng, 32, 40, (3, 3), stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=5)  # E: GeneralConv2D.init expects groups to divide 32 channels, got 5  [shape]


def groups_that_do_not_divide_all(rng: np.random.Generator, c: C) -> None:
    GeneralConv2D.init(rng, c, 40, (3, 3), stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=4)  # E: GeneralConv2D.init expects groups to divide C channels, got 4: at C = 1 the remainder is 1  [shape]
    # R: GeneralConv2D.init expects groups to divide 1 channel, got 4


def depthwise_on_other_channels(
    conv: GeneralConv2D[L[1], L[1], L[32], L[3], L[3], L[1], L[1], L[1], L[1], L[1], L[1]],
    x: Tensor[*B, L[16], H, W],
) -> None:
    conv(x)  # E: GeneralConv2D[1, 1, 32, 3, 3, 1, 1, 1, 1, 1, 1] expects 32 channels, got 16  [shape]


def dilated_window_larger_than_the_image(
    conv: GeneralConv2D[L[3], L[8], L[1], L[3], L[3], L[1], L[1], L[0], L[0], L[1], L[4]],
    x: Tensor[*B, L[3], L[8], L[8]],
) -> None:
    conv(x)  # E: window 9 does not fit width 8 padded by 0  [shape-range]


class _Tripled(Layer, Generic[C, K, S, P]):
    kernel: Tensor[C, C, K, K]
    stride: S
    padding: P

    def __call__(
        self, x: Tensor[*B, C, H, W]
    ) -> Tensor[*B, C, ConvOut[H, Mul[L[3], K], S, P], ConvOut[W, Add[K, L[1]], S, P]]:
        raise NotImplementedError  # what is asked here has no answer


class _TripledThree(_Tripled[C, L[3], S, L[1]], Generic[C, S]):
    pass


def windows_of_ones_own(layer: _TripledThree[C, L[2]], x: Tensor[C, L[4], W]) -> None:
    layer(x)  # E: window 9 does not fit height 4 padded by 1  [shape-range]


def numbers_and_another_height(x: Tensor[C, H, W], y: Tensor[C, W, W]) -> None:
    """With a number on the left mypy asks both sides; what is wrong is said once."""
    1 - relu(2.0 * x - y)  # E: - expects height H, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: - expects 1 on axis 1, got 2


def a_mean_is_no_number(x: Tensor[C, H, W]) -> None:
    x - mean(x)  # E: - expects [C, H, W], got [] (only broadcast_to stretches)  [shape]
    # R: - expects [4, 9, 7], got [] (only broadcast_to stretches)


def loss_of_another_rank(x: Tensor[N, C], y: Tensor[N]) -> None:
    mse_loss(x, y)  # E: mse_loss expects [N, C], got [N]  [shape]
    # R: mse_loss expects [2, 4], got [2]


def concat_with_an_image_of_no_batch(x: Tensor[L[2], L[3], H, W], y: Tensor[C, H, W]) -> None:
    concat(x, y, axis=-3)  # E: concat expects [2, C2, H, W], got [C, H, W]  [shape]
    # R: concat expects [2, C2, 9, 7], got [4, 9, 7]


def stacked_with_one_row(x: Tensor[H, W], y: Tensor[W]) -> None:
    stack(x, y)  # E: stack expects [H, W], got [W]  [shape]
    # R: stack expects [9, 7], got [7]


def concat_of_a_list(x: Tensor[C, H, W]) -> None:
    """PyTorch's way to write it; mypy by itself would write out all the overloads."""
    relu(concat([x, x], axis=-3))  # E: concat expects (x, y, axis=) or (x, y, z, axis=) or (x, y, z, w, axis=), got (x, axis=)  [call-arg]


def stack_of_a_list(x: Tensor[C, H, W]) -> None:
    relu(stack([x, x]))  # E: stack expects (x, y) or (x, y, z) or (x, y, z, w), got (x)  [call-arg]


def concat_of_five(x: Tensor[C, H, W]) -> None:
    concat(x, x, x, x, x, axis=-3)  # E: concat expects (x, y, axis=) or (x, y, z, axis=) or (x, y, z, w, axis=), got (x, y, z, w, argument 5, axis=)  [call-arg]
    # R: concat() takes 4 positional arguments but 5 positional arguments (and 1 keyword-only argument) were given


def concat_along_an_axis_that_is_not_named(x: Tensor[C, H, W]) -> None:
    concat(x, x)  # E: concat expects axis -1 or -2 or -3 or -4, got none  [shape]


def an_axis_that_is_kept(x: Tensor[C, H, W]) -> None:
    relu(mean(x, axis=-1, keepdims=True))  # E: mean expects (x, axis), got (x, axis, keepdims=)  [call-arg]
    # R: mean() got an unexpected keyword argument 'keepdims'


def concat_of_what_is_wrong(x: Tensor[C, H, W], gate: Tensor[C, L[1], L[1]]) -> None:
    """What is wrong inside an argument is said once, and nothing of overloads."""
    relu(concat(gate * x, x, axis=-3))  # E: * expects height 1, got H: at H = 2 they are 1 and 2  [shape]
    # R: * expects 1 on axis 1, got 2


def softmax_of_what_is_wrong(x: Tensor[C, H, W], gate: Tensor[C, L[1], L[1]]) -> None:
    relu(softmax(gate * x, -1))  # E: * expects height 1, got H: at H = 2 they are 1 and 2  [shape]
    # R: * expects 1 on axis 1, got 2


def concat_along_the_seventh_axis(x: Tensor[C, H, W]) -> None:
    relu(concat(x, x, axis=-7))  # E: concat expects axis -1 or -2 or -3 or -4, got -7  [shape]


def mean_over_two_axes_apart(x: Tensor[C, H, W]) -> None:
    mean(x, axis=(-1, -3))  # E: mean expects axis None or -1 or -2 or -3 or -4 or (-2, -1), got (-1, -3)  [shape]


def softmax_along_any_axis(x: Tensor[N, C, H, W], axis: int) -> None:
    softmax(x, -axis)  # E: softmax expects axis -1 or -2 or -3 or -4, got one of unknown value  [shape-unknown]


def concat_with_an_array(x: Tensor[C, H, W]) -> None:
    concat(x, np.zeros((3, 4)), axis=-3)  # E: concat expects y: Tensor, got ndarray  [arg-type]


def split_by_a_text(x: Tensor[C, H, W]) -> None:
    split(x, "2", axis=-3)  # E: split expects size: int, got str  [arg-type]


def convolve_a_convolution(conv: Conv2D[L[3], L[8], L[3], L[1], L[1]]) -> None:
    conv(conv)  # E: Conv2D[3, 8, 3, 1, 1] expects x: Tensor, got Conv2D  [arg-type]

"""Functions as values: judged as if their calls were written out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache, partial, reduce
from itertools import accumulate, starmap
from typing import Any, ParamSpec, TypeVar
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Tensor, ops, relu
from typed_resnet.dims import Add, C, H, N, W
from typed_resnet.layers import subsample

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")
P = ParamSpec("P")
C1 = TypeVar("C1", bound=int)
C2 = TypeVar("C2", bound=int)

Down = Conv2D[L[3], L[8], L[3], L[2], L[1]]


def concat(x: Tensor[C1, H, W], y: Tensor[C2, H, W]) -> Tensor[Add[C1, C2], H, W]:
    return Tensor(np.concatenate([x.array, y.array]))


def _apply(f: Callable[[T], U], x: T) -> U:
    return f(x)


def _twice(f: Callable[[T], T], x: T) -> T:
    return f(f(x))


def _compose(f: Callable[[T], U], g: Callable[[U], V]) -> Callable[[T], V]:
    return lambda x: g(f(x))


def _call(f: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return f(*args, **kwargs)


def _timed(f: Callable[P, T]) -> Callable[P, T]:
    return f


def _loose(f: Callable[..., T], x: Any) -> T:
    return f(x)


def _residual(
    f: Callable[[Tensor[C, H, W]], Tensor[C, H, W]], x: Tensor[C, H, W]
) -> Tensor[C, H, W]:
    return f(x) + x


def heights_of_a_map(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    list(map(concat, [x], [y]))  # E: concat expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def heights_of_a_starmap(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    list(starmap(concat, [(x, y)]))  # E: concat expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def channels_of_a_map(conv: Down, xs: list[Tensor[L[1], H, W]]) -> None:
    list(map(conv, xs))  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 1  [shape]


def channels_in_a_lambda(conv: Down, xs: list[Tensor[L[1], H, W]]) -> None:
    sorted(xs, key=lambda x: relu(conv(x)).shape[0])  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 1  [shape]


def channels_in_threads(conv: Down, xs: list[Tensor[L[1], H, W]]) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(conv, xs))  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 1  [shape]


def channels_of_a_job(conv: Down, x: Tensor[L[1], H, W]) -> None:
    with ThreadPoolExecutor() as pool:
        pool.submit(conv, x).result()  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 1  [shape]


def applied(conv: Down, x: Tensor[L[1], H, W]) -> None:
    _apply(conv, x)  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 1  [shape]


def called(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    _call(concat, x, y=y)  # E: concat expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def used_as_something_else(
    conv: Down, same: Conv2D[L[3], L[3], L[3], L[1], L[1]], x: Tensor[L[3], H, W]
) -> None:
    _apply(same, x) + _apply(conv, x)  # E: + expects 3 on axis 0, got 8  [shape]


def residual(conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]) -> None:
    _residual(conv, x)  # E: f of _residual returns height ⌈H/2⌉, declared H: at H = 2 they are 1 and 2  [shape]
    # R: + expects 1 on axis 1, got 2


def lost_by_a_fold(x: Tensor[C, H, W]) -> None:
    reduce(concat, [x, x])  # E: reduce returns [*?], and so loses a size; call the function itself  [shape-unknown]


def lost_by_a_loop(conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]) -> None:
    _twice(conv, x)  # E: _twice returns [*?], and so loses a size; call the function itself  [shape-unknown]


def lost_by_any_arguments(x: Tensor[C, H, W]) -> None:
    _loose(relu, x)  # E: _loose returns [*?], and so loses a size; call the function itself  [shape-unknown]


def applied_in_part(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    partial(concat, x)(y)  # E: concat expects height 56, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def in_part_and_mapped(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    join = partial(concat, x)
    list(map(join, [y]))  # E: concat expects height 56, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def in_part_at_once(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    partial(concat, x, y)()  # E: concat expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def layer_in_part(conv: Down, x: Tensor[L[4], H, W]) -> None:
    partial(conv)(x)  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 4  [shape]


def layer_in_part_at_once(conv: Down, x: Tensor[L[4], H, W]) -> None:
    partial(conv, x)()  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 4  [shape]


def layer_in_part_and_mapped(conv: Down, x: Tensor[L[4], H, W]) -> None:
    later = partial(conv.forward)
    list(map(later, [x]))  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 4  [shape]


def overload_in_part(x: Tensor[L[3], L[8], L[8]], y: Tensor[L[3], L[8], L[9]]) -> None:
    partial(ops.concat, x, axis=-3)(y)  # E: concat expects width 8, got 9  [shape]
    # R: concat expects width 8 as in x, got 9


def overload_in_part_at_once(x: Tensor[L[3], L[8], L[8]], y: Tensor[L[3], L[8], L[9]]) -> None:
    partial(ops.concat, x, y, axis=-3)()  # E: concat expects width 8 as in x, got 9  [shape]


def overload_in_part_without_an_axis(x: Tensor[L[3], H, W], y: Tensor[L[4], H, W]) -> None:
    partial(ops.concat, x)(y)  # E: concat expects axis -1 or -2 or -3, got none  [shape]
    # R: concat expects axis -1 or -2 or -3 or -4, got none


def mean_in_part(x: Tensor[C, H, W], y: Tensor[C, W]) -> Tensor[C, W]:
    return partial(ops.mean, axis=-2)(x) + partial(ops.mean, axis=-3)(x)  # E: + expects C channels, got H: at C = 1, H = 2 they are 1 and 2  [shape]
    # R: + expects 1 on axis 0, got 2


def lost_by_any_axis(x: Tensor[C, H, W]) -> Tensor[C, H]:
    """Of all that it may mean, none is taken."""
    axis: Any = -1
    return relu(partial(ops.mean)(x, axis=axis))  # E: relu expects a shape in x, got [*?] of unknown size  [shape-unknown]


def lost_by_accumulate(conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]) -> None:
    list(accumulate([conv, conv], lambda y, f: f(y), initial=x))  # E: accumulate returns [*?], and so loses a size; call the function itself  [shape-unknown]


def composed(conv: Down, x: Tensor[L[3], H, W]) -> None:
    _compose(conv, conv)(x)  # E: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 8  [shape]


def composed_and_called(conv: Down, x: Tensor[L[1], H, W]) -> None:
    f = _compose(conv, relu)
    f(x)  # E: f expects 3 on axis -3, got 1  [shape]
    # R: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 1


def composed_too_generally(conv: Down) -> None:
    _compose(relu, conv)  # E: _compose returns [*?], and so loses a size; call the function itself  [shape-unknown]


def decorated(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    _timed(concat)(x, y)  # E: _timed expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def kept_in_a_list(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    functions = [concat]
    functions[0](x, y)  # E: concat expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def copied_by_a_function_value(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    joined = concat
    joined(x, y)  # E: joined expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def remembered(x: Tensor[L[3], H, W]) -> None:
    shrink = cache(subsample)  # E: cache returns [*?], and so loses a size; call the function itself  [shape-unknown]
    shrink(x, 2)


@lru_cache(maxsize=None)
def _square(c: C) -> Tensor[C, C]:
    return Tensor.zeros(c, c)


def remembered_by_a_decorator_that_takes_arguments() -> None:
    """Of what `lru_cache(…)` returns, and is then called, mypy asks nobody."""
    made = _square(5)  # E: _square returns [?, ?], and so loses a size; call the function itself  [shape-unknown]
    made @ Tensor.zeros(5, 4)


def _said(text: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
    return lambda f: f


@_said("of anything")
def _turned(x: Tensor[C, H]) -> Tensor[H, C]:
    return ops.transpose(x, -1, -2)


def declared_to_take_anything(x: Tensor[C, H]) -> Tensor[H, C]:
    return _turned(x)  # E: _turned returns [?, ?], and so loses a size; call the function itself  [shape-unknown]

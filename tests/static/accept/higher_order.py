"""Functions as values: given to a call that calls them, applied in part, composed, kept in lists."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial, reduce, wraps
from itertools import accumulate, starmap
from typing import Generic, ParamSpec, Protocol, TypeVar, assert_type
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Linear, Tensor, pad_channels, relu
from typed_resnet.dims import Add, B, C, CeilDiv, H, N, S, W
from typed_resnet.ops import concat, mean

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")
P = ParamSpec("P")
C1 = TypeVar("C1", bound=int)
C2 = TypeVar("C2", bound=int)

Down = Conv2D[L[3], L[8], L[3], L[2], L[1]]
Same = Conv2D[C, C, L[3], L[1], L[1]]


def _apply(f: Callable[[T], U], x: T) -> U:
    return f(x)


def _twice(f: Callable[[T], T], x: T) -> T:
    return f(f(x))


def _compose(f: Callable[[T], U], g: Callable[[U], V]) -> Callable[[T], V]:
    return lambda x: g(f(x))


def _call(f: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return f(*args, **kwargs)


def _timed(f: Callable[P, T]) -> Callable[P, T]:
    @wraps(f)
    def inner(*args: P.args, **kwargs: P.kwargs) -> T:
        return f(*args, **kwargs)

    return inner


def _residual(
    f: Callable[[Tensor[C, H, W]], Tensor[C, H, W]], x: Tensor[C, H, W]
) -> Tensor[C, H, W]:
    return f(x) + x


def _of_three(
    f: Callable[[Tensor[L[3], H, W]], Tensor[N, H, W]], x: Tensor[L[3], H, W]
) -> Tensor[N, H, W]:
    return f(x)


class _Body(Protocol[C]):
    def __call__(self, x: Tensor[*B, C, H, W], /) -> Tensor[*B, C, H, W]: ...


def _run(body: _Body[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return body(x)


def _concat(x: Tensor[C1, H, W], y: Tensor[C2, H, W]) -> Tensor[Add[C1, C2], H, W]:
    return Tensor(np.concatenate([x.array, y.array]))


def applied(
    down: Down,
    same: Conv2D[L[8], L[8], L[3], L[1], L[1]],
    x: Tensor[L[3], L[56], W],
) -> Tensor[L[8], L[28], CeilDiv[W, L[2]]]:
    y = same(_apply(down, x))
    for t in map(down, [x]):
        y = y + relu(t)
    y = y + _call(down, x) + _call(down, x=x)
    y = y + _apply(down.forward, x) + _apply(lambda t: relu(down(t)), x)
    return y + relu(_apply(down, x))


def mapped(
    same: Same[C], xs: list[Tensor[C, H, W]], x: Tensor[L[3], H, W], y: Tensor[L[5], H, W]
) -> None:
    assert_type(list(map(same, xs)), list[Tensor[C, H, W]])
    assert_type(list(map(lambda t: same(t), xs)), list[Tensor[C, H, W]])  # noqa: C417 -- a lambda
    assert_type(list(map(_concat, [x], [y])), list[Tensor[L[8], H, W]])
    assert_type(
        list(map(lambda a, b, c: _concat(_concat(a, b), c), [x], [y], [y])),
        list[Tensor[L[13], H, W]],
    )
    assert_type(list(starmap(_concat, [(x, y)])), list[Tensor[L[8], H, W]])
    assert_type([f(x) for f in (relu, relu)], list[Tensor[L[3], H, W]])


def harmless(same: Same[C], xs: list[Tensor[C, H, W]]) -> None:
    assert_type(sorted(xs, key=lambda t: same(t).shape[0]), list[Tensor[C, H, W]])
    assert_type(max(xs, key=lambda t: t.shape[1]), Tensor[C, H, W])
    assert_type(list(filter(lambda t: bool(same(t).shape), xs)), list[Tensor[C, H, W]])


def folded(xs: list[Tensor[C, H, W]], same: Same[C]) -> Tensor[C, H, W]:
    x = reduce(lambda x, y: x + y, xs)
    return reduce(lambda x, f: f(x), [same, same], x)


def twice(same: Same[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return _residual(same, _residual(relu, _twice(same, _twice(relu, x))))


def by_what_it_returns(
    same: Conv2D[L[3], L[8], L[3], L[1], L[1]], x: Tensor[L[3], H, W]
) -> Tensor[L[8], H, W]:
    return _of_three(same, x) + _of_three(lambda t: relu(same(t)), x)


def by_a_protocol(same: Same[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return _run(relu, _run(same, x))


def in_threads(down: Down, x: Tensor[L[3], H, W]) -> None:
    with ThreadPoolExecutor() as pool:
        (y,) = pool.map(down, [x])
        assert_type(y, Tensor[L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
        assert_type(
            pool.submit(down, x).result() + y, Tensor[L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]
        )
        assert_type(pool.submit(_concat, x, y=x).result(), Tensor[L[6], H, W])


def in_part(x: Tensor[L[3], H, W], y: Tensor[L[5], H, W]) -> Tensor[L[8], H, W]:
    first = partial(_concat, x)
    pad = partial(pad_channels, channels=8)
    z = partial(_concat, y=y)(x) + first(y) + pad(x) + partial(_concat, x, y)()
    for t in map(first, [y]):
        z = z + t
    return z


def layers_in_part(
    down: Down, x: Tensor[L[3], H, W]
) -> Tensor[L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
    """A layer has a signature for each stride; the call of the rest says which is meant."""
    later, now = partial(down), partial(down, x)
    assert_type(later(x), Tensor[L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
    for y in map(later, [x]):
        assert_type(y, Tensor[L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
    return now() + partial(partial(down))(x) + partial(down.forward)(x)


def strided_in_part(
    conv: Conv2D[C, N, L[3], S, L[1]], x: Tensor[*B, C, H, W]
) -> Tensor[*B, N, CeilDiv[H, S], CeilDiv[W, S]]:
    return partial(conv)(x)


def overloads_in_part(x: Tensor[L[3], H, W], y: Tensor[L[5], H, W]) -> Tensor[L[8], H, W]:
    channels = partial(mean, axis=-3)
    assert_type(channels(x), Tensor[H, W])
    average = partial(mean)
    assert_type(average(x), Tensor[()])
    assert_type(average(x, axis=-1), Tensor[L[3], H])
    join = partial(concat, axis=-3)
    return join(x, y)


def accumulated(same: Same[C], x: Tensor[C, H, W]) -> None:
    for y in accumulate([same, same], lambda y, layer: layer(y), initial=x):
        assert_type(y, Tensor[C, H, W])


def composed(down: Down, x: Tensor[L[3], L[56], W]) -> Tensor[L[8], L[28], CeilDiv[W, L[2]]]:
    f = _compose(down, relu)
    return f(x) + _compose(_compose(down, relu), relu)(x)


def decorated(x: Tensor[L[3], H, W], y: Tensor[L[5], H, W]) -> Tensor[L[8], H, W]:
    join = _timed(_concat)
    return join(x, y) + _timed(_concat)(x, y=y)


def kept(x: Tensor[L[3], H, W], y: Tensor[L[5], H, W]) -> Tensor[L[8], H, W]:
    functions = [_concat]
    by_name = {"join": _concat}
    z = functions[0](x, y) + by_name["join"](x, y) + (lambda t: _concat(x, t))(y)
    for f in functions:
        z = z + f(x, y)
    return z


class Outer(Layer, Generic[C]):
    """A layer whose body is any layer, and one that extends it by `super()`."""

    conv: Conv2D[C, C, L[3], L[2], L[1]]

    def __call__(self, x: Tensor[C, H, W]) -> Tensor[C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
        return self.conv(x)


class Inner(Outer[C]):
    def __call__(self, x: Tensor[C, H, W]) -> Tensor[C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
        return relu(super().__call__(x))


Net = TypeVar("Net", bound=Outer[L[4]])


def bounded(net: Outer[L[4]], x: Tensor[L[4], L[9], W]) -> Tensor[L[4], L[5], CeilDiv[W, L[2]]]:
    return _bounded(net, x)


def _bounded(net: Net, x: Tensor[L[4], L[9], W]) -> Tensor[L[4], L[5], CeilDiv[W, L[2]]]:
    return net(x) + net.__call__(x)


def scored(heads: list[Linear[L[3], L[2]]], x: Tensor[L[3]]) -> list[Tensor[L[2]]]:
    return [_apply(head, x) for head in heads]

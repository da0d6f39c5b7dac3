"""What holds of every kernel: scalar types, layout, inputs left alone, empty batches."""

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from typed_resnet import DTypeError, kernels

from .arrays import DTYPES, as_dtype, frozen, whole

CALLS = {
    "conv2d": ([(2, 3, 6, 5), (4, 3, 3, 3), (4,)], (2, 1)),
    "conv2d, 1x1": ([(2, 3, 6, 5), (4, 3, 1, 1), (4,)], (1, 0)),
    "linear": ([(2, 3), (4, 3), (4,)], ()),
    "batch_norm2d": ([(2, 3, 2, 5), (3,), (3,)], (1e-6,)),
    "batch_norm2d_inference": ([(2, 3, 2, 5), (3,), (3,), (3,), (3,)], (1e-6,)),
    "max_pool2d": ([(2, 3, 6, 5)], (3, 2, 1)),
    "max_pool2d, empty windows": ([(2, 3, 6, 5)], (2, 2, 3)),
    "relu": ([(2, 3, 6, 5)], ()),
    "global_avg_pool2d": ([(2, 3, 6, 5)], ()),
    "pad_channels": ([(2, 3, 6, 5)], (5,)),
    "slice_channels": ([(2, 3, 6, 5)], (2,)),
    "subsample": ([(2, 3, 6, 5)], (2,)),
    "avg_pool2d": ([(2, 3, 6, 5)], (3, 2, 1)),
    "concat": ([(2, 3, 5), (2, 4, 5), (2, 1, 5)], ()),
    "exp": ([(2, 3, 6)], ()),
    "general_conv2d": ([(2, 4, 7, 5), (6, 2, 3, 2), (6,)], ((2, 1), (1, 0), (1, 2), 2)),
    "gelu": ([(2, 3, 6)], ()),
    "layer_norm": ([(2, 4), (4,), (4,)], (1e-6,)),
    "log_softmax": ([(2, 3, 5)], ()),
    "matmul": ([(2, 3, 4), (2, 4, 5)], ()),
    "mean_axis": ([(2, 3, 5)], ()),
    "mse_loss": ([(2, 6), (2, 6)], ()),
    "pad": ([(2, 3, 6, 5)], (1, 0, 2, 3)),
    "sigmoid": ([(2, 3, 6)], ()),
    "softmax": ([(2, 3, 5)], ()),
    "sqrt": ([(2, 3, 6)], ()),
    "sum_axis": ([(2, 3, 5)], ()),
    "tanh": ([(2, 3, 6)], ()),
    "transpose": ([(2, 3, 6, 5)], (1, 3)),
    "upsample": ([(2, 3, 4, 5)], (2,)),
}
OTHERS = {
    *("Epilogue", "settled", "noted", "strategies", "strategy_of"),
    *("batch_norm2d_pullback", "relu_pullback", "moments", "normalised"),
    *("deviation", "folded"),
}
"""Not array-to-array functions with a vjp, but parts of these, and choices among strategies."""

BATCHED = {"concat": 3, "matmul": 2, "mse_loss": 2}
"""How many inputs have a batch axis, where more than the first have."""

FLOATS_ONLY = {"exp", "gelu", "log_softmax", "sigmoid", "softmax", "tanh"}
WITHOUT_BATCH = {"batch_norm2d": 3, "batch_norm2d_inference": 3}


def call(name, dtype, N=2):
    """Read-only inputs of the kernel, its value, its value from the vjp, the pullback."""
    shapes, settings = CALLS[name]
    inputs = [as_dtype(whole(i, *shape), dtype) for i, shape in enumerate(shapes)]
    if name in ("batch_norm2d", "layer_norm"):  # constant: in fractions the root is exact
        inputs[0] = as_dtype(np.full(shapes[0], 3), dtype)
    if name == "sqrt":
        inputs[0] = (inputs[0] + 5) ** 2
    if name == "batch_norm2d_inference":
        inputs[4] = as_dtype(np.zeros(3), dtype)
    batched = BATCHED.get(name, 1)
    inputs[:batched] = [array[:N] for array in inputs[:batched]]
    frozen(*inputs)
    function = name.split(",")[0]
    y = getattr(kernels, function)(*inputs, *settings)
    return inputs, y, *getattr(kernels, f"{function}_vjp")(*inputs, *settings)


def is_dense(array):
    """Contiguous as [N, C, H, W]; channels last, [N, H, W, C]; of a kernel windows first."""
    orders = [(0, 1, 2, 3), (0, 2, 3, 1), (2, 3, 1, 0)]
    if array.ndim == 4 and array.dtype == np.float32:
        return any(array.transpose(order).flags.c_contiguous for order in orders)
    return array.flags.c_contiguous


def all_gradients(pullback, dy):
    result = pullback(dy)
    return list(result) if isinstance(result, tuple) else [result]


@pytest.mark.parametrize("N", [0, 1, 2])
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("name", CALLS)
def test_results_keep_the_scalar_type_and_are_contiguous(name, dtype, N):
    if name in FLOATS_ONLY and dtype.kind == "O":
        with pytest.raises(DTypeError, match=f"{name} expects floats, got fractions"):
            call(name, dtype, N)
        return
    inputs, y, again, pullback = call(name, dtype, N)
    np.testing.assert_array_equal(y, again, strict=True)
    (dy,) = frozen(as_dtype(whole(9, *y.shape), dtype))
    gradients = all_gradients(pullback, dy)
    for result in (y, *gradients):
        assert result.dtype == dtype
        assert is_dense(result)
        assert result.flags.writeable
        assert not any(np.shares_memory(result, given) for given in (*inputs, dy))
        if dtype.kind == "O":
            assert {type(value).__name__ for value in result.ravel()} <= {"Fraction"}
    shapes = sorted(gradient.shape for gradient in gradients)
    assert shapes == sorted(a.shape for a in inputs[: len(gradients)])


@pytest.mark.parametrize("name", CALLS)
def test_an_empty_batch_has_zero_gradients(name):
    _, y, _, pullback = call(name, np.dtype(np.float64), N=0)
    assert y.shape[0] == 0
    for gradient in all_gradients(pullback, y):
        assert not gradient.any()


@pytest.mark.parametrize("name", CALLS)
def test_a_pullback_can_be_called_again(name):
    _, y, _, pullback = call(name, np.dtype(np.float64))
    dy = whole(9, *y.shape)
    for first, second in zip(
        all_gradients(pullback, dy), all_gradients(pullback, dy), strict=True
    ):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", CALLS)
def test_inputs_of_any_memory_layout(name):
    shapes, settings = CALLS[name]
    inputs = [np.abs(whole(i, *shape)) for i, shape in enumerate(shapes)]
    turned = [np.asfortranarray(a) for a in inputs]
    function = getattr(kernels, f"{name.split(',')[0]}_vjp")
    (y, pullback), (z, turned_pullback) = (
        function(*inputs, *settings),
        function(*turned, *settings),
    )
    np.testing.assert_allclose(z, y, rtol=1e-13)
    assert is_dense(z)
    dy = whole(9, *y.shape)
    for got, want in zip(
        all_gradients(turned_pullback, np.asfortranarray(dy)),
        all_gradients(pullback, dy),
        strict=True,
    ):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)
        assert is_dense(got)


@pytest.mark.parametrize("name", CALLS)
def test_float32_is_float64_rounded(name):
    _, y, _, pullback = call(name, np.dtype(np.float32))
    _, z, _, exact_pullback = call(name, np.dtype(np.float64))
    np.testing.assert_allclose(y, z, rtol=2e-6)
    dy = whole(9, *z.shape)
    for got, want in zip(
        all_gradients(pullback, dy.astype(np.float32)),
        all_gradients(exact_pullback, dy),
        strict=True,
    ):
        atol = 1e-30 if name not in FLOATS_ONLY else 3e-7 * np.abs(want).max()
        np.testing.assert_allclose(got, want, rtol=2e-6, atol=atol)


@pytest.mark.parametrize("eps", [1e-6, np.float64(1e-6)])
def test_eps_promotes_nothing(eps):
    x, one = np.ones((1, 1, 2, 2), np.float32), np.ones(1, np.float32)
    assert kernels.batch_norm2d(x, one, one, eps).dtype == np.float32


def test_the_annotations_are_checked():
    """A wrong scalar type, rank or channel count never gets past a kernel's signature here."""
    x, w = whole(1, 1, 3, 4, 4), whole(2, 2, 3, 3, 3)
    for wrong in (x.astype(int), x.astype(np.float16), x[0], x[:, :2]):
        with pytest.raises(TypeCheckError):
            kernels.conv2d(wrong, w, None, 1, 1)
    _, pullback = kernels.conv2d_vjp(x, w, None, 1, 1)
    with pytest.raises(TypeCheckError):
        pullback(x[0])


def test_every_kernel_has_its_vjp_and_is_called_here():
    """But for those that take labels or a mask, or return a tuple: they have their own places."""
    names = {name for name in vars(kernels) if callable(getattr(kernels, name))} - OTHERS
    functions = {name for name in names if not name.endswith("_vjp")}
    assert names - functions == {f"{name}_vjp" for name in functions}
    assert functions - {"cross_entropy", "dropout", "split"} == {
        name.split(",")[0] for name in CALLS
    }

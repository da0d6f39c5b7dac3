"""Make the reference vectors in tests/data, from packages that know nothing of this library.

    python scripts/make_reference_data.py [FOLDER]

needs the dependency group `oracles`. `onnx_pytorch.npz` holds cases that the onnx wheel ships
(PyTorch's own outputs, float32); `torch_gradients.npz` values and gradients by torch.autograd
(float64). Keys are `case/array`. `make oracles` checks that the stored files are what this makes.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

Arrays = dict[str, np.ndarray]

ONNX_CASES = [
    "BatchNorm2d_eval",
    "BatchNorm2d_momentum_eval",
    "Conv2d",
    "Conv2d_no_bias",
    "Conv2d_padding",
    "Conv2d_strided",
    "Linear",
    "Linear_no_bias",
    "MaxPool2d",
    "ReLU",
]

# N, Cin, Cout, H, W, K, stride, padding
CONVOLUTIONS = [
    (1, 1, 1, 5, 5, 1, 1, 0),
    (2, 3, 4, 6, 5, 1, 2, 0),
    (2, 3, 4, 5, 6, 3, 1, 1),
    (3, 2, 3, 7, 8, 3, 2, 1),
    (1, 2, 2, 8, 7, 3, 3, 0),
    (2, 2, 3, 4, 4, 3, 1, 3),
    (1, 3, 2, 6, 7, 2, 2, 1),
    (2, 1, 2, 9, 9, 5, 2, 2),
    (1, 3, 4, 13, 14, 7, 2, 3),
    (1, 2, 2, 7, 7, 7, 1, 0),
]
# N, C, H, W, K, stride, padding
POOLS = [
    (1, 2, 6, 6, 2, 2, 0),
    (2, 3, 7, 8, 3, 2, 0),
    (2, 2, 7, 7, 3, 2, 1),
    (1, 2, 5, 6, 3, 1, 1),
    (1, 1, 9, 8, 4, 3, 2),
    (2, 1, 8, 9, 7, 3, 3),
]
# N, C, H, W
IMAGES = [(1, 2, 3, 4), (2, 3, 5, 4), (3, 1, 7, 7)]


def onnx_vectors() -> Arrays:
    import onnx.backend.test  # noqa: PLC0415
    from onnx import helper, load, load_tensor, numpy_helper  # noqa: PLC0415

    folder = Path(onnx.backend.test.__file__).parent / "data" / "pytorch-converted"
    found: Arrays = {}
    for case in ONNX_CASES:
        path = folder / f"test_{case}"
        graph = load(path / "model.onnx").graph
        for node in graph.node:
            for attribute in node.attribute:
                value = helper.get_attribute_value(attribute)
                found[f"{case}/{attribute.name}"] = np.asarray(value)
        for tensor in graph.initializer:
            found[f"{case}/{tensor.name}"] = numpy_helper.to_array(tensor)
        for name, stored in (("x", "input_0.pb"), ("y", "output_0.pb")):
            data = load_tensor(path / "test_data_set_0" / stored)
            found[f"{case}/{name}"] = numpy_helper.to_array(data)
    return found


def torch_gradients() -> Arrays:
    rng = np.random.default_rng(20240229)
    found: Arrays = {}
    for case, function, inputs in _torch_cases(rng):
        for name, value in _differentiate(function, inputs, rng).items():
            found[f"{case}/{name}"] = value
    return found


def _torch_cases(
    rng: np.random.Generator,
) -> Iterator[tuple[str, Callable[..., object], Arrays]]:
    from torch.nn import functional as F  # noqa: N812, PLC0415

    def normal(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape)

    for N, Cin, Cout, H, W, K, stride, padding in CONVOLUTIONS:
        yield (
            f"conv2d {K} {stride} {padding} {H}x{W}",
            lambda x, w, b, s=stride, p=padding: F.conv2d(x, w, b, s, p),
            {"x": normal(N, Cin, H, W), "w": normal(Cout, Cin, K, K), "b": normal(Cout)},
        )
    for N, C, H, W, K, stride, padding in POOLS:
        ties = rng.integers(-3, 4, (N, C, H, W)).astype(np.float64)
        for kind, x in (("ties", ties), ("normal", normal(N, C, H, W))):
            yield (
                f"max_pool2d {K} {stride} {padding} {H}x{W} {kind}",
                lambda x, k=K, s=stride, p=padding: F.max_pool2d(x, k, s, p),
                {"x": x},
            )
    for shape in IMAGES:
        affine = {"gamma": normal(shape[1]), "beta": normal(shape[1])}
        stored = {"mean": normal(shape[1]), "variance": normal(shape[1]) ** 2}
        size = "x".join(map(str, shape))
        yield (
            f"batch_norm2d {size}",
            lambda x, gamma, beta: F.batch_norm(x, None, None, gamma, beta, True, 0.0, 1e-5),
            {"x": 3 + 2 * normal(*shape), **affine},
        )
        yield (
            f"batch_norm2d_inference {size}",
            lambda x, gamma, beta, mean, variance: F.batch_norm(
                x, mean.detach(), variance.detach(), gamma, beta, False, 0.0, 1e-5
            ),
            {"x": normal(*shape), **affine, **stored},
        )
        yield f"relu {size}", F.relu, {"x": rng.integers(-2, 3, shape).astype(np.float64)}
        yield f"global_avg_pool2d {size}", lambda x: x.mean((2, 3)), {"x": normal(*shape)}
    for N, In, Out in ((1, 3, 2), (4, 5, 6)):
        yield (
            f"linear {N}x{In}x{Out}",
            F.linear,
            {"x": normal(N, In), "w": normal(Out, In), "b": normal(Out)},
        )


def _differentiate(
    function: Callable[..., object], inputs: Arrays, rng: np.random.Generator
) -> Arrays:
    import torch  # noqa: PLC0415

    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in inputs.items()}
    y = function(*leaves.values())
    assert isinstance(y, torch.Tensor)
    dy = rng.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    grads = {f"d{name}": leaf.grad for name, leaf in leaves.items() if leaf.grad is not None}
    results = {"y": y.detach(), **grads}
    return {**inputs, "dy": dy, **{name: value.numpy() for name, value in results.items()}}


FILES = {"onnx_pytorch.npz": onnx_vectors, "torch_gradients.npz": torch_gradients}


def main(folder: Path) -> None:
    for name, make in FILES.items():
        np.savez_compressed(folder / name, **make())  # type: ignore[arg-type]  # names are strings


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1] / "tests" / "data")

"""What `bench/kernels.py` times, in each library: one process a library, asked turn by turn.

A task is a line: `conv 64 128 56 3 2 8` (channels in and out, size, window, stride, images),
`resnet18 eval 8`, `resnet18 train 1`, `spec eval 1`, `peak`. The answer is a line of seconds, or
`-` and why there is none.
"""

# ruff: noqa: PLC0415  # a process imports the one library that it times
from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

Run = Callable[[], object]


def images(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def ours() -> Callable[..., Run]:
    import typed_resnet
    from typed_resnet import Tensor, kernels, torchvision
    from typed_resnet.models import in_evaluation, in_training

    rng = np.random.default_rng(0)

    def make(what: str, *rest: str) -> Run:
        if what == "matmul":
            a = images(2048, 2048)
            return lambda: a @ a
        if what == "conv":
            cin, cout, size, window, stride, n = map(int, rest)
            x, w = images(n, cin, size, size), kernels.settled(images(cout, cin, window, window))
            return lambda: kernels.conv2d(x, w, None, stride, window // 2)
        mode, n = rest
        x = Tensor(images(int(n), 3, 224, 224))
        if what == "spec":
            net: Any = typed_resnet.resnet18(3, 1000, rng=rng)
        else:
            net = torchvision.resnet18(1000, rng=rng)
            net = in_training(net) if mode == "train" else in_evaluation(net)
        if mode == "eval":
            return lambda: net(x)

        def step() -> None:
            y, pullback = net.vjp(x)
            pullback(Tensor(np.ones(y.shape, np.float32)))

        return step

    return make


def torchs(compiled: bool = False) -> Callable[..., Run]:
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self, cin: int, cout: int, stride: int, project: bool) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
            self.bn1, self.bn2 = nn.BatchNorm2d(cout), nn.BatchNorm2d(cout)
            self.fewer, self.more = stride, cout - cin
            self.project = project and nn.Sequential(
                nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout)
            )

        def forward(self, x: Any) -> Any:
            y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
            if self.project:
                x = self.project(x)
            elif self.more:
                x = nn.functional.pad(x, (0, 0, 0, 0, 0, self.more))
            return torch.relu(y + x)

    def resnet(strides: tuple[int, ...], pool_padding: int, project: bool) -> Any:
        blocks, cin = [], 64
        for cout, stride in zip((64, 128, 256, 512), strides, strict=True):
            blocks.append(Block(cin, cout, stride, project and cin != cout))
            blocks.append(Block(cout, cout, 1, False))
            cin = cout
        stem = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(True)
        head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000)
        return nn.Sequential(*stem, nn.MaxPool2d(3, 2, pool_padding), *blocks, *head)

    def module(what: str, *rest: str) -> tuple[Any, Any]:
        """Make what a task runs, and what it runs it on."""
        if what == "conv":
            cin, cout, size, window, stride, n = map(int, rest)
            conv = nn.Conv2d(cin, cout, window, stride, window // 2, bias=False)
            return conv, torch.from_numpy(images(n, cin, size, size))
        mode, n = rest
        # The specification's norms take the statistics of the call, in evaluation too.
        net = resnet((1,) * 4, 0, False) if what == "spec" else resnet((1, 2, 2, 2), 1, True)
        net.train(mode == "train" or what == "spec")
        return net, torch.from_numpy(images(int(n), 3, 224, 224))

    def make(what: str, *rest: str) -> Run:
        if what == "export":
            return lambda: export(rest[0], *module(*rest[1:]))
        net, x = module(what, *rest)
        if what == "conv":  # without a module's own steps
            w, stride, padding = net.weight, net.stride, net.padding
            return without_gradients(lambda: torch.conv2d(x, w, None, stride, padding))
        run = torch.compile(net) if compiled else net
        if rest[0] == "eval":
            return without_gradients(lambda: run(x))

        def step() -> None:
            net.zero_grad()
            run(x.detach().requires_grad_()).sum().backward()

        return step

    def export(path: str, net: Any, x: Any) -> None:
        kind = torch.onnx.TrainingMode
        mode = kind.TRAINING if net.training and not isinstance(net, nn.Conv2d) else kind.EVAL
        torch.onnx.export(net, (x,), path, dynamo=False, training=mode)

    def without_gradients(run: Run) -> Run:
        def call() -> object:
            with torch.no_grad():
                return run()

        return call

    return make


def onnx_runtime() -> Callable[..., Run]:
    import onnxruntime

    def make(*task: str) -> Run:
        if "train" in task:
            raise NotImplementedError("it computes no gradients")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(os.environ["OMP_NUM_THREADS"])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(
                folder, "model.onnx"
            )  # exported elsewhere: PyTorch's memory is not its own
            command = [sys.executable, __file__, "torch", "export", str(path), *task]
            subprocess.run(command, check=True, capture_output=True)
            session = onnxruntime.InferenceSession(path, options)
        shape = session.get_inputs()[0].shape
        feed = {session.get_inputs()[0].name: images(*shape)}
        return lambda: session.run(None, feed)

    return make


LIBRARIES: dict[str, Callable[[], Callable[..., Run]]] = {
    "typed_resnet": ours,
    "torch": torchs,
    "torch.compile": lambda: torchs(compiled=True),
    "ONNX Runtime": onnx_runtime,
}


def serve(library: str) -> None:
    """Answer tasks: the first time one is asked for, it is run twice before it is timed."""
    make = LIBRARIES[library]()

    @cache
    def ready(task: str) -> Run:
        run = make(*task.split())
        run(), run()
        return run

    for line in sys.stdin:
        task = line.strip()
        if task == "peak":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
            continue
        try:
            run = ready(task)
        except Exception as error:  # whatever a library lacks here is said in the table
            print("-", (str(error).strip() or repr(error)).splitlines()[0], flush=True)
            continue
        start = time.perf_counter()
        run()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    library, *once = sys.argv[1:]
    if once:
        LIBRARIES[library]()(*once)()
    else:
        serve(library)

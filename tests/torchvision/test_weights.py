"""Weights come back bit for bit; every mismatch is named; nothing is half loaded."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from typed_resnet import Tensor, WeightsError, torchvision
from typed_resnet.models import in_evaluation, in_training, statistics
from typed_resnet.optim import SGD
from typed_resnet.torchvision.weights import arrays

safetensors = pytest.importorskip("safetensors.numpy")


@pytest.fixture(scope="module")
def net() -> torchvision.ResNet:
    return torchvision.resnet18(3, rng=np.random.default_rng(0))


@pytest.fixture
def path(tmp_path: Path, net: torchvision.ResNet) -> Path:
    torchvision.save(net, tmp_path / "net.safetensors")
    return tmp_path / "net.safetensors"


def test_they_come_back_bit_for_bit(path: Path, net: torchvision.ResNet):
    for loaded in (torchvision.load(path), torchvision.load(path, torchvision.resnet18(3))):
        assert isinstance(loaded, torchvision.ResNet)
        for name, array in arrays(loaded).items():
            assert array.dtype == arrays(net)[name].dtype
            assert array.tobytes() == arrays(net)[name].tobytes(), name
        x = Tensor(np.random.default_rng(1).standard_normal((3, 40, 40)).astype(np.float32))
        assert (loaded(x).array == net(x).array).all()


@pytest.mark.parametrize("name", ["resnet34", "resnet50"])
def test_the_network_is_known_by_its_blocks(tmp_path: Path, name: str):
    made = getattr(torchvision, name)(2, dtype=np.float64)
    torchvision.save(made, tmp_path / "net.safetensors")
    loaded = torchvision.load(tmp_path / "net.safetensors")
    assert type(loaded) is type(made)
    assert {key: array.shape for key, array in arrays(loaded).items()} == {
        key: array.shape for key, array in arrays(made).items()
    }


def test_an_array_whose_rows_are_not_next_to_each_other_is_written_in_its_order(tmp_path: Path):
    weight = np.arange(6 * 512, dtype=np.float32).reshape(512, 6).T[::2]
    assert not weight.flags.c_contiguous
    made = torchvision.resnet18(3)
    strided = torchvision.ResNet(
        made.conv1,
        made.bn1,
        made.maxpool,
        made.layer1,
        made.layer2,
        made.layer3,
        made.layer4,
        type(made.fc)(Tensor(weight), made.fc.bias),
    )
    torchvision.save(strided, tmp_path / "net.safetensors")
    loaded = torchvision.load(tmp_path / "net.safetensors", made)
    assert (loaded.fc.weight.array == weight).all()


def test_what_training_has_moved_is_saved(tmp_path: Path):
    """Statistics included, which a loaded network then has for itself."""
    rng = np.random.default_rng(0)
    made = in_training(torchvision.resnet18(3, rng=rng, dtype=np.float64))
    x = Tensor(rng.standard_normal((2, 3, 33, 40)))
    logits, pullback = made.vjp(x)
    moved, _ = SGD(0.1).step(made, pullback(logits)[0])
    torchvision.save(moved, tmp_path / "net.safetensors")
    loaded = torchvision.load(tmp_path / "net.safetensors", made)
    assert (in_evaluation(loaded)(x).array == in_evaluation(moved)(x).array).all()
    assert [stored.batches for _, stored in statistics(loaded)] == [1] * 20
    moved(x)
    assert [stored.batches for _, stored in statistics(loaded)] == [1] * 20


def test_every_mismatch_is_named_at_once(path: Path, net: torchvision.ResNet):
    stored = dict(safetensors.load_file(path))
    del stored["bn1.bias"]
    stored["extra"] = np.zeros(1, np.float32)
    stored["conv1.weight"] = np.zeros((64, 3, 7, 5), np.float32)
    stored["fc.weight"] = stored["fc.weight"].astype(np.float16)
    safetensors.save_file(stored, path)
    before = {name: array.copy() for name, array in arrays(net).items()}
    with pytest.raises(WeightsError) as caught:
        torchvision.load(path, net)
    assert all((array == before[name]).all() for name, array in arrays(net).items())
    assert str(caught.value).split("; ") == [
        "bn1.bias is missing",
        "extra is unexpected",
        "conv1.weight expects shape [64, 3, 7, 7], got [64, 3, 7, 5]",
        "fc.weight expects float32, got float16",
    ]


def test_a_file_that_is_no_safetensors_file_is_refused(path: Path, tmp_path: Path):
    whole = path.read_bytes()
    bad = tmp_path / "bad.safetensors"
    for content in (whole[:-7], whole[:50], b"", b"no weights", pickle.dumps({"a": 1})):
        bad.write_bytes(content)
        with pytest.raises(WeightsError, match=r"bad\.safetensors is no whole safetensors file"):
            torchvision.load(bad)
    with pytest.raises(FileNotFoundError):
        torchvision.load(tmp_path / "absent.safetensors")


def test_blocks_of_no_torchvision_network_are_refused(tmp_path: Path):
    safetensors.save_file({"layer1.0.conv1.weight": np.zeros(1)}, tmp_path / "odd.safetensors")
    with pytest.raises(WeightsError, match=r"no torchvision ResNet has stages of \[1, 0, 0, 0\]"):
        torchvision.load(tmp_path / "odd.safetensors")

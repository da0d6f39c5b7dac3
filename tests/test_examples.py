"""The examples run as they stand, and learn."""

import importlib

import pytest


@pytest.mark.parametrize("name", ["lenet", "unet", "mixer"])
def test_an_example_learns(name: str, capsys: pytest.CaptureFixture[str]):
    example = importlib.import_module(f"examples.{name}")
    assert example.main.__typed_resnet__, "it runs under the import hook"
    example.main()
    word, *losses = capsys.readouterr().out.split()
    assert word == "loss:"
    assert len(losses) == 10
    assert losses == sorted(losses, reverse=True)
    assert float(losses[-1]) < float(losses[0]) / 2

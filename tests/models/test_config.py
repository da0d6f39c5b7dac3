"""The configuration: defaults, and each field's range."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from typed_resnet import (
    ConfigError,
    ResNetConfig,
    resnet18_config,
    resnet18_config_with_projections,
)

DEFAULTS = {
    "stem_out_channels": 64,
    "stem_kernel": 7,
    "stem_stride": 2,
    "stem_padding": 3,
    "pool_kernel": 3,
    "pool_stride": 2,
    "stage1_out_channels": 64,
    "stage2_out_channels": 128,
    "stage3_out_channels": 256,
    "stage4_out_channels": 512,
    "stage1_blocks": 2,
    "stage2_blocks": 2,
    "stage3_blocks": 2,
    "stage4_blocks": 2,
    "use_projection_shortcuts": False,
}
NUMBERS = [name for name in DEFAULTS if name != "use_projection_shortcuts"]


def test_the_defaults_are_the_specifications_fifteen():
    assert dataclasses.asdict(ResNetConfig()) == DEFAULTS
    assert resnet18_config == ResNetConfig()
    assert resnet18_config_with_projections == ResNetConfig(use_projection_shortcuts=True)


@pytest.mark.parametrize("field", NUMBERS)
@pytest.mark.parametrize(
    "value", [-1, 0, 2.0, math.nan, math.inf, True, None, "3", np.int64(3), np.float32(3)]
)
def test_each_number_is_an_int_in_its_range(field: str, value: Any):
    least = 0 if field == "stem_padding" else 1
    if type(value) is int and value >= least:
        assert getattr(ResNetConfig(**{field: value}), field) == value
        return
    with pytest.raises(ConfigError) as caught:
        ResNetConfig(**{field: value})
    wanted = f"≥ {least}" if type(value) is int else "to be an int"
    assert str(caught.value) == f"ResNetConfig expects {field} {wanted}, got {value!r}"


@pytest.mark.parametrize("value", [0, 1, None, "yes", math.nan])
def test_whether_to_project_is_a_bool(value: Any):
    with pytest.raises(ConfigError, match="use_projection_shortcuts to be a bool"):
        ResNetConfig(use_projection_shortcuts=value)


def test_a_configuration_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        resnet18_config.stem_stride = 1  # type: ignore[misc,assignment]  # the tested mistake

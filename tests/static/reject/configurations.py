"""R7: configurations of no network."""

from typed_resnet import ResNetConfig


def no_stride_of_the_stem() -> None:
    """Its well-formedness leaves the specification's stride out."""
    ResNetConfig(stem_stride=0)  # E: ResNetConfig expects stem_stride ≥ 1, got 0  [shape-range]


def no_window_of_the_pool() -> None:
    ResNetConfig(pool_kernel=0)  # E: ResNetConfig expects pool_kernel ≥ 1, got 0  [shape-range]


def no_channels_of_a_stage() -> None:
    ResNetConfig(stage3_out_channels=0)  # E: ResNetConfig expects stage3_out_channels ≥ 1, got 0  [shape-range]


def negative_padding_of_the_stem() -> None:
    ResNetConfig(stem_padding=-1)  # E: ResNetConfig expects stem_padding ≥ 0, got -1  [shape-range]

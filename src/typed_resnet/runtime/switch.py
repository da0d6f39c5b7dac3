"""The switch that takes all checks out."""

import os


def enabled() -> bool:
    """Say whether to check: not under `python -O`, nor where TYPED_RESNET_CHECKS is 0."""
    return __debug__ and os.environ.get("TYPED_RESNET_CHECKS", "1") != "0"

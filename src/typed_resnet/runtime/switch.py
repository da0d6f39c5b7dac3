"""The switch that takes all checks out."""

import os


def enabled() -> bool:
    """Say whether definitions are to be checked: not under `python -O`, nor at TYPED_RESNET_CHECKS=0."""
    return __debug__ and os.environ.get("TYPED_RESNET_CHECKS", "1") != "0"

"""Optimisers."""

from typed_resnet.optim.adam import Adam as Adam
from typed_resnet.optim.adam import AdamW as AdamW
from typed_resnet.optim.adam import Moments as Moments
from typed_resnet.optim.sgd import SGD as SGD

__all__ = ["SGD", "Adam", "AdamW", "Moments"]

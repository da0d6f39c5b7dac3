"""Optimisers."""

from typed_resnet.optim.sgd import SGD as SGD

__all__ = ["SGD"]

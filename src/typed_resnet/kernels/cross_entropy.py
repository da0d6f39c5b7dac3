"""Cross-entropy of logits and labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Integer

from typed_resnet.kernels.scalars import Real, floats
from typed_resnet.kernels.softmax import log_softmax


def cross_entropy(
    logits: Real[np.ndarray, "N Classes"], labels: Integer[np.ndarray, "N"]
) -> Real[np.ndarray, "N"]:
    """Measure how unlikely the softmax of each vector holds its label.

        loss[n] = log(sum over k of exp(z[n, k])) - z[n, t[n]]

    Cost: 5 N Classes flop, an exponential counted as one.
    Raises: `DTypeError` where logits are fractions, of which an exponential is none.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.108.
    """
    return -_at_labels(_log_softmax(logits), labels)


def cross_entropy_vjp(
    logits: Real[np.ndarray, "N Classes"], labels: Integer[np.ndarray, "N"]
) -> tuple[Real[np.ndarray, "N"], Callable[[np.ndarray], np.ndarray]]:
    """Measure, and return with the losses the pullback dy -> dlogits.

        dz[n, k] = dy[n] (softmax(z[n])[k] - [k = t[n]])

    Saves: the logarithms of the softmax, N Classes numbers.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.109.
    """
    logarithms = _log_softmax(logits)

    def pullback(dy: Real[np.ndarray, "N"]) -> Real[np.ndarray, "N Classes"]:
        dlogits: np.ndarray = np.exp(logarithms)
        dlogits[np.arange(len(labels)), labels] -= 1
        dlogits *= dy[:, None]
        return dlogits

    return -_at_labels(logarithms, labels), pullback


def _at_labels(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    y: np.ndarray = x[np.arange(len(labels)), labels]
    return y


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    floats("cross_entropy", logits)
    return log_softmax(logits[:, :, None])[:, :, 0]

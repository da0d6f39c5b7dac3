"""The formulas as plain loops, cell by cell, as the specification states them."""

from itertools import product

import numpy as np


def conv2d(x, w, b, stride, padding):
    N, Cin, H, W = x.shape
    Cout, _, KH, KW = w.shape
    Ho = (H + 2 * padding - KH) // stride + 1
    Wo = (W + 2 * padding - KW) // stride + 1
    y = np.zeros((N, Cout, Ho, Wo))
    for n, o, i, j in np.ndindex(y.shape):
        for c, u, v in np.ndindex(Cin, KH, KW):
            h, k = i * stride + u - padding, j * stride + v - padding
            if 0 <= h < H and 0 <= k < W:
                y[n, o, i, j] += x[n, c, h, k] * w[o, c, u, v]
        y[n, o, i, j] += 0 if b is None else b[o]
    return y


def conv2d_gradients(x, w, dy, stride, padding):
    H, W = x.shape[2:]
    dw, db, dx = np.zeros(w.shape), np.zeros(w.shape[0]), np.zeros(x.shape)
    for n, o, i, j in np.ndindex(dy.shape):
        db[o] += dy[n, o, i, j]
        for c, u, v in np.ndindex(w.shape[1:]):
            h, k = i * stride + u - padding, j * stride + v - padding
            if 0 <= h < H and 0 <= k < W:
                dw[o, c, u, v] += x[n, c, h, k] * dy[n, o, i, j]
                dx[n, c, h, k] += w[o, c, u, v] * dy[n, o, i, j]
    return dw, db, dx


def max_pool2d(x, kernel_size, stride, padding):
    """The pooled images, and for each window the cell that won, or None."""
    N, C, H, W = x.shape
    Ho, Wo = ((size + 2 * padding - kernel_size) // stride + 1 for size in (H, W))
    y = np.zeros((N, C, Ho, Wo))
    winners = {}
    for n, c, i, j in np.ndindex(y.shape):
        best = None
        for u, v in product(range(kernel_size), repeat=2):
            h, k = i * stride + u - padding, j * stride + v - padding
            if 0 <= h < H and 0 <= k < W and (best is None or x[n, c, h, k] > x[best]):
                best = (n, c, h, k)
        winners[n, c, i, j] = best
        y[n, c, i, j] = 0 if best is None else x[best]
    return y, winners


def max_pool2d_gradient(x, dy, kernel_size, stride, padding):
    dx = np.zeros(x.shape)
    for window, winner in max_pool2d(x, kernel_size, stride, padding)[1].items():
        if winner is not None:
            dx[winner] += dy[window]
    return dx


def batch_norm2d(x, gamma, beta, eps):
    y = np.zeros(x.shape)
    for c in range(x.shape[1]):
        cells = x[:, c].ravel().tolist()
        mean = sum(cells) / len(cells)
        variance = sum((cell - mean) ** 2 for cell in cells) / len(cells)
        y[:, c] = (x[:, c] - mean) / (variance + eps) ** 0.5 * gamma[c] + beta[c]
    return y


def batch_norm2d_gradients(x, gamma, dy, eps):
    """The specification's formula, its sums not collected."""
    dx, dgamma, dbeta = np.zeros(x.shape), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for c in range(x.shape[1]):
        count = x[:, c].size
        centred = x[:, c] - x[:, c].sum() / count
        r = 1 / ((centred**2).sum() / count + eps) ** 0.5
        xhat, h = centred * r, dy[:, c] * gamma[c]
        dx[:, c] = ((count * h - h.sum()) - xhat * (h * xhat).sum()) * r / count
        dgamma[c] = (dy[:, c] * xhat).sum()
        dbeta[c] = dy[:, c].sum()
    return dx, dgamma, dbeta

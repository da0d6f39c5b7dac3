"""A residual block out of kernels: the specification's worked example 16.5."""

import numpy as np

from typed_resnet.kernels import batch_norm2d_vjp, conv2d_vjp, relu_vjp


def test_one_identity_block():
    x = np.array([[[[1.0, 2], [3, 4]]]])
    centre, zero, one = np.zeros((1, 1, 3, 3)), np.zeros(1), np.ones(1)
    centre[0, 0, 1, 1] = 1
    c1, c1_pullback = conv2d_vjp(x, centre, zero, 1, 1)
    n1, n1_pullback = batch_norm2d_vjp(c1, one, zero, 1e-6)
    a1, a1_pullback = relu_vjp(n1)
    c2, c2_pullback = conv2d_vjp(a1, centre, zero, 1, 1)
    n2, n2_pullback = batch_norm2d_vjp(c2, one, zero, 1e-6)
    y, y_pullback = relu_vjp(n2 + x)

    def values(array, expected):
        np.testing.assert_allclose(array.ravel(), expected, rtol=0, atol=6e-13)

    values(n1, [-1.341640249844, -0.447213416615, 0.447213416615, 1.341640249844])
    values(a1, [0, 0, 0.447213416615, 1.341640249844])
    values(n2[0, 0, [0, 0, 1], [0, 1, 1]], [-0.816495220102, -0.816495220102, 1.632990440205])
    assert abs(n2[0, 0, 1, 0]) < 1e-9
    values(y[0, 0, [0, 0, 1], [0, 1, 1]], [0.183504779898, 1.183504779898, 5.632990440205])

    d = y_pullback(np.array([[[[1.0, 0], [0, 0]]]]))
    dc2, dgamma2, dbeta2 = n2_pullback(d)
    _, db2, da1 = c2_pullback(dc2)
    dc1, _, _ = n1_pullback(a1_pullback(da1))
    _, db1, dx = c1_pullback(dc1)
    values(dx + d, [1.068040905457, 0.068041449785, -0.340205615938, 0.204123260696])
    values(dgamma2, [-0.816495220102])
    values(dbeta2, [1])
    values(np.concatenate([db1, db2]), [0, 0])

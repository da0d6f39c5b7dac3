"""Products of matrices."""

from __future__ import annotations

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import check_alike
from typed_resnet.runtime import typed
from typed_resnet.tensor import Columns, Inner, Rows, Tensor, check_product


@typed
@differentiable(lambda: matmul_vjp)
def matmul(x: Tensor[*B, Rows, Inner], y: Tensor[*B, Inner, Columns]) -> Tensor[*B, Rows, Columns]:
    """Multiply each matrix of x by its fellow of y: `x @ y`.

    z[i, j] = sum over k of x[i, k] y[k, j]

    The leading axes are the same on both sides: no batch is stretched to another.
    """
    return x @ y


@typed
def matmul_vjp(
    x: Tensor[*B, Rows, Inner], y: Tensor[*B, Inner, Columns]
) -> FunctionVjp[
    Tensor[*B, Rows, Columns], tuple[Tensor[*B, Rows, Inner], Tensor[*B, Inner, Columns]]
]:
    """Multiply, and return with z the pullback dz -> (dx, dy).

    dx = dz yᵀ      dy = xᵀ dz
    """
    check_product(x, y)
    product, pullback = kernels.matmul_vjp(x.array, y.array)
    z: Tensor[*B, Rows, Columns] = Tensor(product)

    def back(
        dz: Tensor[*B, Rows, Columns],
    ) -> tuple[Tensor[*B, Rows, Inner], Tensor[*B, Inner, Columns]]:
        check_alike("matmul", z, dz)
        dx, dy = pullback(dz.array)
        return Tensor(dx), Tensor(dy)

    return z, back

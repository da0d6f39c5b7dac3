"""The sizes by which people are shown that two sizes differ.

The smallest at which they do, but for one thing: H - 2 differs from H where H is 1 already, and is
-1 there, which no axis is. Then H = 3 shows it, where they are 1 and 3. A 0 is shown as it is: it
says at once that nothing is left.
"""

from itertools import islice

from .answers import Different
from .normal_form import Dim
from .points import in_order, small_points
from .pointwise import FEW_POINTS
from .values import growing, values_at


def example(a: Dim, b: Dim, found: Different) -> Different:
    """Find, for a difference with a size below 0, the smallest one of sizes that are >= 1.

    If it is not near, the difference that was found will do.
    """
    if min(found.left, found.right) >= 0:
        return found
    symbols = in_order(a.symbols | b.symbols)
    for some in growing(islice(small_points(symbols, (a, b)), FEW_POINTS)):
        left, right = (values_at(size.polynomial, symbols, some) for size in (a, b))
        for point, f, g in zip(some, left, right, strict=True):
            if f is not None and g is not None and f != g and min(f, g) >= 1:
                return Different(dict(zip(symbols, point, strict=True)), f, g)
    return found

# scikit-image says of each photograph that it is an ndarray, not of which shape; these say it.
from typing import Literal as L

import numpy as np

def astronaut() -> np.ndarray[tuple[L[512], L[512], L[3]], np.dtype[np.uint8]]: ...

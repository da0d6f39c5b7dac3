"""The error codes under which the plugin speaks; `# type: ignore[shape]` silences one."""

from typing import Final

from mypy.errorcodes import ErrorCode

SHAPE: Final = ErrorCode("shape", "A size, rank or shape is proved wrong", "Shapes")
SHAPE_RANGE: Final = ErrorCode(
    "shape-range", "A size can never be one or more, a window can never fit", "Shapes"
)
SHAPE_UNKNOWN: Final = ErrorCode(
    "shape-unknown", "A size was lost on its way to a place that declares one", "Shapes"
)

CODES: Final = (SHAPE, SHAPE_RANGE, SHAPE_UNKNOWN)

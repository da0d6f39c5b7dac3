"""What axes hold, in words: of a signature that calls one H, its height."""

from __future__ import annotations

import re

from typed_resnet.dims.matching import symbols_of
from typed_resnet.dims.normal_form import Dim
from typed_resnet.dims.printer import show
from typed_resnet.dims.term import Term

_COUNTED = {
    "N": ("image", "images"),
    "C": ("channel", "channels"),
    "Cin": ("channel", "channels"),
    "Cout": ("channel", "channels"),
    "In": ("feature", "features"),
    "Out": ("feature", "features"),
    "Classes": ("class", "classes"),
}
_MEASURED = {"H": "height", "W": "width"}
_HYPERPARAMETERS = {
    **{"K": "kernel size", "S": "stride", "P": "padding", "Factor": "factor", "G": "groups"},
    **{"KH": "kernel height", "KW": "kernel width", "SH": "stride", "SW": "stride"},
    **{"PH": "padding", "PW": "padding", "DH": "dilation", "DW": "dilation"},
}


def noun(name: str | None, axis: int) -> str:
    """Name what an axis holds: `H` is a height; where the signature gives no name, its place."""
    if name is None:
        return f"axis {axis}"
    stem = _stem(name)
    if stem in _COUNTED:
        return _COUNTED[stem][1]
    return (_MEASURED | _HYPERPARAMETERS).get(stem, name.lstrip("_"))


def amount(name: str | None, axis: int, size: Dim | Term) -> str:
    """Say how much of it: `3 channels`, `height 28`, `Tokens 7`, `28 on axis 1`."""
    written = show(size)
    if name is None:
        return f"{written} on axis {axis}"
    if _stem(name) in _COUNTED:
        return f"{written} {_COUNTED[_stem(name)][written != '1']}"
    return f"{noun(name, axis)} {written}"


def axis_name(*sizes: Term | Dim) -> str | None:
    """Guess what an axis without a name holds from the symbols on it: of ⌈H/S⌉ it is H."""
    terms = [size.term if isinstance(size, Dim) else size for size in sizes]
    symbols = {symbol.name for term in terms for symbol in symbols_of(term)}
    nouns = {name: noun(name, 0) for name in symbols if _stem(name) in _COUNTED | _MEASURED}
    return min(nouns) if len(set(nouns.values())) == 1 else None


def _stem(name: str) -> str:
    """Take `_C1` for `C`, and `C_co` too."""
    return re.sub(r"(\d+|_co|_contra)$", "", name.lstrip("_"))

"""mypy's messages, as `typed-resnet check` prints them."""

import pytest

from typed_resnet.check.messages import readable, readable_type

REWRITTEN = [
    (
        "x.py:3: error: Incompatible return value type"
        ' (got "Tensor[C, CeilDiv[H, Literal[2]], W]", expected "Tensor[C, FloorDiv[H, Literal[2]], W]")  [return-value]',
        "x.py:3: error: returns height ⌈H/2⌉, declared H//2: at H = 1 they are 1 and 0"
        "  [return-value]",
    ),
    (
        'x.py:3: error: Incompatible types in assignment (expression has type "Tensor[Literal[3],'
        ' H, W]", variable has type "Tensor[Literal[1], H, W]")  [assignment]',
        "x.py:3: error: is given 3 on axis 0, declared 1  [assignment]",
    ),
    (
        'x.py:3: error: Incompatible return value type (got "Tensor[C, H, W]",'
        ' expected "Tensor[C, H]")  [return-value]',
        "x.py:3: error: returns [C, H, W], declared [C, H]  [return-value]",
    ),
    (
        'x.py:3: error: Incompatible return value type (got "Tensor[Literal[704]]",'
        ' expected "Tensor[()]")  [return-value]',
        "x.py:3: error: returns [704], declared []  [return-value]",
    ),
    (
        'x.py:3: error: Incompatible return value type (got "Tensor[C, H] |'
        ' Tensor[C, CeilDiv[H, Literal[2]]]", expected "Tensor[C, H]")  [return-value]',
        "x.py:3: error: returns height ⌈H/2⌉, declared H: at H = 2 they are 1 and 2"
        "  [return-value]",
    ),
    (
        'x.py:3: error: Incompatible return value type (got "tuple[Tensor[C, H], Tensor[C, W]]",'
        ' expected "tuple[Tensor[C, H], Tensor[C, H]]")  [return-value]',
        "x.py:3: error: returns height W, declared H: at H = 1, W = 2 they are 2 and 1"
        "  [return-value]",
    ),
    (
        'x.py:3: error: Incompatible return value type (got "tuple[Tensor[C, H], int]",'
        ' expected "tuple[Tensor[C, H], str]")  [return-value]',
        'x.py:3: error: Incompatible return value type (got "tuple[Tensor[C, H], int]",'
        ' expected "tuple[Tensor[C, H], str]")  [return-value]',
    ),
    (
        'x.py:3: error: Incompatible types in "yield" (actual type "Tensor[C, W]",'
        ' expected type "Tensor[C, C]")  [misc]',
        "x.py:3: error: yields W channels, declared C: at C = 1, W = 2 they are 2 and 1  [misc]",
    ),
    (
        'x.py:3: error: List item 0 has incompatible type "Tensor[Literal[3]]";'
        ' expected "Tensor[Literal[4]]"  [list-item]',
        "x.py:3: error: list is given 3 on axis 0, declared 4  [list-item]",
    ),
    (
        'x.py:3: error: Dict entry 0 has incompatible type "str": "Tensor[Literal[3]]";'
        ' expected "str": "Tensor[Literal[4]]"  [dict-item]',
        "x.py:3: error: dict is given 3 on axis 0, declared 4  [dict-item]",
    ),
    (
        "x.py:3: error: List comprehension has incompatible type List[Tensor[Literal[3], W]];"
        " expected List[Tensor[Literal[4], W]]  [misc]",
        "x.py:3: error: list is given 3 on axis 0, declared 4  [misc]",
    ),
    (
        'x.py:3: error: Generator has incompatible item type "Tensor[Literal[3]]";'
        ' expected "Tensor[Literal[4]]"  [misc]',
        "x.py:3: error: generator is given 3 on axis 0, declared 4  [misc]",
    ),
    (
        'x.py:3: error: Incompatible return value type (got "FloorDiv[C, Literal[3]]",'
        ' expected "FloorDiv[C, Literal[2]]")  [return-value]',
        "x.py:3: error: returns C//3 channels, declared C//2: at C = 2 they are 0 and 1"
        "  [return-value]",
    ),
    (
        'x.py:3: error: Incompatible types in assignment (expression has type "Text",'
        ' variable has type "FloorDiv[C, Literal[2]]")  [assignment]',
        'x.py:3: error: Incompatible types in assignment (expression has type "Text",'
        ' variable has type "C//2")  [assignment]',
    ),
    (
        'x.py:3: error: Argument 1 to "f" has incompatible type "list[Tensor[*B, Mul[Literal[2],'
        ' C]]]"; expected "int"  [arg-type]',
        'x.py:3: error: Argument 1 to "f" has incompatible type "list[Tensor[*B, 2*C]]";'
        ' expected "int"  [arg-type]',
    ),
    (
        'x.py:3: note: Revealed type is "typed_resnet.tensor.Tensor[Literal[8],'
        ' typed_resnet.dims.operators.CeilDiv[H, S]]"',
        'x.py:3: note: Revealed type is "Tensor[8, ⌈H/S⌉]"',
    ),
    (
        'x.py:3: note: Revealed type is "def (x: Tensor[C], *) -> Literal[3]?"',
        'x.py:3: note: Revealed type is "def (x: Tensor[C], *) -> Literal[3]?"',
    ),
    (
        'x.py:3: error: Name "conv" is not defined  [name-defined]',
        'x.py:3: error: Name "conv" is not defined  [name-defined]',
    ),
]


@pytest.mark.parametrize(("message", "expected"), REWRITTEN)
def test_readable(message: str, expected: str) -> None:
    assert readable(message) == expected


TYPES = [
    ("Tensor[*B, Cout, CeilDiv[H, S]]", "Tensor[*B, Cout, ⌈H/S⌉]"),
    (
        "Conv2D[Literal[3], Literal[64], Literal[7], Literal[2], Literal[3]]",
        "Conv2D[3, 64, 7, 2, 3]",
    ),
    ("Tensor[Literal[3]?, int, Any]", "Tensor[3, int, Any]"),
    ("Tensor[Literal[-1]]", "Tensor[-1]"),
    ("Tensor[*tuple[int, ...]]", "Tensor[*tuple[int, ...]]"),
    ("Tensor[C] | None", "Tensor[C] | None"),
    ("Callable[[Tensor[C]], Tensor[Add[C, Literal[1]]]]", "Callable[[Tensor[C]], Tensor[C + 1]]"),
    ("Literal['left', 'right']", "Literal['left', 'right']"),
    ("Add[int, Literal[1]]", "Add[int, 1]"),
    ("list[Tensor[()]]", "list[Tensor[()]]"),
    ("Tensor[C", "Tensor[C"),
    ("a -> b", "a -> b"),
]


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_readable_type(text: str, expected: str) -> None:
    assert readable_type(text) == expected

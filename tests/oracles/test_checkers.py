"""Other checkers, without our plugin: they accept the library and refuse what is wrong.

What they know, and what they do not, is written down in docs/checkers.md, by `matrix`.
"""

from pathlib import Path

import matrix
import pytest
from checkers import CHECKERS, COMPUTED, marked

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("name", CHECKERS)
def test_the_library_examples_and_portable_programs_are_accepted(name: str) -> None:
    """No plugin, the strictest settings, not one complaint."""
    assert matrix.judged(name).complaints == set()


@pytest.mark.parametrize("file", COMPUTED, ids=lambda file: file.stem)
@pytest.mark.parametrize("name", CHECKERS)
def test_examples_that_want_arithmetic_are_for_the_plugin(name: str, file: Path) -> None:
    """One that a checker accepts without it is portable, and belongs to the others."""
    assert file.name in {wrong for wrong, _ in matrix.judged(name).computed}


@pytest.mark.parametrize("name", CHECKERS)
def test_wrong_programs_are_refused_on_just_the_wrong_lines(name: str) -> None:
    comments = ["refused"] if name == "ty" else ["refused", "refused, but ty"]
    assert matrix.judged(name).refused == marked(matrix.REJECT, *comments)


@pytest.mark.parametrize("name", CHECKERS)
def test_hover_shows_sizes(name: str) -> None:
    """An editor shows what `reveal_type` says: every size of a tensor, none of them `int`."""
    said = matrix.judged(name).shown
    asked = {
        number
        for number, line in enumerate(matrix.SHOWN.read_text().splitlines(), 1)
        if line.lstrip().startswith("reveal_type(")
    }
    assert said.keys() == asked
    unknown = [text for text in said.values() if "Unknown" in text or "int" in text]
    assert len(unknown) == (1 if name == "ty" else 0), said  # a strided convolution, to ty


def test_the_page_is_what_they_say() -> None:
    """`make checkers` writes it anew."""
    assert matrix.PAGE.read_text() == matrix.page()

"""`typed-resnet lsp` answers what an editor asks of one file."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from .editor import FIRST, HEAD, NET, Editor, started

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_hints(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET)
    assert await editor.hints("net.py") == [
        (FIRST + 6, 9, ": Tensor[*B, 64, ⌈H/2⌉, ⌈W/2⌉]"),
    ]
    assert await editor.said("net.py") == []


async def test_hints_of_a_file_that_is_opened_a_moment_later(editor: Editor) -> None:
    """Helix asks so where it starts slowly, and not again."""
    asked = asyncio.create_task(editor.hints("late.py"))
    await asyncio.sleep(0.2)
    assert not asked.done()
    editor.write("late.py", HEAD + NET)
    assert await asked == [(FIRST + 6, 9, ": Tensor[*B, 64, ⌈H/2⌉, ⌈W/2⌉]")]
    editor.close("late.py")


async def test_no_hints_of_a_file_that_is_never_opened(editor: Editor) -> None:
    assert await asyncio.wait_for(editor.hints("never.py"), 60) == []


async def test_hover(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET)
    hover = await editor.hover("net.py", FIRST + 6, 19)
    assert hover == (
        "```python\nConv2D[3, 64, 7, 2, 3](x: Tensor[*B, Cin, H, W])"
        " -> Tensor[*B, Cout, (H + 2*P - K)//S + 1, (W + 2*P - K)//S + 1]\n"
        "→ Tensor[*B, 64, ⌈H/2⌉, ⌈W/2⌉]\n```\n\n"
        "`*B = [*B]` · `Cin = 3` · `Cout = 64` · `K = 7` · `S = 2` · `P = 3` · `H = H` · `W = W`"
    )
    assert await editor.hover("net.py", FIRST + 6, 22) == "```python\nTensor[*B, 3, H, W]\n```"
    assert await editor.hover("net.py", 0, 0) is None


async def test_diagnostics_say_where_sizes_come_from(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET + "        \n    def twice(self, x: Tensor[L[64], H, W])"
                 " -> None:\n        self.stem(x)\n")  # fmt: skip
    (error,) = await editor.said("net.py")
    assert error.message == "Conv2D[3, 64, 7, 2, 3] expects 3 channels, got 64"
    assert (error.code, error.source) == ("shape", "typed-resnet")
    assert error.range == lsp.Range(lsp.Position(FIRST + 10, 18), lsp.Position(FIRST + 10, 19))
    places = [
        (related.location.uri.rpartition("/")[2], related.location.range.start.line)
        for related in error.related_information or []
    ]
    assert places[0] == ("net.py", FIRST + 9)
    assert ("net.py", FIRST + 1) in places
    assert "conv.py" in dict(places)
    texts = [related.message for related in error.related_information or []]
    assert texts[0] == "x: Tensor[64, H, W]"
    assert "stem: Conv2D[3, 64, 7, 2, 3]" in texts


async def test_signature_help_of_a_call_that_is_being_written(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET.replace("y = self.stem(x)", "y = self.stem("))
    found = await editor.signature("net.py", FIRST + 6, 22)
    assert found.label.startswith("Conv2D[3, 64, 7, 2, 3](x: Tensor[*B, Cin, H, W]) -> ")
    assert found.parameters is not None
    assert [each.label for each in found.parameters] == ["x: Tensor[*B, Cin, H, W]"]
    assert isinstance(found.documentation, lsp.MarkupContent)
    assert found.documentation.value == "requires `(x: Tensor[*B, 3, H, W])`"
    assert found.active_parameter == 0


async def test_a_fix_declares_what_is_inferred(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET)
    (action,) = await editor.fixes("net.py", FIRST + 6)
    assert action.title == "Declare y: Tensor[*B, L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]"
    assert action.edit is not None
    assert action.edit.changes is not None
    (edit,) = action.edit.changes[editor.uri("net.py")]
    assert edit.range.start == edit.range.end == lsp.Position(FIRST + 6, 9)
    assert edit.new_text == ": Tensor[*B, L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]"


async def test_a_fix_writes_a_size_shorter(editor: Editor) -> None:
    long = "FloorDiv[Add[H, L[1]], L[2]]"
    body = f"def f(x: Tensor[C, H, W]) -> Tensor[C, {long}, W]:\n    return Tensor(x.array)\n"
    editor.write("net.py", HEAD + body)
    (action,) = await editor.fixes("net.py", FIRST)
    assert action.title == "Write (H + 1)//2 as ⌈H/2⌉: CeilDiv[H, L[2]]"
    assert action.edit is not None
    assert action.edit.changes is not None
    (edit,) = action.edit.changes[editor.uri("net.py")]
    start = body.index(long)
    assert (edit.range.start.character, edit.range.end.character) == (start, start + len(long))


@pytest.mark.parametrize(
    ("only", "count"), [("", 1), ("refactor", 1), ("refactor.rewrite", 1), ("source.fixAll", 0)]
)
async def test_fixes_of_a_kind(editor: Editor, only: str, count: int) -> None:
    editor.write("net.py", HEAD + NET)
    assert len(await editor.fixes("net.py", FIRST + 6, only)) == count


async def test_many_fixes_keep_nobody_waiting(editor: Editor) -> None:
    """Each is tried by itself; an edit makes the rest of them idle."""
    names = [f"x{number}" for number in range(40)]
    text = HEAD + "".join(f"{name} = Tensor.zeros(3)\n" for name in names)
    editor.write("net.py", text)
    await editor.hints("net.py")
    place = lsp.Range(lsp.Position(0, 0), lsp.Position(100, 0))
    params = lsp.CodeActionParams(editor.identify("net.py"), place, lsp.CodeActionContext([]))
    asked = asyncio.create_task(editor.client.text_document_code_action_async(params))
    await asyncio.sleep(0.2)
    assert await editor.hover("net.py", FIRST, 0) == "```python\nTensor[3]\n```"
    assert not asked.done()
    editor.write("net.py", text + "y = x1\n")
    assert (FIRST + 40, 1, ": Tensor[3]") in await editor.hints("net.py")
    assert not await asked


async def test_half_written_code_keeps_hints(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET)
    before = await editor.hints("net.py")
    editor.write("net.py", HEAD + NET + "x = relu(")
    assert await editor.hints("net.py") == before
    assert {d.code for d in await editor.said("net.py")} == {"syntax"}


async def test_only_the_newest_text_counts(editor: Editor) -> None:
    for size in range(3, 40):
        editor.write("net.py", HEAD + f"x = Tensor.zeros({size})\n")
    assert await editor.hints("net.py") == [(FIRST, 1, ": Tensor[39]")]


async def test_the_server_answers_while_mypy_works(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET * 40)
    start = time.perf_counter()
    hover = asyncio.create_task(editor.hover("net.py", FIRST + 6, 22))
    await asyncio.sleep(0)
    params = lsp.ExecuteCommandParams("nothing")
    with pytest.raises(Exception, match="nothing"):
        await editor.client.workspace_execute_command_async(params)
    answered = time.perf_counter() - start
    assert await hover is not None
    assert answered < time.perf_counter() - start


@pytest.mark.parametrize(
    ("name", "encoding"), [("neovim", "utf-8"), ("visual_studio_code", "utf-16-le")]
)
async def test_places_count_in_the_units_of_the_editor(
    name: str, encoding: str, tmp_path: Path
) -> None:
    client = await started(tmp_path, editor=name)
    try:
        editor = Editor(client, tmp_path)
        editor.write("net.py", HEAD + 's = "😀"; x = Tensor.zeros(3)\n')
        end = len('s = "😀"; x'.encode(encoding)) // len("x".encode(encoding))
        assert await editor.hints("net.py") == [(FIRST, end, ": Tensor[3]")]
        assert await editor.hover("net.py", FIRST, end) == "```python\nTensor[3]\n```"
    finally:
        await client.shutdown_session()
        await client.stop()

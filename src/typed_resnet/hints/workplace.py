"""The worker of one workspace, seen from the server: asked, started anew, and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from collections.abc import Callable
from itertools import count
from typing import Any, Final

from typed_resnet.hints.framing import HEADER, frame

PATIENCE: Final = 2.0
"""Seconds that a worker may take to end by itself."""


class WorkerError(Exception):
    """The worker could not answer."""


class Workplace:
    """Starts a worker in a folder when it is first asked, and again when it has died."""

    def __init__(self, folder: str, mended: Callable[[], None]) -> None:
        self.folder = folder
        self.mended = mended
        """Called where the worker says that an answer does not hold: it has another by now."""
        self.complaint = ""
        """What was last said of mypy's configuration there."""
        self.process: asyncio.subprocess.Process | None = None
        self.reading: asyncio.Task[None] | None = None
        self.waiting: dict[int, asyncio.Future[Any]] = {}
        self.numbers = count()
        self.turn = asyncio.Lock()

    async def ask(self, method: str, *arguments: object, **options: object) -> Any:
        """Ask the worker's session; questions wait for one another, and may be cancelled.

        Raises: WorkerError, where it fails or dies.
        """
        async with self.turn:  # one that is cancelled while it waits here costs nothing
            process = await self._started()
            assert process.stdin is not None
            number = next(self.numbers)
            answer = asyncio.get_running_loop().create_future()
            self.waiting[number] = answer
            try:
                process.stdin.write(frame((number, method, arguments, options)))
                await process.stdin.drain()
                return await answer
            except (ConnectionError, OSError) as died:
                raise WorkerError("mypy's process has ended") from died
            finally:
                self.waiting.pop(number, None)

    async def stop(self) -> None:
        """End the worker; a later question starts another."""
        process, reading = self.process, self.reading
        self.process = self.reading = None
        self._give_up("mypy's process was stopped")  # before another is started, and asked
        if reading is not None:
            reading.cancel()
        if process is not None and process.returncode is None:
            assert process.stdin is not None
            process.stdin.close()  # it ends where its questions end
            try:
                await asyncio.wait_for(process.wait(), PATIENCE)
            except TimeoutError:  # amid a long answer
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def _started(self) -> asyncio.subprocess.Process:
        if self.process is None or self.process.returncode is not None:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "typed_resnet.hints.worker"),
                cwd=self.folder,
                env=os.environ | {"PYTHONSAFEPATH": "1"},  # no file there shadows a module of ours
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            self.reading = asyncio.create_task(self._read(self.process))
        return self.process

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Give each answer to the question that waits for it."""
        assert process.stdout is not None
        try:
            while True:
                (size,) = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
                number, result, error = pickle.loads(await process.stdout.readexactly(size))
                if number is None:
                    self.mended()
                    continue
                answer = self.waiting.pop(number, None)
                if answer is None or answer.done():
                    continue  # nobody waits for it any more
                if error is None:
                    answer.set_result(result)
                else:
                    answer.set_exception(WorkerError(error))
        except asyncio.IncompleteReadError:
            await process.wait()
            self._give_up("mypy's process has ended")

    def _give_up(self, why: str) -> None:
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(WorkerError(why))
        self.waiting.clear()

"""The worker of one workspace, seen from the server: asked, started anew, and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Final

from typed_resnet.hints.framing import HEADER, frame
from typed_resnet.hints.limits import GLANCE, Limits

PATIENCE: Final = 2.0
"""Seconds that a worker may take to end by itself."""
ENDED: Final = "mypy's process has ended"


class WorkerError(Exception):
    """The worker could not answer."""


class LimitError(WorkerError):
    """The worker took more than it may, and was ended."""


class _EndedBeforeError(WorkerError):
    """The worker was ended for what it was asked before, for which nobody waits any more."""


class Workplace:
    """Starts a worker in a folder when it is first asked, and again when it has died."""

    def __init__(self, folder: str, mended: Callable[[], None], limits: Limits) -> None:
        self.folder = folder
        self.limits = limits
        self.mended = mended
        """Called where the worker says that an answer does not hold: it has another by now."""
        self.complaint = ""
        """What was last said of mypy's configuration there."""
        self.process: asyncio.subprocess.Process | None = None
        self.tasks: list[asyncio.Task[None]] = []
        """What reads from the worker, and what watches it."""
        self.waiting: dict[int, asyncio.Future[Any]] = {}
        self.due: dict[int, float] = {}
        """Questions not answered yet, whether or not somebody waits, and when each could begin."""
        self.is_due = asyncio.Event()
        self.beyond: str | None = None
        """What the worker was ended for."""
        self.numbers = count()
        self.turn = asyncio.Lock()

    async def ask(self, method: str, *arguments: object, **options: object) -> Any:
        """Ask the worker's session; questions wait for one another, and may be cancelled.

        Raises: WorkerError, where it fails or dies; LimitError, where it was ended for this.
        """
        try:
            return await self._ask(method, arguments, options)
        except _EndedBeforeError:
            return await self._ask(method, arguments, options)

    async def _ask(
        self, method: str, arguments: Sequence[object], options: Mapping[str, object]
    ) -> Any:
        async with self.turn:  # one that is cancelled while it waits here costs nothing
            process = await self._started()
            assert process.stdin is not None
            number = next(self.numbers)
            answer = asyncio.get_running_loop().create_future()
            self.waiting[number] = answer
            self.due[number] = time.monotonic()
            self.is_due.set()
            try:
                process.stdin.write(frame((number, method, arguments, options)))
                await process.stdin.drain()
                return await answer
            except (ConnectionError, OSError) as died:
                raise WorkerError(ENDED) from died
            finally:
                self.waiting.pop(number, None)

    async def stop(self) -> None:
        """End the worker; a later question starts another."""
        process, tasks = self.process, self.tasks
        self.process, self.tasks = None, []
        self._give_up(WorkerError("mypy's process was stopped"))  # before another is asked
        for task in tasks:
            task.cancel()
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
                *(str(self.limits.megabytes), str(self.limits.seconds)),
                cwd=self.folder,
                env=os.environ | {"PYTHONSAFEPATH": "1"},  # no file there shadows a module of ours
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            self.beyond = None
            reading = asyncio.create_task(self._read(self.process))
            self.tasks = [reading, asyncio.create_task(self._watch(self.process))]
        return self.process

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """End a worker that takes more than it may."""
        while process.returncode is None:
            await self.is_due.wait()
            begun = min(self.due.values(), default=time.monotonic())
            self.beyond = self.limits.passed(process.pid, time.monotonic() - begun)
            if self.beyond is not None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                return  # who reads from it will see
            await asyncio.sleep(GLANCE)

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
                self._answered(number)
                answer = self.waiting.pop(number, None)
                if answer is None or answer.done():
                    continue  # nobody waits for it any more
                if error is None:
                    answer.set_result(result)
                else:
                    answer.set_exception(WorkerError(error))
        except asyncio.IncompleteReadError:
            await process.wait()
            first, beyond = next(iter(self.due), None), self.beyond
            if first in self.waiting and beyond is not None:
                answer = self.waiting.pop(first)
                if not answer.done():
                    answer.set_exception(LimitError(f"mypy needed {beyond}, and was ended"))
            self._give_up(WorkerError(ENDED) if beyond is None else _EndedBeforeError(ENDED))

    def _answered(self, number: int) -> None:
        """Put down that an answer has come: the worker begins with the next only now."""
        self.due.pop(number, None)
        self.due = dict.fromkeys(self.due, time.monotonic())
        if not self.due:
            self.is_due.clear()

    def _give_up(self, why: WorkerError) -> None:
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(why)
        self.waiting.clear()
        self.due.clear()
        self.is_due.clear()

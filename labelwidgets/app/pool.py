"""Pages that are being rendered around their kernels, and a few that are ready for whoever comes next."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections import deque
from typing import TYPE_CHECKING, Any

from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .kernels import Kernels
    from .server import Server

REFILL_S = 1.0
"""How long the page that was just opened has the machine for itself."""

ALIVE = "<script>window.voila_heartbeat()</script>\n"
PATIENCE_S = 10.0
"""After how long without a part a sign of life is sent, so that no proxy gives up."""


class Rendering:
    """One page on its way: its head is there at once, the rest when its kernel has run the notebook.

    Parameters
    ----------
    server : Server
        Starts the kernel.
    turn : asyncio.Semaphore
        Waited for before the kernel is started.
    """

    def __init__(self, server: Server, turn: asyncio.Semaphore) -> None:
        self.kernel_id = str(uuid.uuid4())
        self._server, self._turn = server, turn
        self._parts: list[str] = []
        self._grown = asyncio.Event()
        self.task = asyncio.ensure_future(self._render())

    @property
    def usable(self) -> bool:
        """Whether the page came out, or still may."""
        if not self.task.done():
            return True
        failed = self.task.cancelled() or self.task.exception() is not None
        return not failed and self.kernel_id in self._server.kernel_manager

    async def parts(self) -> AsyncIterator[str]:
        """The page's parts, as they come.

        Raises
        ------
        Exception
            What went wrong while it was rendered.
        """
        given = 0
        while True:
            finished = self.task.done()
            for part in self._parts[given:]:
                yield part
            given = len(self._parts)
            if finished:
                break
            self._grown.clear()
            if not await _within(self._grown, PATIENCE_S) and given:
                yield ALIVE
        self.task.result()

    async def _render(self) -> None:
        try:
            renderer = _renderer(self._server)
            await renderer.initialize()
            async for part, _ in renderer.generate_content_generator(self.kernel_id, self._kernel()):
                self._parts.append(part)
                self._grown.set()
        finally:
            self._grown.set()

    async def _kernel(self) -> Any:
        kernels: Kernels = self._server.kernel_manager
        async with self._turn:
            await kernels.start_kernel(
                kernel_name="python3", path="", env=dict(os.environ), kernel_id=self.kernel_id
            )
            return kernels.get_kernel(self.kernel_id)


class Pool:
    """Keeps pages ready.

    Parameters
    ----------
    server : Server
        Whose pages they are.
    size : int
        How many.
    """

    def __init__(self, server: Server, size: int) -> None:
        self._server, self._size = server, size
        self._ready: deque[Rendering] = deque()
        # More kernels starting at once than there are cores only make each of them late.
        self._turn = asyncio.Semaphore(max(2, os.cpu_count() or 2))
        self._later: asyncio.TimerHandle | None = None

    def fill(self) -> None:
        """Begin as many pages as are missing, and drop those that came to nothing."""
        self._later = None
        self._ready = deque(each for each in self._ready if each.usable)
        while len(self._ready) < self._size:
            self._ready.append(Rendering(self._server, self._turn))

    def take(self) -> Rendering:
        """Return a page that is ready, or one that begins now."""
        while self._ready:
            ready = self._ready.popleft()
            if ready.usable:
                self._fill_soon()
                return ready
        self._fill_soon()
        return Rendering(self._server, self._turn)

    def _fill_soon(self) -> None:
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(REFILL_S, self.fill)

    async def close(self) -> None:
        """Begin nothing more, and wait until nothing is half begun."""
        self._size = 0
        if self._later is not None:
            self._later.cancel()
        begun = [each.task for each in self._ready]
        self._ready.clear()
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


def _renderer(server: Server) -> NotebookRenderer:
    config = server.voila_configuration
    return NotebookRenderer(
        voila_configuration=config,
        traitlet_config=server.config,
        notebook_path=os.path.relpath(server.notebook_path, server.root_dir),
        template_paths=server.template_paths,
        config_manager=server.config_manager,
        contents_manager=server.contents_manager,
        base_url=server.base_url,
        kernel_spec_manager=server.kernel_spec_manager,
        page_config=get_page_config(server.base_url, server.app.settings, server.log, config),
        mathjax_config="",
        mathjax_url="",
    )


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True

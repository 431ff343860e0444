"""The kernels behind the pages: whose each is, how many there may be, what they inherit, when they end."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError

from ..errors import LabelwidgetsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .journal import Journal

INHERITED = frozenset(
    name
    for line in (
        "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TEMP TMP",
        "PYTHONPATH PYTHONHOME PYTHONUTF8 PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONNOUSERSITE PYTHONWARNINGS",
        "VIRTUAL_ENV CONDA_PREFIX LD_LIBRARY_PATH DYLD_LIBRARY_PATH SSL_CERT_FILE SSL_CERT_DIR",
        "XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_RUNTIME_DIR",
        "JUPYTER_CONFIG_DIR JUPYTER_DATA_DIR JUPYTER_RUNTIME_DIR JUPYTER_PATH IPYTHONDIR",
        "SYSTEMROOT WINDIR COMSPEC PATHEXT APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES USERPROFILE USERNAME",
        "NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE",
    )
    for name in line.split()
)
"""Names out of the server's environment that kernels get: nothing that may hold a secret."""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Twenty kernels on two cores; labeling multiplies no matrices."""

REMEMBERED = 10_000


def inherited(environment: Mapping[str, str], more: frozenset[str] = frozenset()) -> dict[str, str]:
    """What of an environment a kernel gets: an allow-list, since a deny-list forgets."""
    names = INHERITED | more
    kept = {name: value for name, value in environment.items() if name in names or name.startswith("LC_")}
    return ONE_THREAD | kept


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much a served app may take.

    Attributes
    ----------
    pool : int
        Pages kept ready for whoever comes next.
    per_person : int
        Kernels that one person may have, such as for several tabs; then the oldest idle one ends.
    most : int
        Kernels of all people together; each takes 100 MB and more.
    idle_s : float
        Seconds without an act or a heartbeat after which a kernel ends.
    """

    pool: int = 1
    per_person: int = 4
    most: int = 50
    idle_s: int = 1200


class Full(Exception):  # noqa: N818 - a state
    """No kernel can be started now."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose kernel it is, and by which sign-in."""

    user: str
    word: str = field(repr=False)
    since: datetime = field(default_factory=lambda: datetime.now(UTC))


class Kernels(AsyncMappingKernelManager):
    """Kernels that each belong to one person, from the moment their page is rendered for them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._owned: dict[str, Owner] = {}
        self._past: OrderedDict[str, str] = OrderedDict()
        self._ending: set[asyncio.Task[None]] = set()
        self._starting: set[asyncio.Task[str]] = set()
        self._closing = False
        self.more_environment: frozenset[str] = frozenset()
        self.silent = False

    @property
    def journal(self) -> Journal:
        """Where starts and ends are noted."""
        server: Any = self.parent
        journal: Journal = server.site.journal
        return journal

    # -- whose they are --------------------------------------------------------------------------------------

    def give(self, kernel_id: str, owner: Owner) -> None:
        """Bind a kernel to a person, for good.

        Raises
        ------
        PermissionError
            It is somebody's already.
        """
        if kernel_id in self._owned or kernel_id in self._past:
            raise PermissionError("A kernel belongs to the one that its page was rendered for.")
        self._owned[kernel_id] = owner
        self.journal.say("kernel given", kernel=_short(kernel_id), user=owner.user)

    def is_of(self, kernel_id: str, user: str) -> bool:
        """Whether a kernel is, or was, this person's."""
        owner = self._owned.get(kernel_id)
        return (owner.user if owner else self._past.get(kernel_id)) == user

    def has_ended(self, kernel_id: str) -> bool:
        """Whether a kernel that was somebody's has ended, or is about to."""
        return kernel_id in self._past

    def owned(self) -> dict[str, Owner]:
        """Kernels that are somebody's."""
        return dict(self._owned)

    def people(self) -> int:
        """How many people have a kernel."""
        return len({owner.user for owner in self._owned.values()})

    # -- how many there may be -------------------------------------------------------------------------------

    def make_room(self, user: str, sizes: Sizes) -> None:
        """Make room for one more kernel of a person, by ending idle ones.

        Raises
        ------
        Full
            All of theirs are just starting, or all people together have as many as there may be.
        """
        mine = [each for each, owner in self._owned.items() if owner.user == user]
        if len(mine) >= sizes.per_person:
            self._end_one(mine, "too many of one person")
        elif len(self._owned) >= sizes.most:
            left = [each for each in self._owned if not self._kernel_connections.get(each)]
            self._end_one(left, "too many")

    def _end_one(self, candidates: list[str], why: str) -> None:
        started = [each for each in candidates if each in self._kernels]
        if not started:
            raise Full
        self.end_soon(min(started, key=self._worth), why)

    def _worth(self, kernel_id: str) -> tuple[bool, datetime]:
        kernel = self._kernels[kernel_id]
        last: datetime = getattr(kernel, "last_activity", None) or self._owned[kernel_id].since
        return bool(self._kernel_connections.get(kernel_id)), last

    def end_soon(self, kernel_id: str, why: str) -> None:
        """End a kernel without waiting for it; from now on it is nobody's."""
        self._let_go(kernel_id, why)
        task = asyncio.ensure_future(self._end(kernel_id))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def end_of(self, why: str, *, user: str | None = None, word: str | None = None) -> None:
        """End all kernels of a person, or of one sign-in."""
        for kernel_id, owner in self.owned().items():
            if owner.user == user or owner.word == word:
                self.end_soon(kernel_id, why)

    async def _end(self, kernel_id: str) -> None:
        if kernel_id in self or kernel_id in self._pending_kernels:
            await self.shutdown_kernel(kernel_id)

    def _let_go(self, kernel_id: str, why: str) -> None:
        owner = self._owned.pop(kernel_id, None)
        if owner is None:
            return
        self._past[kernel_id] = owner.user
        while len(self._past) > REMEMBERED:
            self._past.popitem(last=False)
        self.journal.say("kernel end", kernel=_short(kernel_id), user=owner.user, why=why)

    # -- their lives -----------------------------------------------------------------------------------------

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        """Start a kernel that inherits little."""
        environment = kwargs.get("env") or os.environ
        kwargs["env"] = inherited(environment, self.more_environment)
        if self.silent:  # what a kernel writes may quote what people label
            kwargs |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if self._closing:
            raise Full
        # Whoever waits for it may give up; the process that was begun must not be lost sight of.
        starting = asyncio.ensure_future(super()._async_start_kernel(**kwargs))
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)
        started: str = await asyncio.shield(starting)
        self.journal.say("kernel start", kernel=_short(started))
        return started

    start_kernel = _async_start_kernel  # type: ignore[assignment]  # as its parent does

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended; whose it was is still known."""
        self._let_go(kernel_id, "ended")
        return super().remove_kernel(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel whose page has gone silent; those that wait for their page are nobody's yet."""
        if kernel_id in self._owned:
            await super().cull_kernel_if_idle(kernel_id)

    async def end_all(self) -> None:
        """End every kernel, those that are just starting too."""
        if self._culler_callback is not None:
            self._culler_callback.stop()
        self._closing = True
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*self._ending, return_exceptions=True)
        await self.shutdown_all()


class Gate(Authorizer):
    """A kernel is for the one that its page was rendered for, and nothing else of the server is for anybody."""

    async def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        """Whether the person of a request may have the kernel that its address names."""
        kernel_id = handler.path_kwargs.get("kernel_id", "")
        kernels: Kernels = handler.kernel_manager
        good = resource == "kernels" and kernels.is_of(kernel_id, user.username)
        if good and kernels.has_ended(kernel_id):
            raise HTTPError(404)
        if not good:
            handler.settings["site"].journal.say(
                "refused", user=user.username, what="another's kernel", act=action
            )
        return good


class ThisPython(KernelSpecManager):
    """Kernels of the Python that runs the server, whatever kernels are installed elsewhere under the same name."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the one kernel there is."""
        return {"python3": RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return how to start it."""
        return KernelSpec(resource_dir=RESOURCES, name=kernel_name, **get_kernel_dict())


def refuse_unknown(names: frozenset[str]) -> None:
    """Refuse names that are no names of variables.

    Raises
    ------
    LabelwidgetsError
        Naming the first.
    """
    bad = sorted(name for name in names if not name.replace("_", "").isalnum())
    if bad:
        raise LabelwidgetsError(f"{bad[0]!r} is no name of an environment variable.")


def _short(kernel_id: str) -> str:
    """Enough to find a kernel's lines in a log."""
    return kernel_id[:8]

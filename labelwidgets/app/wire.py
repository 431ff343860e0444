"""What passes between a page and its kernel: widgets' messages, and nothing by which code could run."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

ALLOWED = ("comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
"""What a page may say to its kernel. Nothing that runs, completes, inspects, debugs, or shuts down."""

TOLD = ("comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply", "status")
"""What a kernel may say to its page. Not what it writes or how something failed: that may quote others' data, and paths."""

CONTROL = "jupyter.widget.control"
"""The one comm that a page opens: it asks for the state of the widgets that are there."""

V1 = "v1.kernel.websocket.jupyter.org"

FEWEST, MOST = 6, 10_000
"""Offsets in a message: those of the channel, four parts and the end, and of as many buffers as there may be."""


class Wire(ZMQChannelsWebsocketConnection):
    """Drops what a page may not say, unanswered."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass a message on when it may be sent."""
        if may_pass(incoming_msg):
            super().handle_incoming_message(incoming_msg)


class Socket(VoilaKernelWebsocketHandler):
    """A page's websocket to its kernel.

    Only in the protocol that pages speak: what Voila does with binary messages of the older one keeps the whole server
    busy for ever.
    """

    async def get(self, kernel_id: str) -> None:
        """Open it."""
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if V1 not in [name.strip() for name in offered.split(",")]:
            raise HTTPError(400)
        await super().get(kernel_id)

    async def open(self, kernel_id: str) -> None:
        """Send each answer at once: waiting for more to send with it costs 40 ms an act."""
        self.set_nodelay(True)
        await super().open(kernel_id)

    def write_message(self, message: Any, binary: bool = False) -> Any:  # noqa: FBT001, FBT002 - as its parent's
        """Pass on what a page may hear; what went wrong is for the log."""
        kind, content = _said(message)
        if kind in TOLD:
            return super().write_message(message, binary)
        text = content.get("text") or "\n".join(content.get("traceback", ()))
        if not self.kernel_manager.silent:
            sys.stderr.write(text)
        if "Traceback" in text:
            fault, journal = content.get("ename") or _fault(text), self.settings["site"].journal
            journal.say("error", source="kernel", kernel=self.kernel_id[:8], kind=fault)
        return None


def may_pass(message: str | bytes) -> bool:
    """Whether a page's message may reach its kernel; one that can't be read may not.

    Parameters
    ----------
    message : str or bytes
        As it came through the websocket.
    """
    try:
        channel, kind, target = _read(message)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return False
    return channel == "shell" and kind in ALLOWED and (kind != "comm_open" or target == CONTROL)


def _said(message: str | bytes | dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Type and content of what a kernel, or the server for it, says to a page."""
    if isinstance(message, bytes):
        _, parts = deserialize_msg_from_ws_v1(message)
        kind: str = json.loads(parts[0])["msg_type"]
        return kind, {} if kind in TOLD else json.loads(parts[3])
    said = json.loads(message) if isinstance(message, str) else message
    return said["header"]["msg_type"], said["content"]


def _fault(text: str) -> str | None:
    """The kind of error that a traceback ends with; nothing of what it says."""
    name = text.strip().rpartition("\n")[2].partition(":")[0]
    return name if re.fullmatch(r"[\w.]{1,80}(Error|Exception)", name) else None


def _read(message: str | bytes) -> tuple[str, str, str]:
    """Channel, type, and, of a comm that is to be opened, its target."""
    if isinstance(message, str):
        raise TypeError("a text")
    count = int.from_bytes(message[:8], "little")
    if not FEWEST <= count <= MOST:  # whoever believes the number counts for ever
        raise ValueError(count)
    channel, parts = deserialize_msg_from_ws_v1(message)
    header, content = json.loads(parts[0]), json.loads(parts[3])
    return channel, header["msg_type"], content.get("target_name", "")

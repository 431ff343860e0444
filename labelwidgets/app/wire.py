"""What passes between a page and its kernel: widgets' messages, and nothing by which code could run."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
)
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

ALLOWED = ("comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
"""What a page may say to its kernel. Nothing that runs, completes, inspects, debugs, or shuts down."""

CONTROL = "jupyter.widget.control"
"""The one comm that a page opens: it asks for the state of the widgets that are there."""

V1 = "v1.kernel.websocket.jupyter.org"


class Wire(ZMQChannelsWebsocketConnection):
    """Drops what a page may not say, unanswered."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass a message on when it may be sent."""
        if may_pass(incoming_msg, self.subprotocol):
            super().handle_incoming_message(incoming_msg)


def may_pass(message: str | bytes, protocol: str | None) -> bool:
    """Whether a page's message may reach its kernel; one that can't be read may not.

    Parameters
    ----------
    message : str or bytes
        As it came through the websocket.
    protocol : str or None
        The subprotocol that both agreed on.
    """
    try:
        channel, kind, target = _read(message, protocol)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return False
    return channel == "shell" and kind in ALLOWED and (kind != "comm_open" or target == CONTROL)


def _read(message: str | bytes, protocol: str | None) -> tuple[str, str, str]:
    """Channel, type, and, of a comm that is to be opened, its target."""
    if protocol == V1:
        channel, parts = deserialize_msg_from_ws_v1(message)
        header, content = json.loads(parts[0]), json.loads(parts[3])
    else:
        whole = deserialize_binary_message(message) if isinstance(message, bytes) else json.loads(message)
        channel, header, content = whole["channel"], whole["header"], whole["content"]
    return channel, header["msg_type"], content.get("target_name", "")

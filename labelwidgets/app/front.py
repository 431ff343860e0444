"""The very front of the server: how large a request may be, and what of it is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPMessageDelegate

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tornado.httputil import HTTPHeaders, RequestStartLine, ResponseStartLine

LARGEST_BODY = 100_000
"""Bytes of a form or a request by a page; all else comes by websocket. Strangers could fill the memory otherwise."""

UNSAID = ("X-Real-Ip", "X-Scheme")
"""Headers that tornado would believe before X-Forwarded-For and -Proto, and that proxies pass on as visitors send them."""


class Front(HTTPServer):
    """Takes requests in, behind a proxy (`xheaders`) with the visitor's address as it says it."""

    def start_request(self, server_conn: object, request_conn: Any) -> HTTPMessageDelegate:
        """Begin one request."""
        return _Doubting(super().start_request(server_conn, request_conn))


class _Doubting(HTTPMessageDelegate):
    """Passes a request on, without the headers that nobody vouches for."""

    def __init__(self, inner: HTTPMessageDelegate) -> None:
        self._inner = inner

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        for name in UNSAID:
            headers.pop(name, None)
        return self._inner.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._inner.data_received(chunk)

    def finish(self) -> None:
        self._inner.finish()

    def on_connection_close(self) -> None:
        self._inner.on_connection_close()

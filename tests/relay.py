"""A way between a browser and a server that can be cut, as a network is that drops."""

import socket
import threading
from contextlib import suppress


class Relay:
    """Passes connections on to a port of this machine, until it is cut.

    Parameters
    ----------
    port : int
        Where the server listens, or will.

    Attributes
    ----------
    port : int
        Where the relay listens.
    """

    def __init__(self, port):
        self._target, self._ends, self._whole = port, set(), True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self):
        """Drop every connection, and answer no new one."""
        self._whole = False
        for end in list(self._ends):
            self._drop(end)

    def mend(self):
        self._whole = True

    def close(self):
        self.cut()
        self._door.close()

    def _listen(self):
        with suppress(OSError):  # the door was closed
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near):
        self._ends.add(near)
        try:
            far = socket.create_connection(("127.0.0.1", self._target)) if self._whole else None
        except OSError:
            far = None
        if far is None:
            self._drop(near)
            return
        self._ends.add(far)
        threading.Thread(target=self._pass, args=(far, near), daemon=True).start()
        self._pass(near, far)

    def _pass(self, one, other):
        with suppress(OSError):
            while self._whole and (data := one.recv(65_536)):
                other.sendall(data)
        self._drop(one)
        self._drop(other)

    def _drop(self, end):
        self._ends.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()

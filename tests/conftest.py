"""No test reaches beyond this machine: a connection to anywhere else is refused here, and fails the test that tried."""

import ipaddress
import socket

import pytest

LOCAL_NAMES = {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}


def _is_local(address):
    if not isinstance(address, tuple):
        return True  # a path in the file system
    host = address[0]
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Refuse every connection that isn't to loopback; afterwards nothing may have tried one."""
    tried = []

    def guarded(name):
        real = getattr(socket.socket, name)

        def connect(self, address):
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address):
                tried.append(address)
                raise ConnectionRefusedError(f"tests reach no network: {address}")
            return real(self, address)

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    yield tried
    assert tried == []

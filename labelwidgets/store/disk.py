"""Where a store's file lies: SQLite's locks and shared memory are only to be trusted on a disk of this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from ..errors import StoreError

NETWORK = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "coda", "davfs", "webdav", "ceph",
        "glusterfs", "lustre", "beegfs", "gpfs", "orangefs", "pvfs2", "panfs", "moosefs", "ocfs2", "gfs2", "ftp",
    }
)  # fmt: skip
"""Kinds of filesystem that other machines may write to as well."""

NETWORK_FUSE = (
    "sshfs",
    "s3fs",
    "gcsfuse",
    "goofys",
    "rclone",
    "mount-s3",
    "blobfuse",
    "juicefs",
    "glusterfs",
    "ceph",
    "davfs",
    "smb",
    "nfs",
)
"""The same, where a program stands behind the filesystem ("fuse.sshfs")."""


DRIVE_REMOTE = 4
"""What Windows calls a drive of another machine."""


class Mount(NamedTuple):
    """A filesystem that is mounted: where, of which kind, and from what."""

    point: str
    kind: str
    source: str


def mounts() -> list[Mount]:
    """All mounted filesystems, as far as the system tells."""
    table = Path("/proc/self/mountinfo")
    return parse_mounts(table.read_text(errors="surrogateescape")) if table.exists() else []


def parse_mounts(table: str) -> list[Mount]:
    """Read a table in the form of Linux's /proc/self/mountinfo."""
    found = []
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        kind, source = [*after.split(), "", ""][:2]
        found.append(Mount(_unescaped(before.split()[4]), kind, _unescaped(source)))
    return found


def require_local(path: Path, mounted: list[Mount] | None = None) -> None:
    """Refuse a place that other machines may write to.

    Parameters
    ----------
    path : Path
        Real path of the store.
    mounted : list of Mount, optional
        What is mounted; asked of the system when left out.

    Raises
    ------
    StoreError
        The path lies on a network filesystem.
    """
    kind = (
        _remote_drive(path)
        if sys.platform == "win32"
        else network_kind(path, mounts() if mounted is None else mounted)
    )
    if kind:
        raise StoreError(
            f"{path} lies on a network filesystem ({kind}), where SQLite loses data when two machines write. Put the "
            "store on a disk of this machine, or, for several machines, into PostgreSQL: postgresql://user@server/database."
        )


def network_kind(path: Path, mounted: list[Mount]) -> str:
    """Kind of the network filesystem under a path, "" when it is none."""
    under = [mount for mount in mounted if path.is_relative_to(mount.point)]
    if not under:
        return ""
    nearest = max(
        reversed(under), key=lambda mount: len(mount.point)
    )  # the last mounted at a point hides the others
    return nearest.kind if _is_network(nearest) else ""


def _is_network(mount: Mount) -> bool:
    kind = mount.kind.lower()
    if kind.startswith("fuse."):
        return kind.removeprefix("fuse.").startswith(NETWORK_FUSE)
    return kind in NETWORK or (
        kind == "9p" and ":" in mount.source
    )  # 9p from "C:": a Windows drive seen from its Linux


def _unescaped(word: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        word = word.replace(code, character)
    return word


def _remote_drive(path: Path) -> str:
    if str(path).startswith("\\\\"):
        return "a network share"
    if sys.platform == "win32":
        import ctypes

        if ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == DRIVE_REMOTE:
            return "a network drive"
    return ""


def unwritable(path: Path) -> str:
    """Why a store at this path can take no writes, "" when it can; SQLite writes beside the file as well."""
    if path.exists() and not os.access(path, os.W_OK):
        return f"the file {path} may not be written"
    if not os.access(path.parent, os.W_OK):
        return f"the folder {path.parent} may not be written"
    return ""


def sync_folder(path: Path) -> None:
    """Make the names of new files in a folder durable, where the system can."""
    if sys.platform == "win32":
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

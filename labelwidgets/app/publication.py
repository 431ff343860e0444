"""What a published app is: a folder with a thin notebook, a logo and its settings, without data and without secrets."""

from __future__ import annotations

import base64
import json
import os
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..errors import LabelwidgetsError, listed, shown
from ..places import ports
from .page import NOTEBOOK
from .site import based, public_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..store import Store

FORM = 1
PUBLICATION, LOGO, TEMPLATE = "publication.json", "logo.png", "template"
THEMES = ("system", "light", "dark")
LOGO_SIDE = 320
LARGEST_LOGO = 25_000_000
"""Pixels of a picture that is taken for a logo."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Settings of a published app, as `publication.json` keeps them.

    Attributes
    ----------
    store : str
        Where the store is, for finding it again: a path seen from the folder, or a URL without password.
    title, theme : str
        What it is called; "system", "light" or "dark".
    columns : dict
        Name of a session to the columns shown beside its items.
    sign_in : dict
        `kind` and what that kind needs that is no secret.
    url : str
        Where people reach it when that is not the address it listens on: https, behind a proxy. "" otherwise.
    base_url : str
        Below which it is.
    port : int
        Where it listens, always the same: browsers keep unsent answers by address.
    sizes : dict
        `pool`, `per_person`, `most`, `idle_s`.
    kernel_env : list of str
        Further variables of the server's environment that kernels get.
    """

    store: str
    title: str
    theme: str = "system"
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sign_in: Mapping[str, Any] = field(default_factory=lambda: {"kind": "accounts"})
    url: str = ""
    base_url: str = "/"
    port: int = 0
    sizes: Mapping[str, int] = field(default_factory=lambda: {"pool": 2})
    kernel_env: Sequence[str] = ()
    form: int = FORM

    def __post_init__(self) -> None:
        """Refuse what can't be served.

        Raises
        ------
        LabelwidgetsError
            Naming what.
        """
        if self.theme not in THEMES:
            raise LabelwidgetsError(f"A theme is one of {listed(THEMES)}, found {shown(self.theme)}.")
        if self.url and public_url(self.url) != self.url:
            raise LabelwidgetsError(f"The address {self.url!r} is not whole: write {public_url(self.url)!r}.")
        if based(self.base_url) != self.base_url:
            raise LabelwidgetsError(f"The base URL {self.base_url!r} should be {based(self.base_url)!r}.")

    def changed(self, **given: Any) -> Self:
        """Return it with what is given and not None."""
        return replace(self, **{name: value for name, value in given.items() if value is not None})

    @property
    def address(self) -> str:
        """Where people reach it."""
        return self.url or f"http://127.0.0.1:{self.port}{self.base_url}"

    def write(self, folder: Path) -> None:
        """Write it, and the notebook that goes with this version of the package, into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NOTEBOOK.name).write_text(NOTEBOOK.read_text(encoding="utf-8"), encoding="utf-8")
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"
        whole = folder / f"{PUBLICATION}.new"
        whole.write_text(text, encoding="utf-8")
        whole.replace(folder / PUBLICATION)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what `write` wrote.

        Raises
        ------
        LabelwidgetsError
            It is not there, or not whole, or of a newer version.
        """
        try:
            said = json.loads((folder / PUBLICATION).read_text(encoding="utf-8"))
            if said["form"] > FORM:
                raise LabelwidgetsError(
                    f"{folder} was published by a newer version of labelwidgets: install that one."
                )
            return cls(**said)
        except FileNotFoundError:
            raise LabelwidgetsError(
                f"There is no published app in {folder}: make one with `labelwidgets publish STORE`."
            ) from None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise LabelwidgetsError(
                f"{folder / PUBLICATION} can't be read: {error}. Publish again, or mend it."
            ) from error


def folder_of(store: str) -> Path:
    """Where the published app of a store in a file is, unless said otherwise: beside it.

    Raises
    ------
    LabelwidgetsError
        The store is a database, which is beside nothing.
    """
    path = store.removeprefix("sqlite:///")
    if "://" in path:
        raise LabelwidgetsError(
            "Name the folder of the app: the store is a database, which is beside no folder."
        )
    return Path(path).with_name(f"{Path(path).stem}-app")


def identity_of(store: Store) -> str:
    """What the app of a store is known by where ports are kept: not the store, which one person labels elsewhere."""
    return str(uuid.uuid5(uuid.UUID(store.uuid), "published"))


def port_of(store: Store) -> int:
    """Port of the app of a store, always the same."""
    return next(ports(identity_of(store)))


def seen_from(folder: Path, store: Store) -> str:
    """Where a store is, as its app keeps it: a path seen from the folder, or the URL without password."""
    if not store.url.startswith("sqlite"):
        return store.url
    return os.path.relpath(store.url.removeprefix("sqlite:///"), folder.resolve())


def close_to_others(store: Store) -> None:
    """Let other users of this machine read nothing of a store in a file: it holds what passwords are checked by.

    Its group keeps what it may; a file that is somebody else's stays as it is.
    """
    if os.name != "posix" or not store.url.startswith("sqlite"):
        return
    path = Path(store.url.removeprefix("sqlite:///"))
    for each in (path, *(path.with_name(f"{path.name}{more}") for more in ("-wal", "-shm"))):
        with suppress(FileNotFoundError, PermissionError):
            each.chmod(each.stat().st_mode & ~0o007)


def keep_logo(folder: Path, picture: Path) -> None:
    """Write a picture into the folder as a small PNG, made anew from its pixels.

    Raises
    ------
    LabelwidgetsError
        It is no picture, or too large a one. SVG is none: it may hold scripts.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(picture, formats=["PNG", "JPEG", "WEBP", "GIF"]) as opened:
            if opened.width * opened.height > LARGEST_LOGO:
                raise LabelwidgetsError(
                    f"{picture} has {opened.width} x {opened.height} pixels: take a smaller picture."
                )
            opened.thumbnail((LOGO_SIDE, LOGO_SIDE))
            folder.mkdir(parents=True, exist_ok=True)
            opened.convert("RGBA").save(folder / LOGO, "PNG")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise LabelwidgetsError(
            f"{picture} can't be read as a picture: take a PNG, JPEG, WebP or GIF."
        ) from error


def logo_of(folder: Path) -> str:
    """The logo as a `data:` URL, "" where there is none."""
    path = folder / LOGO
    if not path.exists():
        return ""
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"

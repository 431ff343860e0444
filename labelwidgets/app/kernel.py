"""What code in a page's kernel can know of itself."""

from __future__ import annotations

from pathlib import Path

from ..errors import LabelwidgetsError


def this_kernel() -> str:
    """Id of the kernel that this code runs in, as the server knows it.

    It stands in the name of the file by which the server reaches the kernel, so no page can say another.

    Raises
    ------
    LabelwidgetsError
        This is no kernel that a server started.
    """
    from ipykernel.connect import get_connection_file

    try:
        name = Path(get_connection_file()).stem
    except RuntimeError:
        name = ""
    if not name.startswith("kernel-"):
        raise LabelwidgetsError(
            "This code does not run in a page's kernel: start the page with `labelwidgets label STORE` or `labelwidgets serve STORE`."
        )
    return name.removeprefix("kernel-")

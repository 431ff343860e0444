"""What the pages have in common that this server writes itself, without a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join

if TYPE_CHECKING:
    from .signin.provider import Person, Provider
    from .site import Site

LONGEST_NEXT = 2_000


class Handler(JupyterHandler):
    """Writes our own pages."""

    @property
    def site(self) -> Site:
        """The app."""
        site: Site = self.settings["site"]
        return site

    @property
    def provider(self) -> Provider:
        """How people sign in."""
        provider: Provider = self.settings["identity_provider"]
        return provider

    @property
    def person(self) -> Person | None:
        """Who asks."""
        person: Person | None = self.current_user
        return person

    @property
    def address(self) -> str:
        """Network address of who asks."""
        return str(self.request.remote_ip)

    @property
    def next(self) -> str:
        """Where to go after signing in."""
        return inside(self.get_argument("next", ""), self.base_url)

    def page(self, template: str, status: int = 200, **values: Any) -> None:
        """Finish with one of our pages."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        written = self.settings["voila_jinja2_env"].get_template(template)
        given = {
            "site": self.site,
            "base_url": self.base_url,
            "xsrf_form_html": self.xsrf_form_html,
            "next": self.next,
        }
        self.finish(written.render(**given | values))

    def notice(self, status: int, title: str, text: str, link: str = "", to: str = "") -> None:
        """Finish with a page that says one thing, and offers one way on."""
        self.page("notice.html", status, title=title, text=text, link=link, to=to or self.base_url)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say what went wrong in words for people; how, stands in the log."""
        del kwargs
        title, text = ERRORS.get(status_code, ERRORS[500 if status_code >= 500 else 400])  # noqa: PLR2004
        self.notice(status_code, title, text, "To the start")

    def at(self, path: str) -> str:
        """Address of a path of this app, as a browser on this site asks for it."""
        return url_path_join(self.base_url, path)


ERRORS = {
    400: ("That can't be asked here", "Go back and try again."),
    403: ("This is not for you", "If it should be, ask whoever invited you."),
    404: ("There is nothing here", "The address may be mistyped, or what was here is gone."),
    405: ("That can't be done here", "Go back and try again."),
    500: (
        "Something went wrong here",
        "Nothing that was saved is lost. Try again in a minute, then tell whoever runs this page.",
    ),
    503: ("Not now", "Try again in a few minutes."),
}
"""Status to what people read."""


def inside(path: str, base_url: str) -> str:
    """Return a path of this app as it is, and the start page for anything that might lead elsewhere.

    Parameters
    ----------
    path : str
        As a visitor sent it.
    base_url : str
        Below which the app is.
    """
    plain = path.isascii() and path.isprintable() and "\\" not in path and len(path) <= LONGEST_NEXT
    dots = path.lower().replace("%2e", ".")  # browsers take these for the same
    good = plain and path.startswith(base_url) and not path.startswith("//") and ".." not in dots
    return path if good else base_url

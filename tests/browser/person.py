"""Somebody at a published app, in a browser of their own, who remembers everything that their pages were ever sent."""

import re

from playwright.sync_api import Error

PASSWORD = "four plain words here"
PATIENCE_MS = 60_000


class Person:
    """One context, one person.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
    url : str
        Of the app.
    name : str

    Attributes
    ----------
    heard : list of bytes
        What came through websockets, and the bodies of what was loaded from the app itself, package files apart.
    asked : list of str
        Addresses that the pages asked for.
    """

    def __init__(self, browser, url, name, **options):
        self.url, self.name, self.heard, self.asked = url, name, [], []
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}} | options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.open()

    def open(self):
        """Open one more tab."""
        page = self.context.new_page()
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))
        page.on("requestfinished", self._read)
        page.on("request", lambda request: self.asked.append(request.url))
        return page

    def _hear(self, payload):
        self.heard.append(payload if isinstance(payload, bytes) else payload.encode())

    def _read(self, request):
        if "/voila/static/" in request.url or not request.url.startswith(self.url):
            return
        try:
            self.heard.append(request.response().body())
        except Error:  # a redirect has no body, and a page that was left has none any more
            self.heard.append(b"")

    def knows(self, words):
        """Which of some words stood in what came; none of it is compressed here, the browser has unpacked it."""
        return [word for word in words if any(word.encode() in each for each in self.heard)]

    # -- coming in -----------------------------------------------------------------------------------------

    def accept(self, link):
        """Choose a password by an invite's link."""
        self.page.goto(link)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("The same again").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.locator(".lw-app .lw-a-head").wait_for()

    def sign_in(self, path=""):
        """Sign in with the password, on the way to a page."""
        self.page.goto(self.url + path)
        self.page.locator("input[name=name]").fill(self.name)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.locator(".lw-app .lw-a-head").wait_for()

    # -- the page on show ----------------------------------------------------------------------------------

    def item(self, page=None):
        """The number in the text on the desk, None when there is none."""
        shown = (page or self.page).locator(".lw-root main, .lw-root .lw-stage").first.inner_text()
        found = re.search(r"message (\d+)", shown)
        return int(found[1]) if found else None

    def mark(self, page=None):
        """What the page says of saving."""
        return (page or self.page).locator(".lw-saving").inner_text()

    def says(self, text, page=None):
        """Wait until the mark begins with a text; case counts, since "Not saved" holds "saved" too."""
        (page or self.page).locator(".lw-saving", has_text=re.compile(rf"^\s*{text}")).wait_for()

    def done(self, n, page=None):
        """Wait until the page says that so many tasks are done."""
        (page or self.page).locator(".lw-progress", has_text=re.compile(rf"^{n} of")).wait_for()

    def close(self):
        self.context.close()

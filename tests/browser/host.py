"""A host as thin as can be: the real Python widget in this process, a model of forty lines in a real page.

JupyterLab and Voila do the same with a server and a kernel in between; a few tests go through them. Here a
test takes about two seconds, and can lose, delay or forge messages at will.
"""

from __future__ import annotations

import base64
import gc
import json
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import comm
from comm.base_comm import BaseComm, CommManager
from ipywidgets.widgets import widget as ipw

from labelwidgets.widget import Bundle

PAGE = (Path(__file__).parent / "host.html").read_text()


class HostComm(BaseComm):
    """Collects what Python sends, until the page fetches it."""

    sent: list[dict[str, Any]] = []

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        if msg_type in ("comm_msg", "comm_open"):
            said = {"comm": self.comm_id, "data": data, "buffers": [bytes(b) for b in buffers or []]}
            HostComm.sent.append(said | {"open": msg_type == "comm_open"})


@contextmanager
def bare_comms():
    """Let widgets open their comms here instead of in a kernel."""
    manager = CommManager()
    before = comm.create_comm, comm.get_comm_manager

    def create(*args, **kwargs):
        made = HostComm(*args, **kwargs)
        manager.register_comm(made)
        return made

    comm.create_comm, comm.get_comm_manager = create, lambda: manager
    HostComm.sent = []
    Bundle._made.clear()
    try:
        yield manager
    finally:
        for widget in list(ipw._instances.values()):
            if isinstance(widget.comm, HostComm):  # ipycanvas makes one when it is imported, maybe before
                widget.close()
        Bundle._made.clear()
        gc.collect()  # a widget closes its comm when it dies: it is to find the manager it knew
        comm.create_comm, comm.get_comm_manager = before


class Host:
    """One page with widgets in it.

    Attributes
    ----------
    dead : bool
        The kernel hears nothing and says nothing.
    deaf_to : callable or None
        Called with each act (dict); True loses it on the way to the kernel.
    loses : callable or None
        Called with each reply (dict); True loses it on the way to the page.
    acts, replies : list of dict
        What the kernel got and what the page got.
    """

    def __init__(self, page, *, theme="light"):
        self.page = page
        self.dead = False
        self.deaf_to = None
        self.loses = None
        self.acts: list[dict] = []
        self.replies: list[dict] = []
        self.errors: list[str] = []
        self.theme = theme
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.expose_function("__lw_send", self._from_page)
        page.expose_function("__lw_poll", self._take)
        page.route("http://widgets.test/**", lambda route: route.fulfill(body=PAGE, content_type="text/html"))

    # -- the page's side --

    def show(self, *widgets, delay_bundle=0.0, script="", path="", config=None):
        """Load the page anew, with a view of each widget, as a host does after a reload.

        `config` is what a server writes into its pages, such as the id of their kernel.
        """
        self.widgets = widgets
        self.page.goto(f"http://widgets.test/{path}")
        self.page.evaluate("config => lwHost.configure(config)", config)
        self.page.evaluate(
            "theme => document.body.dataset.jpThemeLight = String(theme === 'light')", self.theme
        )
        if script:
            self.page.evaluate(script)
        HostComm.sent = [m for m in HostComm.sent if m["data"].get("method") != "custom"]
        states = {model_id: self._state(w) for model_id, w in ipw._instances.items()}
        HostComm.sent = []
        views = [w.model_id for w in widgets]
        self.page.evaluate(
            "([states, views, delay]) => lwHost.load(states, views, delay)", [states, views, delay_bundle]
        )
        return self

    def reload(self, **options):
        return self.show(*self.widgets, **options)

    def settle(self, timeout=15.0):
        """Wait until nothing is on its way, in either direction."""
        end = time.monotonic() + timeout
        quiet = 0
        while quiet < 2:
            self.deliver()
            busy = self.page.evaluate("() => lwHost.busy()")
            quiet = 0 if busy or HostComm.sent else quiet + 1
            if time.monotonic() > end:
                raise TimeoutError(f"the page is still busy after {timeout} s")
            self.page.wait_for_timeout(15)
        return self

    def deliver(self):
        """Hand the page what Python said unasked."""
        if HostComm.sent and not self.dead:
            self.page.evaluate("messages => lwHost.receive(messages)", self._take())

    def send(self, act, widget=None):
        """Send an act as a hostile page would, past all of our own code; returns the replies it got."""
        target = widget or self.widgets[0]
        before = len(self.replies)
        self._from_page(target.model_id, json.dumps({"method": "custom", "content": act}), [])
        return self.replies[before:]

    def write(self, state, widget=None):
        """Write to synced traits as any visitor of a published page can."""
        target = widget or self.widgets[0]
        self._from_page(
            target.model_id, json.dumps({"method": "update", "state": state, "buffer_paths": []}), []
        )

    # -- the kernel's side --

    def _from_page(self, comm_id, data, buffers):
        data = json.loads(data)
        act = data.get("content") if data.get("method") == "custom" else None
        if act is not None and self.deaf_to and self.deaf_to(act):
            return []
        if self.dead:
            return []
        if act is not None:
            self.acts.append(act)
        widget = ipw._instances.get(comm_id)
        if widget is not None:
            message = {"content": {"data": data}, "buffers": [base64.b64decode(b) for b in buffers]}
            widget.comm.handle_msg(message)
        return self._take()

    def _take(self):
        sent, HostComm.sent = HostComm.sent, []
        if self.dead:
            return []
        said = []
        for message in sent:
            data = message["data"]
            if data.get("method") == "custom":
                self.replies.append(data["content"])
                if self.loses and self.loses(data["content"]):
                    continue
            said.append(message | {"buffers": [base64.b64encode(b).decode() for b in message["buffers"]]})
        return json.loads(json.dumps(said, default=str))

    @staticmethod
    def _state(widget):
        state, paths, buffers = ipw._remove_buffers(widget.get_state())
        return {
            "state": json.loads(json.dumps(state, default=str)),
            "paths": paths,
            "buffers": [base64.b64encode(b).decode() for b in buffers],
        }

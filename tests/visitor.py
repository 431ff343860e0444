"""A visitor of a published app without a browser: signs in, opens a page, and speaks to its kernel by a raw websocket."""

import http.client
import json
import re
import struct
import time
import uuid
from http.cookies import SimpleCookie
from typing import ClassVar
from urllib.parse import urlencode, urlsplit

import websocket

PATIENCE_S = 90

V1 = "v1.kernel.websocket.jupyter.org"


class Answer:
    """What a server said.

    Attributes
    ----------
    status : int
    headers : http.client.HTTPMessage
    text : str
    """

    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode(errors="replace")

    @property
    def location(self):
        return self.headers.get("Location", "")

    @property
    def json(self):
        return json.loads(self.text)


class Visitor:
    """Somebody with a browser's memory for cookies.

    Parameters
    ----------
    url : str
        Of the app.
    """

    def __init__(self, url, **headers):
        place = urlsplit(url)
        self.host, self.port, self.base = place.hostname, place.port, place.path or "/"
        self.origin = f"{place.scheme}://{place.netloc}"
        self.cookies, self.headers = {}, headers

    def ask(self, path, *, method="GET", body=None, **headers):
        """One request; `path` from the base URL, or a whole address of this server."""
        place = urlsplit(path)
        whole = path if path.startswith("/") or not place.scheme else place.path
        if not whole.startswith("/"):
            whole = self.base + whole
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        connection.request(method, whole, body, self.sent(**headers))
        response = connection.getresponse()
        answer = Answer(response)
        connection.close()
        self._remember(response)
        return answer

    def sent(self, **headers):
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | sent
        return sent

    def _remember(self, response):
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                gone = morsel["max-age"] == "0" or "1970" in morsel["expires"] or not morsel.value
                self.cookies.pop(name, None)
                if not gone:
                    self.cookies[name] = morsel.value

    def send(self, path, **fields):
        """Send a form as a browser does that was shown it before."""
        form = urlencode(fields | {"_xsrf": self.cookies.get("_xsrf", "")})
        return self.ask(
            path,
            method="POST",
            body=form,
            Content_Type="application/x-www-form-urlencoded",
            Origin=self.origin,
        )

    def post(self, path, body=None, **headers):
        """Send JSON as the page does."""
        given = {"X_XSRFToken": self.cookies.get("_xsrf", ""), "Origin": self.origin}
        return self.ask(path, method="POST", body=json.dumps(body), **given | headers)

    # -- coming in -----------------------------------------------------------------------------------------

    def accept(self, link, password):
        """Choose a password by an invite's link."""
        path = urlsplit(link).path
        self.ask(path)
        return self.send(path, password=password, again=password)

    def sign_in(self, name, password, to="/"):
        self.ask("login")
        return self.send(f"login?{urlencode({'next': to})}", name=name, password=password)

    def sign_out(self):
        self.ask("logout")
        return self.send("logout")

    @property
    def signed_in(self):
        return self.ask("about?x=1").status == 302 and self.ask("nothing-there").status == 404

    # -- pages ---------------------------------------------------------------------------------------------

    def open(self, path=""):
        """Load a page; returns it with its kernel's id and its widgets."""
        answer = self.ask(path)
        assert answer.status == 200, (answer.status, answer.location, answer.text[:300])
        return Page(self, answer.text)

    def ticket(self, kernel):
        return self.post("ticket", {"kernel": kernel})

    def socket(self, kernel, protocols=(V1,), **headers):
        """A websocket to a kernel; raises `websocket.WebSocketBadStatusException` when it is refused."""
        origin = headers.pop("Origin", self.origin)
        given = self.sent(**headers)
        more = {"host": given.pop("Host")} if "Host" in given else {}
        sent = [f"{name}: {value}" for name, value in given.items()]
        url = f"ws://{self.host}:{self.port}{self.base}api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        return Wire(
            websocket.create_connection(
                url, header=sent, timeout=PATIENCE_S, origin=origin, subprotocols=list(protocols), **more
            )
        )


class Page:
    """A page as it was served."""

    def __init__(self, visitor, text):
        self.visitor, self.text = visitor, text
        config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', text, re.DOTALL)
        self.kernel = json.loads(config[1])["kernelId"]
        self.models = re.findall(r'"model_id": ?"(\w+)"', text)

    def enter(self, page="label", project=None):
        """Hand in a ticket; returns the desk of the project's widget, or what else the page shows."""
        self.wire = self.visitor.socket(self.kernel)
        self.app = Desk(self.wire, self.models[-1])
        ticket = self.visitor.ticket(self.kernel).json["ticket"]
        return self.app.act("enter", ticket=ticket, page=page, project=project)

    def label(self, project="default"):
        """Enter and open a project; returns its desk."""
        opened = self.enter("label", project)["opened"]
        return Desk(self.wire, opened["data"]["model"])

    def leave(self):
        """Close the page, as a browser does."""
        return self.visitor.post(f"voila/api/shutdown/{self.kernel}")


class Wire:
    """A kernel's websocket, as a page speaks it."""

    opened: ClassVar[list["Wire"]] = []

    def __init__(self, connection):
        self.connection = connection
        self.opened.append(self)
        self.session = uuid.uuid4().hex
        self.waiting = []

    def send(self, kind, content=None, *, channel="shell", **header):
        """Send one message; returns its id."""
        message_id = uuid.uuid4().hex
        head = {
            "msg_id": message_id,
            "msg_type": kind,
            "session": self.session,
            "username": "",
            "version": "5.3",
            "date": "2026-01-01T00:00:00Z",
        }
        parts = [head | header, {}, {}, content or {}]
        self.connection.send_binary(packed(channel, [json.dumps(part).encode() for part in parts]))
        return message_id

    def receive(self, timeout=PATIENCE_S):
        """The next message; None when none comes in time."""
        self.connection.settimeout(timeout)
        try:
            raw = self.connection.recv()
        except websocket.WebSocketTimeoutException:
            return None
        if not raw:
            return None
        return parsed(raw)

    def until(self, fits, timeout=None):
        """The first message that fits, of those that came and those that come."""
        for n, message in enumerate(self.waiting):
            if fits(message):
                return self.waiting.pop(n)
        end = time.monotonic() + (PATIENCE_S if timeout is None else timeout)
        while time.monotonic() < end:
            message = self.receive(end - time.monotonic())
            if message is None:
                break
            if fits(message):
                return message
            self.waiting.append(message)
        return None

    def reply(self, kind, content=None, timeout=None, **more):
        """Send a message and return what answers it on its own channel."""
        sent = self.send(kind, content, **more)
        return self.until(
            lambda m: m["parent_header"].get("msg_id") == sent and m["header"]["msg_type"].endswith("_reply"),
            timeout,
        )

    def close(self):
        self.connection.close()

    @classmethod
    def close_all(cls):
        """Close those that a test left open."""
        while cls.opened:
            cls.opened.pop().close()


class Desk:
    """One widget, reached by its model's id."""

    def __init__(self, wire, model):
        self.wire, self.model = wire, model

    def say(self, content):
        data = {"method": "custom", "content": content}
        return self.wire.send("comm_msg", {"comm_id": self.model, "data": data})

    def act(self, kind, **fields):
        """Send an act and return its answer."""
        act = fields.pop("id", None) or uuid.uuid4().hex
        self.say({"kind": kind, "id": act} | fields)
        answer = self.wire.until(lambda m: self.custom(m).get("id") == act)
        assert answer is not None, f"{kind} was not answered"
        return self.custom(answer)

    def custom(self, message):
        """What this widget sends to its page, {} for other messages."""
        content = message["content"]
        mine = message["header"]["msg_type"] == "comm_msg" and content.get("comm_id") == self.model
        data = content["data"] if mine else {}
        return data.get("content", {}) if data.get("method") == "custom" else {}

    def pushed(self, timeout=None):
        """The next tasks that come unasked, or with an answer."""
        push = self.wire.until(lambda m: self.custom(m).get("kind") == "push", timeout)
        return self.custom(push)["tasks"] if push else []

    def hello(self, page="raw"):
        return self.act("hello", page=page)


def packed(channel, parts):
    """A message as it goes through the websocket: how many offsets, the offsets, the channel, the parts."""
    pieces = [channel.encode(), *parts]
    starts = [8 * (len(pieces) + 2)]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
    return b"".join(
        [struct.pack("<Q", len(starts)), *(struct.pack("<Q", start) for start in starts), *pieces]
    )


def parsed(raw):
    """A message as it came, without its buffers."""
    count = struct.unpack("<Q", raw[:8])[0]
    starts = struct.unpack(f"<{count}Q", raw[8 : 8 * (count + 1)])
    pieces = [raw[start:end] for start, end in zip(starts, starts[1:], strict=False)]
    header, parent, _, content = (json.loads(piece) for piece in pieces[1:5])
    return {"channel": pieces[0].decode(), "header": header, "parent_header": parent, "content": content}

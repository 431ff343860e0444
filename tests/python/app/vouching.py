"""Servers on loopback that vouch for people: a small OpenID provider, and as much of a JupyterHub as signing in needs."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey


class Answering(BaseHTTPRequestHandler):
    """Asks its server what to answer: status, headers and body."""

    def _answer(self):
        place = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(size).decode()
        given = {name: values[0] for name, values in parse_qs(place.query or text).items()}
        status, headers, body = self.server.vouching.answer(self, place.path, given)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = _answer

    def log_message(self, *_):
        pass


@contextmanager
def listening(vouching):
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.daemon_threads = True
        server.vouching = vouching
        vouching.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield vouching
        finally:
            server.shutdown()
            thread.join()


class Provider:
    """An OpenID provider where whoever comes is already signed in as `person`.

    Attributes
    ----------
    person : dict
        Claims of whoever is there.
    wrong : dict
        What it does wrong: claims to replace (None removes), and `sign`, `answer`, `metadata`, `token`.
    """

    client, secret = "street", "the client's secret"

    def __init__(self):
        self.key = RSAKey.generate_key(2048, parameters={"kid": "k1"}, private=True)
        self.person, self.wrong, self.codes, self.seen = {}, {}, {}, []

    @property
    def issuer(self):
        return self.url

    def answer(self, request, path, given):
        self.seen.append((path, given, dict(request.headers)))
        if path == "/.well-known/openid-configuration":
            told = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
            return 200, {}, told | self.wrong.get("metadata", {})
        if path == "/jwks":
            return 200, {}, {"keys": [self.key.as_dict(private=False)]}
        if path == "/authorize":
            return self._authorize(given)
        if path == "/token":
            return self._token(request, given)
        return 404, {}, {}

    def _authorize(self, given):
        code = secrets.token_urlsafe(16)
        self.codes[code] = given
        back = {"code": code, "state": given["state"], "iss": self.issuer} | self.wrong.get("answer", {})
        return 302, {"Location": f"{given['redirect_uri']}?{urlencode(back)}"}, {}

    def _token(self, request, given):
        asked = self.codes.pop(given.get("code"), None)
        basic = base64.b64encode(b"street:the%20client%27s%20secret").decode()
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or request.headers.get("Authorization") != f"Basic {basic}"
            or asked["code_challenge"] != proved
            or asked["redirect_uri"] != given["redirect_uri"]
        ):
            return 400, {}, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        token = {"access_token": access, "token_type": "Bearer", "id_token": self._id_token(asked, access)}
        return 200, {}, token | self.wrong.get("token", {})

    def _id_token(self, asked, access):
        now = int(time.time())
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "aud": self.client,
            "sub": "1234",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        claims |= self.person | {n: v for n, v in self.wrong.items() if n in {*claims, "azp", "email"}}
        claims = {name: value for name, value in claims.items() if value is not None}
        return self.wrong.get("sign", self.sign)(claims)

    def sign(self, claims):
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)

    def unsigned(self, claims):
        head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
        return f"{head}.{body}."

    def by_public_key(self, claims):
        """The old trick: the public key, which everybody has, as the secret of HS256."""
        secret = OctKey.import_key(self.key.as_pem(private=False).decode().encode())
        return jwt.encode({"alg": "HS256", "kid": "k1"}, claims, secret)

    def by_another_key(self, claims):
        other = RSAKey.generate_key(2048, parameters={"kid": "k1"}, private=True)
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, other)

    def tampered(self, claims):
        head, _, signature = self.sign(claims).split(".")
        other = json.dumps(claims | {"preferred_username": "mia"}).encode()
        return f"{head}.{base64.urlsafe_b64encode(other).rstrip(b'=').decode()}.{signature}"


class Hub:
    """As much of a JupyterHub as signing in needs; whoever comes is signed in there as `person`.

    Attributes
    ----------
    person : str
        Name of whoever is there.
    scopes : list of str
        What they may do.
    """

    client, token = "service-street", "the service's api token"

    def __init__(self):
        self.person, self.scopes, self.codes, self.tokens = "ann", ["access:services"], {}, {}
        self.kind = "user"

    def variables(self, prefix, callback):
        return {
            "JUPYTERHUB_API_TOKEN": self.token,
            "JUPYTERHUB_API_URL": f"{self.url}/hub/api",
            "JUPYTERHUB_BASE_URL": "/",
            "JUPYTERHUB_HOST": self.url,
            "JUPYTERHUB_CLIENT_ID": self.client,
            "JUPYTERHUB_SERVICE_NAME": "street",
            "JUPYTERHUB_SERVICE_PREFIX": prefix,
            "JUPYTERHUB_OAUTH_CALLBACK_URL": callback,
        }

    def answer(self, request, path, given):
        if path == "/hub/api/oauth2/authorize":
            code = secrets.token_urlsafe(16)
            self.codes[code] = given
            back = urlencode({"code": code, "state": given["state"]})
            return 302, {"Location": f"{given['redirect_uri']}?{back}"}, {}
        if path == "/hub/api/oauth2/token":
            asked = self.codes.pop(given.get("code"), None)
            if asked is None or given["client_secret"] != self.token or given["client_id"] != self.client:
                return 403, {}, {}
            word = secrets.token_urlsafe(16)
            self.tokens[word] = self.person
            return 200, {}, {"access_token": word, "token_type": "Bearer"}
        if path == "/hub/api/user":
            word = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if word not in self.tokens:
                return 403, {}, {}
            return 200, {}, {"kind": self.kind, "name": self.tokens[word], "scopes": self.scopes}
        return 404, {}, {}

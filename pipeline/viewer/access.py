"""Who may ask: only pages that this server gave out, to someone who was given its address with the token.

Every answer forbids pages to run or load anything but what this server gives out.
"""

import hmac
import re
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
"""The server is reached under these names alone, at any port: a tunnel may have another one."""
_ASKED_FROM_HERE = ("same-origin", "none", None)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class AccessGuard:
    """Lets requests through that have the token, come from the server's own pages, and name this machine."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token or secrets.token_urlsafe(24)
        self._cookie = f"vidpref_{secrets.token_hex(4)}"

    def middleware(self) -> Middleware:
        """Refuses what may not pass, with one line and status 403."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            if given := request.query.get("token"):
                return self._enter(request, given)
            if problem := self._problem(request):
                return web.Response(status=403, text=f"{problem}\n")
            return await handler(request)

        return guarded

    def _enter(self, request: web.Request, given: str) -> web.Response:
        """Trade the token of the address for a cookie, so that it does not stay in the address."""
        known_host = _HOST.fullmatch(request.host) is not None
        if request.method != "GET" or request.path != "/" or not known_host or not self._is_token(given):
            return web.Response(status=403, text="the token is wrong: use the address that vidpref view printed\n")
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(self._cookie, self.token, httponly=True, samesite="Strict", path="/")
        return response

    def _problem(self, request: web.Request) -> str | None:
        if not _HOST.fullmatch(request.host):
            return "this server answers as localhost or 127.0.0.1 alone"
        if not self._is_token(request.cookies.get(self._cookie, "")):
            return "no token: use the address that vidpref view printed"
        if request.headers.get("Sec-Fetch-Site") not in _ASKED_FROM_HERE and request.path != "/":
            return "only pages of this server may ask"
        origin = request.headers.get("Origin")
        if request.method != "GET" and origin != f"http://{request.host}":
            return "only pages of this server may change anything"
        if origin not in (None, f"http://{request.host}"):
            return "only pages of this server may ask"
        return None

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(errors="surrogateescape"), self.token.encode())


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer, errors included, the headers that keep pages to this server."""
    response.headers.update(_HEADERS)
    if not request.path.startswith("/media/") or response.status != 200:
        response.headers.setdefault("Cache-Control", "no-store")

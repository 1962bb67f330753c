"""The ASGI entry: Streamlit's own server, with our routes and our gate round it.

Started by `streamlit run core/server.py`. Streamlit answers anybody who can reach it, so the gate
stands before it: whose host and origin may ask, which addresses need a session, and the headers that
every answer carries (facts.md S1 and Part 2).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request, cookie_parser
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from core import health
from core.access import sessions
from core.kit import logs
from core.kit.dates import utc_now
from core.kit.errors import NotAllowed, NotFound, Refusal
from core.kit.settings import ROOT, settings
from pages._ui import errors, menu

if TYPE_CHECKING:
    from core.documents import OpenedFile

TICK_AFTER_SECONDS = 10
ASSETS = ROOT / "pages" / "_ui" / "assets"
CLAIM_BYTES = 1024
REFERENCE_HEADER = "x-request-reference"

# What the front end needs before there is a session; everything else under these two needs one.
GATED = ("/_stcore/", "/media/")
OPEN = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/_stcore/bidi-components/")
SHUT = ("/_stcore/agent/", "/auth/", "/oauth2callback")
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# Addresses that browsers may open: our pages, and what is served besides them.
PAGES = frozenset({"", *(row.slug for row in menu.PAGES)})
HOMES = frozenset({"", "home", menu.HOME})
SERVED = frozenset(
    {
        "_stcore", "api", "app", "assets", "component", "favicon.png", "files", "healthz", "index.html",
        "manifest.json", "media", "readyz", "robots.txt", "static",
    }
)  # fmt: skip

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# What somebody uploaded runs nothing and loads nothing; the browser's own PDF viewer is an object.
FILE_POLICY = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TLS_HEADERS = {"strict-transport-security": "max-age=31536000"}


class Gate:
    """ASGI middleware: refuses what may not pass, and puts our headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        with logs.bind_reference() as reference:

            async def send_with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _add_headers(MutableHeaders(scope=message), scope["path"], reference)
                await send(message)

            refusal = await _refusal(scope) or _elsewhere(scope)
            if refusal is None:
                await self.app(scope, receive, send_with_headers)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await refusal(scope, receive, send_with_headers)


async def _refusal(scope: Scope) -> Response | None:
    """The answer to a request that may not pass; None for one that may."""
    headers, path = Headers(scope=scope), scope["path"]
    host = headers.get("host", "")
    if not _is_our_host(host):
        return PlainTextResponse("This host name is not in POLICYDESK_ALLOWED_HOSTS.", 400)
    changes = scope["type"] == "websocket" or scope["method"] in CHANGING
    if changes and not _is_our_origin(headers.get("origin"), host):
        return PlainTextResponse("Requests from other sites are not taken.", 403)
    if path.startswith(SHUT):
        return PlainTextResponse("Not found", 404)
    if not path.startswith(GATED) or path.startswith(OPEN):
        return None
    token = cookie_parser(headers.get("cookie", "")).get(sessions.cookie_name(), "")
    try:
        admitted = await run_in_threadpool(sessions.admits, token, now=utc_now())
    except Refusal as refusal:
        return PlainTextResponse(str(refusal), 503)
    return None if admitted else PlainTextResponse("Sign in first.", 401)


def _elsewhere(scope: Scope) -> Response | None:
    """The way to the page that is meant, or to our own page for addresses that are none; None for others.

    Streamlit answers every address with its front end, which can't find its own parts under a deep one,
    and knows the home page at the root alone.
    """
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    path = scope["path"].strip("/")
    is_page = "text/html" in Headers(scope=scope).get("accept", "")
    if not is_page or path.split("/")[0] in SERVED:
        return None
    meant = "" if path.lower() in HOMES else path.lower()
    if meant == path and path in PAGES:
        return None
    if meant in PAGES:
        asked = scope.get("query_string", b"").decode("latin-1")
        return RedirectResponse(f"/{meant}?{asked}" if asked else f"/{meant}", 303)
    return RedirectResponse(f"/missing?address={quote('/' + path, safe='/')}", 303)


def _add_headers(headers: MutableHeaders, path: str, reference: str) -> None:
    headers[REFERENCE_HEADER] = reference
    headers.update(HEADERS)
    if settings().secure_cookies:
        headers.update(TLS_HEADERS)
    if path.startswith(("/media/", "/files/")):
        headers["cache-control"] = "private, no-store"
    if path.startswith("/files/"):
        headers["content-security-policy"] = FILE_POLICY
    elif path.startswith("/assets/"):
        headers["cache-control"] = "public, max-age=604800"


def _is_our_host(host: str) -> bool:
    """Whether the Host header names us: an address, localhost, or a name from the settings.

    Addresses are always fine: only names can be pointed at us by somebody else (DNS rebinding).
    """
    name = _hostname(f"//{host}")
    if name in {"localhost", settings().host, *settings().allowed_hosts}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_our_origin(origin: str | None, host: str) -> bool:
    """Whether a page of ours asks. Another port is another origin; browsers always send one."""
    if origin is None:
        return False
    return urlsplit(origin).netloc == host or _hostname(origin) in settings().allowed_hosts


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


async def healthz(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse(health.live(), headers={"cache-control": "no-store"})


async def readyz(_request: Request) -> Response:
    """The database answers and has the schema that this code expects."""
    state = await run_in_threadpool(health.ready)
    code = 200 if state.is_ready else 503
    return JSONResponse(state.checks, code, headers={"cache-control": "no-store"})


async def favicon(_request: Request) -> Response:
    """Our icon, under the address that Streamlit's page asks before a script has named another."""
    return FileResponse(ASSETS / "icon.svg")


async def claim(request: Request) -> Response:
    """Swap the one-time code of a sign-in for the session's cookie."""
    try:
        code = await _code_in(request)
        old = request.cookies.get(sessions.cookie_name(), "")
        token = await run_in_threadpool(sessions.claim, code, now=utc_now(), replacing=old)
    except sessions.ClaimRefused as refusal:
        return JSONResponse({"error": str(refusal)}, 403)
    except Refusal as refusal:
        return JSONResponse({"error": str(refusal)}, 503)
    answer = Response(status_code=204)
    _set_cookie(answer, token, max_age=settings().session_absolute_hours * 3600)
    return answer


async def _code_in(request: Request) -> str:
    """The code in a small JSON body; other content types are what foreign forms could send."""
    if request.headers.get("content-type") != "application/json":
        raise sessions.ClaimRefused
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > CLAIM_BYTES:
            raise sessions.ClaimRefused
    try:
        sent: Any = json.loads(body)
    except ValueError:
        raise sessions.ClaimRefused from None
    code = sent.get("code") if isinstance(sent, dict) else None
    if not isinstance(code, str):
        raise sessions.ClaimRefused
    return code


async def end(request: Request) -> Response:
    """Sign out: the session ends here, and the browser drops its cookie."""
    token = request.cookies.get(sessions.cookie_name(), "")
    answer = Response(status_code=204)
    try:
        if token:
            await run_in_threadpool(sessions.end, token, now=utc_now())
    except Refusal:
        answer = Response(status_code=503)
    _set_cookie(answer, "", max_age=0)
    return answer


async def file(request: Request) -> Response:
    """A document of a customer or a claim, for who may open it; each time is logged (quality.md S)."""
    token = request.cookies.get(sessions.cookie_name(), "")
    whose, document_id = request.path_params.get("whose", "customer"), request.path_params["document_id"]
    try:
        found = await run_in_threadpool(_open_document, token, whose, document_id)
    except (NotFound, NotAllowed) as refusal:
        return PlainTextResponse(str(refusal), 404 if isinstance(refusal, NotFound) else 403)
    except Refusal as refusal:
        return PlainTextResponse(str(refusal), 503)
    if found is None:
        return PlainTextResponse("Sign in first.", 401)
    shows = found.is_shown and "download" not in request.query_params
    disposition = f"{'inline' if shows else 'attachment'}; filename*=UTF-8''{quote(found.name, safe='')}"
    headers = {"content-disposition": disposition}
    return Response(found.content, media_type=found.content_type, headers=headers)


def _open_document(token: str, whose: str, document_id: int) -> OpenedFile | None:
    from core import claims, customers, people

    opens = {"customer": customers.open_document, "claim": claims.open_document}
    viewer = people.viewer_of(token, now=utc_now())
    if viewer is None or viewer.must_change_password:
        return None
    if whose not in opens:
        raise NotFound("document", document_id)
    return opens[whose](document_id, by=viewer)


def _set_cookie(answer: Response, value: str, *, max_age: int) -> None:
    answer.set_cookie(
        sessions.cookie_name(),
        value,
        max_age=max_age,
        path="/",
        secure=settings().secure_cookies,
        httponly=True,
        samesite="strict",
    )
    answer.headers["cache-control"] = "no-store"


async def _tick() -> None:
    # Not at once, so that the first page is served before the business is loaded.
    await asyncio.sleep(TICK_AFTER_SECONDS)
    from core.jobs import clock

    await asyncio.to_thread(_end_dead_imports)
    await clock.tick_forever()


def _end_dead_imports() -> None:
    """Imports that ended with the server before this one are not under way any more."""
    from core import imports

    # What can't be marked now reads as interrupted all the same.
    with contextlib.suppress(Refusal):
        imports.end_dead_runs()


@asynccontextmanager
async def _prepared(_app: st.App) -> AsyncIterator[None]:
    logs.configure(level=settings().log_level, as_json=settings().log_json)
    # Until some script has called st.navigation, Streamlit would run files in pages/ by their names,
    # past app.py and the sign-in.
    PagesManager.uses_pages_directory = False
    ticking = asyncio.create_task(_tick())
    yield
    ticking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await ticking


# Streamlit finds the app by reading the source: it must be assigned just so.
app = st.App(
    ROOT / "app.py",
    routes=[
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/api/session/claim", claim, methods=["POST"]),
        Route("/api/session/end", end, methods=["POST"]),
        Route("/files/{document_id:int}", file),
        Route("/files/{whose}/{document_id:int}", file),
        Route("/favicon.png", favicon),
        Mount("/assets", StaticFiles(directory=ASSETS)),
    ],
    middleware=[Middleware(Gate)],
    lifespan=_prepared,
    on_script_error=errors.unexpected,
)

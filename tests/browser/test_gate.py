"""The gate before the server, over plain HTTP: what nobody gets without a session."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest

from core import people
from core.access import sessions
from core.kit.dates import utc_now
from tests.browser.conftest import serve

BASE = {"Connection": "close"}


@pytest.fixture
def ask(app):
    """Sends one request: `ask("GET", "/media/x", cookie=token)` -> (status, headers, body)."""

    def asked(method, path, *, cookie="", body=None, **headers):
        connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=20)
        sent = {
            **BASE,
            "Origin": app.url,
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        if cookie:
            sent["Cookie"] = f"{sessions.cookie_name()}={cookie}"
        connection.request(
            method, path, body=body, headers={name: text for name, text in sent.items() if text}
        )
        answer = connection.getresponse()
        found = answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
        connection.close()
        return found

    return asked


@pytest.fixture
def token(app):
    return token_of(app.company.ann_in_east)


def token_of(person):
    return sessions.claim(sessions.begin(person.id, now=utc_now()), now=utc_now())


def claim(ask, code, **options):
    body = json.dumps({"code": code})
    return ask("POST", "/api/session/claim", body=body, Content_Type="application/json", **options)


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_the_server_is_alive_and_ready(ask):
    status, _, body = ask("GET", "/healthz")
    assert (status, json.loads(body)["app"]) == (200, "policydesk")
    status, _, body = ask("GET", "/readyz")
    assert (status, json.loads(body)) == (200, {"database": "ok", "schema": "ok"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/media/0123456789abcdef.csv"),
        ("HEAD", "/media/0123456789abcdef.csv"),
        ("GET", "/_stcore/metrics"),
        ("PUT", "/_stcore/upload_file/session/file"),
        ("DELETE", "/_stcore/upload_file/session/file"),
        ("GET", "/_stcore/script-health-check"),
        ("GET", "/_stcore/anything-new"),
    ],
)
def test_nothing_but_the_way_in_is_served_without_a_session(ask, method, path):
    assert ask(method, path)[0] == 401


def test_a_download_needs_a_live_session(ask, token):
    path = "/media/0123456789abcdef.csv"
    assert ask("GET", path, cookie=token)[0] == 404
    assert ask("GET", path, cookie="made-up")[0] == 401
    sessions.end(token, now=utc_now())
    assert ask("GET", path, cookie=token)[0] == 401


def test_an_upload_needs_a_live_session(ask, token, app):
    path = "/_stcore/upload_file/session/file"
    assert ask("PUT", path, cookie=token)[0] != 401
    people.deactivate(app.company.ann_in_east.id, by=app.company.adam)
    assert ask("PUT", path, cookie=token)[0] == 401


@pytest.mark.parametrize("path", ["/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/auth/login"])
def test_what_is_not_used_is_not_there(ask, token, path):
    assert ask("GET", path, cookie=token)[0] == 404


def test_the_code_is_swapped_for_a_cookie_that_scripts_can_t_read(ask, app):
    code = sessions.begin(app.company.ann_in_east.id, now=utc_now())
    status, headers, body = claim(ask, code)
    assert (status, body) == (204, b"")
    name, _, rest = headers["set-cookie"].partition("=")
    value, _, flags = rest.partition("; ")
    assert name == "sid"
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(flags.split("; "))
    assert people.viewer_of(value, now=utc_now()).user_id == app.company.ann_in_east.id


def test_a_code_works_once(ask, app):
    code = sessions.begin(app.company.ann_in_east.id, now=utc_now())
    assert [claim(ask, code)[0] for _ in range(2)] == [204, 403]


def test_signing_in_over_an_old_session_ends_it(ask, app, token):
    code = sessions.begin(app.company.ann_in_east.id, now=utc_now())
    assert claim(ask, code, cookie=token)[0] == 204
    assert people.viewer_of(token, now=utc_now()) is None


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", ""])
def test_other_sites_neither_claim_nor_sign_out_nor_connect(ask, app, token, origin):
    code = sessions.begin(app.company.ann_in_east.id, now=utc_now())
    assert claim(ask, code, Origin=origin)[0] == 403
    assert ask("POST", "/api/session/end", cookie=token, Origin=origin)[0] == 403
    assert ask("GET", "/_stcore/stream", Origin=origin, **UPGRADE)[0] == 403


def test_our_own_pages_connect(ask):
    assert ask("GET", "/_stcore/stream", **UPGRADE)[0] == 101


@pytest.mark.parametrize("host", ["evil.example", "policydesk.evil.example:8501", "::", ""])
def test_a_name_that_is_not_ours_is_refused(ask, host):
    assert ask("GET", "/", Host=host or " ")[0] == 400


def test_a_form_of_another_kind_claims_nothing(ask, app):
    code = sessions.begin(app.company.ann_in_east.id, now=utc_now())
    body = json.dumps({"code": code})
    assert ask("POST", "/api/session/claim", body=body, Content_Type="text/plain")[0] == 403


@pytest.mark.parametrize("body", ["", "[]", "{", '{"code": 1}', '{"code": "' + "x" * 2000 + '"}'])
def test_nonsense_claims_nothing(ask, body):
    assert ask("POST", "/api/session/claim", body=body, Content_Type="application/json")[0] == 403


def test_signing_out_ends_the_session_and_drops_the_cookie(ask, token):
    status, headers, _ = ask("POST", "/api/session/end", cookie=token)
    assert status == 204
    assert headers["set-cookie"].startswith('sid=""; ')
    assert "Max-Age=0" in headers["set-cookie"]
    assert people.viewer_of(token, now=utc_now()) is None


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/none.js", "/media/none", "/pipeline"])
def test_every_answer_carries_the_headers(ask, path):
    _, headers, _ = ask("GET", path)
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert len(headers["x-request-reference"]) == 9


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("/today", "/"),
        ("/home?x=1", "/?x=1"),
        ("/Users?q=ann", "/users?q=ann"),
        ("/nonsense", "/missing?address=/nonsense"),
        ("//example.com/users", "/missing?address=/example.com/users"),
    ],
)
def test_an_address_typed_by_hand_leads_to_a_page_of_ours(ask, typed, leads_to):
    status, headers, _body = ask("GET", typed, Accept="text/html")
    assert (status, headers["location"]) == (303, leads_to)


def test_downloads_are_kept_by_no_cache(ask, token):
    assert ask("GET", "/media/none.csv", cookie=token)[1]["cache-control"] == "private, no-store"


def test_fonts_and_icon_are_ours(ask):
    status, headers, _ = ask("GET", "/assets/inter-latin.woff2")
    assert (status, headers["cache-control"]) == (200, "public, max-age=604800")
    status, headers, _ = ask("GET", "/favicon.png")
    assert (status, headers["content-type"]) == (200, "image/svg+xml")


def test_files_beside_the_assets_are_not_served(ask):
    for path in ("/assets/../page.py", "/assets/%2e%2e/page.py", "/assets/..%2fpage.py"):
        assert b"set_page_config" not in ask("GET", path)[2]


def test_behind_tls_the_cookie_insists_on_it(server, app, tmp_path):
    with serve({**app.environment, "POLICYDESK_SECURE_COOKIES": "true"}, tmp_path / "tls.log") as url:
        code = sessions.begin(app.company.ann_in_east.id, now=utc_now())
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        sent = {"Origin": url, "Content-Type": "application/json"}
        connection.request("POST", "/api/session/claim", json.dumps({"code": code}), sent)
        answer = connection.getresponse()
        answer.read()
        connection.close()
    assert answer.getheader("set-cookie", "").startswith("__Host-sid=")
    assert "; Secure" in answer.getheader("set-cookie", "")
    assert answer.getheader("strict-transport-security") == "max-age=31536000"

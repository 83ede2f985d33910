"""The server gives its pages to whom it was meant for, and nothing else of this machine to anyone."""

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from rich.console import Console

from pipeline.audit.options import AuditOptions
from pipeline.audit.run import run_audit
from pipeline.viewer.access import AccessGuard
from pipeline.viewer.run import HOST, serving
from schemas.errors import UserError
from tests.finished import Whole, store
from tests.pipeline.viewer.serving import Served, served
from tests.pipeline.viewer.sets import HOSTILE, hostile_set, pairs_of, session, twinned_set


@pytest.fixture(scope="module")
def server(whole: Whole, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A viewer of the shared set."""
    with served(session(whole.path, tmp_path_factory.mktemp("reviews"))) as one:
        yield one


def test_the_token_is_traded_for_a_cookie_that_scripts_cannot_read(server: Served) -> None:
    """The address leads to one without the token; the cookie goes to this site's own requests alone."""
    reply = server.ask("/?token=a-token", Cookie=None)
    assert (reply.status, reply.headers["Location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=Strict"} <= {part.strip() for part in reply.headers["Set-Cookie"].split(";")}
    assert server.ask("/").status == 200


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/", "GET", {"Cookie": None}),
        ("/api/groups", "GET", {"Cookie": None}),
        ("/media/thumbnail?clip=a", "GET", {"Cookie": "vidpref=a-token"}),
        ("/?token=another", "GET", {"Cookie": None}),
        ("/?token=", "GET", {"Cookie": None}),
        ("/api/groups?token=a-token", "GET", {"Cookie": None}),
        ("/api/set", "GET", {"Host": "example.org"}),
        ("/api/set", "GET", {"Host": "127.0.0.1.example.org:80"}),
        ("/?token=a-token", "GET", {"Host": "example.org", "Cookie": None}),
        ("/api/set", "GET", {"Origin": "http://127.0.0.1:1"}),
        ("/api/set", "GET", {"Sec_Fetch_Site": "cross-site"}),
        ("/media/thumbnail?clip=a", "GET", {"Sec_Fetch_Site": "same-site"}),
        ("/api/undo", "POST", {"Origin": None}),
        ("/api/undo", "POST", {"Origin": "null"}),
        ("/api/undo", "POST", {"Origin": "http://localhost:9"}),
        ("/api/undo", "POST", {"Origin": "https://example.org"}),
        ("/api/undo", "POST", {"Cookie": None}),
    ],
)
def test_who_may_not_ask_is_refused(server: Served, path: str, method: str, headers: dict[str, str | None]) -> None:
    """Without the token, under another name, or from another page: status 403, and no word of the set."""
    reply = server.ask(path, method, **headers)
    assert reply.status == 403
    assert b"pair" not in reply.body


def test_a_tunnel_may_have_another_port(server: Served) -> None:
    """Localhost at any port is this machine, as long as the page is from there."""
    assert server.ask("/api/set", Host="localhost:7777").status == 200
    reply = server.ask("/api/undo", "POST", {}, Host="localhost:7777", Origin="http://localhost:7777")
    assert (reply.status, "nothing to undo" in reply.json["error"]) == (400, True)


@pytest.mark.parametrize(
    "path",
    [
        "/page/../server.py",
        "/page/..%2fserver.py",
        "/page/%2e%2e/%2e%2e/cli/app.py",
        "/../../etc/passwd",
        "//etc/passwd",
        "/media/thumbnail?clip=../../../etc/passwd",
        "/media/thumbnail?clip=/etc/passwd",
        "/media/frame?group=../../etc/passwd&n=0",
        "/media/negative?group=..%00&spec=-1&part=../x&n=0",
        "/api/video?id=../../etc/passwd",
        "/api/group?id=%00",
        "/api/groups?sort=__class__",
    ],
)
def test_no_path_leaves_the_set(server: Served, path: str) -> None:
    """Ids are looked up among those of the set, pages among those that are shipped: one line and a status of 4xx."""
    reply = server.ask(path)
    assert 400 <= reply.status < 500
    assert b"root:" not in reply.body
    assert b"import" not in reply.body


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/api/set", "/nowhere", "/media/frame?group=x"])
def test_every_answer_keeps_pages_to_this_server(server: Served, path: str) -> None:
    """Errors too: scripts, styles and requests of this server alone, no frames, no forms, no guessed types."""
    reply = server.ask(path)
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {one.partition(" ")[2] for one in policy.split("; ") if one.startswith(("script", "style", "connect"))} == {
        "'self'"
    }
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/api/verdict", "/api/undo", "/api/pick"])
def test_nothing_is_changed_by_get(server: Served, path: str) -> None:
    """Changes are sent by POST as JSON, and no larger than a verdict can be."""
    assert server.ask(path).status == 405
    assert server.ask(path, "POST", {}, Content_Type="text/plain").status == 400
    assert server.ask(path, "POST", {"note": "x" * 100_000}).status == 413


def test_pictures_are_kept_for_the_set_as_it_is(server: Served, whole: Whole, tmp_path: Path) -> None:
    """The version that goes into their addresses is another one if any shard is."""
    twinned_set(tmp_path / "ds", whole)
    with served(session(tmp_path / "ds", tmp_path / "reviews")) as other:
        assert server.ask("/api/set").json["version"] != other.ask("/api/set").json["version"]


def test_a_verdict_is_said_and_taken_back(server: Served, whole: Whole) -> None:
    """Judged, found by the filter, taken back; what is not a verdict is refused in one line."""
    pair = pairs_of(whole)[0]
    reply = server.ask("/api/verdict", "POST", {"pair_id": pair.pair_id, "judgement": "wrong", "note": "a fox"})
    assert reply.json["human"]["judgement"] == "wrong"
    assert reply.json["reviewed"]["wrong"] == 1
    [row] = server.ask("/api/groups?verdict=wrong").json["rows"]
    assert row["group_id"] == pair.group_id
    assert server.ask("/api/undo", "POST", {}).json["group_id"] == pair.group_id
    assert server.ask("/api/groups?verdict=wrong").json["groups"] == 0
    for content in ({"pair_id": pair.pair_id, "judgement": "splendid"}, {"pair_id": "nobody"}, {"surprise": 1}):
        assert server.ask("/api/verdict", "POST", content).status == 400


def test_pictures_are_those_of_the_set(server: Served, whole: Whole) -> None:
    """The frame of a group that is shown as it is stored is the stored JPEG, to be kept for ever."""
    pair = next(pair for pair in pairs_of(whole) if not pair.shown.edits)
    clip = next(clip for clip in whole.clips if clip.clip_id == pair.clip_id)
    reply = server.ask(f"/media/frame?group={pair.group_id}&n=3")
    assert reply.body == clip.frames[3].jpeg
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert "immutable" in reply.headers["Cache-Control"]
    assert server.ask(f"/media/thumbnail?clip={pair.clip_id}").body[:2] == b"\xff\xd8"
    assert server.ask(f"/media/frame?group={pair.group_id}&n=999").status == 400


def test_hostile_texts_are_sent_as_texts(whole: Whole, tmp_path: Path) -> None:
    """Of each its group is listed and opened by its id; of a text of a million characters the beginning is sent."""
    pairs = hostile_set(tmp_path / "ds", whole)
    with served(session(tmp_path / "ds", tmp_path / "reviews")) as server:
        listed = server.ask("/api/groups")
        assert listed.json["groups"] == len(HOSTILE)
        assert len(listed.body) < 50_000
        assert listed.headers["Content-Type"].startswith("application/json")
        for pair in pairs:
            page = server.ask(f"/api/group?id={quote(pair.group_id, safe='')}")
            assert page.status == 200
            assert len(page.body) < 400_000
            assert "".join(part["text"] for part in page.json["question"])[:50] == pair.question[:50]


def test_a_port_in_use_is_one_line(whole: Whole, tmp_path: Path) -> None:
    """It says which, and what to do."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"--port {port} is in use; give another one"):
            asyncio.run(serving(session(whole.path, tmp_path), AccessGuard(), port))


def test_the_last_audit_is_shown_as_long_as_the_set_is_the_same(whole: Whole, tmp_path: Path) -> None:
    """Before an audit there is none; after it the page has its findings, and the aims of the recipe in words."""
    pairs = pairs_of(whole)
    store(tmp_path / "ds", pairs, whole.clips, [], questions=len({pair.group_id for pair in pairs}))
    with served(session(tmp_path / "ds", tmp_path / "reviews")) as one:
        assert json.loads(one.ask("/api/audit").body)["audit"] is None
        report = run_audit(Console(quiet=True), AuditOptions(str(tmp_path / "ds")))
        found = json.loads(one.ask("/api/audit").body)
        assert found["audit"] == report.model_dump(mode="json")
        assert found["aims"]["spatial"] == "at least 20%"

"""The addresses of the viewer: its pages, what they ask for as JSON, pictures, and what a reviewer says."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from pipeline.audit.kept import kept_audit
from pipeline.reviews.agreement import agreement
from pipeline.viewer.access import AccessGuard, add_headers
from pipeline.viewer.drop_table import FACETS as DROP_FACETS
from pipeline.viewer.facets import NAMES
from pipeline.viewer.pair_table import GroupQuery
from pipeline.viewer.session import VERDICT_FACETS, ViewerSession, hash_of
from schemas.errors import DatasetError, UserError
from schemas.human_verdict import Judgement
from schemas.record import Record

Answer = Callable[[web.Request], Awaitable[web.Response]]
"""Answers one request."""
_PAGE = 50
_MOST_BYTES = 64 << 10
"""Of a request's body."""
_LONGEST_NOTE = 2_000
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_FOR_EVER = "private, max-age=31536000, immutable"
SESSION = web.AppKey("session", ViewerSession)


def viewer_app(session: ViewerSession, guard: AccessGuard) -> web.Application:
    """The server of one session. Every request is answered in a thread, so that slow ones hold up no others."""
    app = web.Application(middlewares=[guard.middleware(), _problems_in_words], client_max_size=_MOST_BYTES)
    app[SESSION] = session
    app.on_response_prepare.append(add_headers)
    for entry in files("pipeline.viewer").joinpath("page").iterdir():
        name, _, suffix = entry.name.rpartition(".")
        if (kind := _TYPES.get(f".{suffix}")) is not None:
            path = "/" if entry.name == "index.html" else f"/page/{name}.{suffix}"
            app.router.add_get(path, _static(entry.read_text(encoding="utf-8"), kind))
    for path, handler in _READ.items():
        app.router.add_get(path, _in_thread(handler))
    for path, change in _CHANGE.items():
        app.router.add_post(path, _changing(change))
    return app


def _static(text: str, kind: str) -> Answer:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind, charset="utf-8", headers={"Cache-Control": "no-cache"})

    return handler


def _in_thread(
    handler: Callable[[ViewerSession, web.Request], web.Response],
) -> Callable[[web.Request], Awaitable[Any]]:
    async def threaded(request: web.Request) -> web.Response:
        return await asyncio.to_thread(handler, request.app[SESSION], request)

    return threaded


def _changing(
    handler: Callable[[ViewerSession, "ReviewRequest"], Any],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def threaded(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise UserError("a change is sent as application/json")
        said = ReviewRequest.model_validate_json(await request.read() or b"{}")
        return web.json_response(await asyncio.to_thread(handler, request.app[SESSION], said))

    return threaded


@web.middleware
async def _problems_in_words(request: web.Request, handler: Any) -> web.StreamResponse:
    """What cannot be done is one line of JSON."""
    try:
        response: web.StreamResponse = await handler(request)
    except ValidationError as error:
        return _problem(400, f"the request is not as it must be: {error.errors(include_url=False)[0]['msg']}")
    except DatasetError as error:
        return _problem(422, str(error))
    except UserError as error:
        return _problem(400, str(error))
    return response


def _problem(status: int, line: str) -> web.Response:
    return web.json_response({"error": line}, status=status)


class ReviewRequest(Record):
    """What a page sends when someone judges."""

    pair_id: str = ""
    group_id: str = ""
    judgement: Judgement | None = None
    """Null takes a judgement back."""
    is_worth: bool | None = None
    note: str | None = None
    picked: int | None = None
    """The number of the answer that was picked blind."""


def _query(request: web.Request) -> GroupQuery:
    asked = request.query
    wanted = {name: frozenset(asked.getall(name)) for name in (*NAMES, *VERDICT_FACETS) if name in asked}
    return GroupQuery(wanted, asked.get("q", ""), asked.get("sort", "set"), asked.get("desc") == "1")


def _number(request: web.Request, name: str) -> int:
    """A number of the address; 0 if it is none."""
    text = request.query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _set(session: ViewerSession, _request: web.Request) -> web.Response:
    return web.json_response(session.set_facts())


def _groups(session: ViewerSession, request: web.Request) -> web.Response:
    return web.json_response(session.list_page(_query(request), _number(request, "start"), _PAGE))


def _group(session: ViewerSession, request: web.Request) -> web.Response:
    group_id, blind = request.query.get("id", ""), request.query.get("blind") == "1"
    return web.json_response(session.group(group_id, _query(request), blind=blind))


def _drops(session: ViewerSession, request: web.Request) -> web.Response:
    wanted = {name: frozenset(request.query.getall(name)) for name in DROP_FACETS if name in request.query}
    text, start = request.query.get("q", ""), _number(request, "start")
    return web.json_response(session.drops.page(wanted, text, start, _PAGE))


def _video(session: ViewerSession, request: web.Request) -> web.Response:
    return web.json_response(session.video(request.query.get("id", "")))


def _replies(session: ViewerSession, request: web.Request) -> web.Response:
    return web.json_response({"replies": session.replies(request.query.get("id", ""))})


def _reviews(session: ViewerSession, _request: web.Request) -> web.Response:
    everyone = session.review.folder.all_verdicts()
    verdicts = session.of_this_set(everyone)
    found = agreement(verdicts, session.grounds([one.pair_id for one in verdicts]))
    return web.json_response(
        found.model_dump(mode="json") | {"reviewed": session.progress(), "stale": len(everyone) - len(verdicts)}
    )


def _audit(session: ViewerSession, _request: web.Request) -> web.Response:
    """The last audit of the set as it is; null if there is none."""
    report = kept_audit(session.opened)
    return web.json_response(
        {
            "audit": None if report is None else report.model_dump(mode="json"),
            "aims": {} if report is None else {one.name: one.aim for one in report.coverage},
            "reviewed": session.progress(),
        }
    )


def _frame(session: ViewerSession, request: web.Request) -> web.Response:
    pair = session.pairs_of(request.query.get("group", ""))[0]
    frames = session.shelf.shown(pair.clip_id, pair.shown).frames
    number = _number(request, "n")
    if number >= len(frames):
        raise UserError(f"the clip has no frame {number}; it has {len(frames)}")
    return _jpeg(frames[number].jpeg)


def _thumbnail(session: ViewerSession, request: web.Request) -> web.Response:
    return _jpeg(session.shelf.thumbnail(request.query.get("clip", "")))


def _negative(session: ViewerSession, request: web.Request) -> web.Response:
    """The times of a visual negative, its preferred visual or its control; or, with `n`, one of its frames."""
    pair = session.pairs_of(request.query.get("group", ""))[0]
    pictures = session.shelf.negative(pair, _number(request, "spec"), request.query.get("part", ""))
    if "n" not in request.query:
        return web.json_response({"times": [picture.seconds for picture in pictures]})
    number = _number(request, "n")
    if number >= len(pictures):
        raise UserError(f"the visual has no frame {number}; it has {len(pictures)}")
    return _jpeg(pictures[number].jpeg)


def _jpeg(content: bytes) -> web.Response:
    return web.Response(body=content, content_type="image/jpeg", headers={"Cache-Control": _FOR_EVER})


def _say(session: ViewerSession, said: ReviewRequest) -> Any:
    pair = session.pair(said.pair_id)
    change = said.model_dump(include=said.model_fields_set & {"judgement", "is_worth", "note"})
    if "note" in change:
        change["note"] = (said.note or "")[:_LONGEST_NOTE]
    session.review.say(pair.pair_id, hash_of(pair), change)  # type: ignore[arg-type]  # the names are those of Change
    return {"human": session.said(pair), "reviewed": session.progress()}


def _undo(session: ViewerSession, _said: ReviewRequest) -> Any:
    return session.undo()


def _pick(session: ViewerSession, said: ReviewRequest) -> Any:
    if said.picked is None:
        raise UserError("no answer was picked")
    return session.pick(said.group_id, said.picked)


_READ: dict[str, Callable[[ViewerSession, web.Request], web.Response]] = {
    "/api/set": _set,
    "/api/groups": _groups,
    "/api/group": _group,
    "/api/drops": _drops,
    "/api/video": _video,
    "/api/replies": _replies,
    "/api/reviews": _reviews,
    "/api/audit": _audit,
    "/api/negative": _negative,
    "/media/frame": _frame,
    "/media/thumbnail": _thumbnail,
    "/media/negative": _negative,
}
_CHANGE: dict[str, Callable[[ViewerSession, ReviewRequest], Any]] = {
    "/api/verdict": _say,
    "/api/undo": _undo,
    "/api/pick": _pick,
}

"""The stage `ask`: what models write is added, and the account adds up."""

import asyncio

import numpy as np

from schemas.drop import Drop, ItemType
from stages.ask import Ask
from stages.language.reject import Adversary
from stages.language.writer import LanguageWriter
from stages.models.chat import ModelRole
from stages.payloads import WrittenVideo
from tests.stages.facts.clips import clip_of, walkers
from tests.stages.judging.judging import group
from tests.stages.language.fake_chat import Answer, FakeChat

STAGE = Ask(language=LanguageWriter(adversaries=(Adversary(),), twin_questions=2))
TABLE: dict[str, Answer] = {
    "writer_spatial": {"questions": [{"question": "Where?", "evidence": [], "objects": []}] * 2},
    "writer": {"questions": [{"question": "What?", "evidence": [], "objects": []}]},
    "twins": {"questions": []},
    "target": {"answer": "It stands here."},
    "corrupter": {"answer": "It stands there."},
    "claims": {"claims": []},
}


def test_the_account_adds_up() -> None:
    """Per clip one question on each axis, one asked twice and no twins: 5, of which 2 are drops; groups are kept."""
    before = group()
    clips = (clip_of(walkers(), "one"), clip_of(walkers(), "two"))
    video = WrittenVideo("sha", clips, (before,), 1)
    *drops, written = asyncio.run(STAGE.process(video, FakeChat(TABLE), np.random.default_rng(0)))
    assert isinstance(written, WrittenVideo)
    questions = [drop for drop in drops if isinstance(drop, Drop) and drop.item_type is ItemType.QUESTION]
    assert len(questions) == 4
    assert written.groups[0] == before
    assert len(written.groups) == 1 + 2 * 3
    slots = {one.slot_id for one in written.groups}
    assert written.questions_seen == len(slots) + len(questions) == 11
    assert not slots & {drop.item_id for drop in questions}


def test_it_says_what_it_needs() -> None:
    """The roles that are asked, and the files whose hashes are in the fingerprint."""
    assert list(STAGE.roles()) == [ModelRole.WRITER, ModelRole.TARGET, ModelRole.CORRUPTER]
    assert "models" in STAGE.prompts()

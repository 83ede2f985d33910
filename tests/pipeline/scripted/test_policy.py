"""A scripted policy and judge whose truth, position bias and length bias are known."""

from collections import Counter

from pipeline.scripted.answering import Asked, asked_of
from pipeline.scripted.policy import notes, plain, preferred, reason, sample
from pipeline.scripted.settings import Habits
from tests.pipeline.scripted.clips import SECONDS, shown

QUESTION = "Where is the red ball, seen from the blue box?"
RIGHT, WRONG = "The red ball is left of the blue box.", "The red ball is right of the blue box."
WORDY = f"{WRONG.rstrip('.')}, as anybody can tell."


def _asked() -> Asked:
    return asked_of(QUESTION, shown([0.0, 1.0]))


def _drawn(habits: Habits, prompt: str = QUESTION) -> list[str]:
    return [sample(_asked(), prompt, f"{number}", habits, seed=0) for number in range(300)]


def test_samples_are_right_as_often_as_told() -> None:
    """Seven in ten of 300 draws are true of the frames: 210, and by chance up to 24 more or fewer (three sigmas)."""
    truths = Counter(_asked().truth(plain(text)) for text in _drawn(Habits(right=0.7)))
    assert set(truths) == {True, False}
    assert abs(truths[True] - 210) <= 24


def test_samples_differ_in_length_and_not_in_what_they_say() -> None:
    """Without wordiness no sample has further words; with it all have, and they say what they say without them."""
    assert all(plain(text) == text for text in _drawn(Habits(wordy=0)))
    wordy = _drawn(Habits(wordy=1))
    assert all(plain(text) != text for text in wordy)
    assert len({len(text.split()) for text in wordy}) > 5


def test_forms_are_kept_to() -> None:
    """If the prompt names the answers, it samples these, true ones as often as told."""
    prompt = f"Question: {QUESTION}\nThe answer is one of these sentences:\n{RIGHT}\n{WRONG}"
    found = Counter(_drawn(Habits(right=0.7), prompt))
    assert set(found) == {RIGHT, WRONG}
    assert abs(found[RIGHT] - 210) <= 24


def test_the_judge_goes_by_truth_position_or_length() -> None:
    """In both orders: without bias the right one, with either bias what it prefers; two that are alike are a tie."""
    both = ((RIGHT, WORDY), (WORDY, RIGHT))
    letters = {
        name: [preferred(_asked(), *pair, habits, seed=0) for pair in both]
        for name, habits in {
            "truth": Habits(),
            "position": Habits(position_bias=1),
            "length": Habits(length_bias=1),
        }.items()
    }
    assert letters == {"truth": ["A", "B"], "position": ["A", "A"], "length": ["B", "A"]}
    assert preferred(_asked(), RIGHT, RIGHT, Habits(), seed=0) == "C"


def test_notes_hold_what_is_known_what_was_said_and_what_is_planted() -> None:
    """Things with their times, events, the notes of before, and a horse that nobody sees."""
    prompt = "- 1.0 to 2.0 s: It rains.\n\nWrite notes on this video for somebody."
    found = notes(shown(list(SECONDS)), prompt, Habits(planted=("horse",)))["notes"]
    assert isinstance(found, list)
    texts = [note["text"] for note in found if isinstance(note, dict)]
    assert {"The red ball is in view.", "A horse stands beside the others.", "It rains."} <= set(texts)
    assert len(texts) == len(set(texts))


def test_the_reason_quotes_the_worse_answer() -> None:
    """Without the words that say nothing, on the axis of what it says."""
    said = reason(_asked(), WORDY)
    assert (said["clause"], said["axis"]) == (WRONG.rstrip("."), "spatial")

"""Sets of worlds are drawn evenly, so that what is natural to scenarios gives no answer away."""

from collections import Counter

import pytest

from pipeline.demo.scenarios.behaviours import returns
from pipeline.demo.scenarios.casting import WORDS, Setting, draw_cast, draw_shot
from pipeline.demo.scenarios.catalogue import SCENARIOS, SELDOM
from pipeline.demo.scenarios.sets import demo_worlds, prove_worlds, seldom_worlds, steady_worlds
from pipeline.demo.truth.events import events_of
from pipeline.demo.truth.visible import stretches_in_view
from pipeline.demo.world.world import Shape, Tag, World
from schemas.scene import EventKind
from stages.seeding import rng_for


def test_a_set_is_the_same_whenever_it_is_drawn_and_its_names_are_unique() -> None:
    """Worlds follow from the seed alone."""
    worlds = prove_worlds(3, 60)
    assert worlds == prove_worlds(3, 60)
    assert len({world.name for world in worlds}) == 60
    assert worlds != prove_worlds(4, 60)


def test_lengths_are_as_promised() -> None:
    """5 to 8 s for the demo, 5 to 60 s for the proof, where at least one clip in ten is longer than 30 s."""
    assert all(4.9 <= world.duration_seconds <= 8.1 for world in demo_worlds(1, 60))
    lengths = [world.duration_seconds for world in prove_worlds(1, 60)]
    assert min(lengths) >= 4.9
    assert max(lengths) <= 60.1
    assert sum(length > 30 for length in lengths) >= 6


def test_colours_are_all_used_and_tags_are_rare() -> None:
    """All eight colours occur, and clips that are reported apart are less than a quarter."""
    worlds = prove_worlds(1, 90)
    assert len({thing.colour for world in worlds for thing in world.things}) == 8
    assert 0 < sum(Tag.PAN in world.tags for world in worlds) < 15
    assert 0 < sum(Tag.LIKE_COLOURS in world.tags for world in worlds) < 12


@pytest.mark.slow(10)
def test_opposites_happen_about_equally_often() -> None:
    """Enters and leaves, starts and stops: each makes 35 to 65 % of its pair."""
    counts: Counter[EventKind] = Counter()
    for world in demo_worlds(1, 60):
        counts.update(event.kind for event in events_of(stretches_in_view(world), world))
    for kind, other in ((EventKind.ENTERS, EventKind.LEAVES), (EventKind.STARTS, EventKind.STOPS)):
        assert 0.35 < counts[kind] / (counts[kind] + counts[other]) < 0.65


def test_what_goes_out_and_comes_back_neither_stops_nor_starts_at_the_border() -> None:
    """Whatever it does outside the frame is not seen: for a second or more it is simply away."""
    for index, rng in enumerate(rng_for(0, "returns", str(i)) for i in range(40)):
        setting = Setting(rng, 5.0 + index / 10, 16 / 9, 25)
        shot = draw_shot(rng, 0.0)
        [thing] = draw_cast(setting, setting.whole, setting.colours[:1], [returns])
        world = World(
            name="one", scenario="one", seed=0, width=256, height=144, fps=25,
            duration_seconds=setting.seconds, shots=(shot,), things=(thing,),
        )  # fmt: skip
        stretches = stretches_in_view(world)
        kinds = Counter(event.kind for event in events_of(stretches, world))
        assert kinds == {EventKind.ENTERS: 2, EventKind.LEAVES: 2}
        first, second = stretches
        assert second.parts[0].index - first.parts[-1].index >= 0.9 * 25


def test_every_part_of_a_set_has_its_share_of_each_scenario() -> None:
    """In 30 clips each scenario occurs as often as its weight says, give or take one."""
    cards = sum(SCENARIOS.values())
    for seed in (1, 2, 3):
        counts = Counter(world.scenario for world in demo_worlds(seed, 30))
        assert all(abs(counts[made.__name__] - 30 * weight / cards) <= 1 for made, weight in SCENARIOS.items())


def test_all_colours_are_seen_about_equally_often() -> None:
    """In 60 clips no colour is in three more than another."""
    for seed in (1, 2, 3):
        clips = Counter(
            colour for world in demo_worlds(seed, 60) for colour in {thing.colour for thing in world.things}
        )
        assert max(clips.values()) <= min(clips.values()) + 2


def test_several_things_of_a_kind_words_and_all_shapes_occur() -> None:
    """In a set of ninety: every shape, clips with three things of one kind, signs, captions, and listed words alone."""
    worlds = prove_worlds(1, 90)
    kinds = [Counter(thing.shape for thing in world.things) for world in worlds]
    assert {shape for of_world in kinds for shape in of_world} == set(Shape)
    assert sum(max(of_world.values(), default=0) >= 3 for of_world in kinds) >= 5
    said = [thing.writing for world in worlds for thing in world.things if thing.writing]
    said += [caption.writing for world in worlds for caption in world.captions]
    assert sum(bool(world.captions) for world in worlds) >= 2
    assert {writing.text.lower() for writing in said} <= set(WORDS)
    assert len(said) >= 6


def test_words_are_far_from_each_other() -> None:
    """No word is another with up to two letters changed, or half of them: a misread one is none of the others."""
    for word in WORDS:
        for other in WORDS:
            if word != other:
                assert _least_changes(word, other) >= max(3, len(word) / 2)


def _least_changes(word: str, text: str) -> int:
    """Edit distance of a word to the part of a text that is most like it."""
    row = [0] * (len(text) + 1)
    for i, letter in enumerate(word, 1):
        following = [i]
        for j, other in enumerate(text, 1):
            following.append(min(row[j] + 1, following[-1] + 1, row[j - 1] + (letter != other)))
        row = following
    return min(row)


def test_what_is_steady_goes_on_from_beginning_to_end() -> None:
    """The camera, or four things, go the same way at each moment, and none enters or leaves."""
    for world in steady_worlds(1, 6, short=True):
        [shot] = world.shots
        assert len(shot.views) == 2 or len(world.things) == 4
        for thing in world.things:
            assert [len(stay.keys) for stay in thing.stays] == [2]
        assert not events_of(stretches_in_view(world), world)
    assert len({world.name for world in (*steady_worlds(1, 6, short=False), *prove_worlds(1, 50))}) == 56


def test_what_few_clips_show_is_drawn_in_turn() -> None:
    """Each of these scenarios comes as often as it is listed, under names that no other clip of the proof has."""
    worlds = seldom_worlds(1, len(SELDOM))
    assert [world.scenario for world in worlds] == [made.__name__ for made in SELDOM]
    others = (*prove_worlds(1, 50), *steady_worlds(1, 6, short=False))
    assert not {world.name for world in worlds} & {world.name for world in others}

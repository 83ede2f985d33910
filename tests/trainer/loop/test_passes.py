"""Which forward passes processes make in step."""

from trainer.loop.passes import Passes, joined


def test_processes_make_the_passes_that_any_of_them_needs() -> None:
    """A process with parts of 2, 2 and 1 visuals beside one with a single part of 3, of which the third is new to the
    reference's cache, as is the second of the first one's first part: two parts more, and no pass left out.
    """
    first = [Passes(2, (False, True)), Passes(2, (False, False)), Passes(1, (True,))]
    second = [Passes(3, (False, False, True))]
    wanted = [Passes(3, (False, True, True)), Passes(2, (False, False)), Passes(1, (True,))]
    assert joined([first, second]) == joined([second, first]) == wanted


def test_a_process_alone_makes_its_own() -> None:
    """Nothing is added to them."""
    own = [Passes(2, (True, False)), Passes(1)]
    assert joined([own]) == own

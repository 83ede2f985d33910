"""Predicates about kinds of things: whether one is in view, and how many.

Both go by what was searched for, and by `Kind`, which gathers what was found.
"""

from stages.claims.checked import UNKNOWN, Checked, MarginKind, false_by, true_by
from stages.claims.kind import Kind
from stages.claims.nouns import is_counted, noun_of, words_about, words_for
from stages.claims.scene_view import Case


def present(case: Case) -> Checked:
    """A thing of that kind is in view at some time of I; false if none may be there at any time of it.

    False needs that the noun, its synonyms, the wider and the narrower ones were all searched for and not found, and
    that nothing was found that somebody might call so. Of an unlisted noun it is not known what those are.
    """
    kind = _kind_of(case)
    sure = kind.presence(case.interval)
    if sure > 0:
        return true_by(sure, MarginKind.SURENESS)
    searched = noun_of(case.noun) is not None and kind.is_searched(case.interval, words_about(case.noun))
    if not searched or kind.may_be_there(case.interval):
        return UNKNOWN
    return false_by(kind.clearness(case.interval), MarginKind.SURENESS)


def named_count(case: Case) -> Checked:
    """Exactly n things of that kind are in view at every looked-at frame of I; false if another number is."""
    kind = _kind_of(case)
    searched = is_counted(case.noun) and kind.is_searched(case.interval, words_for(case.noun))
    found = kind.number(case.interval) if searched else None
    if found is None:
        return UNKNOWN
    number, margin = found
    verdict = true_by if number == int(case.value) else false_by
    return verdict(margin, MarginKind.SURENESS)


def _kind_of(case: Case) -> Kind:
    return case.view.remembered(case.noun, lambda: Kind(case.noun, case.view))

"""What an audit finds: the scores of the blind readers, and all other habits that a set has."""

from pipeline.audit.contamination import Contamination
from pipeline.audit.coverage import Coverage
from pipeline.audit.finding import Finding
from pipeline.audit.habits import Bias, PartHabits
from pipeline.audit.looks import VideoRepeats
from pipeline.audit.opinions import Opinions
from pipeline.audit.repeats import Repeats
from pipeline.audit.scores import ReaderScore
from pipeline.audit.verdict import Outcome
from schemas.record import Record


class AuditReport(Record):
    """What `vidpref audit` finds."""

    pairs: int
    """Number of pairs."""
    groups: int
    """Number of groups."""
    videos: int
    """Number of videos with those pairs."""
    scores: tuple[ReaderScore, ...]
    """One per reader and part; none if there are fewer than two videos."""
    parts: tuple[PartHabits, ...]
    """Lengths, differences and telling words of the whole first, then of each kind of rejection and each writer."""
    negation: Bias
    """Words that deny or contrast."""
    echo: Bias
    """Words that an answer shares with its question."""
    likeness: Bias
    """Words that an answer shares with the other answers to its question."""
    repeats: Repeats
    """Texts that repeat each other."""
    video_repeats: VideoRepeats | None = None
    """Videos that show the same; null if they are not at hand."""
    contamination: Contamination | None = None
    """What the set has in common with benchmarks; null if none was named."""
    coverage: tuple[Coverage, ...] = ()
    """Axes and types beside what the recipe asks for; none for a set that vidpref did not build."""
    opinions: Opinions | None = None
    """How far proof, judges and people agree; null for a set that vidpref did not build."""
    findings: tuple[Finding, ...] = ()
    """What is wrong, and what can be done about it; the most serious first."""
    outcome: Outcome
    """Fail if one score fails or a video is that of a benchmark, else not enough if a score has too few videos, else
    pass."""

    @property
    def whole(self) -> PartHabits:
        """The habits of all pairs."""
        return self.parts[0]

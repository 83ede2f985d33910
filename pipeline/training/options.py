"""The options of a training, free of torch, so that a command line can be read before torch is imported."""

from dataclasses import dataclass

from schemas.policy import UsedStep, WeightsType


@dataclass(frozen=True)
class TrainOptions:
    """The options of `vidpref train`."""

    recipe: str
    """A shipped recipe by name, or a YAML file."""
    data: tuple[str, ...]
    """Finished data sets, each as PATH or PATH=SHARE."""
    model: str
    """Folder or hub id of a model, or the folder of an adapter to go on from."""
    out: str
    """Where the policy is written."""
    overrides: tuple[str, ...] = ()
    """`A.B=C` of every --set."""
    workers: int = 1
    """Number of processes; several processes, or one inside a Ray job, run on Ray."""
    merge: bool = False
    """Write whole weights instead of an adapter."""
    merge_dtype: WeightsType | None = None
    """Their type; by default the base model's, if rounding to it loses little of what was learnt, else float32."""
    use: UsedStep = UsedStep.LAST
    """The step whose weights become the policy."""
    reviews: tuple[str, ...] = ()
    """Folders of human verdicts: what people object to is left out."""

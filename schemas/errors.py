"""The exceptions that vidpref raises on purpose.

VidprefError
 |- UserError             the input is wrong: one line, exit code 2
 |   |- RecipeError       an unknown key, a value out of range, an unreadable recipe
 |   |- VideosError       --videos: missing, empty, or a manifest with a bad line
 |   |- SourceError       a file to import: missing, damaged, or of another format
 |   |- OutputError       --out: cannot be written, or made by another recipe
 |   |- DatasetError      a finished set that is damaged or not a set
 |   |   `- DamagedClipError   one clip of it, or one of its frames
 |   |- PlanError         the run does not fit the machine
 |   |- ClusterError      the Ray cluster does not answer, or Ray cannot start here
 |   |- EndpointError      no server, a wrong key, an unknown model, or one that lacks what the recipe needs
 |   |- ModelError        --model: missing, not a Video-LLM, or of an unsupported architecture
 |   |- EncodingError     a group that does not fit into the model's context
 |   `- TrainingError     a training cannot continue: no memory left, or too many unusable groups
 |       `- DivergedError   its loss or its gradient is NaN or infinite
 `- CapError              a ceiling stopped the run, everything so far is kept: exit code 3
"""


class VidprefError(Exception):
    """The base of all: its text is one line with what was given, what is allowed and what to try."""


class UserError(VidprefError):
    """The user's input is wrong."""


class RecipeError(UserError):
    """The recipe, or a --set, is wrong."""


class VideosError(UserError):
    """What --videos names cannot be used."""


class SourceError(UserError):
    """A file that is to be imported cannot be read as what it should be."""


class OutputError(UserError):
    """What --out names cannot be written or resumed."""


class DatasetError(UserError):
    """The path holds no finished set, or a damaged one."""


class DamagedClipError(DatasetError):
    """A clip of a set, or a frame of it, cannot be read; the others may be."""


class PlanError(UserError):
    """The run does not fit the machine or cluster."""


class ClusterError(UserError):
    """The Ray cluster does not answer, or Ray cannot start on this machine."""


class ModelError(UserError):
    """What --model names cannot be trained or scored."""


class EndpointError(UserError):
    """A server of language models cannot be used as the recipe asks."""


class EncodingError(UserError):
    """A group does not fit into the model's context; nothing is cut off to make it fit."""


class TrainingError(UserError):
    """A training cannot continue."""


class DivergedError(TrainingError):
    """The loss or the gradient of a training is NaN or infinite; the same training would diverge again."""


class CapError(VidprefError):
    """A ceiling stopped the run; what was done is kept."""

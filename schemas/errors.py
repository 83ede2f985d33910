"""The exceptions that vidpref raises on purpose.

VidprefError
 |- UserError             the input is wrong: one line, exit code 2
 |   |- RecipeError       an unknown key, a value out of range, an unreadable recipe
 |   |- VideosError       --videos: missing, empty, or a manifest with a bad line
 |   |- OutputError       --out: cannot be written, or made by another recipe
 |   |- DatasetError      a finished set that is damaged or not a set
 |   |- PlanError         the run does not fit the machine
 |   |- ModelError        --model: missing, no Video-LLM, or of an unsupported architecture
 |   |- EncodingError     a group that a model cannot be shown whole
 |   `- TrainingError     a training cannot go on: no memory left, a loss that is no number
 `- CapError              a ceiling stopped the run, everything so far is kept: exit code 3
"""


class VidprefError(Exception):
    """Base of all: its text is one line that says what was given, what is allowed, what to try."""


class UserError(VidprefError):
    """The user's input is wrong."""


class RecipeError(UserError):
    """The recipe, or a --set, is wrong."""


class VideosError(UserError):
    """What --videos names cannot be used."""


class OutputError(UserError):
    """What --out names cannot be written or resumed."""


class DatasetError(UserError):
    """A finished set is damaged, or is none."""


class PlanError(UserError):
    """The run does not fit the machine or cluster."""


class ModelError(UserError):
    """What --model names cannot be trained or scored."""


class EncodingError(UserError):
    """A group does not fit a model as it is; nothing is cut to make it fit."""


class TrainingError(UserError):
    """A training cannot go on."""


class CapError(VidprefError):
    """A ceiling stopped the run; what was done is kept."""

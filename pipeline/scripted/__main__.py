"""`python -m pipeline.scripted`: starts the scripted server and prints its address."""

import argparse
import asyncio
import sys

from pydantic import ValidationError

from pipeline.recipes.overrides import apply_overrides
from pipeline.scripted.app import Answerer, ShortAnswers
from pipeline.scripted.serve import serve
from pipeline.scripted.settings import ServerSettings
from schemas.errors import RecipeError, UserError
from schemas.problems import first_problem


def main() -> None:
    """Read the settings and serve."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.scripted", description=__doc__)
    parser.add_argument("settings", nargs="*", help="a.b=c: keys of pipeline/scripted/settings.py; -: JSON on stdin")
    given = parser.parse_args().settings
    try:
        if given == ["-"]:
            settings = ServerSettings.model_validate_json(sys.stdin.readline())
        else:
            settings = ServerSettings.model_validate(apply_overrides({}, given))
    except ValidationError as error:
        parser.error(first_problem(error, ServerSettings))
    except RecipeError as error:
        parser.error(str(error))
    try:
        answerer = _answerer(settings)
    except UserError as error:
        parser.error(str(error))
    asyncio.run(serve(settings, answerer, until_stdin_closes=given == ["-"]))


def _answerer(settings: ServerSettings) -> Answerer:
    """Who answers. Raises VideosError if its videos cannot be read."""
    if settings.manifest is None:
        return ShortAnswers()
    from pipeline.scripted.library import known_clips  # noqa: PLC0415 the rest starts in a moment without decoders
    from pipeline.scripted.script import ScriptedAnswers  # noqa: PLC0415 likewise

    return ScriptedAnswers(known_clips(settings.manifest), settings)


if __name__ == "__main__":
    main()

"""What a build is made of: the videos that --videos names, or those of a finished set of questions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pipeline.build.recipe import Recipe
from pipeline.dataset.finished_set import FinishedSet
from pipeline.engine.settings import Engine
from pipeline.inputs.amount import estimate
from pipeline.inputs.contents import Contents, read_contents
from pipeline.inputs.hash_cache import HashCache
from pipeline.inputs.videos import Inputs, find_videos
from pipeline.questions.shelf import contents_of, manifest_sha256, opened_sets, question_count
from schemas.counted import counted
from schemas.errors import RecipeError, VideosError


@dataclass(frozen=True)
class Material:
    """The videos of a build, before they are opened."""

    told: str
    """How many there are, in words."""
    read: Callable[[HashCache], Contents]
    """The distinct videos, with their content hashes."""
    count_clips: Callable[[], float]
    """About how many clips they make."""
    ignored_files: int = 0


def found_material(recipe: Recipe, videos: str | None, limit: int | None) -> tuple[Recipe, Material]:
    """What the build is made of, and the recipe with what it follows from that.

    Raises: VideosError if --videos is missing, or given for a recipe that takes none; RecipeError and DatasetError if
    the set of questions is missing, damaged, or another one than the recipe names.
    """
    if recipe.generate.writer == "self":
        if videos is not None:
            raise VideosError(
                f"--videos {videos}: this recipe takes its videos from the set that retrospect.questions names; "
                "leave out --videos"
            )
        return _of_set(recipe, limit)
    if videos is None:
        raise VideosError("--videos is missing; give a folder, a glob, or a manifest.jsonl")
    named = find_videos(videos)
    # the nouns of all annotations are looked for, those of videos beyond the limit too
    recipe = recipe.looking_for([s.ref.annotations for s in named.sources if s.ref.annotations is not None])
    return recipe, _of_inputs(named.first(limit), videos, recipe.engine, recipe.decode.max_clip_seconds)


def _of_inputs(inputs: Inputs, named: str, engine: Engine, max_clip_seconds: float) -> Material:
    ignored = counted(inputs.ignored_files, "other file")
    return Material(
        told=f"{counted(len(inputs.sources), 'video')} in {named}, {ignored} ignored",
        read=partial(read_contents, inputs.sources),
        count_clips=lambda: estimate(inputs, engine.child).clips(max_clip_seconds),
        ignored_files=inputs.ignored_files,
    )


def _of_set(recipe: Recipe, limit: int | None) -> tuple[Recipe, Material]:
    retrospect = recipe.retrospect
    opened, previous = opened_sets(retrospect)
    contents = contents_of(opened)
    everything = len(contents.videos)
    if limit is not None:
        first = sorted(contents.videos, key=lambda video: video.ref.uri)[:limit]
        contents = Contents(tuple(sorted(first, key=lambda video: video.content_sha256)), ())
    if not contents.videos:
        raise VideosError(f"retrospect.questions = {retrospect.questions}: the set holds no question")
    clips = opened.rows()["clips"]
    found = {
        "questions": str(opened.location),  # absolute: workers of a cluster run in other folders
        "previous": str(previous.location) if previous else None,
        "questions_sha256": _pinned("questions", opened, retrospect.questions_sha256),
        "previous_sha256": _pinned("previous", previous, retrospect.previous_sha256) if previous else None,
        "questions_per_clip": question_count(opened) / max(1, clips),
    }
    told = f"{counted(len(contents.videos), 'video')} in the set of questions {retrospect.questions}"
    share = len(contents.videos) / everything
    # what is shown are the frames of that set
    taken = recipe.model_copy(
        update={"retrospect": retrospect.model_copy(update=found), "decode": Recipe.of(opened.manifest).decode}
    )
    return taken, Material(told=told, read=lambda _: contents, count_clips=lambda: clips * share)


def _pinned(name: str, opened: FinishedSet, expected: str | None) -> str:
    """The hash of a set's dataset.json. Raises RecipeError if the recipe names another one."""
    found = manifest_sha256(opened)
    if expected not in (None, found):
        raise RecipeError(
            f"retrospect.{name} = {opened.location}: the SHA-256 of its dataset.json is {found}, and "
            f"retrospect.{name}_sha256 is {expected}; give that set, or leave out the hash"
        )
    return found

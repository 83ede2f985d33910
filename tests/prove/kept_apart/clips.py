"""The family's clips, rendered with the truth of each."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2

from pipeline.demo.truth.scene import read_truth
from tests.prove.clips import ROOT, Rendered, hash_of_sources
from tests.prove.kept_apart.family import kept_films
from tests.prove.kept_apart.film import Film
from tests.prove.kept_apart.picture import truth_of_film, write_film

COMMIT = "3f2daacc9188"
"""The commit that brought the family, before any threshold changed. Its hash is the seed: nobody could choose it."""
COUNT = 30


def kept_clips(cache: Path, *, processes: int, commit: str = COMMIT, count: int = COUNT) -> list[Rendered]:
    """The clips; those that the same sources rendered before are taken from the cache."""
    films = kept_films(int(commit, 16), count)
    sources = (ROOT / "pipeline" / "demo", Path(__file__).parent)
    text = "\n".join(film.model_dump_json() for film in films)
    folder = cache / "apart" / hash_of_sources(*sources, text=text)
    if not (folder / "done").is_file():
        _render(films, folder, processes)
        (folder / "done").touch()
    return [_read(film, folder) for film in films]


def _render(films: Sequence[Film], folder: Path, processes: int) -> None:
    for name in ("videos", "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if processes == 1:
        for film in films:
            _render_one(film, folder)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(_render_one, films, [folder] * len(films)))


def _render_one(film: Film, folder: Path) -> None:
    cv2.setNumThreads(1)
    write_film(film, _video(film, folder))
    _truth(film, folder).write_text(truth_of_film(film).model_dump_json())


def _read(film: Film, folder: Path) -> Rendered:
    path = _video(film, folder)
    return Rendered(film.world, path, hashlib.sha256(path.read_bytes()).hexdigest(), read_truth(_truth(film, folder)))


def _video(film: Film, folder: Path) -> Path:
    return folder / "videos" / f"{film.world.name}.mp4"


def _truth(film: Film, folder: Path) -> Path:
    return folder / "truth" / f"{film.world.name}.json"

"""`vidpref import`; its name is a word of Python, so the function and the file end with an underscore."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import JsonOption
from schemas.video import Split


def import_(  # noqa: PLR0913, PLR0917 every argument is an option of the command
    source: Annotated[str, typer.Argument(help="The name of a source, from the list above.")],
    files: Annotated[list[str], typer.Argument(help="Its files; what they say of one video is joined.")],
    out: Annotated[str, typer.Option(help="The manifest, a .jsonl; *.left_out.jsonl beside it lists all else.")],
    videos: Annotated[str | None, typer.Option(help="The folder of the videos, to find their files in.")] = None,
    keep_missing: Annotated[
        bool, typer.Option("--keep-missing", help="Keep videos whose file is not below --videos.")
    ] = False,
    split: Annotated[Split | None, typer.Option(help="The split of all videos (default: the source's own).")] = None,
    licence: Annotated[str | None, typer.Option(help="The licence of all videos.")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="Leave out the videos of a benchmark: a text of ids, a manifest (by id), or a folder of videos (by id "
            "and by looks). May be repeated.",
        ),
    ] = None,
    min_shots: Annotated[
        int | None, typer.Option(min=1, help="Keep videos with this many shots; shots that look alike count once.")
    ] = None,
    min_motion: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="Keep videos in which this share of the picture moves; with --min-shots, one is enough."
        ),
    ] = None,
    complete: Annotated[
        list[str] | None,
        typer.Option(metavar="NOUN", help="The boxes show all things of this noun in each video. May be repeated."),
    ] = None,
    trust_models: Annotated[
        bool, typer.Option("--trust-models", help="Use what a model wrote as if a person had.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Videos looked at at once (default: one per CPU).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Turn published annotations, or boxes, into a manifest.

    What is said of each video goes along: questions, captions, events with times, boxes. Nothing is lost silently: the
    table at the end and the file beside the manifest say what was left out, and why.

    \b
    Sources:
      activitynet   ActivityNet Captions; ActivityNet-QA (train_q.json beside train_a.json)
      clevrer       CLEVRER: questions, or the annotation of one video
      finevideo     FineVideo, as JSON or Parquet *
      llava-hound   LLaVA-Hound / ShareGPTVideo: questions, or preference pairs *
      llava-video   LLaVA-Video-178K *
      msrvtt        MSR-VTT; MSRVTT-QA
      msvd          MSVD; MSVD-QA
      nextqa        NExT-QA
      roadtextvqa   RoadTextVQA
      rrpo          RRPO's pairs *
      star          STAR, with its boxes
      tempcompass   TempCompass (a benchmark: its videos get split test)
      tomato        TOMATO (a benchmark)
      tpo           TPO's pairs *
      trl           preference rows of your own, as TRL reads them *
      vatex         VATEX, the English captions
      videomme      Video-MME (a benchmark)
      vistadpo      VistaDPO's pairs *
      vitevqa       M4-ViteVQA
      youcook2      YouCook2
      coco          own boxes in COCO's format
      mot           own boxes in MOTChallenge's format
    * written by a model: marked as uncertain, and used only with --trust-models
    """  # noqa: D301 \\b keeps the list as it is
    from pipeline.importers.options import ImportOptions  # noqa: PLC0415 keeps `vidpref --help` quick
    from pipeline.importers.run import run_import  # noqa: PLC0415 keeps `vidpref --help` quick

    run_import(
        Console(),
        ImportOptions(
            source=source,
            files=tuple(files),
            out=out,
            videos=videos,
            keep_missing=keep_missing,
            split=split,
            licence=licence,
            exclude=tuple(exclude or ()),
            min_shots=min_shots,
            min_motion=min_motion,
            complete=tuple(" ".join(noun.lower().split()) for noun in complete or ()),
            trust_models=trust_models,
            workers=workers,
            as_json=as_json,
        ),
    )

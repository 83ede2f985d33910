"""`make prove`: rendered clips, built by the product, held against their ground truth. Exit 1: a demand is not met."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.prove.proving import Findings, Request, prove
from tests.prove.report import wrong_by_class


def main() -> None:
    """Prove, show, write, and say by the exit code whether all demands are met."""
    arguments = _arguments()
    request = Request(
        clips=arguments.clips,
        seeds=arguments.seeds,
        short=arguments.short,
        cache=arguments.cache,
        processes=arguments.processes,
        detector_only=arguments.detector_only,
        kept_apart=arguments.kept_apart,
    )
    findings = prove(request)
    _show(Console(), findings, full=arguments.verbose)
    if arguments.out:
        arguments.out.write_text(json.dumps(_as_json(findings), indent=1))
    sys.exit(1 if findings.unmet else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("--clips", type=int, default=192)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="clips of 5 to 8 s, and the demands of a small set")
    parser.add_argument("--cache", type=Path, default=Path("build/prove"))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--detector-only", action="store_true", help="boxes and events alone, no set")
    parser.add_argument("--kept-apart", action="store_true", help="the family kept for the final figure, too")
    parser.add_argument("--verbose", action="store_true", help="every miss and every wrong claim")
    parser.add_argument("--out", type=Path, help="write the report as JSON")
    return parser.parse_args()


def _show(console: Console, findings: Findings, *, full: bool) -> None:
    boxes = Table("clips", "recall", "precision", "boxes", "events found", "false", "of", "p95, s")
    for part, one in findings.detection.items():
        boxes.add_row(
            part,
            f"{one.recall:.3f}",
            f"{one.precision:.3f}",
            str(one.true_boxes),
            f"{one.events_found:.3f}",
            f"{one.events_false:.3f}",
            str(one.true_events),
            f"{one.error_p95_seconds:.3f}",
        )
    console.print(boxes)
    demands = Table("demand", "measured", "limit", "")
    for demand in findings.demands:
        demands.add_row(demand.name, demand.measured, demand.limit, "met" if demand.met else "NOT MET")
    console.print(demands)
    for name, number in wrong_by_class(findings.wrong):
        console.print(f"{number:5d} wrong claims: {name}", highlight=False)
    if full:
        for one in findings.detection.values():
            console.print("\n".join(one.misses), highlight=False, markup=False)
        console.print("\n".join(str(wrong) for wrong in findings.wrong), highlight=False, markup=False)
        lines = findings.negatives.wrong if findings.negatives else ()
        console.print("\n".join(str(wrong) for wrong in lines), highlight=False, markup=False)
    unmet = ", ".join(demand.name for demand in findings.unmet)
    console.print(f"not met: {unmet}" if unmet else "all demands are met", highlight=False)


def _as_json(findings: Findings) -> dict[str, object]:
    return {
        "detection": {
            part: {
                "recall": one.recall,
                "precision": one.precision,
                "true_boxes": one.true_boxes,
                "events_found": one.events_found,
                "events_false": one.events_false,
                "true_events": one.true_events,
                "error_p95_seconds": one.error_p95_seconds,
                "misses": one.misses,
            }
            for part, one in findings.detection.items()
        },
        "demands": [asdict(demand) for demand in findings.demands],
        "wrong": [
            {
                **asdict(wrong),
                "claim": wrong.claim.model_dump(mode="json"),
                "shown": wrong.shown.model_dump(mode="json"),
            }
            for wrong in findings.wrong
        ],
        "negatives": dict(findings.negatives.groups) if findings.negatives else None,
        "counts": asdict(findings.counts) if findings.counts else None,
        "audit": findings.audit.model_dump(mode="json") if findings.audit else None,
    }


if __name__ == "__main__":
    main()

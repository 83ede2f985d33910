"""A program for the environment of groundingdino-py: writes a small checkpoint of that package with random weights.

`python -m tests.stages.models.tiny_original FOLDER [--full-size]`; FOLDER/bert is there already, config.py and
weights.pth are made.
"""

import sys
from pathlib import Path

import groundingdino
import torch
from groundingdino.models import build_model
from groundingdino.util.slconfig import SLConfig

SMALL = "enc_layers = dec_layers = 2\nnum_queries = 50\n"


def main(folder: Path, *, full_size: bool = False) -> None:
    """Write the configuration, with two layers and fifty queries unless in full size, and weights that fit it."""
    torch.manual_seed(0)
    own = Path(groundingdino.__file__).parent / "config" / "GroundingDINO_SwinT_OGC.py"
    changes = f"{'' if full_size else SMALL}text_encoder_type = {str(folder / 'bert')!r}\n"
    config = folder / "config.py"
    config.write_text(own.read_text() + changes)
    arguments = SLConfig.fromfile(str(config))
    arguments.device = "cpu"
    arguments.use_checkpoint = arguments.use_transformer_ckpt = False
    torch.save({"model": build_model(arguments).state_dict()}, folder / "weights.pth")


if __name__ == "__main__":
    main(Path(sys.argv[1]), full_size="--full-size" in sys.argv)

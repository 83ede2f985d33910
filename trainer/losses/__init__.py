"""Losses as pure functions of log-probabilities; they do not depend on a model, data or run."""

from trainer.losses.margins import AnswerRatios, DifferingTokens
from trainer.losses.pairs import PAIR_LOSSES, PairTerms, pair_terms, sft_loss, weighted_sum
from trainer.losses.sequential_kl import sequential_kl
from trainer.losses.twins import family_loss, visual_edge
from trainer.losses.vista import TERMS, Term, TermLoss, VistaScores, VistaTerms, VisualDeltas, term_weights, vista_terms

__all__ = [
    "PAIR_LOSSES",
    "TERMS",
    "AnswerRatios",
    "DifferingTokens",
    "PairTerms",
    "Term",
    "TermLoss",
    "VistaScores",
    "VistaTerms",
    "VisualDeltas",
    "family_loss",
    "pair_terms",
    "sequential_kl",
    "sft_loss",
    "term_weights",
    "vista_terms",
    "visual_edge",
    "weighted_sum",
]

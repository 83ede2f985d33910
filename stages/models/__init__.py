"""Live models: the only stages that import torch."""

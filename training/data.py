"""FER+ pictures and votes, by the published rule (Barsoum et al., arXiv 1608.01041).

Single votes are noise and are dropped; pictures that the majority calls unknown or not a face are
dropped; training sees the distribution of the votes; scoring uses only the pictures where one
label has more than half of the votes that are left.
"""
import os

import numpy as np
import torch

CLASSES = 8
# Beside the repository, wherever the scripts are called from.
FOLDER = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../shared/data"))


def load(folder, split):
    """Returns images uint8 [N,48,48], target float [N,8], clear bool [N] (one label has a majority)."""
    names = ["ferplus-train-1.npz", "ferplus-train-2.npz"] if split == "train" else ["ferplus-valid.npz"]
    parts = [np.load(os.path.join(folder, name)) for name in names]
    images = np.concatenate([part["images"] for part in parts])
    votes = np.concatenate([part["votes"] for part in parts]).astype(np.float32)
    votes[votes == 1] = 0
    # argmax takes the first of a tie, so an expression wins over unknown and not-a-face.
    keep = (votes.sum(1) > 0) & (votes.argmax(1) < CLASSES)
    images, votes = images[keep], votes[keep]
    # Unknown and not-a-face count in the majority, as published, but not in what is learned.
    clear = votes.max(1) > 0.5 * votes.sum(1)
    faces = votes[:, :CLASSES]
    target = faces / faces.sum(1, keepdims=True)
    return torch.from_numpy(images), torch.from_numpy(target), torch.from_numpy(clear)


def sample_weights(target, power=0.5):
    """How often to draw each picture: rare expressions more often, by the root of their rarity.

    Full balance would show each of the hundred contempt pictures seventy times an epoch, which is
    learning them by heart; no balance at all never says contempt.
    """
    prior = target.mean(0)
    weights = (target * prior.pow(-power)).sum(1)
    return weights / weights.sum()


def seen_prior(target, weights):
    """The class shares that training sees with those weights: what the logits have absorbed."""
    return (target * weights[:, None]).sum(0) / weights.sum()

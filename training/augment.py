"""Augmentation of whole batches as tensors; per-picture Python would cost more than the network.

Two ends: framing (the program's crops come from other detectors than FER+'s) and picture quality
(webcams are dark, blurred, small and compressed; posed laboratory faces are sharp and even).
"""
import math

import torch
import torch.nn.functional as F


def rand(n, low, high):
    return torch.empty(n, 1, 1, 1).uniform_(low, high)


def some(n, share):
    """A mask of about that share of the batch, to blend an effect in for some pictures only."""
    return (torch.rand(n, 1, 1, 1) < share).float()


def warp(x, strength=1.0):
    """Roll, zoom, stretch, shear, shift and mirror. What comes in from outside varies too."""
    n = len(x)
    # A few degrees for most, and a wide tail: heads lie on hands, and detectors miss eyes.
    tail = torch.where(torch.rand(n) < 0.25, 2.4, 1.0)
    angle = torch.randn(n) * 8 * tail * strength * math.pi / 180
    far = torch.where(torch.rand(n) < 0.15, 1.8, 1.0)  # a detector's box is loose or tight now and then
    zoom = torch.exp(torch.empty(n).uniform_(-0.28, 0.20) * far * strength)  # > 1 shows more surroundings
    stretch = torch.exp(torch.randn(n) * 0.05 * strength)
    shear = torch.randn(n) * 0.06 * strength
    mirror = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = torch.cos(angle) * zoom * stretch * mirror
    theta[:, 0, 1] = (-torch.sin(angle) + shear) * zoom
    theta[:, 1, 0] = torch.sin(angle) * zoom * mirror
    theta[:, 1, 1] = torch.cos(angle) * zoom / stretch
    theta[:, :, 2] = torch.empty(n, 2).uniform_(-0.13, 0.13) * strength
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    padding = ["border", "reflection", "zeros"][int(torch.randint(3, (1,)))]
    return F.grid_sample(x, grid, padding_mode=padding, align_corners=False)


def light(x):
    """Gamma, contrast, brightness and a light from one side."""
    n = len(x)
    x = x.clamp(0, 1).pow(torch.exp(rand(n, -0.55, 0.55)))
    mean = x.mean((2, 3), keepdim=True)
    x = (x - mean) * torch.exp(rand(n, -0.6, 0.4)) + mean + rand(n, -0.18, 0.18)
    ramp = torch.linspace(-1, 1, x.shape[-1])
    side = ramp.view(1, 1, 1, -1) * rand(n, -0.25, 0.25) + ramp.view(1, 1, -1, 1) * rand(n, -0.25, 0.25)
    return (x + some(n, 0.3) * side).clamp(0, 1)


def blur(x, sigma):
    taps = torch.exp(-0.5 * (torch.arange(-4.0, 5.0) / sigma) ** 2)
    taps = (taps / taps.sum()).view(1, 1, 1, -1)
    x = F.conv2d(F.pad(x, (4, 4, 0, 0), mode="replicate"), taps)
    return F.conv2d(F.pad(x, (0, 0, 4, 4), mode="replicate"), taps.transpose(2, 3))


def sharpen(x, amount):
    return (x + amount * (x - blur(x, 1.0))).clamp(0, 1)


def low_resolution(x, size):
    small = F.interpolate(x, size=(size, size), mode="area")
    return F.interpolate(small, size=x.shape[-2:], mode="bilinear", align_corners=False)


def dct_matrix():
    k = torch.arange(8.0)
    matrix = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) * 0.5
    matrix[0] /= math.sqrt(2)
    return matrix


# JPEG's luminance table: one scalar step would erase what real JPEG keeps.
JPEG_STEPS = torch.tensor([
    [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55],
    [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
    [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99]]).float() / 255


def jpeg(x, quality):
    scale = (50 / quality) if quality < 50 else (2 - quality / 50)
    n, _, height, width = x.shape
    d, steps = dct_matrix(), JPEG_STEPS.to(x.device) * scale
    tiles = x.view(n, height // 8, 8, width // 8, 8).permute(0, 1, 3, 2, 4)
    tiles = d.t() @ (torch.round((d @ tiles @ d.t()) / steps) * steps) @ d
    return tiles.permute(0, 1, 3, 2, 4).reshape(n, 1, height, width).clamp(0, 1)


def occlude(x, area=(0.02, 0.18)):
    """One rectangle a picture, flat gray or noise: a hand, a cup, hair."""
    n, _, height, width = x.shape
    share, aspect = torch.empty(n).uniform_(*area), torch.exp(torch.empty(n).uniform_(-0.9, 0.9))
    h, w = (share * aspect).sqrt() * height, (share / aspect).sqrt() * width
    top, left = torch.rand(n) * (height - h), torch.rand(n) * (width - w)
    rows, columns = torch.arange(height).view(1, -1, 1), torch.arange(width).view(1, 1, -1)
    edge = lambda v: v.view(-1, 1, 1)
    inside = ((rows >= edge(top)) & (rows < edge(top + h)) & (columns >= edge(left)) & (columns < edge(left + w)))
    fill = rand(n, 0, 1) + some(n, 0.5) * (torch.rand_like(x) - 0.5) * 0.6
    return torch.where(inside.unsqueeze(1), fill.clamp(0, 1).expand_as(x), x)


def blend(x, effect, share):
    mask = some(len(x), share)
    return x * (1 - mask) + effect * mask


def augment(x, strength=1.0):
    """x float [N,1,48,48] in 0..1; strength 0..1 scales how often and how far. One amount a batch for
    blur, size and quality: cheaper, and over thousands of batches it is the same mixture."""
    number = lambda low, high: float(torch.empty(1).uniform_(low, high))
    share = 0.15 * strength
    x = warp(x, 0.4 + 0.6 * strength)
    x = blend(x, light(x), 0.7 * strength)
    x = blend(x, blur(x, number(0.4, 1.5)), share)
    x = blend(x, sharpen(x, number(0.3, 2.0)), share)
    x = blend(x, low_resolution(x, int(number(14, 36))), share)
    x = blend(x, jpeg(x, number(12, 70)), share)
    x = blend(x, (x + torch.randn_like(x) * number(0.01, 0.08)).clamp(0, 1), share)
    return blend(x, occlude(x), share)


def mixup(x, target, share, alpha=0.3):
    """Mixes some of the batch with other pictures of it: softens the certainty about rare pictures
    that are drawn often."""
    keep = torch.distributions.Beta(alpha, alpha).sample((len(x),))
    keep = torch.where(torch.rand(len(x)) < share, torch.maximum(keep, 1 - keep), torch.ones(len(x)))
    other = torch.randperm(len(x))
    k = keep.view(-1, 1, 1, 1)
    return x * k + x[other] * (1 - k), target * keep[:, None] + target[other] * (1 - keep[:, None])

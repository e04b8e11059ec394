"""Faces covered so far that nobody should name an expression: what hides them, and how much.

Every function takes pictures [N,1,48,48] in 0..1 that are framed like FER+ (eyes at two fifths of the height) and
returns them covered. They are moved and lit afterwards, with the rest of the augmentation.
"""
import torch

SIZE = 48


def grid():
    y, x = torch.meshgrid(torch.arange(SIZE) + 0.5, torch.arange(SIZE) + 0.5, indexing="ij")
    return (y / SIZE)[None], (x / SIZE)[None]


def uniform(n, low, high):
    return torch.empty(n, 1, 1).uniform_(low, high)


def fill_of(x, dark_share=0.4):
    """What the cover looks like: flat (dark ones are common), noisy, striped, or a piece of the picture itself
    (skin and cloth) in other light."""
    n = len(x)
    y, xx = grid()
    level = torch.where(torch.rand(n, 1, 1) < dark_share, uniform(n, 0, 0.2), uniform(n, 0, 1))
    flat = level.expand(n, SIZE, SIZE)
    noise = level + torch.randn(n, SIZE, SIZE) * uniform(n, 0.02, 0.2)
    stripes = level + uniform(n, 0.05, 0.3) * torch.sin((y * uniform(n, -60, 60) + xx * uniform(n, -60, 60)) + 6 * level)
    shading = level + (y - 0.5) * uniform(n, -0.6, 0.6) + (xx - 0.5) * uniform(n, -0.6, 0.6)
    shift = torch.randint(12, 36, (2,))
    piece = torch.roll(x[torch.randperm(n), 0], (int(shift[0]), int(shift[1])), (1, 2)) * uniform(n, 0.6, 1.2)
    kind = torch.randint(0, 6, (n, 1, 1))
    out = torch.where(kind == 1, noise, flat)
    out = torch.where(kind == 2, stripes, out)
    out = torch.where(kind >= 4, shading, out)
    return torch.where(kind == 3, piece, out).clamp(0, 1)


def band(n, top, bottom, tilt=0.15):
    y, x = grid()
    y = y + (x - 0.5) * uniform(n, -tilt, tilt)
    return (y > top) & (y < bottom)


def ellipse(n, cy, cx, ry, rx, power=2.0):
    y, x = grid()
    return ((y - cy) / ry).abs() ** power + ((x - cx) / rx).abs() ** power < 1


def eyes_band(n):
    """A bar over both eyes, as in pictures made anonymous, or a cap pulled down over them."""
    top = torch.where(torch.rand(n, 1, 1) < 0.35, torch.full((n, 1, 1), -0.2), uniform(n, 0.18, 0.32))
    y, x = grid()
    side = uniform(n, 0.3, 0.7)
    return band(n, top, uniform(n, 0.46, 0.58)) & ((x - 0.5).abs() < side)


def sunglasses(n):
    cy, away = uniform(n, 0.36, 0.44), uniform(n, 0.18, 0.23)
    ry, rx, power = uniform(n, 0.1, 0.16), uniform(n, 0.14, 0.2), 2 + 2 * float(torch.rand(1))
    y, x = grid()
    bridge = ((y - cy + 0.03).abs() < 0.02) & ((x - 0.5).abs() < 0.45)
    return ellipse(n, cy, 0.5 - away, ry, rx, power) | ellipse(n, cy, 0.5 + away, ry, rx, power) | bridge


def mask(n):
    """Over mouth and nose, wider below."""
    y, x = grid()
    top = uniform(n, 0.5, 0.62) + 0.25 * (x - 0.5).abs() * uniform(n, 0, 1)
    return (y > top) & ((x - 0.5).abs() < uniform(n, 0.34, 0.6))


def hand(n):
    """A few thick fingers side by side: over the mouth, one half, or the eyes."""
    y, x = grid()
    cy, cx, turn = uniform(n, 0.3, 0.8), uniform(n, 0.2, 0.8), uniform(n, -1.6, 1.6)
    u = (x - cx) * torch.cos(turn) + (y - cy) * torch.sin(turn)
    v = -(x - cx) * torch.sin(turn) + (y - cy) * torch.cos(turn)
    reach = uniform(n, 0.28, 0.5)
    return (u.abs() < reach) & (v.abs() < uniform(n, 0.2, 0.36))


def half(n):
    """One side hidden, by hair, a door or another head."""
    y, x = grid()
    edge = uniform(n, 0.38, 0.55) + (y - 0.5) * uniform(n, -0.4, 0.4)
    left = torch.rand(n, 1, 1) < 0.5
    return torch.where(left, x < edge, x > 1 - edge)


def large(n):
    y, x = grid()
    h, w = uniform(n, 0.5, 0.95), uniform(n, 0.55, 0.95)
    top, left = torch.rand(n, 1, 1) * (1 - h), torch.rand(n, 1, 1) * (1 - w)
    return (y > top) & (y < top + h) & (x > left) & (x < left + w)


#         what, how often, how dark its fill mostly is, the share of the target that becomes flat
COVERS = [(eyes_band, 0.3, 0.7, 0.75), (sunglasses, 0.2, 0.85, 0.6), (mask, 0.2, 0.3, 0.75), (hand, 0.15, 0.15, 0.8),
          (half, 0.08, 0.5, 0.7), (large, 0.07, 0.4, 0.9)]


def cover(x, target):
    """Covers every picture; returns them and their softened targets."""
    n = len(x)
    kind = torch.multinomial(torch.tensor([c[1] for c in COVERS]), n, replacement=True)
    covered, flat = x.clone(), torch.zeros(n)
    for k, (shape, _, dark, softness) in enumerate(COVERS):
        chosen = (kind == k).nonzero()[:, 0]
        if len(chosen):
            inside = shape(len(chosen))
            part = x[chosen, 0]
            covered[chosen, 0] = torch.where(inside, fill_of(x[chosen], dark), part)
            flat[chosen] = softness
    flat = flat[:, None]
    return covered, target * (1 - flat) + flat / target.shape[1]


def paper_mask(x):
    """A mask as most are: white or light, a little shaded and creased."""
    n = len(x)
    y, xx = grid()
    light = uniform(n, 0.55, 1) + (y - 0.7) * uniform(n, -0.4, 0.4) + uniform(n, 0, 0.04) * torch.sin(y * uniform(n, 30, 80))
    covered = x.clone()
    covered[:, 0] = torch.where(mask(n), (light + 0 * xx).clamp(0, 1), x[:, 0])
    return covered


def darken(x):
    """So dark that little but noise is left."""
    n = len(x)
    k = torch.empty(n, 1, 1, 1).uniform_(0.01, 0.06)
    return ((x * k * 255).round() / 255 + torch.randn_like(x) * torch.empty(n, 1, 1, 1).uniform_(0, 0.02)).clamp(0, 1)

"""Covers painted over mouths, and what only looks like one beside them, for mouth.py.

All of it is painted in the face's own axes, which 468 points of the bare face give: x to the picture's right, 1 at the
cheek; y down, 0 at the mouth's middle; 1 long from the root of the nose to the chin. `hidden` is the share of the lips
that a cover hides. Telephones, sleeves and fans are missing on purpose: benchmarks/movement_truth.cpp judges by those.
"""
import cv2
import numpy as np

LIPS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
INNER_LIPS = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191]
JAW = [234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454]
EYES = [(33, 133, 159, 145), (362, 263, 386, 374)]
FINE, LARGE = 3, 150  # painted so many times as fine as the picture; a larger one twice


class Face:
    """A picture (BGR, bytes) with the points of its bare face."""

    def __init__(self, picture, points, rng):
        self.picture, self.points, self.rng = picture.astype(np.float32), points[:, :2].astype(np.float64), rng
        at = self.points
        self.middle = (at[61] + at[291] + at[0] + at[17]) / 4
        self.axes = np.stack([(at[454] - at[234]) / 2, at[152] - at[168]], 1)
        self.height, self.width = picture.shape[:2]
        self.times = FINE if self.height <= LARGE else 2
        self.fine = np.hstack([self.axes, self.middle[:, None]]) * self.times
        y, x = np.mgrid[0:self.height * self.times, 0:self.width * self.times].astype(np.float32) + 0.5
        back = np.linalg.inv(self.axes)
        x, y = x / self.times - self.middle[0], y / self.times - self.middle[1]
        self.x = (back[0, 0] * x + back[0, 1] * y).astype(np.float32)
        self.y = (back[1, 0] * x + back[1, 1] * y).astype(np.float32)
        self.pixel = 1 / max(4.0, float(np.hypot(*self.axes[:, 1])))  # of the picture, in y
        cheeks = np.vstack([at[[50, 205, 280, 425, 101, 330]]]).round().astype(int)
        cheeks[:, 0], cheeks[:, 1] = cheeks[:, 0].clip(0, self.width - 1), cheeks[:, 1].clip(0, self.height - 1)
        self.skin = np.median(self.picture[cheeks[:, 1], cheeks[:, 0]], 0)
        self.hidden = 0.0

    def polygon(self, points):
        """Of points in the face's axes [K,2]; 0 to 1, fine."""
        mask = np.zeros(self.x.shape, np.uint8)
        at = np.asarray(points, float) @ self.fine[:, :2].T + self.fine[:, 2]
        cv2.fillPoly(mask, [np.round(at * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        return mask.astype(np.float32) / 255

    def of_points(self, points):
        """The same of points in the picture."""
        return self.polygon((np.asarray(points) - self.middle) @ np.linalg.inv(self.axes).T)

    def own(self, index):
        """Mesh points in the face's axes."""
        return (self.points[index] - self.middle) @ np.linalg.inv(self.axes).T

    def small(self, fine):
        return cv2.resize(fine, (self.width, self.height), interpolation=cv2.INTER_AREA)

    def lay(self, mask, colour, soft=None):
        """Lays `colour` ([3] or [fine, 3]) where `mask` is; both as sharp as `soft` pixels of the picture."""
        if colour.ndim == 1:
            colour = np.broadcast_to(colour.astype(np.float32), mask.shape + (3,))
        layer = self.small(np.nan_to_num(np.asarray(colour, np.float32)).clip(-50, 305))
        alpha = self.small(mask.astype(np.float32))
        soft = self.rng.uniform(0.3, 1.3) if soft is None else soft
        if soft > 0.2:
            alpha, layer = cv2.GaussianBlur(alpha, (0, 0), soft), cv2.GaussianBlur(layer, (0, 0), soft)
        self.picture = self.picture * (1 - alpha[..., None]) + layer * alpha[..., None]
        self.picture = self.picture.clip(0, 255)
        return alpha

    def cover(self, mask, colour, soft=None):
        """As lay(), and counts what is hidden of the lips."""
        alpha = self.lay(mask, colour, soft)
        lips = self.small(self.of_points(self.points[LIPS]))
        if lips.sum() > 0:
            self.seen = getattr(self, "seen", np.ones_like(alpha)) * (1 - alpha)
            self.hidden = 1 - float((lips * self.seen).sum() / lips.sum())

    def noise(self, size, strength):
        """Low and high frequencies; `size`: of a blotch, in y."""
        rows = max(2, int(self.y.max() - self.y.min()) + 1)
        count = int(max(2, min(64, rows / size)))
        small = self.rng.normal(0, 1, (count, count)).astype(np.float32)
        return cv2.resize(small, self.x.shape[::-1], interpolation=cv2.INTER_CUBIC) * strength


def any_colour(rng):
    kind = rng.random()
    if kind < 0.25:
        return np.full(3, rng.uniform(0, 60)) + rng.uniform(0, 15, 3)
    if kind < 0.5:
        return np.full(3, rng.uniform(170, 250)) + rng.uniform(-10, 5, 3)
    return rng.uniform(10, 250, 3)


def light(face, strength=None):
    """Brighter on one side: a factor."""
    rng = face.rng
    strength = rng.uniform(0, 0.45) if strength is None else strength
    a = rng.uniform(0, 2 * np.pi)
    return (1 + strength * (np.cos(a) * face.x + np.sin(a) * face.y)).clip(0.25, 1.8)[..., None]


def pattern(face, base):
    """Cloth: plain, striped, dotted, checked, blotched, with writing; lit and folded."""
    rng = face.rng
    kind = rng.choice(["plain", "plain", "plain", "stripes", "waves", "dots", "checks", "blotches", "print"])
    other = any_colour(rng)
    turn = rng.uniform(0, np.pi)
    u, v = np.cos(turn) * face.x + np.sin(turn) * face.y, np.cos(turn) * face.y - np.sin(turn) * face.x
    step = rng.uniform(0.06, 0.3)
    share = np.zeros(face.x.shape, np.float32)
    if kind == "stripes":
        share = (np.sin(2 * np.pi * u / step) > rng.uniform(-0.4, 0.6)).astype(np.float32)
    elif kind == "waves":
        share = (np.sin(2 * np.pi * (v + rng.normal(0, 0.8) * u * u + rng.normal(0, 0.6) * np.abs(u)) / step) > 0).astype(np.float32)
    elif kind == "dots":
        share = (((u / step) % 1 - 0.5) ** 2 + ((v / step) % 1 - 0.5) ** 2 < rng.uniform(0.03, 0.12)).astype(np.float32)
    elif kind == "checks":
        share = ((np.sin(2 * np.pi * u / step) > 0).astype(np.float32) + (np.sin(2 * np.pi * v / step) > 0)) / 2
    elif kind == "blotches":
        share = (face.noise(rng.uniform(0.05, 0.3), 1) > rng.uniform(-0.2, 0.8)).astype(np.float32)
    elif kind == "print":  # something drawn in the middle, a mouth among them
        for _ in range(rng.integers(1, 4)):
            cx, cy = rng.normal(0, 0.25), rng.normal(0, 0.15)
            rx, ry = rng.uniform(0.05, 0.4), rng.uniform(0.02, 0.12)
            share = np.maximum(share, (((face.x - cx) / rx) ** 2 + ((face.y - cy) / ry) ** 2 < 1).astype(np.float32))
    share *= rng.uniform(0.4, 1)
    colour = base * (1 - share[..., None]) + other * share[..., None]
    folds = 1.0
    if rng.random() < 0.5:  # pleats
        bow = rng.uniform(-0.15, 0.25)
        folds = 1 + rng.uniform(0.03, 0.2) * np.sin(2 * np.pi * (face.y + bow * face.x ** 2) / rng.uniform(0.1, 0.3)
                                                    + rng.uniform(0, 6))
    if rng.random() < 0.6:
        folds = folds * (1 + face.noise(rng.uniform(0.1, 0.6), rng.uniform(0.02, 0.12)))
    return colour * light(face) * np.asarray(folds, np.float32).reshape(
        face.x.shape + (1,) if np.ndim(folds) else ()) + rng.normal(0, rng.uniform(0, 6), face.x.shape)[..., None]


# --- what covers ------------------------------------------------------------------------------------------------------

def mask(face, low=False):
    """Surgical, cloth, pointed; over the nose, under it, or (low) under the lips."""
    rng = face.rng
    jaw = face.own(JAW)
    sides = rng.integers(2, 7)
    outline = jaw[sides:len(jaw) - sides].copy()
    out = rng.uniform(0.96, 1.12)
    outline = outline * [out, 1] + [0, 0]
    outline[len(outline) // 2 - 3:len(outline) // 2 + 4, 1] += rng.uniform(-0.04, 0.1)
    if low:
        top = rng.uniform(0.6, 0.95) * face.own([152])[0, 1]
        outline[:, 1] = np.maximum(outline[:, 1], top)
        upper = [[outline[-1, 0], top], [0, top + rng.uniform(-0.02, 0.04)], [outline[0, 0], top]]
    else:
        nose = face.own([6, 197, 195, 5, 4, 1, 2])
        tip = nose[rng.integers(0, 7)] if rng.random() < 0.85 else nose[6] + [0, 0.03]
        beside = rng.uniform(0.15, 0.4)
        drop = rng.uniform(0.0, 0.22)
        upper = [[beside + tip[0], tip[1] + drop], tip, [tip[0] - beside, tip[1] + drop]]
    region = face.polygon(np.vstack([outline, upper]))
    base = face.skin * rng.uniform(0.7, 1.25) if rng.random() < 0.12 else any_colour(rng)
    colour = pattern(face, base)
    if rng.random() < 0.5:  # dark below the edge, or a bright wire
        edge = cv2.GaussianBlur(region, (0, 0), face.times * rng.uniform(1, 3))
        colour = colour * (1 - rng.uniform(-0.2, 0.5) * (1 - edge)[..., None])
    if rng.random() < 0.6:  # a shadow of the cloth on the skin, loops
        loops = np.zeros(region.shape, np.uint8)
        for end, ear in ((outline[0], jaw[0]), (outline[-1], jaw[-1])):
            ends = np.round((np.stack([end, ear * 1.02 - [0, rng.uniform(0, 0.2)]]) @ face.fine[:, :2].T + face.fine[:, 2]))
            cv2.line(loops, tuple(map(int, ends[0])), tuple(map(int, ends[1])), 255, face.times, cv2.LINE_AA)
        face.lay(loops / np.float32(255), any_colour(rng))
    face.cover(region, colour)


def capsule(x, y, a, b, ra, rb):
    """Distance inside (positive) of a rounded stick from a to b, over its radius: 1 on its axis, 0 at its edge; and where
    along it."""
    d = np.array(b) - a
    t = (((x - a[0]) * d[0] + (y - a[1]) * d[1]) / max(1e-6, d @ d)).clip(0, 1)
    r = ra + (rb - ra) * t
    far = np.hypot(x - a[0] - d[0] * t, y - a[1] - d[1] * t)
    return 1 - far / r, t


def skin_layer(face):
    """The person's skin, flat or as it is on their forehead and cheeks, in another light."""
    rng = face.rng
    if rng.random() < 0.5:
        around = face.points[[[10, 338, 67, 151], [50, 205, 187, 101], [280, 425, 411, 330]][rng.integers(3)]]
        low, high = np.floor(around.min(0)).astype(int), np.ceil(around.max(0)).astype(int) + 2
        low, high = low.clip(0), np.minimum(high, [face.width, face.height])
        if (high - low).min() > 1:
            piece = np.nan_to_num(face.picture[low[1]:high[1], low[0]:high[0]])
            piece = np.rot90(piece, rng.integers(4)) if rng.random() < 0.5 else piece
            tone = cv2.resize(np.ascontiguousarray(piece, np.float32), face.x.shape[::-1], interpolation=cv2.INTER_LINEAR)
            return tone * rng.uniform(0.55, 1.3) * light(face)
    tone = face.skin * rng.uniform(0.55, 1.3) + rng.normal(0, 6, 3)
    return tone * light(face) * (1 + face.noise(rng.uniform(0.05, 0.4), rng.uniform(0.01, 0.06)))[..., None]


def fingers(face, middle, count, turn, thick, reach, spread=0.0):
    """`count` fingers side by side around `middle`, pointing along `turn`: mask and shaded colour."""
    rng = face.rng
    wide = face.axes[0, 0] / max(1e-6, face.axes[1, 1])  # x against y in the picture
    x, y = face.x * wide, face.y
    c, s = np.cos(turn), np.sin(turn)
    along, across = np.array([c, s]), np.array([-s, c])
    region = np.zeros(x.shape, np.float32)
    shade = np.ones(x.shape, np.float32)
    contrast = rng.uniform(0.15, 0.75)
    order = np.arange(count)
    for k in rng.permutation(order):
        off = (k - (count - 1) / 2) * thick * rng.uniform(1.75, 2.15)
        tilt = turn + spread * (k - (count - 1) / 2) + rng.normal(0, 0.04)
        way = np.array([np.cos(tilt), np.sin(tilt)])
        length = reach * (1 - 0.12 * abs(k - (count - 1) / 2)) * rng.uniform(0.85, 1.1)
        start = np.array([middle[0] * wide, middle[1]]) + across * off - along * length / 2
        inside, t = capsule(x, y, start, start + way * length, thick * rng.uniform(0.95, 1.15), thick * rng.uniform(0.75, 0.95))
        soft = (inside * thick / face.pixel * 1.5 + 0.5).clip(0, 1)
        body = np.sqrt(np.clip(1 - (1 - np.clip(inside, 0, 1)) ** 2, 0, 1))
        lit = rng.normal(0, 0.25) * ((x - start[0]) * -way[1] + (y - start[1]) * way[0]) / thick  # one side brighter
        grey = (1 - contrast * (1 - body) + lit * contrast).clip(0.2, 1.4)
        for joint in rng.uniform(0.25, 0.95, rng.integers(0, 3)):
            grey = grey * (1 - rng.uniform(0.05, 0.25) * np.exp(-((t - joint) / 0.03) ** 2))
        if rng.random() < 0.4:  # a nail
            tip = start + way * length
            nail = np.hypot((x - tip[0]) / thick, (y - tip[1]) / thick) < rng.uniform(0.4, 0.7)
            grey = np.where(nail, grey * rng.uniform(0.9, 1.3), grey)
        shade = shade * (1 - soft) + grey * soft
        region = np.maximum(region, soft)
    return region, shade


def hand(face, middle=None, cheek=False):
    """Fingers, a flat hand, a fist; where `middle` says."""
    rng = face.rng
    if middle is None:
        middle = rng.normal(0, 0.18), rng.normal(0.02, 0.09)
    turn = rng.uniform(0, 2 * np.pi)
    kind = rng.choice(["fingers", "fingers", "flat", "fist", "palm"])
    thick = rng.uniform(0.065, 0.12)
    wide = face.axes[0, 0] / max(1e-6, face.axes[1, 1])
    x, y = face.x * wide, face.y
    if kind == "fingers":
        region, shade = fingers(face, middle, rng.integers(2, 6), turn, thick, rng.uniform(0.5, 1.1), rng.normal(0, 0.07))
    elif kind in ("flat", "palm"):
        region, shade = fingers(face, middle, 4, turn, thick, rng.uniform(0.7, 1.3), rng.normal(0, 0.08))
        along = np.array([np.cos(turn), np.sin(turn)])
        start = np.array([middle[0] * wide, middle[1]]) - along * rng.uniform(0.0, 0.5)
        r = thick * rng.uniform(3.2, 4.6)
        inside, _ = capsule(x, y, start, start - along * rng.uniform(0.3, 1.2), r, r * rng.uniform(0.6, 1))
        soft = (inside * r / face.pixel * 1.5 + 0.5).clip(0, 1)
        body = 1 - rng.uniform(0.1, 0.5) * (1 - np.clip(inside * 1.5, 0, 1)) ** 2
        creases = 1.0
        for _ in range(rng.integers(0, 4)):
            a, b, w = rng.uniform(0, np.pi), rng.normal(0, 0.2), rng.uniform(0.008, 0.025)
            line = np.cos(a) * (x - middle[0] * wide) + np.sin(a) * (y - middle[1]) - b + 0.3 * (x - middle[0]) ** 2
            creases = creases * (1 - rng.uniform(0.1, 0.35) * np.exp(-(line / w) ** 2))
        shade = shade * (1 - soft) + body * creases * soft
        region = np.maximum(region, soft)
    else:
        r = rng.uniform(0.22, 0.4)
        power = rng.uniform(2, 4)
        c, s = np.cos(turn), np.sin(turn)
        u = (c * (x - middle[0] * wide) + s * (y - middle[1])) / r
        v = (c * (y - middle[1]) - s * (x - middle[0] * wide)) / (r * rng.uniform(0.7, 1))
        inside = 1 - (np.abs(u) ** power + np.abs(v) ** power) ** (1 / power)
        region = (inside * r / face.pixel * 1.5 + 0.5).clip(0, 1).astype(np.float32)
        shade = 1 - rng.uniform(0.15, 0.55) * (1 - np.clip(inside * 2, 0, 1)) ** 1.5
        ridge = np.abs(((u * rng.uniform(1.6, 2.2)) % 1) - 0.5) * 2
        shade = shade * (1 - rng.uniform(0.1, 0.45) * np.clip((ridge - 0.75) * 4, 0, 1) * (v > rng.uniform(-0.6, 0.1)))
        if rng.random() < 0.7:  # the arm
            inside, _ = capsule(x, y, (middle[0] * wide, middle[1] + r * 0.6), (middle[0] * wide + rng.normal(0, 0.4), 1.8),
                                r * 0.75, r * 0.8)
            arm = (inside * r / face.pixel + 0.5).clip(0, 1)
            shade = shade * region + (1 - 0.5 * (1 - np.clip(inside, 0, 1)) ** 2) * (1 - region)
            region = np.maximum(region, arm)
    colour = skin_layer(face) * shade[..., None]
    if rng.random() < 0.12:  # a glove
        colour = pattern(face, any_colour(rng)) * shade[..., None]
    if rng.random() < 0.7:  # it throws a shadow
        far = cv2.GaussianBlur(region, (0, 0), face.times * rng.uniform(1, 5))
        far = np.roll(far, (int(rng.normal(0, 6)), int(rng.normal(0, 6))), (0, 1)) * rng.uniform(0.2, 0.7)
        face.picture *= 1 - face.small(far.astype(np.float32))[..., None]
    face.cover(region, colour)


def box(face, middle, half, turn):
    wide = face.axes[0, 0] / max(1e-6, face.axes[1, 1])
    c, s = np.cos(turn), np.sin(turn)
    u = c * (face.x - middle[0]) * wide + s * (face.y - middle[1])
    v = c * (face.y - middle[1]) - s * (face.x - middle[0]) * wide
    return u / half[0], v / half[1]


def cup(face, middle=None):
    """A mug, a glass, a bottle; often with fingers around it."""
    rng = face.rng
    if middle is None:
        middle = rng.normal(0, 0.1), rng.normal(0.22, 0.12)
    half = rng.uniform(0.22, 0.42), rng.uniform(0.25, 0.5)
    u, v = box(face, middle, half, rng.normal(0, 0.2))
    u = u / (1 - rng.uniform(-0.1, 0.25) * v.clip(-1.5, 1.5))
    rim = rng.uniform(0.05, 0.25)
    inside = (np.abs(u) < 1) & (v < 1) & (v > -1 - rim * np.sqrt(np.clip(1 - u * u, 0, 1)))
    colour = pattern(face, any_colour(rng)) * (1 - rng.uniform(0, 0.5) * u ** 2 + rng.uniform(0, 0.4)
                                               * np.exp(-((u - rng.uniform(-0.6, 0.6)) / 0.12) ** 2))[..., None]
    dark = (v < -1 + rim * np.sqrt(np.clip(1 - u * u, 0, 1))) & inside
    colour = np.where(dark[..., None], colour * rng.uniform(0.4, 1.2), colour)
    face.cover(inside.astype(np.float32), colour)
    if rng.random() < 0.5:
        region, shade = fingers(face, (middle[0] + rng.normal(0, 0.1), middle[1] + rng.uniform(0.05, 0.3)), rng.integers(2, 5),
                                rng.choice([0, np.pi]) + rng.normal(0, 0.25), rng.uniform(0.05, 0.09), rng.uniform(0.4, 0.8))
        face.cover(region, skin_layer(face) * shade[..., None])


def scarf(face, top=None):
    """Everything from `top` down: a scarf, a collar, a blanket."""
    rng = face.rng
    top = rng.uniform(-0.3, -0.08) if top is None else top
    bow, tilt = rng.uniform(-0.15, 0.3), rng.normal(0, 0.12)
    edge = face.y - top - bow * face.x ** 2 - tilt * face.x - face.noise(0.2, rng.uniform(0, 0.03))
    reach = rng.uniform(0.9, 2.5)
    region = ((edge > 0) & (np.abs(face.x) < reach)).astype(np.float32)
    u = edge + rng.uniform(0, 0.6) * np.sin(face.x * rng.uniform(1, 5) + rng.uniform(0, 6))
    folds = 1 + rng.uniform(0, 0.35) * np.sin(2 * np.pi * u / rng.uniform(0.08, 0.4)) - rng.uniform(0, 0.4) * np.exp(-edge / 0.05)
    face.cover(region, pattern(face, any_colour(rng)) * folds[..., None])


def paper(face, middle=None):
    """A sheet, a card, a book, with lines of writing or without."""
    rng = face.rng
    if middle is None:
        middle = rng.normal(0, 0.2), rng.normal(0.15, 0.15)
    u, v = box(face, middle, (rng.uniform(0.3, 1.2), rng.uniform(0.25, 0.7)), rng.normal(0, 0.35))
    base = any_colour(rng)
    colour = pattern(face, base) if rng.random() < 0.5 else base * light(face)
    if rng.random() < 0.5:
        lines = ((v * rng.uniform(3, 9)) % 1 < 0.4) & (np.abs(u) < 0.85) & (face.noise(0.05, 1) > -0.8)
        colour = np.where(lines[..., None], colour * rng.uniform(0.2, 0.8), colour)
    face.cover(((np.abs(u) < 1) & (np.abs(v) < 1)).astype(np.float32), colour)


def microphone(face, middle=None):
    """A ball of foam or wire on a stick that comes from below."""
    rng = face.rng
    if middle is None:
        middle = rng.normal(0, 0.07), rng.normal(0.03, 0.06)
    wide = face.axes[0, 0] / max(1e-6, face.axes[1, 1])
    x, y = (face.x - middle[0]) * wide, face.y - middle[1]
    r = rng.uniform(0.14, 0.32)
    base = np.full(3, rng.uniform(5, 70)) if rng.random() < 0.7 else any_colour(rng)
    lean = rng.normal(0, 0.5)
    stick, _ = capsule(x, y, (0, 0), (lean, 1.5), r * 0.5, r * 0.45)
    face.cover((stick * r / face.pixel + 0.5).clip(0, 1), base * (0.5 + np.clip(stick, 0, 1))[..., None])
    far = np.hypot(x, y / rng.uniform(0.9, 1.3)) / r
    wires = 1 + rng.uniform(0, 0.5) * np.sin(x / r * rng.uniform(8, 25)) * np.sin(y / r * rng.uniform(8, 25))
    shine = rng.uniform(0, 1) * np.exp(-((x / r + 0.3) ** 2 + (y / r + 0.3) ** 2) / 0.1)
    ball = ((1 - far) * r / face.pixel + 0.5).clip(0, 1)
    face.cover(ball, (base * wires[..., None] * (1.2 - 0.7 * far ** 2)[..., None] + 120 * shine[..., None]))


def thing(face, textures, middle=None):
    """Any shape of any look: what nobody has thought of. `textures`: pictures of whatever else."""
    rng = face.rng
    if middle is None:
        middle = rng.normal(0, 0.15), rng.normal(0.02, 0.12)
    turn = rng.uniform(0, 2 * np.pi)
    angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 12)))
    reach = rng.uniform(0.3, 0.8, len(angle))
    points = np.stack([middle[0] + reach * np.cos(angle) * rng.uniform(0.7, 1.3), middle[1] + reach * np.sin(angle) * 0.7], 1)
    if rng.random() < 0.5:
        u, v = box(face, middle, (rng.uniform(0.2, 0.8), rng.uniform(0.15, 0.5)), turn)
        power = rng.uniform(1.5, 6)
        region = (np.abs(u) ** power + np.abs(v) ** power < 1).astype(np.float32)
    else:
        region = face.polygon(points)
    kind = rng.random()
    if kind < 0.45:
        other = textures[rng.integers(len(textures))]
        h, w = other.shape[:2]
        side = int(min(h, w) * rng.uniform(0.25, 0.9))
        top, left = rng.integers(0, h - side + 1), rng.integers(0, w - side + 1)
        piece = cv2.resize(other[top:top + side, left:left + side], region.shape[::-1], interpolation=cv2.INTER_LINEAR)
        colour = np.rot90(piece, rng.integers(0, 4)) if piece.shape[0] == piece.shape[1] else piece
        colour = colour.astype(np.float32) * rng.uniform(0.5, 1.4)
    elif kind < 0.6:
        colour = skin_layer(face)
    else:
        colour = pattern(face, any_colour(rng))
    face.cover(region, colour)


# --- what does not -----------------------------------------------------------------------------------------------------

def dark_glasses(face):
    rng = face.rng
    colour = np.full(3, rng.uniform(0, 50)) if rng.random() < 0.8 else any_colour(rng)
    grow = rng.uniform(1.25, 2.3)
    power = rng.uniform(2, 5)
    for eye in EYES:
        at = face.own(list(eye))
        cx, cy = at[:, 0].mean(), at[:, 1].mean() + 0.03
        rx = np.ptp(at[:, 0]) / 2 * grow * 1.05
        ry = rx * rng.uniform(0.5, 0.95)
        region = (np.abs((face.x - cx) / rx) ** power + np.abs((face.y - cy) / ry) ** power < 1).astype(np.float32)
        shine = rng.uniform(0, 120) * np.exp(-((face.x - cx) / rx + (face.y - cy) / ry) ** 2 / 0.05)
        face.lay(region, colour + shine[..., None] * np.ones(3))
    a, b = face.own([133, 362])
    face.lay(((np.abs(face.y - (a[1] + b[1]) / 2 + 0.02) < 0.025) & (np.abs(face.x) < 0.9)).astype(np.float32), colour)


def hair_around(face, moustache=True):
    """A beard and a moustache, whose hair may hang over the upper lip; the lips are seen."""
    rng = face.rng
    colour = np.full(3, rng.uniform(5, 90)) * [0.8, 0.9, 1.1] if rng.random() < 0.75 else np.full(3, rng.uniform(120, 230))
    lips = cv2.GaussianBlur(face.of_points(face.points[LIPS]), (0, 0), face.times)
    region = np.zeros(face.x.shape, np.float32)
    if rng.random() < 0.75:
        jaw = face.own(JAW)[rng.integers(1, 6):]
        jaw = jaw[:len(jaw) - (21 - len(jaw))] if len(jaw) > 11 else jaw
        low = jaw * [1.0, 1] + [0, rng.uniform(0, 0.35)] * (jaw[:, 1:] > 0.15)
        top = rng.uniform(-0.12, 0.12)
        region = face.polygon(np.vstack([low, [[0.5, top], [0, rng.uniform(0.05, 0.12)], [-0.5, top]]]))
    if moustache or rng.random() < 0.5:
        half, thick = rng.uniform(0.28, 0.5), rng.uniform(0.03, 0.075)
        droop = rng.uniform(-0.05, 0.3)
        lip = face.own([0])[0, 1]
        line = face.y - (lip - rng.uniform(0, 0.035)) - droop * face.x ** 2
        region = np.maximum(region, ((np.abs(line) < thick) & (np.abs(face.x) < half)).astype(np.float32))
    region = region * (1 - lips * rng.uniform(0.85, 1))
    region = cv2.GaussianBlur(region, (0, 0), face.times * rng.uniform(0.5, 2.5))
    strands = 1 + rng.uniform(0.1, 0.7) * face.rng.normal(0, 1, face.x.shape)
    strands = cv2.GaussianBlur(strands.astype(np.float32), (0, 0), 1.0 + rng.uniform(0, 2), sigmaY=0.5 + rng.uniform(0, 3))
    face.lay(region * rng.uniform(0.5, 1), np.clip(colour * strands[..., None], 0, 255), 0.3)


def lip_colour(face):
    """Lipstick, pale lips, lips of the skin's colour."""
    rng = face.rng
    lips = face.of_points(face.points[LIPS]) - face.of_points(face.points[INNER_LIPS])
    colour = rng.uniform([0, 0, 60], [120, 80, 240]) if rng.random() < 0.6 else face.skin * rng.uniform(0.7, 1.2)
    face.lay(np.clip(lips, 0, 1) * rng.uniform(0.4, 0.95), colour * light(face))


def thin_lips(face):
    """Lips that are rolled in: skin, a line and the shadow under it."""
    rng = face.rng
    lips = cv2.GaussianBlur(face.of_points(face.points[LIPS]), (0, 0), face.times * 1.5)
    face.lay(lips * rng.uniform(0.7, 1), face.skin * rng.uniform(0.85, 1.1) * light(face, 0.2))
    left, right = face.own([61, 291])
    level = left[1] + (right[1] - left[1]) * ((face.x - left[0]) / max(1e-6, right[0] - left[0]))
    bow = rng.normal(0, 0.1)
    line = face.y - level - bow * (face.x - (left[0] + right[0]) / 2) ** 2 + 0.3 * bow * ((right[0] - left[0]) / 2) ** 2
    within = (face.x > left[0]) & (face.x < right[0])
    dark = np.exp(-(line / rng.uniform(0.008, 0.025)) ** 2) * within * rng.uniform(0.4, 0.9)
    face.lay(dark.astype(np.float32), face.skin * rng.uniform(0.1, 0.5))


def open_mouth(face):
    """Wide open: dark, with teeth, with a tongue that may hang out."""
    rng = face.rng
    left, right = face.own([61, 291])
    half = (right[0] - left[0]) / 2 * rng.uniform(0.6, 1.05)
    cx, cy = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2 + rng.uniform(0, 0.06)
    ry = rng.uniform(0.05, 0.2)
    ring = (((face.x - cx) / (half * 1.2)) ** 2 + ((face.y - cy) / (ry + 0.05)) ** 2 < 1).astype(np.float32)
    face.lay(ring, face.skin * rng.uniform([0.5, 0.5, 0.7], [0.9, 0.9, 1.0]) * light(face, 0.2))
    hole = (((face.x - cx) / half) ** 2 + ((face.y - cy) / ry) ** 2 < 1).astype(np.float32)
    face.lay(hole, rng.uniform(5, 60, 3) * [0.6, 0.6, 1.2])
    if rng.random() < 0.65:
        edge = cy - ry * rng.uniform(0.2, 0.75)
        teeth = hole * (face.y < edge)
        gaps = 1 - rng.uniform(0, 0.4) * (np.abs(((face.x - cx) / half * 4) % 1 - 0.5) > 0.44)
        face.lay(teeth, rng.uniform(150, 245) * np.ones(3) * gaps[..., None])
        if rng.random() < 0.5:
            face.lay(hole * (face.y > cy + ry * rng.uniform(0.4, 0.8)), rng.uniform(130, 220) * np.ones(3))
    if rng.random() < 0.4:
        down = rng.uniform(0, 0.2)
        tongue = (((face.x - cx) / (half * rng.uniform(0.4, 0.7))) ** 2 +
                  ((face.y - cy - ry * 0.4 - down / 2) / (ry * 0.6 + down / 2)) ** 2 < 1)
        face.lay(tongue.astype(np.float32), np.array([110, 100, 190]) * rng.uniform(0.5, 1.1) * light(face))


def hard_shadow(face):
    """Half of the face, or a bar or the lower part, in the dark; or a spot of light."""
    rng = face.rng
    turn, off = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.4)
    line = np.cos(turn) * face.x + np.sin(turn) * face.y - off
    if rng.random() < 0.35:
        line = rng.uniform(0.08, 0.35) - np.abs(line)
    soft = rng.uniform(0.01, 0.25)
    share = 1 / (1 + np.exp(-np.clip(line / soft, -30, 30)))
    factor = 1 - rng.uniform(0.35, 0.88) * share if rng.random() < 0.75 else 1 + rng.uniform(0.3, 1.2) * share
    face.picture = (face.picture * face.small(factor.astype(np.float32))[..., None]).clip(0, 255)


def strands(face):
    """Hair before the face, and bangs: thin, so that the lips are seen."""
    rng = face.rng
    colour = np.full(3, rng.uniform(5, 120)) * [0.8, 0.9, 1.1]
    layer = np.zeros(face.x.shape, np.uint8)
    for _ in range(rng.integers(2, 14)):
        side = rng.choice([-1, 1])
        x = side * rng.uniform(0.2, 1.0)
        way = np.array([[x, -1.2], [x + rng.normal(0, 0.15), -0.4], [x + rng.normal(0, 0.2), 0.2], [x + rng.normal(0, 0.3), 0.9]])
        at = np.round(way @ face.fine[:, :2].T + face.fine[:, 2]).astype(np.int32)
        cv2.polylines(layer, [at], False, 255, int(rng.integers(1, 4)), cv2.LINE_AA)
    if rng.random() < 0.5:
        layer = np.maximum(layer, (face.polygon([[-1.1, -1.6], [1.1, -1.6], [1.1, rng.uniform(-0.9, -0.5)],
                                                 [-1.1, rng.uniform(-0.9, -0.5)]]) * 255).astype(np.uint8))
    if rng.random() < 0.4:
        side = rng.choice([-1, 1])
        inner = rng.uniform(0.65, 0.9)
        layer = np.maximum(layer, (face.polygon([[side * 1.5, -1.2], [side * inner, -1], [side * inner, 0.8],
                                                 [side * 1.5, 1]]) * 255).astype(np.uint8))
    shade = 1 + face.noise(0.05, 0.2)
    face.cover(layer / np.float32(255), colour * shade[..., None])


def beside(face, textures):
    """What covers mouths, where it covers none: on the cheek, the chin, the brow, before the neck."""
    rng = face.rng
    side = rng.choice([-1, 1])
    chin = face.own([152])[0, 1]
    places = {"cheek": (side * rng.uniform(0.8, 1.2), rng.normal(0, 0.25)), "chin": (rng.normal(0, 0.2), chin + rng.uniform(0.05, 0.35)),
              "brow": (rng.normal(0, 0.4), -rng.uniform(0.75, 1.2)), "nose": (rng.normal(0, 0.1), -rng.uniform(0.35, 0.55))}
    place = places[rng.choice(["cheek", "cheek", "chin", "chin", "chin", "brow", "nose"])]
    kind = rng.integers(0, 6)
    if kind <= 1:
        hand(face, place)
    elif kind == 2:
        microphone(face, (rng.normal(0, 0.2), chin + rng.uniform(-0.02, 0.3)))
    elif kind == 3:
        thing(face, textures, place)
    elif kind == 4:
        cup(face, (rng.normal(0, 0.3), chin + rng.uniform(0.3, 0.7)))
    else:
        scarf(face, chin + rng.uniform(-0.15, 0.15)) if rng.random() < 0.5 else mask(face, low=True)


#         what, and how often
COVERS = [(mask, 0.28), (hand, 0.4), (cup, 0.08), (scarf, 0.06), (paper, 0.05), (microphone, 0.04), (thing, 0.09)]
OTHERS = [(beside, 0.3), (dark_glasses, 0.12), (hair_around, 0.13), (lip_colour, 0.08), (thin_lips, 0.08), (open_mouth, 0.12),
          (hard_shadow, 0.12), (strands, 0.05)]


def paint(face, covered, textures):
    """Something over the mouth, or something that is none; more than one thing now and then. Returns its name."""
    rng = face.rng
    kinds = COVERS if covered else OTHERS
    if covered and rng.random() < 0.3:  # a covered face may have all of the rest, too
        first = [dark_glasses, hard_shadow, hair_around, open_mouth][rng.integers(0, 4)]
        first(face)
    chosen = kinds[rng.choice(len(kinds), p=np.array([k[1] for k in kinds]))][0]
    chosen(face, textures) if chosen in (thing, beside) else chosen(face)
    if not covered and rng.random() < 0.25:
        second = [dark_glasses, hard_shadow, hair_around, open_mouth][rng.integers(0, 4)]
        second(face)
    return chosen.__name__


def spoil(picture, rng):
    """Light, blur, noise and coding, as cameras do it; the size stays."""
    height, width = picture.shape[:2]
    out = picture.astype(np.float32)
    if rng.random() < 0.5:
        gamma = np.exp(rng.normal(0, 0.35))
        out = 255 * (out / 255).clip(0, 1) ** gamma
    if rng.random() < 0.5:
        out = (out - 128) * rng.uniform(0.35, 1.3) + 128 + rng.normal(0, 35)
    if rng.random() < 0.08:
        out = out * rng.uniform(0.12, 0.35)
    if rng.random() < 0.3:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.3, 1.6) * width / 128)
    if rng.random() < 0.1:
        kernel = np.zeros((9, 9), np.float32)
        a = rng.uniform(0, np.pi)
        cv2.line(kernel, (int(4 - 4 * np.cos(a)), int(4 - 4 * np.sin(a))), (int(4 + 4 * np.cos(a)), int(4 + 4 * np.sin(a))), 1)
        out = cv2.filter2D(out, -1, kernel / kernel.sum())
    if rng.random() < 0.5:
        share = rng.uniform(0.22, 0.8)
        small = cv2.resize(out, (max(20, int(width * share)), max(20, int(height * share))), interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            small = small + rng.normal(0, rng.uniform(0, 8), small.shape[:2])[..., None]
        out = cv2.resize(small.astype(np.float32), (width, height),
                         interpolation=cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR)
    if rng.random() < 0.4:
        out = out + rng.normal(0, rng.uniform(1, 9), out.shape)
    out = out.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(25, 95))])[1], cv2.IMREAD_COLOR)
    return out

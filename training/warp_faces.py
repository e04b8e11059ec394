"""Real neutral faces, moved: the points of a face mesh carry the movements of an expression onto FER+'s photographs.

    python3 warp_faces.py MESH.npz OUT.npz [--count 12000]

Rendered faces have the movement and not the looks of photographs, FER+ has the looks and calls restrained expressions
neutral. Here the texture, light and compression are a photograph's, the movement is ours: a smooth field through
displaced points of the brows, lids, nose, lips and chin, and folds drawn where skin folds. Movements are in units of
the distance between the eyes, in axes turned with the head; x points away from the nose.
"""
import argparse

import cv2
import numpy as np

import data
import nets

# Points of the 468-point mesh, (image left, image right).
POINTS = {
    "brow_inner": ([107, 55], [336, 285]), "brow_middle": ([105, 52], [334, 282]), "brow_outer": ([70, 46], [300, 276]),
    "forehead_low": ([108, 69], [337, 299]),
    "lid_upper": ([159, 158, 160], [386, 385, 387]), "lid_lower": ([145, 144, 153], [374, 373, 380]),
    "eye_corner": ([33, 133], [263, 362]), "bag": ([119, 101], [348, 330]),
    "nose_wing": ([98, 129], [327, 358]), "cheek": ([50, 205], [280, 425]),
    "corner": ([61, 78], [291, 308]), "lip_upper": ([37, 40], [267, 270]), "lip_lower": ([84, 91], [314, 321]),
    "jaw": ([172, 136], [397, 365]),
}
MIDDLE = {"between_brows": [9, 8], "bridge": [6, 197], "nose_tip": [1, 4], "lip_upper_mid": [0, 11], "lip_lower_mid": [17, 16],
          "mouth_inner_up": [13], "mouth_inner_low": [14], "chin": [199, 200], "chin_low": [152], "forehead": [10, 151]}

# movement: {point: (outward, down)} for one side at full strength, and the folds that it makes
MOVES = {
    "brow_lower": ({"brow_inner": (-.07, .15), "brow_middle": (-.04, .12), "brow_outer": (-.01, .05), "forehead_low": (-.03, .06),
                    "lid_upper": (0, .025), "between_brows": (0, .05)}, ["frown"]),
    "inner_raise": ({"brow_inner": (-.03, -.13), "brow_middle": (0, -.05), "brow_outer": (0, .02), "forehead_low": (0, -.06)}, ["forehead_mid"]),
    "outer_raise": ({"brow_outer": (0, -.11), "brow_middle": (0, -.10), "brow_inner": (0, -.05), "forehead_low": (0, -.05)}, ["forehead_side"]),
    "lid_raise": ({"lid_upper": (0, -.05)}, []),
    "lid_tight": ({"lid_lower": (0, -.045), "lid_upper": (0, .02), "bag": (0, -.03)}, []),
    "lid_droop": ({"lid_upper": (0, .06)}, []),
    "nose_wrinkle": ({"nose_wing": (.03, -.07), "lip_upper": (0, -.07), "lip_upper_mid": (0, -.05), "brow_inner": (-.05, .11),
                      "brow_middle": (-.02, .07), "between_brows": (0, .04), "lid_lower": (0, -.035), "bag": (0, -.05), "nose_tip": (0, -.03)},
                     ["nose", "nasolabial"]),
    "lip_raise": ({"lip_upper": (0.01, -.09), "lip_upper_mid": (0, -.08), "nose_wing": (.02, -.03), "cheek": (0, -.03)}, ["nasolabial"]),
    "corner_pull": ({"corner": (.11, -.10), "lip_upper": (.05, -.03), "lip_lower": (.05, .0), "cheek": (.03, -.06), "bag": (0, -.03),
                     "lid_lower": (0, -.02)}, ["nasolabial"]),
    "dimple": ({"corner": (.07, -.05), "lip_upper": (.03, -.01), "lip_lower": (.03, -.01)}, ["dimple"]),
    "corner_down": ({"corner": (.0, .11), "lip_lower": (.01, .04), "lip_upper": (.0, .02)}, ["mouth_side"]),
    "chin_raise": ({"lip_lower": (0, -.06), "lip_lower_mid": (0, -.07), "chin": (0, -.06), "lip_upper_mid": (0, -.02)}, ["chin"]),
    "stretch": ({"corner": (.13, .03), "lip_lower": (.07, .02), "lip_upper": (.06, .01), "jaw": (.02, .01)}, []),
    "press": ({"lip_upper": (-.01, .035), "lip_upper_mid": (0, .04), "lip_lower": (-.01, -.035), "lip_lower_mid": (0, -.045),
               "corner": (-.03, 0)}, ["lips"]),
    "tight": ({"corner": (-.06, 0), "lip_upper": (-.03, .015), "lip_lower": (-.03, -.015), "lip_upper_mid": (0, .02),
               "lip_lower_mid": (0, -.02)}, ["lips"]),
    "lower_lip_down": ({"lip_lower": (.02, .05), "lip_lower_mid": (0, .05)}, []),
}
RECIPES = {  # label: [(movements with their shares, softness of the label)]
    "anger": [("brow_lower 1 lid_tight .8 press 1 chin_raise .5", "anger"), ("brow_lower 1 lid_tight .7 tight 1", "anger"),
              ("brow_lower 1 lid_raise .8 press .8", "anger"), ("brow_lower 1 lid_tight .6 chin_raise .9 press .5 corner_down .3", "anger"),
              ("brow_lower 1 lid_tight 1 lip_raise .3 tight .6", "anger disgust .15")],
    "sadness": [("inner_raise 1 brow_lower .3 corner_down 1 chin_raise .6 lid_droop .3", "sadness"),
                ("inner_raise .8 corner_down .8 lid_droop .6", "sadness"), ("corner_down 1 chin_raise 1 inner_raise .4", "sadness"),
                ("inner_raise .6 brow_lower .5 corner_down .9 lid_tight .3", "sadness")],
    "disgust": [("nose_wrinkle 1 lip_raise .7", "disgust"), ("nose_wrinkle 1 lid_tight .8 lip_raise .4 chin_raise .5", "disgust"),
                ("lip_raise 1 nose_wrinkle .5 corner_down .5", "disgust"), ("nose_wrinkle .9 chin_raise .8 corner_down .6", "disgust anger .1")],
    "fear": [("inner_raise 1 outer_raise .6 brow_lower .35 lid_raise 1 stretch 1", "fear surprise .1"),
             ("inner_raise .9 brow_lower .4 lid_raise 1 stretch .8 lower_lip_down .6", "fear"),
             ("inner_raise 1 outer_raise .4 lid_raise .8 stretch .7 corner_down .4", "fear sadness .15")],
    "surprise": [("inner_raise 1 outer_raise 1 lid_raise 1", "surprise"), ("inner_raise .8 outer_raise 1 lid_raise .7 lower_lip_down .4", "surprise")],
    "happiness": [("corner_pull 1 lid_tight .4", "happiness"), ("corner_pull .7", "happiness"), ("corner_pull 1 outer_raise .4", "happiness")],
    "contempt": [("dimple 1", "contempt"), ("dimple 1 press .4", "contempt"), ("dimple .8 lip_raise .5", "contempt")],
    "neutral": [("", "neutral")],
}
SHARES = {"anger": .26, "sadness": .2, "disgust": .14, "fear": .12, "surprise": .05, "happiness": .05, "contempt": .08, "neutral": .1}


def gray_stroke(canvas, points, width, value):
    layer = np.zeros_like(canvas)
    cv2.polylines(layer, [np.round(np.array(points) * 16).astype(np.int32)], False, 1.0, max(1, int(round(width))), cv2.LINE_AA, 4)
    return canvas + value * cv2.GaussianBlur(layer, (0, 0), max(0.6, width * 0.5))


def paint_folds(canvas, at, eye, up, folds, rng, scale):
    """canvas: what is added to the picture (-1..1). at(name, side): a point; eye: distance between the eyes, in pixels."""
    down = -up
    right = np.array([-down[1], down[0]]) * -1  # image right when the head is upright
    if right[0] < 0:
        right = -right
    dark = -0.28
    for (fold, side), strength in folds.items():
        s = (-1 if side == 0 else 1) * right
        v = dark * strength * rng.uniform(0.4, 1.2)
        w = eye * rng.uniform(0.03, 0.06)
        if fold == "frown":
            p = at("brow_inner", side) - s * eye * rng.uniform(.03, .08)
            lean = rng.uniform(-.05, .05)
            canvas = gray_stroke(canvas, [p + down * eye * .06, p - down * eye * rng.uniform(.12, .24) + s * eye * lean], w, v)
            canvas = gray_stroke(canvas, [p + s * eye * .06, p + s * eye * .06 - down * eye * .15], w, -v * .4)
        elif fold in ("forehead_mid", "forehead_side"):
            centre = at("brow_inner" if fold == "forehead_mid" else "brow_middle", side)
            for k in range(rng.integers(1, 4)):
                c = centre - down * eye * (.22 + .13 * k)
                half = eye * rng.uniform(.15, .3)
                canvas = gray_stroke(canvas, [c - right * half + down * eye * .02, c, c + right * half + down * eye * .02], w, v * .7)
                canvas = gray_stroke(canvas, [c - right * half + down * eye * .07, c + right * half + down * eye * .07], w, -v * .3)
        elif fold == "nose":
            b = at("bridge", None)
            for k in (-.1, 0, .1):
                c = b + down * eye * k + s * eye * .06
                canvas = gray_stroke(canvas, [c - s * eye * .05, c + s * eye * .08 + down * eye * .05], w * .8, v * .8)
        elif fold == "nasolabial":
            a, b = at("nose_wing", side) + s * eye * .06, at("corner", side) + s * eye * .1
            canvas = gray_stroke(canvas, [a - down * eye * .05, (a + b) / 2 + s * eye * .04, b], w * 1.2, v * .9)
            canvas = gray_stroke(canvas, [a + s * eye * .1, (a + b) / 2 + s * eye * .13], w * 2, -v * .35)
        elif fold in ("dimple", "mouth_side"):
            c = at("corner", side) + s * eye * .06
            canvas = gray_stroke(canvas, [c - down * eye * .07, c + down * eye * (.07 if fold == "dimple" else .16)], w, v)
        elif fold == "chin" and side == 0:
            c = at("chin", None)
            canvas = gray_stroke(canvas, [c - right * eye * .15 - down * eye * .06, c - down * eye * .1, c + right * eye * .15 - down * eye * .06], w * 1.3, v)
            speckle = cv2.GaussianBlur(rng.normal(0, 1, canvas.shape).astype(np.float32), (0, 0), scale * .7)
            yy, xx = np.mgrid[:canvas.shape[0], :canvas.shape[1]]
            near = np.exp(-((xx - c[0]) ** 2 + (yy - c[1]) ** 2) / (2 * (eye * .14) ** 2))
            canvas = canvas + speckle * near * .12 * strength
        elif fold == "lips" and side == 0:
            a, b = at("corner", 0), at("corner", 1)
            m = (at("mouth_inner_up", None) + at("mouth_inner_low", None)) / 2
            canvas = gray_stroke(canvas, [a, m, b], w, v * .9)
    return canvas


def moved(picture, mesh, recipe, rng, strength):
    """picture: uint8 48x48; mesh: 468 points in its pixels. The picture with the recipe's movements, 48x48."""
    zoom = 2
    big = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    mesh = (mesh[:, :2] + 0.5) * zoom - 0.5
    left, right_eye = mesh[[33, 133]].mean(0), mesh[[263, 362]].mean(0)
    eye = np.hypot(*(right_eye - left))
    right = (right_eye - left) / eye
    down = np.array([-right[1], right[0]])
    place = lambda name, side: mesh[(POINTS[name][side] if side is not None else MIDDLE[name])].mean(0)
    shift = {}
    folds = {}
    for move, share in zip(recipe[::2], recipe[1::2]):
        points, made = MOVES[move]
        both = rng.uniform(.75, 1.15)
        one_sided = move == "dimple"
        chosen = rng.integers(2)
        for side in (0, 1):
            amount = float(share) * strength * both * rng.uniform(.85, 1.15)
            if one_sided and side != chosen:
                amount *= rng.choice([0, 0, .2])
            for fold in made:
                folds[fold, side] = max(folds.get((fold, side), 0), min(1, amount))
            for name, (x, y) in points.items():
                if name in POINTS:
                    d = (x * (-1 if side == 0 else 1) * right + y * down) * eye * amount
                    for index in POINTS[name][side]:
                        shift[index] = shift.get(index, 0) + d
                elif side == 0:
                    for index in MIDDLE[name]:
                        shift[index] = shift.get(index, 0) + (x * right + y * down) * eye * amount
    # Points that stay where they are hold the rest of the face and the border.
    still = [i for name in POINTS for side in POINTS[name] for i in side] + [i for v in MIDDLE.values() for i in v]
    still = sorted(set(still) - set(shift))
    size = picture.shape[0] * zoom
    border = [(x, y) for x in np.linspace(0, size - 1, 5) for y in np.linspace(0, size - 1, 5) if x in (0, size - 1) or y in (0, size - 1)]
    source = np.array([mesh[i] for i in list(shift) + still] + border)
    delta = np.array([np.asarray(shift[i]) + np.zeros(2) for i in shift] + [np.zeros(2)] * (len(still) + len(border)))
    # Inverse map: at the moved point, look where it came from. Smooth kernel interpolation, solved exactly.
    centre = source + delta
    reach = eye * 0.55
    distance = lambda a, b: np.linalg.norm(a[:, None] - b[None], axis=2)
    kernel = lambda r: np.exp(-(r / reach)) * (1 + r / reach)  # Matern 3/2
    weight = np.linalg.solve(kernel(distance(centre, centre)) + np.eye(len(centre)) * 0.02, -delta)
    grid = np.stack(np.meshgrid(np.arange(0, size, 2), np.arange(0, size, 2)), -1).reshape(-1, 2).astype(float)
    field = (kernel(distance(grid, centre)) @ weight).reshape(size // 2, size // 2, 2).astype(np.float32)
    field = cv2.resize(field, (size, size), interpolation=cv2.INTER_LINEAR)
    xx, yy = np.meshgrid(np.arange(size, dtype=np.float32), np.arange(size, dtype=np.float32))
    out = cv2.remap(big, xx + field[..., 0], yy + field[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    at = lambda name, side: place(name, side) + np.mean([np.asarray(shift.get(i, 0)) + np.zeros(2) for i in
                                                         (POINTS[name][side] if side is not None else MIDDLE[name])], 0)
    painted = paint_folds(np.zeros_like(out), at, eye, -down, folds, rng, zoom)
    contrast = out.std() / 0.25
    out = np.clip(out * (1 + painted * 1.3) + painted * 0.12 * contrast, 0, 1)
    return np.round(cv2.resize(out, (nets.SIZE, nets.SIZE), interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)


def target_of(words, strength, base):
    """The label grows with the movement; what is left over is what the crowd said of the unmoved face."""
    words = words.split()
    told = np.zeros(data.CLASSES, np.float32)
    told[nets.LABELS.index(words[0])] = 1
    if len(words) > 1:
        told *= 1 - float(words[2])
        told[nets.LABELS.index(words[1])] = float(words[2])
    share = np.clip((strength - 0.25) / 0.6, 0, 1) * 0.95
    return told * share + base * (1 - share)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("mesh")
    p.add_argument("out")
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--count", type=int, default=12000)
    args = p.parse_args()
    images, target, _ = data.load(args.data, "train")
    images, target = images.numpy(), target.numpy()
    held = np.load(args.mesh)
    good = np.where((held["presence"] > .9))[0]
    rng = np.random.default_rng(5)
    made, wanted, source, label_of = [], [], [], []
    names = list(SHARES)
    for k in range(args.count):
        j = good[rng.integers(len(good))]
        label = names[rng.choice(len(names), p=np.array(list(SHARES.values())))]
        recipe, words = RECIPES[label][rng.integers(len(RECIPES[label]))]
        recipe = recipe.split()
        strength = 0.35 + 1.15 * rng.random() ** 0.8
        if label == "neutral":
            # Small movements that people have at rest.
            recipe = sum([[m, "1"] for m in rng.choice(list(MOVES), 2, replace=False) if m != "corner_pull"], [])
            strength = rng.uniform(0, .3)
        index = held["pick"][j]
        made.append(moved(images[index], held["mesh"][j], recipe, rng, strength))
        wanted.append(target[index] if label == "neutral" else target_of(words, strength, target[index]))
        source.append(j)
        label_of.append(names.index(label))
    np.savez(args.out, images=np.stack(made), target=np.stack(wanted).astype(np.float32), person=np.array(source),
             label=np.array(label_of))


if __name__ == "__main__":
    main()

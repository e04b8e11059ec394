"""Figures on the validation split by the published rule, for a checkpoint or an exported model.

    python3 evaluate.py runs/mien-base+mien-small/last.pt mien-base [--tau 0.5] [--flip] [--json]
    python3 evaluate.py ../models/mien-base/mien-base.onnx      (needs python3-opencv)
"""
import argparse
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

import augment
import data
import nets


def load_nets(path, device="cpu"):
    """The averaged networks of a checkpoint by name, ready to predict."""
    found = {}
    for name, state in torch.load(path, map_location=device)["students"].items():
        net = nets.make(name, state["size"])
        net.load_state_dict(state["average"])
        found[name] = net.to(device, memory_format=torch.channels_last).eval()
    return found


def logits_of(net, x, batch=256):
    """x float [N,1,48,48] in 0..1; full float arithmetic, as the program will use."""
    x = (x - nets.MEAN) / nets.STD
    with torch.no_grad():
        return torch.cat([net(part) for part in x.split(batch)]).float()


def view(x, side, mirrored=False, right=0.0, down=0.0):
    """The square of pictures [N,1,S,S] around their middle that has `side` times their side, moved by shares of its own side, as
    ModelCard::Crop::View has it; beyond their edge it is repeated."""
    if side != 1 or right or down:
        # The grid is two units wide.
        scale = torch.tensor([[[side, 0.0, 2 * side * right], [0.0, side, 2 * side * down]]]).to(x).expand(len(x), -1, -1)
        grid = F.affine_grid(scale, x.shape, align_corners=False)
        low, high = float(x.min()), float(x.max())
        x = F.grid_sample(x, grid, mode="bicubic", padding_mode="border", align_corners=False).clamp(low, high)
    return x.flip(3) if mirrored else x


def opencv_net(path):
    """The exported model as the program runs it: cv::dnn, one picture at a time, with the views, the offsets and
    the temperature of the reading that its card names first."""
    import cv2
    net = cv2.dnn.readNetFromONNX(path)
    card = os.path.join(os.path.dirname(os.path.abspath(path)), "card.json")
    reading, views = {}, []
    if os.path.exists(card):
        with open(card) as f:
            content = json.load(f)
        reading = content.get("readings", [{}])[0]
        views = content.get("crop", {}).get("views", [])
    offset = torch.tensor(reading.get("logit_offset", [0.0] * data.CLASSES))
    temperature = reading.get("temperature", 1.0)

    def one(x):
        rows = []
        for picture in x.cpu().numpy():
            net.setInput(picture[None])
            rows.append(torch.from_numpy((net.forward("logits") + offset.numpy()) / temperature))
        return torch.cat(rows)
    return lambda x: torch.stack([one(view(x, **{"side": 1, **v})) for v in views or [{}]]).mean(0)


def calibration_error(probability, right, bins=15):
    """Expected calibration error of the top label: the gap between claimed and true, by bin."""
    top = probability.max(1).values
    error = 0.0
    for low in range(bins):
        inside = (top > low / bins) & (top <= (low + 1) / bins)
        if inside.any():
            error += float(inside.float().mean() * (top[inside].mean() - right[inside].float().mean()).abs())
    return error


def scores(logits, target, clear):
    """Accuracy, balanced accuracy (mean recall) and the rest on the pictures with a clear majority."""
    logits, truth = logits[clear], target[clear].argmax(1)
    guess = logits.argmax(1)
    confusion = torch.zeros(data.CLASSES, data.CLASSES, dtype=torch.long, device=logits.device)
    confusion.index_put_((truth, guess), torch.ones_like(truth), accumulate=True)
    recall = confusion.diag().float() / confusion.sum(1)
    precision = confusion.diag().float() / confusion.sum(0).clamp(min=1)
    return {
        "pictures": int(len(truth)),
        "accuracy": float((guess == truth).float().mean()),
        "balanced_accuracy": float(recall.mean()),
        "ece": calibration_error(logits.softmax(1), guess == truth),
        "nll": float(F.cross_entropy(logits, truth)),
        "recall": dict(zip(nets.LABELS, recall.tolist())),
        "precision": dict(zip(nets.LABELS, precision.tolist())),
        "confusion": confusion.tolist(),
    }


def quick(net, held_out, prior):
    """One line for the training log, without and with half the prior taken off."""
    images, target, clear = held_out
    logits = logits_of(net, images[:, None].float() / 255)
    words = []
    for tau in (0.0, 0.5):
        s = scores(logits - tau * prior.log(), target, clear)
        words.append(f"tau {tau}: accuracy {s['accuracy']:.4f} balanced {s['balanced_accuracy']:.4f}")
    return ", ".join(words) + ", recall " + " ".join(f"{100 * v:.0f}" for v in s["recall"].values())


def roll(x, degrees):
    a = torch.tensor(degrees * np.pi / 180)
    theta = torch.stack([torch.stack([a.cos(), -a.sin(), a * 0]), torch.stack([a.sin(), a.cos(), a * 0])])
    grid = F.affine_grid(theta[None].expand(len(x), 2, 3).to(x), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def mask_half(x, top):
    x = x.clone()
    x[:, :, slice(0, 24) if top else slice(28, 48)] = 0.5
    return x


HARDSHIPS = {
    "as they are": lambda x: x,
    "blur, sigma 1 pixel": lambda x: augment.blur(x, 1.0),
    "blur, sigma 2 pixels": lambda x: augment.blur(x, 2.0),
    "JPEG quality 20": lambda x: augment.jpeg(x, 20),
    "JPEG quality 10": lambda x: augment.jpeg(x, 10),
    "a quarter of the light": lambda x: (x * 0.25 * 255).round() / 255,
    "noise, sigma 0.05": lambda x: (x + torch.randn_like(x) * 0.05).clamp(0, 1),
    "noise, sigma 0.1": lambda x: (x + torch.randn_like(x) * 0.1).clamp(0, 1),
    "20-pixel faces": lambda x: augment.low_resolution(x, 20),
    "roll 15 degrees": lambda x: roll(x, 15.0),
    "roll 30 degrees": lambda x: roll(x, 30.0),
    "a rectangle of 10 to 20 % hidden": lambda x: augment.occlude(x, (0.1, 0.2)),
    "eyes hidden": lambda x: mask_half(x, True),
    "mouth hidden": lambda x: mask_half(x, False),
}


def robustness(run, images, target, clear):
    rows = {}
    for name, change in HARDSHIPS.items():
        torch.manual_seed(7)  # the same noise and the same rectangles for every model
        s = scores(run(change(images)), target, clear)
        rows[name] = {"accuracy": s["accuracy"], "balanced_accuracy": s["balanced_accuracy"]}
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model")
    p.add_argument("name", nargs="?", help="which network of a checkpoint (default: the first)")
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--tau", type=float, default=0.0, help="how much of the log prior to take off (checkpoints)")
    p.add_argument("--flip", action="store_true", help="average with the mirrored picture")
    p.add_argument("--robust", action="store_true")
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--json", action="store_true")
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    images, target, clear = data.load(args.data, "valid")
    images = images[:, None].float() / 255
    if args.model.endswith(".onnx"):
        plain = opencv_net(args.model)
        base = lambda x: plain((x - nets.MEAN) / nets.STD)
    else:
        found = load_nets(args.model)
        net = found[args.name or next(iter(found))]
        shift = args.tau * torch.load(args.model)["prior"].log()
        base = lambda x: logits_of(net, x) - shift
    run = (lambda x: (base(x) + base(x.flip(3))) / 2) if args.flip else base
    result = scores(run(images), target, clear)
    if args.robust:
        result["robustness"] = robustness(run, images, target, clear)
    if args.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['pictures']} pictures, accuracy {result['accuracy']:.4f}, balanced "
          f"{result['balanced_accuracy']:.4f}, calibration error {result['ece']:.4f}")
    for label in nets.LABELS:
        print(f"  {label:10} recall {result['recall'][label]:.3f} precision {result['precision'][label]:.3f}")
    for name, row in result.get("robustness", {}).items():
        print(f"  {name:34} accuracy {row['accuracy']:.4f} balanced {row['balanced_accuracy']:.4f}")


if __name__ == "__main__":
    main()

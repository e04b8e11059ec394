"""The last layer of a network, fitted anew; everything before it stays as it is.

    python3 last_layer.py mien-base runs/mixed-base.pt runs/last-base.pt --moved runs/moved@0.2 --rendered runs/skins@0.5

Some hundred steps of mix.py leave the last layer where it was. On features that do not change it is a convex problem, which
is solved to its end in a minute, with as many rendered faces as one likes. As in mix.py every kind of pictures has a prior of its
own, here a number for each label that is learned and thrown away: what the layer learns of rendered faces is how expressions
differ, not how frequent they are. FER+'s targets are partly the network's own answers, and the change is held small, in
units of each feature's deviation: the features know FER+'s training faces by heart, and other faces do not.
The features are the mean over the views that the program averages (export.py), of whose logits it takes the mean.
"""
import argparse
import os

import numpy as np
import torch

import data
import evaluate
import export
import mix
import shipped


def begin(name, path, images):
    """A reader from a checkpoint of mix.py or from an .onnx that ships (whose other outputs export.py fits anew)."""
    if not path.endswith(".onnx"):
        return mix.load(path, name)
    reader = mix.Reader(name, None)
    shipped.begin(reader.net, path, images)
    return reader.eval()


def features_of_views(net, images, shown, kept):
    """Mean over the views [N,F] of pictures, uint8 [N,48,48]; read from the file `kept` if there is one, and kept there."""
    if kept and os.path.exists(kept):
        return torch.from_numpy(np.load(kept))
    x = images[:, None].float() / 255
    mean = sum(export.features(net, evaluate.view(x, **{**view, "side": shown * view["side"]})) for view in export.VIEWS) / len(export.VIEWS)
    if kept:
        os.makedirs(os.path.dirname(kept) or ".", exist_ok=True)
        np.save(kept, mean.numpy())
    return mean


def fit(head, kinds, hold):
    """`kinds`: (features, target distributions, weight), those of FER+ first. Changes `head`, a linear layer."""
    scale = kinds[0][0].std(0) + 1e-3
    change = torch.zeros_like(head.weight).requires_grad_(True)
    prior = torch.zeros(len(kinds), data.CLASSES, requires_grad=True)
    before, bias = head.weight.detach(), head.bias.detach()
    optimizer = torch.optim.LBFGS([change, prior], max_iter=60, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = hold * change.square().sum()
        for (f, target, weight), own in zip(kinds, prior):
            logits = f @ (before + change / scale).T + bias + own
            value = value - weight * (target * logits.log_softmax(1)).sum(1).mean()
        value.backward()
        return value

    optimizer.step(loss)
    with torch.no_grad():
        head.weight.copy_(before + change / scale)
    return float(change.norm())


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name", choices=list(export.WORDS))
    p.add_argument("start", help="a checkpoint of mix.py or average_mixed.py, or an .onnx that ships")
    p.add_argument("out")
    p.add_argument("--rendered", action="append", default=[], metavar="FOLDER@WEIGHT", help="of rendered.py")
    p.add_argument("--moved", action="append", default=[], metavar="FOLDER@WEIGHT", help="of warp_faces.py")
    p.add_argument("--trust", type=float, default=0.75, help="how much of FER+'s targets are the network's own answers")
    p.add_argument("--hold", type=float, default=0.03, help="how much it costs to change the layer")
    p.add_argument("--keep", metavar="FOLDER", help="features are kept there, for other tries")
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    images, votes, _ = data.load(args.data, "train")
    reader = begin(args.name, args.start, images)
    of = lambda kind, pictures, shown: features_of_views(reader.net, pictures, shown, args.keep and os.path.join(args.keep, f"{args.name}-{kind}.npy"))
    f = of("web", images, 1.0)
    with torch.no_grad():
        answers = reader.net.head(f).softmax(1)
    kinds = [(f, args.trust * answers + (1 - args.trust) * votes.float(), 1.0)]
    # Moved photographs are framed as FER+'s own, rendered faces as found ones.
    for words, shown in ((args.moved, 1.0), (args.rendered, export.SHOWN)):
        for folder, weight in (word.rsplit("@", 1) for word in words):
            faces = np.load(os.path.join(folder, "faces.npz"))
            learned = faces["person"] % 10 != 0  # as mix.py holds the others out
            pictures, target = torch.from_numpy(faces["images"][learned]), torch.from_numpy(faces["target"][learned])
            kinds.append((of(os.path.basename(folder.rstrip("/")), pictures, shown), target.float(), float(weight)))
    print("pictures", [len(f) for f, _, _ in kinds], "changed by", round(fit(reader.net.head, kinds, args.hold), 2))
    torch.save({"size": reader.net.size, "name": args.name, "prior": votes.float().mean(0), "average": reader.state_dict()}, args.out)


if __name__ == "__main__":
    main()

"""The weighted middle of checkpoints of mix.py and of the network that they began at, as a checkpoint of mix.py.

    python3 average_mixed.py mien-base OUT.pt --start runs/base-7/last.pt runs/mix-1/last.pt@0.4 runs/mix-2/last.pt@0.3

What the shares leave over is the start's: weights averaged with those that training began at keep what these knew
(Wortsman et al., arXiv 2109.01903), and runs over different pictures average well (arXiv 2203.05482).
"""
import argparse

import torch

import data
import mix


def averaged(name, parts, start, folder=data.FOLDER):
    """A checkpoint of the middle of `parts`, which are (checkpoint, share), and of the network `start`."""
    first = parts[0][0]
    images, _, _ = data.load(folder, "train")
    reader = mix.Reader(name, first["size"])
    mix.begin(reader.net, start, images)
    with torch.no_grad():
        reader.net.head.bias -= first["arguments"]["prior"] * first["prior"].log()
    rest = 1 - sum(share for _, share in parts)
    state = {}
    for key, old in reader.state_dict().items():
        new = [(saved["average"][key].double(), share) for saved, share in parts]
        if key.startswith("net."):
            state[key] = (rest * old.double() + sum(value * share for value, share in new)).to(old.dtype)
        else:  # what the start has not
            state[key] = (sum(value * share for value, share in new) / (1 - rest)).to(old.dtype)
    return {**{key: first[key] for key in ("size", "name", "prior", "arguments")}, "average": state}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name")
    p.add_argument("out")
    p.add_argument("checkpoints", nargs="+", metavar="CHECKPOINT@SHARE")
    p.add_argument("--start", required=True)
    p.add_argument("--data", default=data.FOLDER)
    args = p.parse_args()
    parts = [(torch.load(path, map_location="cpu"), float(share)) for path, share in
             (word.rsplit("@", 1) for word in args.checkpoints)]
    torch.save(averaged(args.name, parts, args.start, args.data), args.out)


if __name__ == "__main__":
    main()

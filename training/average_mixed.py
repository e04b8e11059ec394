"""The weighted middle of checkpoints of mix.py and of the network that they began at, as a checkpoint of mix.py.

    python3 average_mixed.py mien-base OUT.pt --start runs/base-7/last.pt runs/mix-1/last.pt@0.4 runs/mix-2/last.pt@0.3

What the shares leave over is the start's: weights averaged with those that training began at keep what these knew
(Wortsman et al., arXiv 2109.01903), and runs over different pictures average well (arXiv 2203.05482). Batch norm is
folded into the weights first, because the runs may have begun at files that scale their weights differently.
"""
import argparse

import torch

import data
import mix
import nets


def averaged(name, parts, start, folder=data.FOLDER, carries=1.0):
    """A checkpoint of the middle of `parts`, which are (checkpoint, share), and of the network `start`."""
    first = parts[0][0]
    images, _, _ = data.load(folder, "train")
    arguments = argparse.Namespace(name=name, size=first["size"], data=folder, prior=first["arguments"]["prior"], carries=carries)
    rest = 1 - sum(share for _, share in parts)
    weighed = [(nets.fold_norms(mix.started(start, arguments, images, 0.0)).state_dict(), rest)]
    for saved, share in parts:
        reader = mix.Reader(name, saved["size"])
        reader.load_state_dict(saved["average"])
        weighed.append((nets.fold_norms(reader).state_dict(), share))
    state = {}
    for key, old in weighed[0][0].items():
        # What stands beside the network is not there in every start: the runs' alone.
        these = weighed if key.startswith("net.") else weighed[1:]
        total = sum(share for _, share in these)
        state[key] = (sum(held[key].double() * share for held, share in these) / total).to(old.dtype)
    return {**{key: first[key] for key in ("size", "name", "prior", "arguments")}, "average": state}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name")
    p.add_argument("out")
    p.add_argument("checkpoints", nargs="+", metavar="CHECKPOINT@SHARE")
    p.add_argument("--start", required=True)
    p.add_argument("--carries", type=float, default=1.0, metavar="SHARE", help="as mix.py has it, for a start that is an .onnx")
    p.add_argument("--data", default=data.FOLDER)
    args = p.parse_args()
    parts = [(torch.load(path, map_location="cpu"), float(share)) for path, share in
             (word.rsplit("@", 1) for word in args.checkpoints)]
    torch.save(averaged(args.name, parts, args.start, args.data, args.carries), args.out)


if __name__ == "__main__":
    main()

"""Averages the weights of one network over several checkpoints, as ready for export as they are.

    python3 average.py mien-base runs/average.pt runs/base-3/last.pt runs/base-4/last.pt

Networks that went on from one another lie in one valley, and its middle is better than its sides
(Wortsman et al., arXiv 2203.05482). Of the rest of the checkpoint the last one's is kept.
"""
import argparse

import torch


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name")
    p.add_argument("out")
    p.add_argument("checkpoint", nargs="+")
    args = p.parse_args()
    saved = [torch.load(path, map_location="cpu") for path in args.checkpoint]
    weights = [s["students"][args.name]["average"] for s in saved]
    mean = {key: (sum(w[key].double() for w in weights) / len(weights)).to(value.dtype)
            for key, value in weights[-1].items()}
    saved[-1]["students"][args.name]["average"] = mean
    torch.save(saved[-1], args.out)


if __name__ == "__main__":
    main()

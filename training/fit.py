"""Chooses what ships: how far to go from the old weights to the new ones, and the prior.

    python3 fit.py mien-base runs/mix-base/last.pt [more.pt ...] --start runs/base-7/last.pt

Prints, for shares of the new weights (weights averaged with those that training began at keep what these knew:
Wortsman et al., arXiv 2109.01903) and strengths of FER+'s prior, the figures on all judges' pictures.
"""
import argparse
import numpy as np
import torch
import average_mixed
import data
import mix
import nets


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name")
    p.add_argument("checkpoints", nargs="+")
    p.add_argument("--start", required=True)
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--shares", default="0.5,0.75,1")
    p.add_argument("--photos", help="photos.npz: images, labels")
    args = p.parse_args()
    torch.set_num_threads(1)
    saved = [torch.load(c, map_location="cpu") for c in args.checkpoints]
    prior = saved[0]["prior"]
    strength = saved[0]["arguments"]["prior"]
    vi, vt, vc = data.load(args.data, "valid")
    vi, vt = vi[vc], vt[vc].argmax(1)
    posed = np.load(args.data + "/posed-dev.npz")
    sets = {"web": (vi, vt), "posed": (torch.from_numpy(posed["images"]), torch.from_numpy(posed["labels"].astype(np.int64)))}
    if args.photos:
        photos = np.load(args.photos)
        sets["photos"] = torch.from_numpy(photos["images"]), torch.from_numpy(photos["labels"].astype(np.int64))
    reader = mix.Reader(args.name, saved[0]["size"]).eval()
    for share in map(float, args.shares.split(",")):
        parts = [(checkpoint, share / len(saved)) for checkpoint in saved]
        reader.load_state_dict(average_mixed.averaged(args.name, parts, args.start, args.data)["average"])
        reader.to(memory_format=torch.channels_last)
        outs = {}
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            for name, (x, _) in sets.items():
                outs[name] = torch.cat([reader(((q[:, None].float() / 255 - nets.MEAN) / nets.STD).contiguous(
                    memory_format=torch.channels_last))[0].float() for q in x.split(256)])
        for tau in np.arange(strength - 1.0, strength + 0.01, 0.125):
            words = []
            for name, (_, y) in sets.items():
                guess = (outs[name] + float(tau) * prior.log()).argmax(1)
                r = [float((guess[y == k] == k).float().mean()) for k in range(8) if (y == k).any()]
                words.append(f"{name} {100 * float((guess == y).float().mean()):.1f}/{100 * np.mean(r):.1f} [{' '.join(f'{100 * v:.0f}' for v in r)}]")
            print(f"share {share:.2f} prior {tau - strength + 1:.3f}: " + "  ".join(words), flush=True)


if __name__ == "__main__":
    main()

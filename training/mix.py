"""Teaches a network with web pictures and rendered faces together.

    python3 mix.py mien-base --start runs/base-7/last.pt --rendered FOLDER --run mix-1

Of each batch one part are FER+ pictures, one part rendered faces, one part pictures of both kinds that are covered or too
dark to read. Each kind has its own prior, which is added to the logits while learning (logit adjustment: Menon et al.,
arXiv 2007.07314): the crowd that labelled FER+ called restrained faces neutral, actors do not, and the network should
learn what it sees, not who was asked. The prior that ships is chosen afterwards (fit.py).

So that the network cannot tell the kinds apart by their looks, pictures lend each other histograms and coarse spectra,
and faces of both kinds are mixed (mix-up).
"""
import argparse
import os
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import augment
import cover
import data
import evaluate
import nets
import shipped
from train import rate_at


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name", choices=list(nets.NETS))
    p.add_argument("--run", required=True, help="folder under runs/")
    p.add_argument("--start", required=True, help="a checkpoint of train.py or of this script, or an .onnx made of one")
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--rendered", action="append", default=[], metavar="FOLDER", help="with faces.npz of rendered.py")
    p.add_argument("--share", type=float, default=0.4, help="of a batch that is rendered")
    p.add_argument("--covered", type=float, default=0.12, help="of a batch that is covered")
    p.add_argument("--steps", type=int, default=3000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--rate", type=float, default=0.0004)
    p.add_argument("--decay", type=float, default=0.05)
    p.add_argument("--size", type=int)
    p.add_argument("--power", type=float, default=0.3)
    p.add_argument("--strength", type=float, default=0.6)
    p.add_argument("--trust", type=float, default=0.5, help="share of the old network's answers in FER+'s targets")
    p.add_argument("--style", type=float, default=0.5, help="share of pictures that take another one's histogram")
    p.add_argument("--mixup", type=float, default=0.2)
    p.add_argument("--teacher", metavar="CHECKPOINT", help="of this script, of mien-base: a small network learns its answers, too")
    p.add_argument("--listen", type=float, default=0.6, help="share of the loss that is the teacher's")
    p.add_argument("--critic", type=float, default=0.0, help="weight of the critic that tells the kinds apart")
    p.add_argument("--prior", type=float, default=1.0, help="strength of each kind's own prior while learning")
    p.add_argument("--sam", type=float, default=0.0, metavar="RADIUS",
                   help="take the gradient where the loss near by is worst, so far away (Foret et al., arXiv 2010.01412); steps take twice as long")
    p.add_argument("--answers", action="append", metavar="CHECKPOINT[@SHARE]",
                   help="whose answers FER+'s targets are mixed with, of several the weighted mean; default: the start's")
    p.add_argument("--carries", type=float, default=1.0, metavar="SHARE",
                   help="of FER+'s prior that the logits of an .onnx start carry: 1 of train.py, 0 of this script")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--look", type=int, default=250, help="steps between two looks at the judges' pictures")
    return p.parse_args()


def borrow_histogram(x, donors, share):
    """Gives some pictures exactly the gray values of another picture, in their own order."""
    n = len(x)
    chosen = (torch.rand(n) < share).nonzero()[:, 0]
    if not len(chosen):
        return x
    flat = x[chosen].flatten(1)
    values = donors[torch.randint(len(donors), (len(chosen),))].flatten(1).sort(1).values
    keep = torch.rand(len(chosen), 1) * 0.6  # not all the way: some of its own light stays
    out = torch.empty_like(flat).scatter_(1, flat.argsort(1), values)
    x = x.clone()
    x[chosen] = (keep * flat + (1 - keep) * out).view(-1, *x.shape[1:])
    return x


def borrow_light(x, donors, share):
    """Gives some pictures the coarse light and shade of another picture: both are divided into coarse and fine."""
    n = len(x)
    mask = augment.some(n, share)
    other = donors[torch.randint(len(donors), (n,))]
    coarse = lambda v: F.interpolate(F.interpolate(v, size=(5, 5), mode="area"), size=v.shape[-2:], mode="bicubic",
                                     align_corners=False)
    amount = torch.rand(n, 1, 1, 1) * 0.7
    lent = (x + amount * (coarse(other) - coarse(x))).clamp(0, 1)
    return x * (1 - mask) + lent * mask


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.strength * grad, None


class Reader(nn.Module):
    """The network that ships, and beside it what says whether a face is covered, and the critic, which does not ship."""

    def __init__(self, name, size):
        super().__init__()
        self.net = nets.make(name, size)
        width = self.net.head.in_features
        self.covered = nn.Linear(width, 1)
        self.critic = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, x, critic=0.0):
        f = self.net.features(x).float()
        dropped = F.dropout(f, 0.2, self.training)
        logits = F.linear(dropped, self.net.head.weight, self.net.head.bias)
        # Most of the gradient of `covered` is kept from the features, which are there for expressions.
        return logits, self.covered(f.detach() * 0.7 + f * 0.3)[:, 0], self.critic(Reverse.apply(f, critic))[:, 0], f


def load(path, name, size=None):
    """The averaged reader of a checkpoint, ready to predict."""
    saved = torch.load(path, map_location="cpu")
    reader = Reader(name, size or saved["size"])
    reader.load_state_dict(saved["average"])
    return reader.to(memory_format=torch.channels_last).eval()


def begin(net, path, images):
    """Fills a network from an .onnx of export.py or from a checkpoint of train.py."""
    if path.endswith(".onnx"):
        return shipped.begin(net, path, images)
    (old,) = evaluate.load_nets(path).values()
    net.load_state_dict(old.state_dict())
    return net


def started(path, args, images, prior):
    """A reader with the weights of a checkpoint of train.py or of this script, or of an .onnx made of one. Of FER+'s prior its
    logits carry `prior` (logarithms [8], or 0)."""
    reader = Reader(args.name, args.size)
    natural = data.load(args.data, "train")[1].mean(0).log()
    saved = torch.load(path, map_location="cpu") if path.endswith(".pt") else {}
    if "average" in saved and "prior" in saved:
        reader.load_state_dict(saved["average"])
        carried = 0.0
    else:
        begin(reader.net, path, images)
        carried = args.carries * args.prior * natural
    with torch.no_grad():
        reader.net.head.bias += prior - carried
    return reader


def kept_answers(net, images, name):
    """What a network says of every training picture, the mean with its mirror image: soft targets for free. Kept in a file
    named for the checkpoint."""
    cache = "runs/answers-" + name.replace("/", "-") + ".pt"
    if os.path.exists(cache):
        return torch.load(cache)
    net = net.eval().to(memory_format=torch.channels_last)
    rows = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for part in images.split(128):
            x = (part[:, None].float() / 255 - nets.MEAN) / nets.STD
            x = x.contiguous(memory_format=torch.channels_last)
            rows.append((net(x).float() + net(x.flip(3)).float()) / 2)
    answers = torch.cat(rows)
    torch.save(answers, cache)
    return answers


class Judges:
    """Pictures that nothing learns from: FER+ validation, posed faces, rendered people held out, and these covered."""

    def __init__(self, args, rendered):
        # The first 1,600 are enough to steer by; export.py judges on all.
        images, target, clear = data.load(args.data, "valid")
        self.web = images[clear][::2], target[clear].argmax(1)[::2]
        posed = np.load(os.path.join(args.data, "posed-dev.npz"))
        self.posed = torch.from_numpy(posed["images"]), torch.from_numpy(posed["labels"].astype(np.int64))
        self.rendered = rendered
        self.strongest = args.prior  # the prior that was added while learning, all of it
        torch.manual_seed(7)
        x = self.posed[0][:, None].float() / 255
        x[:, :, 10:24] = 0.0
        self.blind = x

    def look(self, reader, prior):
        def run(x):
            reader.eval()
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                x = ((x if x.is_floating_point() else x[:, None].float() / 255) - nets.MEAN) / nets.STD
                outs = [reader(p.contiguous(memory_format=torch.channels_last)) for p in x.split(256)]
            return torch.cat([o[0] for o in outs]).float(), torch.cat([o[1] for o in outs]).float().sigmoid()

        def recalls(guess, truth):
            return [float((guess[truth == k] == k).float().mean()) for k in range(8) if (truth == k).any()]

        words = []
        web, web_covered = run(self.web[0])
        posed, posed_covered = run(self.posed[0])
        rendered, _ = run(self.rendered[0])
        truth = self.rendered[1].argmax(1)
        for tau in (self.strongest - k for k in (1.0, 0.75, 0.5, 0.25, 0.0)):
            shift = tau * prior.log()
            a, b, c = ((l + shift).argmax(1) for l in (web, posed, rendered))
            wr, pr, rr = recalls(a, self.web[1]), recalls(b, self.posed[1]), recalls(c, truth)
            words.append(f"   {tau:.2f}: web {100 * float((a == self.web[1]).float().mean()):.1f}/{100 * np.mean(wr):.1f} posed "
                         f"{100 * float((b == self.posed[1]).float().mean()):.1f}/{100 * np.mean(pr):.1f} "
                         f"[{' '.join(f'{100 * v:.0f}' for v in pr)}] rendered {100 * np.mean(rr):.1f} "
                         f"[{' '.join(f'{100 * v:.0f}' for v in rr)}] neutral web {100 * wr[0]:.0f}")
        blind, blind_covered = run(self.blind)
        words.append(f"   covered said: eyes hidden {float((blind_covered > .5).float().mean()):.3f}, posed "
                     f"{float((posed_covered > .5).float().mean()):.3f}, web {float((web_covered > .5).float().mean()):.3f}; "
                     f"eyes hidden and over 0.6 {float((blind.softmax(1).max(1).values > .6).float().mean()):.2f}")
        return "\n".join(words)


def main():
    args = parse()
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    folder = os.path.join("runs", args.run)
    os.makedirs(folder, exist_ok=True)
    last, log = os.path.join(folder, "last.pt"), open(os.path.join(folder, "log.txt"), "a", buffering=1)

    def say(line):
        print(line, flush=True)
        log.write(line + "\n")

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    images, target, _ = data.load(args.data, "train")
    weights = data.sample_weights(target, args.power)
    web_prior = data.seen_prior(target, weights)
    natural = target.mean(0)

    parts = [np.load(os.path.join(f, "faces.npz")) for f in args.rendered]
    if parts:
        person = np.concatenate([p["person"] + 10**7 * i for i, p in enumerate(parts)])
        r_images = torch.from_numpy(np.concatenate([p["images"] for p in parts]))
        r_target = torch.from_numpy(np.concatenate([p["target"] for p in parts]))
        out = torch.from_numpy(person % 10 == 0)
        held = r_images[out][:2000], r_target[out][:2000]
        r_images, r_target = r_images[~out], r_target[~out]
        r_prior = r_target.mean(0)
    else:
        held = images[:64], target[:64]
        args.share = 0.0
    judges = Judges(args, held)

    # The prior is added while learning, so that the network begins without it. The answers are compared with FER+'s
    # votes, so that they carry it.
    asked = [word.rsplit("@", 1) if "@" in word else (word, 1) for word in args.answers or [args.start]]
    answers = sum(float(share) * kept_answers(started(path, args, images, args.prior * natural.log()).net, images,
                                              f"{path}-{args.prior:g}") for path, share in asked)
    answers = answers / sum(float(share) for _, share in asked)
    reader = started(args.start, args, images, 0.0).to(memory_format=torch.channels_last)
    average = Reader(args.name, args.size).to(memory_format=torch.channels_last).eval()
    average.load_state_dict(reader.state_dict())
    teacher = load(args.teacher, "mien-base") if args.teacher else None
    heavy = [p for p in reader.parameters() if p.dim() > 1]
    light = [p for p in reader.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": heavy, "weight_decay": args.decay},
                                   {"params": light, "weight_decay": 0.0}], lr=args.rate)
    step = 0
    if os.path.exists(last):
        saved = torch.load(last)
        step = saved["step"]
        reader.load_state_dict(saved["reader"]), average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        torch.manual_seed(args.seed + step)
    taught = (1 - args.trust) * target + args.trust * answers.softmax(1)
    say(f"{args}")
    if step == 0:
        say(judges.look(average, natural))

    def save():
        torch.save({"step": step, "size": average.net.size, "name": args.name, "reader": reader.state_dict(),
                    "average": average.state_dict(), "optimizer": optimizer.state_dict(), "prior": natural,
                    "arguments": vars(args)}, last + ".new")
        os.replace(last + ".new", last)

    n_r = int(args.batch * args.share)
    n_c = int(args.batch * args.covered)
    n_w = args.batch - n_r
    began, losses = time.time(), []
    reader.train()
    nets.freeze(reader)
    while step < args.steps:
        progress = step / args.steps
        strength = min(args.strength, 0.3 + progress)
        pick = torch.multinomial(weights, n_w, replacement=True)
        x, wanted = images[pick, None].float() / 255, taught[pick]
        kind = torch.zeros(args.batch)
        prior = web_prior.log().expand(n_w, -1)
        if n_r:
            pick = torch.randint(len(r_images), (n_r,))
            x, wanted = torch.cat([x, r_images[pick, None].float() / 255]), torch.cat([wanted, r_target[pick]])
            kind[n_w:] = 1
            prior = torch.cat([prior, r_prior.log().expand(n_r, -1)])
        is_covered = torch.zeros(args.batch)
        chosen = torch.randperm(args.batch)[:n_c]
        donors = x[:n_w]
        x = borrow_histogram(x, donors, args.style)
        x = borrow_light(x, donors, args.style * 0.6)
        x[chosen], wanted[chosen] = cover.cover(x[chosen], wanted[chosen])
        is_covered[chosen] = 1
        x = augment.augment(x, strength)
        dark = torch.randperm(args.batch)[:2]
        x[dark], wanted[dark] = cover.darken(x[dark]), 0.4 * wanted[dark] + 0.6 / data.CLASSES
        if args.mixup:
            keep = torch.distributions.Beta(0.3, 0.3).sample((args.batch,))
            keep = torch.where(torch.rand(args.batch) < args.mixup, torch.maximum(keep, 1 - keep), torch.ones(args.batch))
            other = torch.randperm(args.batch)
            k = keep.view(-1, 1, 1, 1)
            x, wanted = x * k + x[other] * (1 - k), wanted * keep[:, None] + wanted[other] * (1 - keep[:, None])
            kind, is_covered = kind * keep + kind[other] * (1 - keep), is_covered * keep + is_covered[other] * (1 - keep)
            prior = prior * keep[:, None] + prior[other] * (1 - keep[:, None])
        x = ((x - nets.MEAN) / nets.STD).contiguous(memory_format=torch.channels_last)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(progress, args.rate)
        told = None
        if teacher is not None:
            # What the teacher says of the very picture, after all that was done to it; neither has a prior here.
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                told = teacher(x)[0].float().softmax(1)

        def step_back():
            """Leaves the gradient of this batch in the parameters, and returns what the labels cost."""
            with torch.autocast("cpu", torch.bfloat16):
                logits, covered, domain, _ = reader(x, args.critic * min(1, 3 * progress))
            loss = -(wanted * F.log_softmax(logits.float() + args.prior * prior, 1)).sum(1).mean()
            if told is not None:
                loss = (1 - args.listen) * loss - args.listen * (told * F.log_softmax(logits.float(), 1)).sum(1).mean()
            total = loss + 0.3 * F.binary_cross_entropy_with_logits(covered.float(), is_covered)
            if args.critic:
                total = total + F.binary_cross_entropy_with_logits(domain.float(), kind)
            optimizer.zero_grad()
            total.backward()
            return float(loss)

        loss = step_back()
        if args.sam:
            held = [q for q in reader.parameters() if q.grad is not None]
            with torch.no_grad():
                length = torch.stack([q.grad.norm() for q in held]).norm() + 1e-12
                moves = [q.grad * (args.sam / length) for q in held]
                for q, move in zip(held, moves):
                    q.add_(move)
            step_back()
            with torch.no_grad():
                for q, move in zip(held, moves):
                    q.sub_(move)
        optimizer.step()
        losses.append(loss)
        keep = min(0.998, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, now in zip(average.state_dict().values(), reader.state_dict().values()):
                mean.lerp_(now, 1 - keep) if mean.is_floating_point() else mean.copy_(now)
        step += 1
        if step % args.look == 0 or step == args.steps:
            save()
            say(f"step {step} of {args.steps}, {(time.time() - began) / 60:.1f} min, loss {np.mean(losses):.3f}\n"
                + judges.look(average, natural))
            losses = []


if __name__ == "__main__":
    main()

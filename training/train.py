"""Trains one or more networks on the same batches, optionally towards a teacher's answers.

    python3 train.py mien-base --start faceres --adam --rate 0.001 --decay 0.05 --epochs 16
    python3 train.py mien-small --start faceres --teacher runs/mien-base/last.pt ...

Of several networks the first teaches the others while it learns, at no cost; a teacher given by its
checkpoint may still be in training itself: it is read again at every epoch.

--minutes sets an end by the clock as well: the learning rate then falls along with the time used, so
that a run on a busy machine still ends annealed. Rerunning the same command resumes its last epoch.
"""
import argparse
import contextlib
import math
import os
import time

import torch
import torch.nn.functional as F

import augment
import data
import evaluate
import nets
import start


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("names", nargs="+", choices=list(nets.NETS))
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--run", help="folder under runs/ (default: the names)")
    p.add_argument("--epochs", type=int, default=40)
    p.add_argument("--minutes", type=float, default=1e9)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--rate", type=float, default=0.08)
    p.add_argument("--decay", type=float, default=5e-4)
    p.add_argument("--adam", action="store_true", help="AdamW instead of SGD; wants --rate 0.001 --decay 0.05")
    p.add_argument("--teacher", action="append", default=[], metavar="CHECKPOINT[@SIZE]",
                   help="several are averaged; the size is the pixels across, if not those that it learned at")
    p.add_argument("--start", help="weights to start from: a checkpoint, or the folder of start.py")
    p.add_argument("--power", type=float, default=0.5, help="how far rare classes are drawn more often, 0 to 1")
    p.add_argument("--strength", type=float, default=1.0, help="the strongest augmentation, 0 to 1")
    p.add_argument("--trust", type=float, default=0.6, help="the teacher's share of the target")
    p.add_argument("--freeze", action="store_true", help="batch norm keeps its statistics: for late stages")
    p.add_argument("--size", type=int, help="pixels across that the first layer sees (default: as it ships)")
    p.add_argument("--threads", type=int, default=os.cpu_count(),
                   help="1 on a busy machine: two threads that wait for each other cost it four times the time")
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def fast_arithmetic(device):
    """bf16 where the processor has it: three times as fast with AMX, and the weights stay in float."""
    return torch.autocast(device, torch.bfloat16)


class Student:
    """A network, its optimiser and the running average of its weights, which is what ships."""

    def __init__(self, name, args, device):
        self.name = name
        self.net = nets.make(name, args.size).to(device, memory_format=torch.channels_last)
        self.average = nets.make(name, args.size).to(device, memory_format=torch.channels_last).eval()
        self.average.load_state_dict(self.net.state_dict())
        # Decay pulls at the convolutions only: on batch-norm scales it does nothing but harm.
        heavy = [p for p in self.net.parameters() if p.dim() > 1]
        light = [p for p in self.net.parameters() if p.dim() <= 1]
        groups = [{"params": heavy, "weight_decay": args.decay}, {"params": light, "weight_decay": 0.0}]
        self.optimizer = (torch.optim.AdamW(groups, lr=args.rate) if args.adam else
                          torch.optim.SGD(groups, lr=args.rate, momentum=0.9, nesterov=True))

    def step(self, x, target, rate, count):
        with fast_arithmetic(x.device.type):
            logits = self.net(x)
        loss = -(target * F.log_softmax(logits.float(), 1)).sum(1).mean()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        keep = min(0.998, (1 + count) / (10 + count))
        with torch.no_grad():
            for mean, now in zip(self.average.state_dict().values(), self.net.state_dict().values()):
                mean.lerp_(now, 1 - keep) if mean.is_floating_point() else mean.copy_(now)
        return float(loss), logits.detach().float().softmax(1)

    def begin_at(self, net):
        self.net.load_state_dict(net.state_dict())
        self.average.load_state_dict(net.state_dict())

    def state(self):
        return {"size": self.net.size, "net": self.net.state_dict(), "average": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict()}

    def restore(self, state):
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])


def load_teachers(wanted, device):
    found = []
    for path, _, size in (each.partition("@") for each in wanted):
        for net in evaluate.load_nets(path, device).values() if os.path.exists(path) else []:
            net.size = int(size or net.size)
            found.append(net)
    return found


def rate_at(progress, peak):
    warm = 0.03
    if progress < warm:
        return peak * (0.05 + 0.95 * progress / warm)
    return peak * 0.5 * (1 + math.cos(math.pi * (progress - warm) / (1 - warm)))


def main():
    args = parse()
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "runs", args.run or "+".join(args.names))
    os.makedirs(folder, exist_ok=True)
    last = os.path.join(folder, "last.pt")
    log = open(os.path.join(folder, "log.txt"), "a", buffering=1)

    def say(line):
        print(line, flush=True)
        log.write(line + "\n")

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda":
        torch.set_default_device("cuda")  # newer PyTorch: augmentation then happens there too
    images, target, _ = data.load(args.data, "train")
    held_out = [t.to(device) for t in data.load(args.data, "valid")]
    weights = data.sample_weights(target, args.power).to(device)
    prior = data.seen_prior(target.to(device), weights)
    images, target = images.to(device), target.to(device)
    students = [Student(name, args, device) for name in args.names]

    steps = len(images) // args.batch
    epoch, used = 0, 0.0

    def save():
        torch.save({"epoch": epoch, "seconds": used, "prior": prior.cpu(), "arguments": vars(args),
                    "students": {s.name: s.state() for s in students}}, last + ".new")
        os.replace(last + ".new", last)  # a kill while writing must not cost the run

    if os.path.exists(last):
        saved = torch.load(last, map_location=device)
        epoch, used = saved["epoch"], saved["seconds"]
        for student in students:
            student.restore(saved["students"][student.name])
        torch.manual_seed(args.seed + epoch)  # or the epochs after a resume repeat the first ones
        say(f"resumed after epoch {epoch}")
    elif args.start and args.start.endswith(".pt"):
        for name, net in evaluate.load_nets(args.start, device).items():
            next(s for s in students if s.name == name).begin_at(net)
    elif args.start:
        for student in students:
            student.begin_at(start.warm_start(student.net, args.start, images, prior))
        say("started from " + args.start + ": " + evaluate.quick(students[0].average, held_out, prior))
        save()
    for student in students if args.freeze else []:
        nets.freeze(student.net)
    say(f"{args} {device} {torch.__version__}")

    progress = max(epoch / args.epochs, used / (60 * args.minutes))
    while progress < 1:
        began, losses = time.time(), [0.0] * len(students)
        teachers = load_teachers(args.teacher, device)
        order = torch.multinomial(weights, steps * args.batch, replacement=True)
        for i in range(steps):
            count = epoch * steps + i
            progress = max(count / (args.epochs * steps), (used + time.time() - began) / (60 * args.minutes))
            if progress >= 1:
                break
            pick = order[i * args.batch:(i + 1) * args.batch]
            strength = min(args.strength, 0.2 + 1.1 * progress)  # easy pictures first
            x, wanted = augment.augment(images[pick, None].float() / 255, strength), target[pick]
            x, wanted = augment.mixup(x, wanted, 0.25 * strength)
            x = ((x - nets.MEAN) / nets.STD).contiguous(memory_format=torch.channels_last)
            trust = args.trust * min(1.0, 4 * progress)  # a teacher may have little to teach at first
            if teachers:
                with torch.no_grad(), fast_arithmetic(device):
                    # A teacher looks twice, at the picture and its mirror image: it knows better then.
                    taught = sum((net(y).float() for net in teachers for y in (x, x.flip(3))),
                                 torch.zeros_like(wanted)) / (2 * len(teachers))
                    taught = taught.softmax(1)
                wanted = (1 - trust) * wanted + trust * taught
            rate = rate_at(progress, args.rate)
            loss, answers = students[0].step(x, wanted, rate, count)
            losses[0] += loss / steps
            for k, student in enumerate(students[1:], 1):
                loss, _ = student.step(x, (1 - trust) * wanted + trust * answers, rate, count)
                losses[k] += loss / steps
            if i % 50 == 0:
                print(f"  step {count}, progress {progress:.3f}, {(used + time.time() - began) / 60:.1f} min, "
                      f"loss {sum(losses) / len(losses) * steps / (i + 1):.3f}", flush=True)
        epoch, used = epoch + 1, used + time.time() - began
        if epoch >= args.epochs:
            progress = 1.0
        save()
        for student, loss in zip(students, losses):
            scores = ""
            if epoch % 3 == 0 or progress >= 1:  # looking costs a tenth of an epoch
                with fast_arithmetic(device):
                    scores = evaluate.quick(student.average, held_out, prior)
            say(f"{student.name} epoch {epoch} of {args.epochs}, {used / 60:.1f} min, loss {loss:.4f}, {scores}")


if __name__ == "__main__":
    main()

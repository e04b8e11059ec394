"""Starts a network from one that ships: no checkpoint is needed to teach a shipped model further.

Its batch norm is folded away and its large weights are rounded to 8 bits; the rounding is undone and the norms are put
back with the statistics of training faces (start.take), so that the function stays the same.
"""
import numpy as np
import onnx
import torch
from onnx import numpy_helper

import nets
import start


def convolutions(path):
    """(weight, bias) of every convolution in order, and those of the last linear layer."""
    graph = onnx.load(path).graph
    held = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    cast = {n.output[0]: held[n.input[0]] for n in graph.node if n.op_type == "Cast" and n.input[0] in held}
    scale = {n.input[0]: held[n.input[1]] for n in graph.node if n.op_type == "Mul" and n.input[1] in held}
    found = []
    for node in graph.node:
        if node.op_type != "Conv":
            continue
        weight = cast[node.input[1]].astype(np.float32) if node.input[1] in cast else held[node.input[1]]
        step = scale[node.output[0]].reshape(-1) if node.output[0] in scale else np.ones(len(weight), np.float32)
        found.append((torch.from_numpy(weight * step[:, None, None, None]),
                      torch.from_numpy(held[node.input[2]] * step)))
    head = next(n for n in graph.node if n.op_type == "Gemm" and n.output[0] == "logits")
    return found, (torch.from_numpy(held[head.input[1]].copy()), torch.from_numpy(held[head.input[2]].copy()))


def begin(net, path, images):
    """`images`: training faces, uint8 [N,48,48]."""
    found, head = convolutions(path)
    found = iter(found)
    with torch.no_grad():
        x = (images[:512, None].float() / 255 - nets.MEAN) / nets.STD
        x = torch.nn.functional.interpolate(x, scale_factor=net.size / nets.SIZE, mode="bilinear", align_corners=False)
        x = start.take(net.stem, *next(found), x)
        for block in net.blocks:
            x = start.take(block.depthwise, *next(found), x)
            x = start.take(block.pointwise, *next(found), x)
        net.head.weight.copy_(head[0])
        net.head.bias.copy_(head[1])
    return net.train()

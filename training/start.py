"""Starts a network from an exported ONNX file of the same family, such as the starter net.

The export has its batch norm folded away. Training without it would be slow, so it is put back such
that the function stays the same: the mean and variance of each convolution's output on training
faces become the statistics, and scale and shift undo them. Blocks that the file lacks start as the
identity (the scale of their second batch norm is zero), so a deeper network starts as the shallower.
"""
import onnx
import torch
from onnx import numpy_helper

import nets


def exported_layers(path):
    """The convolutions in the order of the graph, and the last layer, as (weight, bias)."""
    graph = onnx.load(path).graph
    held = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    convolutions = [(held[n.input[1]], held[n.input[2]]) for n in graph.node if n.op_type == "Conv"]
    head = [(held[n.input[1]], held[n.input[2]]) for n in graph.node if n.op_type == "Gemm"][0]
    return convolutions, head


def take(pair, layer, x):
    """Fills a convolution and its batch norm from a layer of the file, and returns its output on x."""
    weight, bias = layer
    conv, norm = pair[-2], pair[-1]
    if weight.shape != conv.weight.shape:
        raise ValueError(f"the file has {tuple(weight.shape)} where the network has {tuple(conv.weight.shape)}")
    # Batch norm makes the length of the weights meaningless, but it sets the pace of learning: 1 is
    # about where weight decay would hold it.
    length = weight.flatten(1).norm(dim=1).clamp(min=1e-6)
    conv.weight.copy_(weight / length.view(-1, 1, 1, 1))
    norm.eval()
    norm.running_mean.zero_(), norm.running_var.fill_(1 - norm.eps)
    norm.weight.data.fill_(1), norm.bias.data.zero_()
    y = pair(x)
    mean, variance = y.mean((0, 2, 3)), y.var((0, 2, 3))
    norm.running_mean.copy_(mean), norm.running_var.copy_(variance)
    norm.weight.data = length * (variance + norm.eps).sqrt()
    norm.bias.data = length * mean + bias
    return pair(x)


def warm_start(net, path, images, target, prior):
    layers, head = exported_layers(path)
    device = images.device
    x = images[:1024, None].float() / 255
    x = (x - nets.MEAN) / nets.STD
    with torch.no_grad():
        x = torch.relu(take(net.stem, layers.pop(0), x))
        for block in net.blocks:
            if not layers or layers[0][0].shape != block.first[0].weight.shape:
                block.second[1].weight.zero_()
                continue
            first, second = layers.pop(0), layers.pop(0)
            y = take(block.second, second, torch.relu(take(block.first, first, x)))
            if len(block.shortcut):
                x = take(block.shortcut[-1], layers.pop(0), block.shortcut[:-1](x))
            x = torch.relu(y + x)
        net.head.weight.copy_(head[0])
        # The file learned from the plain data; this run draws the rare classes more often.
        net.head.bias.copy_(head[1] + (prior / target.mean(0)).log())
    if layers:
        raise ValueError("the file has layers left over")
    return net.to(device)


#!/usr/bin/env python3
"""Rewrite a network with the same answers so that every OpenCV from 4.6 on runs it, and runs it fast.

Two things: depthwise convolutions on narrow maps are widened for OpenCV 4.6 (training/graph.py says why),
and channels of zeros that are joined on become padding, because OpenCV 4.10 refuses to join a constant to
what a pooling layer made. Needs Debian's python3-onnx and python3-numpy.

    scripts/fit_for_opencv.py net.onnx fitted.onnx
"""
import hashlib
import pathlib
import sys

import onnx
from onnx import helper, numpy_helper, shape_inference

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "training"))
from graph import attribute, constant, replace_nodes, widen  # noqa: E402


def zeros_of(graph):
    """The outputs of layers that make nothing but zeros, and their shapes."""
    held = {tensor.name: tensor for tensor in graph.initializer}
    made = {}
    for node in graph.node:
        if node.op_type == "ConstantOfShape" and node.input[0] in held:
            value = attribute(node, "value", None)
            if value is None or not numpy_helper.to_array(value).any():
                made[node.output[0]] = [int(size) for size in numpy_helper.to_array(held[node.input[0]])]
    return made


def pad_instead_of_joining(model):
    graph, nodes, padded = model.graph, [], 0
    zeros = zeros_of(graph)
    for node in graph.node:
        if (node.op_type != "Concat" or len(node.input) != 2 or node.input[1] not in zeros or
                attribute(node, "axis", 0) != 1):
            nodes.append(node)
            continue
        pads = [0] * 2 * len(zeros[node.input[1]])
        pads[len(pads) // 2 + 1] = zeros[node.input[1]][1]
        name = constant(graph, node.output[0] + "_pads", pads)
        nodes.append(helper.make_node("Pad", [node.input[0], name], list(node.output), name=node.name))
        padded += 1
    read = {name for node in nodes for name in node.input}
    replace_nodes(graph, [node for node in nodes if node.output[0] not in zeros or node.output[0] in read])
    unread = [t for t in graph.initializer if t.name not in {n for node in graph.node for n in node.input}]
    for tensor in unread:
        graph.initializer.remove(tensor)
    return padded


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model = onnx.load(sys.argv[1])
    padded, widened = pad_instead_of_joining(model), widen(model)
    model = shape_inference.infer_shapes(model, strict_mode=True)
    onnx.checker.check_model(model)
    content = model.SerializeToString()
    pathlib.Path(sys.argv[2]).write_bytes(content)
    print(f"{padded} joined zeros became padding, {widened} depthwise convolutions were widened; "
          f"{len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()

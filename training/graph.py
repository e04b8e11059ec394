"""The ONNX file, written the way that OpenCV 4.6 stores small and runs fast.

Both changes compute what the network computes: `export.py` checks it on every validation face.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, shape_inference

EMBEDDING = "features"
WIDE = 18  # 16 + the 3x3 kernel's overhang of 2: what cv::dnn's fast depthwise convolution asks of its input


def as_bytes(weight):
    """Whether a convolution's weights are stored in 8 bits. The many small layers, depthwise and first,
    hold a twelfth of the weights and made two thirds of the error: they stay in float."""
    return weight.size >= 30000


def step_of(weight):
    """The size of one of the 127 steps, for each output channel."""
    return np.abs(weight).reshape(len(weight), -1).max(1).clip(1e-12) / 127


def constant(graph, name, values):
    graph.initializer.append(numpy_helper.from_array(np.array(values, np.int64), name))
    return name


def replace_nodes(graph, nodes):
    del graph.node[:]
    graph.node.extend(nodes)


def widen(model):
    """Depthwise convolutions on maps narrower than 18 fall back to plain code in cv::dnn 4.6, at ten times
    the time for each number. Zeros on the right make such a map wide enough, and what was computed
    from them is cut off behind the rectification, which stays fused with its convolution. mien does so with
    any file as it loads it (src/models/onnx_depthwise.cpp); here it is for whoever else runs ours."""
    graph, nodes = model.graph, []
    inferred = shape_inference.infer_shapes(model).graph
    width = {v.name: v.type.tensor_type.shape.dim[-1].dim_value
             for v in [*inferred.input, *inferred.value_info, *inferred.output]}
    rectified_by = {node.input[0]: node for node in graph.node if node.op_type == "Relu"}
    moved = []
    for node in graph.node:
        if node in moved:
            continue
        groups = next((a.i for a in node.attribute if a.name == "group"), 1)
        if node.op_type != "Conv" or groups == 1 or width[node.input[0]] >= WIDE:
            nodes.append(node)
            continue
        source, relu = node.input[0], rectified_by[node.output[0]]
        moved.append(relu)
        narrow, made = relu.output[0], width[node.output[0]]
        pads = constant(graph, narrow + "_pads", [0, 0, 0, 0, 0, 0, 0, WIDE - width[source]])
        cut = [constant(graph, narrow + "_" + what, [value])
               for what, value in (("start", 0), ("end", made), ("axis", 3))]
        node.input[0], relu.output[0] = narrow + "_padded", narrow + "_wide"
        nodes += [helper.make_node("Pad", [source, pads], [node.input[0]], name=narrow + "_pad"), node, relu,
                  helper.make_node("Slice", [relu.output[0], *cut], [narrow], name=narrow + "_cut")]
    replace_nodes(graph, nodes)
    del graph.value_info[:]  # the shapes written by PyTorch, some of which no longer hold


def pack(model):
    """Stores convolution weights as bytes. OpenCV 4.6 reads no half floats, but it folds a Cast of a
    constant and fuses the per-channel Mul while loading, so this costs nothing at run time."""
    graph, nodes = model.graph, []
    held = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type != "Conv" or not as_bytes(numpy_helper.to_array(held[node.input[1]])):
            nodes.append(node)
            continue
        weight_name, bias_name, out = node.input[1], node.input[2], node.output[0]
        weight, bias = numpy_helper.to_array(held[weight_name]), numpy_helper.to_array(held[bias_name])
        step = step_of(weight)
        held[weight_name].CopyFrom(numpy_helper.from_array(
            np.round(weight / step[:, None, None, None]).astype(np.int8), weight_name))
        held[bias_name].CopyFrom(numpy_helper.from_array((bias / step).astype(np.float32), bias_name))
        graph.initializer.append(numpy_helper.from_array(
            step.astype(np.float32).reshape(1, -1, 1, 1), out + "_step"))
        nodes.append(helper.make_node("Cast", [weight_name], [weight_name + "_float"],
                                      to=TensorProto.FLOAT, name=weight_name + "_cast"))
        node.input[1], node.output[0] = weight_name + "_float", out + "_steps"
        nodes += [node, helper.make_node("Mul", [out + "_steps", out + "_step"], [out], name=out + "_scale")]
    replace_nodes(graph, nodes)


def rewrite(path):
    """Replaces the file that PyTorch wrote."""
    model = onnx.load(path)
    widen(model)
    pack(model)
    pooled = next(node for node in model.graph.node if node.op_type == "ReduceMean")
    pooled.name = EMBEDDING  # what `mien train` learns from; named here because the card names it
    onnx.checker.check_model(model)
    onnx.save(model, path)

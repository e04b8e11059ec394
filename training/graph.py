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


def attribute(node, name, default):
    return next((helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)


def widen(model):
    """Depthwise 3x3 convolutions on maps narrower than 18 fall back to plain code in cv::dnn 4.6, at ten
    times the time for each number. Zeros on the right make such a map wide enough, and what was computed
    from them is cut off behind the rectification, which stays fused with its convolution. mien does so
    with other people's files as it loads them (src/models/onnx_depthwise.cpp). Returns how many."""
    graph, nodes, widened = model.graph, [], 0
    inferred = shape_inference.infer_shapes(model).graph
    shape = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim]
             for v in [*inferred.input, *inferred.value_info, *inferred.output]}
    kernels = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    readers = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    outputs = {output.name for output in graph.output}

    def narrow(node):
        if node.op_type != "Conv" or attribute(node, "auto_pad", b"NOTSET") != b"NOTSET":
            return False
        source, groups = shape[node.input[0]], attribute(node, "group", 1)
        return (1 < groups == source[1] and kernels.get(node.input[1]) == [groups, 1, 3, 3] and
                set(attribute(node, "dilations", [1])) == {1} and source[3] < WIDE)

    moved = []
    for node in graph.node:
        if node in moved:
            continue
        if not narrow(node):
            nodes.append(node)
            continue
        widened += 1
        made = node.output[0]
        next_ones = readers.get(made, [])
        last = node
        if len(next_ones) == 1 and next_ones[0].op_type == "Relu" and made not in outputs:
            last = next_ones[0]
            moved.append(last)
        source, result = node.input[0], last.output[0]
        pads = constant(graph, result + "_wide_pads", [0, 0, 0, 0, 0, 0, 0, WIDE - shape[source][3]])
        cut = [constant(graph, result + "_wide_" + what, [value])
               for what, value in (("start", 0), ("end", shape[made][3]), ("axis", 3))]
        node.input[0], last.output[0] = result + "_wide_in", result + "_wide_out"
        nodes += [helper.make_node("Pad", [source, pads], [node.input[0]], name=result + "_wide_pad"), node]
        if last is not node:
            nodes.append(last)
        nodes.append(helper.make_node("Slice", [last.output[0], *cut], [result], name=result + "_wide_cut"))
    replace_nodes(graph, nodes)
    if widened:
        del graph.value_info[:]  # the shapes written by others, some of which no longer hold
    return widened


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

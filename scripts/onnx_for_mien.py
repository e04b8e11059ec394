#!/usr/bin/env python3
"""Rewrite an ONNX classifier of other people so that OpenCV 4.6, and with it mien, reads it.

Needs Debian's python3-onnx and python3-numpy. mien itself lowers newer opsets while it loads;
this script does what wants a decision or changes the file: it fixes open sizes, brings weights
from other files and half precision into one float32 file, computes what depends on constants
only, and cuts the network off at one output.

    scripts/onnx_for_mien.py foreign.onnx net.onnx
    scripts/onnx_for_mien.py foreign.onnx net.onnx --input 1x3x112x112 --output logits
"""

import argparse
import hashlib
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, shape_inference


def sizes_of(text):
    try:
        return [int(part) for part in text.lower().split("x")]
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no shape such as 1x3x112x112') from None


def the_input(graph):
    weights = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in weights]
    if len(inputs) != 1:
        sys.exit(f"It has {len(inputs)} inputs; mien reads networks of one picture.")
    return inputs[0]


def fix_sizes(graph, wanted):
    """Gives the input `wanted` sizes, or at least a batch of 1; forgets what others were told."""
    value = the_input(graph)
    dims = value.type.tensor_type.shape.dim
    if wanted and len(wanted) != len(dims):
        sys.exit(f"The input has {len(dims)} sizes, --input {len(wanted)}.")
    for i, dim in enumerate(dims):
        if wanted:
            dim.dim_value = wanted[i]
        elif i == 0 and dim.dim_value <= 0:
            dim.dim_value = 1
    if any(dim.dim_value <= 0 for dim in dims):
        sys.exit("The input leaves its size open; say --input 1xCxHxW (or 1xHxWxC).")
    del graph.value_info[:]
    for output in graph.output:
        output.type.tensor_type.ClearField("shape")


def to_float32(graph):
    """Half and double precision become float32, in weights, inputs and outputs."""
    others = (TensorProto.FLOAT16, TensorProto.DOUBLE)

    def convert(tensor):
        if tensor.data_type in others:
            array = numpy_helper.to_array(tensor).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))

    for tensor in graph.initializer:
        convert(tensor)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                convert(attribute.t)
            if node.op_type == "Cast" and attribute.name == "to" and attribute.i in others:
                attribute.i = TensorProto.FLOAT
    for value in [*graph.input, *graph.output]:
        if value.type.tensor_type.elem_type in others:
            value.type.tensor_type.elem_type = TensorProto.FLOAT


def cut_at(graph, wanted):
    """Makes `wanted` the only output and drops layers that nothing else needs."""
    made = {output for node in graph.node for output in node.output}
    if wanted not in made:
        sys.exit(f"Nothing makes {wanted}; the outputs are "
                 f"{', '.join(value.name for value in graph.output)}.")
    kept = [value for value in graph.output if value.name == wanted]
    del graph.output[:]
    graph.output.extend(kept or [helper.make_tensor_value_info(wanted, TensorProto.FLOAT, None)])


def drop_unread(graph):
    needed = {value.name for value in graph.output}
    kept = []
    for node in reversed(graph.node):
        if any(output in needed for output in node.output):
            kept.append(node)
            needed.update(node.input)
    kept.reverse()
    weights = [tensor for tensor in graph.initializer if tensor.name in needed]
    names = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name in needed or value.name not in names]
    for field, values in (("node", kept), ("initializer", weights), ("input", inputs)):
        copies = [type(value).FromString(value.SerializeToString()) for value in values]
        del getattr(graph, field)[:]
        getattr(graph, field).extend(copies)


def attributes(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def compute(node, values):
    """The result of a layer of constants; None for layers that this does not know."""
    a = attributes(node)
    kind = node.op_type
    if kind == "Identity":
        return values[0]
    if kind == "Cast":
        return values[0].astype(helper.mapping.TENSOR_TYPE_TO_NP_TYPE[a["to"]])
    if kind == "Gather":
        return np.take(values[0], values[1].astype(np.int64), axis=a.get("axis", 0))
    if kind == "Concat":
        return np.concatenate(values, axis=a["axis"])
    if kind in ("Squeeze", "Unsqueeze"):
        axes = a.get("axes") if len(values) < 2 else values[1].tolist()
        if kind == "Squeeze":
            return np.squeeze(values[0], tuple(axes) if axes else None)
        result = values[0]
        for axis in sorted(axes):
            result = np.expand_dims(result, axis)
        return result
    if kind == "Slice" and len(values) >= 3:
        result = values[0]
        starts, ends = values[1].tolist(), values[2].tolist()
        axes = values[3].tolist() if len(values) > 3 else range(len(starts))
        steps = values[4].tolist() if len(values) > 4 else [1] * len(starts)
        for start, end, axis, step in zip(starts, ends, axes, steps):
            parts = [slice(None)] * result.ndim
            parts[axis] = slice(start, end if abs(end) < 2**31 else None, step)
            result = result[tuple(parts)]
        return result
    if kind == "Reshape":
        shape = [values[0].shape[i] if n == 0 else n for i, n in enumerate(values[1].tolist())]
        return values[0].reshape(shape)
    if kind == "Transpose":
        return values[0].transpose(a.get("perm"))
    if kind == "ConstantOfShape":
        fill = numpy_helper.to_array(a["value"])[0] if "value" in a else np.float32(0)
        return np.full(values[0].tolist(), fill)
    if kind == "Range":
        return np.arange(values[0], values[1], values[2])
    arithmetic = {"Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Floor": np.floor,
                  "Ceil": np.ceil, "Sqrt": np.sqrt, "Equal": np.equal, "Where": np.where,
                  "Expand": lambda x, shape: x * np.ones(shape.tolist(), x.dtype)}
    if kind in arithmetic:
        return arithmetic[kind](*values)
    if kind == "Div":
        if np.issubdtype(values[0].dtype, np.integer):
            return values[0] // values[1]
        return values[0] / values[1]
    return None


def fold(model):
    """Computes layers of constants, and Shape where the sizes are known, until none is left."""
    while True:
        model = shape_inference.infer_shapes(model, data_prop=True)
        graph = model.graph
        known = {}
        for value in [*graph.value_info, *graph.input]:
            dims = value.type.tensor_type.shape.dim
            if value.type.tensor_type.HasField("shape") and all(d.dim_value > 0 for d in dims):
                known[value.name] = [d.dim_value for d in dims]
        constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        outputs = {value.name for value in graph.output}
        kept, found = [], 0
        for node in graph.node:
            result = None
            if len(node.output) == 1 and node.output[0] not in outputs:
                if node.op_type == "Constant" and node.attribute[0].name == "value":
                    result = numpy_helper.to_array(node.attribute[0].t)
                elif node.op_type == "Shape" and node.input[0] in known:
                    result = np.array(known[node.input[0]], np.int64)
                elif node.input and all(name in constants for name in node.input):
                    result = compute(node, [constants[name] for name in node.input])
            if result is None:
                kept.append(onnx.NodeProto.FromString(node.SerializeToString()))
                continue
            result = np.asarray(result)
            constants[node.output[0]] = result
            graph.initializer.append(numpy_helper.from_array(result, node.output[0]))
            found += 1
        del graph.node[:]
        graph.node.extend(kept)
        del graph.value_info[:]
        if not found:
            return model


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("foreign", help="the .onnx file; its external weights lie beside it")
    parser.add_argument("result", help="the .onnx file to write")
    parser.add_argument("--input", type=sizes_of, metavar="SHAPE", help="sizes, such as 1x3x112x112")
    parser.add_argument("--output", metavar="NAME", help="the value to end at")
    wanted = parser.parse_args()
    try:
        model = onnx.load(wanted.foreign)
    except Exception as error:  # protobuf has a class of its own for this
        sys.exit(f"{wanted.foreign} cannot be read as ONNX ({error}).")
    model.ir_version = min(model.ir_version, 8)
    graph = model.graph
    for tensor in graph.initializer:
        tensor.ClearField("data_location")
        del tensor.external_data[:]
    fix_sizes(graph, wanted.input)
    to_float32(graph)
    if wanted.output:
        cut_at(graph, wanted.output)
    drop_unread(graph)
    model = fold(model)
    drop_unread(model.graph)
    model = shape_inference.infer_shapes(model)
    onnx.save(model, wanted.result)

    def words(value):
        dims = value.type.tensor_type.shape.dim
        return value.name + " " + "x".join(str(d.dim_value or "?") for d in dims)

    print("takes", words(the_input(model.graph)))
    for value in model.graph.output:
        print("gives", words(value))
    with open(wanted.result, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    print(f'{{"name": "{os.path.basename(wanted.result)}", '
          f'"size": {os.path.getsize(wanted.result)}, "sha256": "{digest}"}}')


if __name__ == "__main__":
    main()

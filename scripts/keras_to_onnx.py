#!/usr/bin/env python3
"""Convert a Keras .h5/.hdf5 image classifier to ONNX without TensorFlow.

Needs Debian's python3-h5py, python3-onnx and python3-numpy. Reads files that Keras 2 and Keras 3
save as HDF5 with architecture and weights (`model.save("net.h5")`): Sequential and functional
models of the layers that small face networks are made of. The ONNX file takes 1 x C x H x W (card:
"layout": "nchw"), whatever Keras had.

    scripts/keras_to_onnx.py emotion.h5 emotion.onnx
"""

import argparse
import json
import math
import sys

import h5py
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Unsupported(Exception):
    """A layer or option that this script does not know."""


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


class Value:
    """A tensor of the graph: its name and its Keras shape without the batch (H, W, C or N)."""

    def __init__(self, name, shape):
        self.name = name
        self.shape = tuple(shape)


class Graph:
    """Collects ONNX nodes; pictures are N x C x H x W in it."""

    def __init__(self):
        self.nodes = []
        self.initializers = []
        self.count = 0

    def fresh(self, stem):
        self.count += 1
        return f"{stem}_{self.count}"

    def constant(self, stem, array, dtype=np.float32):
        name = self.fresh(stem)
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array, dtype), name))
        return name

    def add(self, kind, inputs, shape, stem, **attributes):
        output = self.fresh(stem)
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return Value(output, shape)


def pads_for(value, kernel, strides, dilations, padding):
    """ONNX pads and the output's height and width, as TensorFlow counts them."""
    before, after, size = [], [], []
    for length, k, stride, dilation in zip(value.shape[:2], kernel, strides, dilations):
        reach = (k - 1) * dilation + 1
        if padding == "same":
            out = math.ceil(length / stride)
            total = max((out - 1) * stride + reach - length, 0)
        elif padding == "valid":
            out = (length - reach) // stride + 1
            total = 0
        else:
            raise Unsupported(f'padding "{padding}"')
        before.append(total // 2)
        after.append(total - total // 2)
        size.append(out)
    return before + after, size


def activate(graph, value, activation, stem):
    if isinstance(activation, dict):  # Keras 3 may write an object
        activation = activation.get("config", activation).get("name", activation.get("class_name"))
    name = (activation or "linear").lower()
    if name == "linear":
        return value
    simple = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "elu": "Elu",
              "softplus": "Softplus"}
    if name in simple:
        return graph.add(simple[name], [value.name], value.shape, stem)
    if name == "softmax":
        if len(value.shape) != 1:
            raise Unsupported("softmax over a picture")
        return graph.add("Softmax", [value.name], value.shape, stem, axis=1)
    if name == "relu6":
        low, high = graph.constant("low", 0.0), graph.constant("high", 6.0)
        return graph.add("Clip", [value.name, low, high], value.shape, stem)
    if name in ("swish", "silu"):
        gate = graph.add("Sigmoid", [value.name], value.shape, stem)
        return graph.add("Mul", [value.name, gate.name], value.shape, stem)
    raise Unsupported(f'activation "{name}"')


class Weights:
    """The arrays of a layer, in the order in which Keras saved them."""

    def __init__(self, file):
        self.root = file["model_weights"] if "model_weights" in file else file

    def of(self, layer):
        if layer not in self.root:
            return {}
        group = self.root[layer]
        arrays = {}
        for raw in group.attrs.get("weight_names", []):
            name = raw.decode() if isinstance(raw, bytes) else str(raw)
            if name not in group:
                raise Unsupported(f"weights of {layer} under {name}")
            arrays[name.split("/")[-1].split(":")[0]] = np.asarray(group[name], np.float32)
        return arrays


def convolution(graph, value, kernel, bias, config, group, stem):
    """`kernel` is O x I x H x W."""
    if len(value.shape) != 3:
        raise Unsupported("a convolution over something that is no picture")
    strides = pair(config.get("strides", 1))
    dilations = pair(config.get("dilation_rate", 1))
    pads, size = pads_for(value, kernel.shape[2:], strides, dilations, config["padding"])
    inputs = [value.name, graph.constant(stem + "_kernel", kernel)]
    if bias is not None:
        inputs.append(graph.constant(stem + "_bias", bias))
    return graph.add("Conv", inputs, (*size, kernel.shape[0]), stem, group=group, pads=pads,
                     kernel_shape=list(kernel.shape[2:]), strides=list(strides),
                     dilations=list(dilations))


def depthwise_kernel(array):
    """Keras: H x W x C x M; ONNX with C groups: (C M) x 1 x H x W."""
    height, width, channels, each = array.shape
    return array.transpose(2, 3, 0, 1).reshape(channels * each, 1, height, width)


def check_channels_last(config):
    if config.get("data_format", "channels_last") not in (None, "channels_last"):
        raise Unsupported("data_format channels_first")


def convert_layer(graph, kind, config, inputs, weights, stem):
    """The Value that a Keras layer makes of `inputs`."""
    value = inputs[0]
    check_channels_last(config)
    if kind in ("Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
                "ActivityRegularization", "InputLayer"):
        return value
    if kind == "Conv2D":
        kernel = weights["kernel"].transpose(3, 2, 0, 1)
        made = convolution(graph, value, kernel, weights.get("bias"), config,
                           int(config.get("groups", 1)), stem)
        return activate(graph, made, config.get("activation"), stem)
    if kind == "DepthwiseConv2D":
        array = weights.get("depthwise_kernel", weights.get("kernel"))
        made = convolution(graph, value, depthwise_kernel(array), weights.get("bias"), config,
                           value.shape[2], stem)
        return activate(graph, made, config.get("activation"), stem)
    if kind == "SeparableConv2D":
        middle = convolution(graph, value, depthwise_kernel(weights["depthwise_kernel"]), None,
                             config, value.shape[2], stem)
        point = weights["pointwise_kernel"].transpose(3, 2, 0, 1)
        made = convolution(graph, middle, point, weights.get("bias"),
                           {"padding": "valid"}, 1, stem)
        return activate(graph, made, config.get("activation"), stem)
    if kind == "BatchNormalization":
        axis = config.get("axis", -1)
        axis = axis[0] if isinstance(axis, list) else axis
        if axis not in (-1, len(value.shape)):
            raise Unsupported(f"a BatchNormalization over axis {axis}")
        channels = value.shape[-1]
        parts = [weights.get("gamma", np.ones(channels)), weights.get("beta", np.zeros(channels)),
                 weights["moving_mean"], weights["moving_variance"]]
        if len(value.shape) != 3:  # of numbers: a factor and a sum, which OpenCV reads anywhere
            factor = parts[0] / np.sqrt(parts[3] + config["epsilon"])
            scaled = graph.add("Mul", [value.name, graph.constant("factor", factor[None])],
                               value.shape, stem)
            rest = parts[1] - parts[2] * factor
            return graph.add("Add", [scaled.name, graph.constant("sum", rest[None])],
                             value.shape, stem)
        names = [graph.constant(stem + "_norm", part) for part in parts]
        return graph.add("BatchNormalization", [value.name, *names], value.shape, stem,
                         epsilon=float(config["epsilon"]))
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        kernel = pair(config["pool_size"])
        strides = pair(config.get("strides") or kernel)
        pads, size = pads_for(value, kernel, strides, (1, 1), config["padding"])
        name = "MaxPool" if kind == "MaxPooling2D" else "AveragePool"
        return graph.add(name, [value.name], (*size, value.shape[2]), stem,
                         kernel_shape=list(kernel), strides=list(strides), pads=pads)
    if kind in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        name = "GlobalAveragePool" if kind == "GlobalAveragePooling2D" else "GlobalMaxPool"
        made = graph.add(name, [value.name], (1, 1, value.shape[2]), stem)
        if config.get("keepdims"):
            return made
        return graph.add("Flatten", [made.name], (value.shape[2],), stem, axis=1)
    if kind == "ZeroPadding2D":
        padding = config["padding"]
        (top, bottom), (left, right) = ((pair(p) for p in padding) if not isinstance(padding, int)
                                        else (pair(padding), pair(padding)))
        pads = graph.constant("pads", [0, 0, top, left, 0, 0, bottom, right], np.int64)
        height, width, channels = value.shape
        return graph.add("Pad", [value.name, pads],
                         (height + top + bottom, width + left + right, channels), stem)
    if kind == "Flatten":
        if len(value.shape) == 1:
            return value
        height, width, channels = value.shape
        if height * width > 1:  # Keras counts the channels fastest
            value = graph.add("Transpose", [value.name], value.shape, stem, perm=[0, 2, 3, 1])
        return graph.add("Flatten", [value.name], (height * width * channels,), stem, axis=1)
    if kind == "Dense":
        if len(value.shape) != 1:
            raise Unsupported("a Dense layer over a picture")
        inputs_ = [value.name, graph.constant(stem + "_kernel", weights["kernel"].T)]
        units = weights["kernel"].shape[1]
        inputs_.append(graph.constant(stem + "_bias", weights.get("bias", np.zeros(units))))
        made = graph.add("Gemm", inputs_, (units,), stem, transB=1)
        return activate(graph, made, config.get("activation"), stem)
    if kind in ("Add", "Multiply", "Concatenate", "Average", "Subtract"):
        if kind == "Concatenate":
            if config.get("axis", -1) not in (-1, len(value.shape)):
                raise Unsupported("a Concatenate over other than the channels")
            shape = (*value.shape[:-1], sum(each.shape[-1] for each in inputs))
            return graph.add("Concat", [each.name for each in inputs], shape, stem, axis=1)
        name = {"Add": "Add", "Average": "Add", "Multiply": "Mul", "Subtract": "Sub"}[kind]
        made = inputs[0]
        for other in inputs[1:]:
            shape = max(made.shape, other.shape)
            made = graph.add(name, [made.name, other.name], shape, stem)
        if kind == "Average":
            share = graph.constant("share", 1.0 / len(inputs))
            made = graph.add("Mul", [made.name, share], made.shape, stem)
        return made
    if kind == "Activation":
        return activate(graph, value, config["activation"], stem)
    if kind == "Softmax":
        return activate(graph, value, "softmax", stem)
    if kind == "ReLU":
        most, slope = config.get("max_value"), config.get("negative_slope") or 0
        if most is not None and not slope:
            low, high = graph.constant("low", 0.0), graph.constant("high", float(most))
            return graph.add("Clip", [value.name, low, high], value.shape, stem)
        if most is None and slope:
            return graph.add("LeakyRelu", [value.name], value.shape, stem, alpha=float(slope))
        if most is None:
            return activate(graph, value, "relu", stem)
    if kind == "LeakyReLU":
        alpha = config.get("negative_slope", config.get("alpha", 0.3))
        return graph.add("LeakyRelu", [value.name], value.shape, stem, alpha=float(alpha))
    if kind == "ELU":
        return graph.add("Elu", [value.name], value.shape, stem,
                         alpha=float(config.get("alpha", 1.0)))
    if kind == "PReLU":
        alpha = weights["alpha"]
        if len(value.shape) == 3 and alpha.shape[:2] == (1, 1):
            slope = graph.constant("slope", alpha.reshape(-1, 1, 1))
            return graph.add("PRelu", [value.name, slope], value.shape, stem)
    if kind == "Rescaling":
        scaled = graph.add("Mul", [value.name, graph.constant("scale", float(config["scale"]))],
                           value.shape, stem)
        return graph.add("Add",
                         [scaled.name, graph.constant("offset", float(config.get("offset", 0)))],
                         value.shape, stem)
    raise Unsupported(f"layers of the kind {kind} (as {stem})")


def input_shape(config):
    """Of an InputLayer or of the first layer of a Sequential: Keras 2 and 3 name it differently."""
    for key in ("batch_input_shape", "batch_shape"):
        if config.get(key):
            return tuple(config[key][1:])
    return None


def sources(layer):
    """The names of the layers whose results `layer` takes."""
    nodes = layer.get("inbound_nodes", [])
    if not nodes:
        return []
    if len(nodes) > 1:
        raise Unsupported(f"the layer {layer['config']['name']}, which is used more than once")
    names = []

    def walk(part):
        if isinstance(part, dict):
            if part.get("class_name") == "__keras_tensor__":
                names.append(part["config"]["keras_history"][0])
            else:
                for each in part.values():
                    walk(each)
        elif isinstance(part, (list, tuple)):
            if len(part) >= 3 and isinstance(part[0], str) and isinstance(part[1], int):
                names.append(part[0])  # Keras 2: [name, node, tensor, arguments]
            else:
                for each in part:
                    walk(each)

    walk(nodes[0])
    return names


def end_of(outputs):
    """The layer whose result is the model's: [name, node, tensor], or a list of such."""
    while outputs and isinstance(outputs[0], list):
        if len(outputs) > 1:
            raise Unsupported("models with several outputs")
        outputs = outputs[0]
    return outputs[0]


def convert(file):
    """The ONNX model of an open HDF5 file."""
    if "model_config" not in file.attrs:
        raise Unsupported("files that hold weights only; save the whole model")
    raw = file.attrs["model_config"]
    model = json.loads(raw.decode() if isinstance(raw, bytes) else raw)
    kind, config = model["class_name"], model["config"]
    layers = config["layers"] if isinstance(config, dict) else config
    weights = Weights(file)
    graph = Graph()
    made = {}
    picture = None
    last = None
    for layer in layers:
        name = layer["config"].get("name", layer.get("name"))
        if layer["class_name"] in ("Sequential", "Functional", "Model"):
            raise Unsupported(f"a model within the model ({name})")
        if picture is None:
            shape = input_shape(layer["config"])
            if shape is None or len(shape) != 3 or None in shape:
                raise Unsupported(f"an input of {shape}; it must be one picture of a fixed size")
            picture = Value("input", shape)
            made["input of a Sequential"] = picture
            last = picture
            if layer["class_name"] == "InputLayer":
                made[name] = picture
                continue
        elif layer["class_name"] == "InputLayer":
            raise Unsupported("models with several inputs")
        names = [] if kind == "Sequential" else sources(layer)
        inputs = [made[each] for each in names] if names else [last]
        last = convert_layer(graph, layer["class_name"], layer["config"], inputs,
                             weights.of(name), name.replace("/", "_"))
        made[name] = last
    if kind != "Sequential":
        last = made[end_of(config["output_layers"])]
    if len(last.shape) == 3 and last.shape[:2] == (1, 1):
        last = graph.add("Flatten", [last.name], (last.shape[2],), "flat", axis=1)
    if len(last.shape) != 1:
        raise Unsupported(f"a result of {last.shape}; a classifier gives one row of numbers")
    graph.nodes.append(helper.make_node("Identity", [last.name], ["output"], name="output"))
    height, width, channels = picture.shape
    onnx_graph = helper.make_graph(
        graph.nodes, "keras",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, channels, height, width])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, last.shape[0]])],
        graph.initializers)
    result = helper.make_model(onnx_graph, opset_imports=[helper.make_opsetid("", 11)],
                               producer_name="keras_to_onnx.py of mien")
    result.ir_version = 6
    onnx.checker.check_model(result, full_check=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("keras", help="the .h5 or .hdf5 file")
    parser.add_argument("onnx", help="the .onnx file to write")
    arguments = parser.parse_args()
    try:
        with h5py.File(arguments.keras, "r") as file:
            model = convert(file)
    except OSError as error:
        sys.exit(f"{arguments.keras} cannot be read as HDF5 ({error}); .keras and SavedModel need "
                 "Keras itself (docs/models.md).")
    except Unsupported as error:
        sys.exit(f"{arguments.keras} has {error}, which this script does not convert; use Keras "
                 "itself (docs/models.md).")
    except (KeyError, TypeError, ValueError) as error:
        sys.exit(f"{arguments.keras} is not laid out as Keras does it ({error!r}).")
    onnx.save(model, arguments.onnx)
    shapes = [[d.dim_value for d in value.type.tensor_type.shape.dim]
              for value in (model.graph.input[0], model.graph.output[0])]
    print(f"{arguments.onnx}: takes {'x'.join(map(str, shapes[0]))} (nchw), gives "
          f"{shapes[1][1]} numbers")


if __name__ == "__main__":
    main()

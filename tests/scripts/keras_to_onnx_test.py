#!/usr/bin/env python3
"""Compares networks converted by scripts/keras_to_onnx.py with their sums done by hand.

Exit code 77 (skipped) without python3-h5py, python3-onnx, python3-numpy and python3-opencv.
"""

import json
import os
import sys
import tempfile
import unittest

try:
    import cv2
    import h5py
    import numpy as np
    import onnx
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import keras_to_onnx  # noqa: E402
import onnx_for_mien  # noqa: E402

RANDOM = np.random.default_rng(20261126)


def numbers(*shape):
    return RANDOM.normal(0, 0.5, shape).astype(np.float32)


# ---- the layers by hand, pictures as height x width x channels --------------------------------


def same_pads(length, k, stride):
    out = -(-length // stride)
    total = max((out - 1) * stride + k - length, 0)
    return total // 2, total - total // 2, out


def windows(x, k, stride, padding, fill=0.0):
    """Yields (row, column, window) over the padded picture."""
    height, width, channels = x.shape
    if padding == "same":
        top, bottom, rows = same_pads(height, k, stride)
        left, right, columns = same_pads(width, k, stride)
    else:
        top = bottom = left = right = 0
        rows, columns = (height - k) // stride + 1, (width - k) // stride + 1
    padded = np.full((height + top + bottom, width + left + right, channels), fill, np.float64)
    padded[top:top + height, left:left + width] = x
    for i in range(rows):
        for j in range(columns):
            yield rows, columns, i, j, padded[i * stride:i * stride + k, j * stride:j * stride + k]


def conv(x, kernel, stride, padding, bias=None):
    out = None
    for rows, columns, i, j, part in windows(x, kernel.shape[0], stride, padding):
        if out is None:
            out = np.zeros((rows, columns, kernel.shape[3]))
        out[i, j] = np.tensordot(part, kernel, ([0, 1, 2], [0, 1, 2]))
    return out if bias is None else out + bias


def depthwise(x, kernel, stride, padding):
    out = None
    for rows, columns, i, j, part in windows(x, kernel.shape[0], stride, padding):
        if out is None:
            out = np.zeros((rows, columns, kernel.shape[2] * kernel.shape[3]))
        out[i, j] = (part[..., None] * kernel).sum((0, 1)).reshape(-1)
    return out


def max_pool(x, k, stride, padding):
    out = None
    for rows, columns, i, j, part in windows(x, k, stride, padding, -np.inf):
        if out is None:
            out = np.zeros((rows, columns, x.shape[2]))
        out[i, j] = part.max((0, 1))
    return out


def norm(x, parts, epsilon):
    gamma, beta, mean, variance = parts
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


# ---- files as Keras writes them ---------------------------------------------------------------


def write(path, config, weights, newer):
    """`weights`: layer -> {name: array}."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "3.8.0" if newer else "2.9.0"
        group = file.create_group("model_weights")
        for layer, arrays in weights.items():
            own = group.create_group(layer)
            names = []
            for name, array in arrays.items():
                full = f"model/{layer}/{name}" if newer else f"{layer}/{name}:0"
                own.create_dataset(full, data=array)
                names.append(full.encode())
            own.attrs["weight_names"] = names


def tensor_of(layer, newer):
    if not newer:
        return [layer, 0, 0, {}]
    return {"class_name": "__keras_tensor__",
            "config": {"shape": [None], "dtype": "float32", "keras_history": [layer, 0, 0]}}


def inbound(sources, newer):
    if not sources:
        return []
    if not newer:
        return [[tensor_of(source, False) for source in sources]]
    tensors = [tensor_of(source, True) for source in sources]
    return [{"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}}]


class KerasToOnnx(unittest.TestCase):
    def run_onnx(self, path, picture):
        """What OpenCV makes of the converted file."""
        with h5py.File(path, "r") as file:
            model = keras_to_onnx.convert(file)
        onnx_file = path + ".onnx"
        onnx.save(model, onnx_file)
        net = cv2.dnn.readNetFromONNX(onnx_file)
        net.setInput(np.ascontiguousarray(picture.transpose(2, 0, 1)[None].astype(np.float32)))
        return net.forward().reshape(-1)

    def check(self, config, weights, newer, picture, expected):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "net.h5")
            write(path, config, weights, newer)
            found = self.run_onnx(path, picture)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)

    def functional(self, newer):
        """A small Xception: convolutions, a separable block with a shortcut, an average."""
        picture = numbers(12, 12, 1)
        first, first_bias = numbers(3, 3, 1, 4), numbers(4)
        parts = (numbers(4), numbers(4), numbers(4), np.abs(numbers(4)) + 0.5)
        depth, point = numbers(3, 3, 4, 1), numbers(1, 1, 4, 6)
        side = numbers(1, 1, 4, 6)
        last, last_bias = numbers(3, 3, 6, 5), numbers(5)

        x = np.maximum(norm(conv(picture, first, 1, "valid", first_bias), parts, 1e-3), 0)
        shortcut = conv(x, side, 2, "same")
        y = max_pool(conv(depthwise(x, depth, 1, "same"), point, 1, "valid"), 3, 2, "same")
        z = conv(y + shortcut, last, 1, "same", last_bias).mean((0, 1))

        key = "batch_shape" if newer else "batch_input_shape"
        layers = []

        def layer(kind, name, sources, **options):
            layers.append({"class_name": kind, "config": {"name": name, **options}, "name": name,
                           "inbound_nodes": inbound(sources, newer)})

        common = {"strides": [1, 1], "dilation_rate": [1, 1], "activation": "linear"}
        layer("InputLayer", "picture", [], **{key: [None, 12, 12, 1]})
        layer("Conv2D", "first", ["picture"], padding="valid", **common)
        layer("BatchNormalization", "norm", ["first"], axis=[3] if not newer else -1, epsilon=1e-3)
        layer("Activation", "relu", ["norm"], activation="relu")
        layer("Conv2D", "side", ["relu"], padding="same", strides=[2, 2], activation="linear")
        layer("SeparableConv2D", "separable", ["relu"], padding="same", **common)
        layer("MaxPooling2D", "pool", ["separable"], pool_size=[3, 3], strides=[2, 2],
              padding="same")
        layer("Add", "sum", ["pool", "side"])
        layer("Conv2D", "last", ["sum"], padding="same", **common)
        layer("GlobalAveragePooling2D", "mean", ["last"])
        layer("Activation", "predictions", ["mean"], activation="softmax")
        output = ["predictions", 0, 0] if newer else [["predictions", 0, 0]]
        config = {"class_name": "Functional",
                  "config": {"layers": layers, "output_layers": output}}
        weights = {"first": {"kernel": first, "bias": first_bias},
                   "norm": dict(zip(("gamma", "beta", "moving_mean", "moving_variance"), parts)),
                   "side": {"kernel": side},
                   "separable": {"depthwise_kernel": depth, "pointwise_kernel": point},
                   "last": {"kernel": last, "bias": last_bias}}
        self.check(config, weights, newer, picture, softmax(z))

    def test_functional_of_keras_2(self):
        self.functional(False)

    def test_functional_of_keras_3(self):
        self.functional(True)

    def test_sequential(self):
        for newer in (False, True):
            picture = numbers(6, 8, 3)
            kernel, dense, bias = numbers(3, 3, 3, 2), numbers(4 * 6 * 2, 4), numbers(4)
            depth = numbers(3, 3, 3, 1)
            x = np.clip(depthwise(picture, depth, 1, "same"), 0, 6)
            x = conv(x, kernel, 1, "valid").reshape(-1)  # channels fastest, as Keras flattens
            expected = softmax(x @ dense + bias)
            key = "batch_shape" if newer else "batch_input_shape"
            layers = [
                {"class_name": "DepthwiseConv2D",
                 "config": {"name": "depth", key: [None, 6, 8, 3], "strides": [1, 1],
                            "padding": "same", "activation": "relu6"}},
                {"class_name": "Dropout", "config": {"name": "drop", "rate": 0.5}},
                {"class_name": "Conv2D", "config": {"name": "conv", "padding": "valid"}},
                {"class_name": "Flatten", "config": {"name": "flat"}},
                {"class_name": "Dense", "config": {"name": "dense", "activation": "softmax"}},
            ]
            if newer:  # Keras 3 always writes the input as a layer
                layers[0]["config"].pop(key)
                layers.insert(0, {"class_name": "InputLayer",
                                  "config": {"name": "in", key: [None, 6, 8, 3]}})
            config = {"class_name": "Sequential", "config": {"layers": layers}}
            weights = {"depth": {"depthwise_kernel" if not newer else "kernel": depth},
                       "conv": {"kernel": kernel}, "dense": {"kernel": dense, "bias": bias}}
            # relu6 is a Clip with inputs in the file; OpenCV alone reads it from opset 10 only.
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "net.h5")
                write(path, config, weights, newer)
                with h5py.File(path, "r") as file:
                    model = keras_to_onnx.convert(file)
                for node in model.graph.node:
                    if node.op_type != "Clip":
                        continue
                    limits = {t.name: onnx.numpy_helper.to_array(t)
                              for t in model.graph.initializer}
                    low, high = (float(limits[name]) for name in node.input[1:])
                    del node.input[1:]
                    node.attribute.extend([onnx.helper.make_attribute("min", low),
                                           onnx.helper.make_attribute("max", high)])
                net = cv2.dnn.readNetFromONNX(model.SerializeToString())
                net.setInput(np.ascontiguousarray(
                    picture.transpose(2, 0, 1)[None].astype(np.float32)))
                found = net.forward().reshape(-1)
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)

    def test_what_is_not_known_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "net.h5")
            write(path, {"class_name": "Sequential", "config": {"layers": [
                {"class_name": "InputLayer",
                 "config": {"name": "in", "batch_shape": [None, 4, 4, 1]}},
                {"class_name": "LSTM", "config": {"name": "memory"}}]}}, {}, True)
            with h5py.File(path, "r") as file:
                with self.assertRaisesRegex(keras_to_onnx.Unsupported, "LSTM"):
                    keras_to_onnx.convert(file)


class OnnxForMien(unittest.TestCase):
    def test_sizes_are_fixed_and_what_depends_on_them_is_computed(self):
        helper, kinds = onnx.helper, onnx.TensorProto
        nodes = [
            helper.make_node("Relu", ["in"], ["relu"]),
            helper.make_node("Shape", ["relu"], ["shape"]),
            helper.make_node("Gather", ["shape", "zero"], ["batch"], axis=0),
            helper.make_node("Unsqueeze", ["batch", "front"], ["row"]),
            helper.make_node("Concat", ["row", "rest"], ["target"], axis=0),
            helper.make_node("Reshape", ["relu", "target"], ["flat"]),
            helper.make_node("Sigmoid", ["flat"], ["other"]),
        ]
        constants = [onnx.numpy_helper.from_array(np.array(v, np.int64), n)
                     for n, v in (("zero", 0), ("front", [0]), ("rest", [-1]))]
        graph = helper.make_graph(
            nodes, "net",
            [helper.make_tensor_value_info("in", kinds.FLOAT16, ["batch", 3, "h", "w"])],
            [helper.make_tensor_value_info("flat", kinds.FLOAT16, ["batch", "n"]),
             helper.make_tensor_value_info("other", kinds.FLOAT16, ["batch", "n"])], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 10
        with tempfile.TemporaryDirectory() as folder:
            source, result = (os.path.join(folder, name) for name in ("a.onnx", "b.onnx"))
            onnx.save(model, source)
            arguments, sys.argv = sys.argv, ["", source, result, "--input", "1x3x2x2",
                                             "--output", "flat"]
            try:
                onnx_for_mien.main()
            finally:
                sys.argv = arguments
            net = cv2.dnn.readNetFromONNX(result)
            picture = numbers(1, 3, 2, 2)
            net.setInput(picture)
            np.testing.assert_allclose(net.forward().reshape(-1),
                                       np.maximum(picture, 0).reshape(-1), rtol=1e-6)
            kinds_left = [node.op_type for node in onnx.load(result).graph.node]
        self.assertEqual(kinds_left, ["Relu", "Reshape"])


if __name__ == "__main__":
    unittest.main()

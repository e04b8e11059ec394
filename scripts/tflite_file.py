"""Reads a TensorFlow Lite file without TensorFlow: its layers, and its weights as float arrays.

The file is a FlatBuffer; the field numbers below are those of tensorflow/lite/schema/schema.fbs.
Half floats are widened, and weights stored sparse are filled up, as DEQUANTIZE and DENSIFY would do.
"""
import struct
from dataclasses import dataclass

import numpy as np

OPERATORS = {0: "ADD", 3: "CONV_2D", 4: "DEPTHWISE_CONV_2D", 5: "DEPTH_TO_SPACE", 6: "DEQUANTIZE",
             17: "MAX_POOL_2D", 19: "RELU", 22: "RESHAPE", 23: "RESIZE_BILINEAR", 34: "PAD", 54: "PRELU",
             124: "DENSIFY"}
TENSOR_TYPES = {0: "<f4", 1: "<f2", 2: "<i4"}
# Of each operator's options: field number, format, default.
OPTIONS = {
    "CONV_2D": {"padding": (0, "b", 0), "stride": (2, "i", 1), "stride_w": (1, "i", 1), "activation": (3, "b", 0),
                "dilation_w": (4, "i", 1), "dilation": (5, "i", 1)},
    "DEPTHWISE_CONV_2D": {"padding": (0, "b", 0), "stride": (2, "i", 1), "stride_w": (1, "i", 1),
                          "multiplier": (3, "i", 1), "activation": (4, "b", 0), "dilation_w": (5, "i", 1),
                          "dilation": (6, "i", 1)},
    "MAX_POOL_2D": {"padding": (0, "b", 0), "stride": (2, "i", 1), "stride_w": (1, "i", 1), "kernel_w": (3, "i", 1),
                    "kernel": (4, "i", 1), "activation": (5, "b", 0)},
    "ADD": {"activation": (0, "b", 0)},
    "RESIZE_BILINEAR": {"align_corners": (2, "?", False), "half_pixel": (3, "?", False)},
    "DEPTH_TO_SPACE": {"block": (0, "i", 1)},
}
SAME, VALID = 0, 1


class Table:
    """One FlatBuffer table."""

    def __init__(self, data, position):
        self.data, self.position = data, position
        self.vtable = position - struct.unpack_from("<i", data, position)[0]
        self.vtable_size = struct.unpack_from("<H", data, self.vtable)[0]

    def place(self, field):
        slot = 4 + 2 * field
        if slot >= self.vtable_size:
            return None
        offset = struct.unpack_from("<H", self.data, self.vtable + slot)[0]
        return self.position + offset if offset else None

    def number(self, field, form, default=0):
        at = self.place(field)
        return default if at is None else struct.unpack_from("<" + form, self.data, at)[0]

    def follow(self, at):
        return at + struct.unpack_from("<I", self.data, at)[0]

    def table(self, field):
        at = self.place(field)
        return None if at is None else Table(self.data, self.follow(at))

    def vector(self, field):
        at = self.place(field)
        if at is None:
            return 0, 0
        start = self.follow(at)
        return start + 4, struct.unpack_from("<I", self.data, start)[0]

    def array(self, field, form):
        start, count = self.vector(field)
        return np.frombuffer(self.data, form, count, start) if count else np.zeros(0, form)

    def tables(self, field):
        start, count = self.vector(field)
        return [Table(self.data, self.follow(start + 4 * i)) for i in range(count)]


@dataclass
class Operator:
    kind: str
    inputs: list
    outputs: list
    options: dict


def fill_up(sparsity, shape, values):
    """Dense array of weights that are sparse along the last dimension, the others dense and in order."""
    levels = sparsity.tables(2)
    plain = list(sparsity.array(0, "<i4")) == list(range(len(shape))) and not sparsity.vector(1)[1]
    if not plain or any(level.number(0, "b") for level in levels[:-1]) or levels[-1].number(0, "b") != 1:
        raise ValueError("the sparse weights are laid out in a way that this script does not know")

    def indices(level, kind_field, field):  # of 32, 16 or 8 bits
        form = {1: "<i4", 2: "<u2", 3: "u1"}[level.number(kind_field, "B")]
        return level.table(field).array(0, form).astype(np.int64)

    segments, columns = indices(levels[-1], 2, 3), indices(levels[-1], 4, 5)
    dense = np.zeros((len(segments) - 1, shape[-1]), np.float32)
    for row in range(len(dense)):
        part = slice(segments[row], segments[row + 1])
        dense[row, columns[part]] = values[part]
    return dense.reshape(shape)


class TfliteFile:
    """Layers in order of execution; `constants` by tensor number; `shapes` by tensor number."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        model = Table(data, struct.unpack_from("<I", data)[0])
        kinds = [max(code.number(0, "b"), code.number(3, "i")) for code in model.tables(1)]
        unknown = [kind for kind in kinds if kind not in OPERATORS]
        if unknown:
            raise ValueError(f"{path} uses operators that this script does not know: {unknown}")
        graph, buffers = model.tables(2)[0], model.tables(4)
        self.inputs, self.outputs = graph.array(1, "<i4").tolist(), graph.array(2, "<i4").tolist()
        self.shapes, self.constants = {}, {}
        for number, tensor in enumerate(graph.tables(0)):
            shape = tensor.array(0, "<i4").tolist()
            self.shapes[number] = shape
            held = buffers[tensor.number(2, "I")].array(0, "u1")
            if held.size:
                values = np.frombuffer(held.tobytes(), TENSOR_TYPES[tensor.number(1, "b")])
                values = values if values.dtype.kind == "i" else values.astype(np.float32)
                sparsity = tensor.table(6)
                self.constants[number] = fill_up(sparsity, shape, values) if sparsity else values.reshape(shape)
        self.operators = []
        for each in graph.tables(3):
            kind = OPERATORS[kinds[each.number(0, "I")]]
            inputs, outputs = each.array(1, "<i4").tolist(), each.array(2, "<i4").tolist()
            if kind in ("DEQUANTIZE", "DENSIFY"):
                self.constants[outputs[0]] = self.constants[inputs[0]].astype(np.float32)
                continue
            given, options = each.table(4), {}
            for name, (field, form, default) in OPTIONS.get(kind, {}).items():
                options[name] = given.number(field, form, default) if given else default
            self.operators.append(Operator(kind, inputs, outputs, options))


def same_padding(size, kernel, stride):
    """Rows added before and after, as TensorFlow's SAME does."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2

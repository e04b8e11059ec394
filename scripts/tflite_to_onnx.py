"""Rewrites a convolutional TensorFlow Lite file as ONNX (opset 11) that OpenCV 4.6 and later run.

    python3 scripts/tflite_to_onnx.py IN.tflite OUT.onnx [--check PICTURE]

The network keeps its NHWC input and computes in NCHW inside. Where a channel padding meets an addition, the
convolution on the other side is cut in two instead: the same numbers, and no layer of zeros. --check
runs the TFLite graph layer by layer in numpy (slowly) and the ONNX file in OpenCV on the same picture, and prints
the largest difference. Needs python3-numpy, python3-onnx; --check python3-opencv.
"""
import argparse

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tflite_file import SAME, TfliteFile, same_padding


class Writer:
    def __init__(self, file):
        self.file, self.nodes, self.weights = file, [], []
        self.names = {}        # tensor number -> ONNX name, in NCHW
        self.pads = {}         # tensor number -> (source, pads of N, H, W, C) not yet written
        self.users = {}        # tensor number -> operators
        for operator in file.operators:
            for number in operator.inputs:
                self.users.setdefault(number, []).append(operator)

    def constant(self, name, values):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def name(self, number):
        """The ONNX name; a padding that no layer could take in is written out."""
        if number not in self.names:
            source, pads = self.pads[number]
            batch, rows, columns, channels = pads.tolist()
            order = np.array([[*pair] for pair in (batch, channels, rows, columns)], np.int64)
            sizes = self.constant(f"t{number}_pads", order.T.reshape(-1))
            self.names[number] = self.node("Pad", [self.name(source), sizes], f"t{number}")
        return self.names[number]

    def activate(self, operator, made):
        """Names a layer's result, behind its activation."""
        out = f"t{operator.outputs[0]}"
        if operator.kind == "RELU" or operator.options.get("activation") == 1:
            made = self.node("Relu", [made], out)
        elif operator.options.get("activation"):
            raise ValueError(f"{operator.kind} has an activation that this script does not know")
        self.names[operator.outputs[0]] = made

    def convolution(self, operator, rows=slice(None), suffix=""):
        source, weight, bias = operator.inputs
        options, values = operator.options, self.file.constants[weight]
        depthwise = operator.kind == "DEPTHWISE_CONV_2D"
        if options["stride"] != options["stride_w"] or options["dilation"] != 1 or options.get("multiplier", 1) != 1:
            raise ValueError("a convolution is strided or dilated in a way that this script does not know")
        values = values.transpose(3, 0, 1, 2) if depthwise else values.transpose(0, 3, 1, 2)
        height, width = values.shape[2:]
        pads = np.zeros((4, 2), np.int64)
        if source in self.pads:
            source, pads = self.pads[source]
        if options["padding"] == SAME:
            size = self.file.shapes[source]
            pads = pads + np.array([[0, 0], same_padding(size[1], height, options["stride"]),
                                    same_padding(size[2], width, options["stride"]), [0, 0]])
        (top, bottom), (left, right) = pads[1:3]
        inside = [top, left, bottom, right]
        given, out = self.name(source), f"t{operator.outputs[0]}_sum{suffix}"
        if top != bottom or left != right:  # OpenCV's convolution pads both sides alike
            given = self.node("Pad", [given, self.constant(out + "_pads", np.array(
                [0, 0, top, left, 0, 0, bottom, right], np.int64))], out + "_padded")
            inside = [0, 0, 0, 0]
        return self.node("Conv", [given, self.constant(out + "_weight", values[rows]),
                                  self.constant(out + "_bias", self.file.constants[bias][rows])],
                         out, kernel_shape=[height, width], strides=[options["stride"]] * 2,
                         pads=[int(n) for n in inside], group=len(values) if depthwise else 1)

    def addition(self, operator):
        wide = [n for n in operator.inputs if n in self.pads and self.pads[n][1][3].any()]
        if not wide:
            return self.node("Add", [self.name(n) for n in operator.inputs], f"t{operator.outputs[0]}_sum")
        other = next(n for n in operator.inputs if n != wide[0])
        source = self.pads[wide[0]][0]
        made_by = next(o for o in self.file.operators if other in o.outputs)
        if made_by.kind != "CONV_2D" or made_by.options["activation"] or self.pads[wide[0]][1][:3].any():
            raise ValueError("a channel padding meets something else than a convolution")
        channels, out = self.file.shapes[source][3], f"t{operator.outputs[0]}"
        first = self.convolution(made_by, slice(0, channels), "_first")
        rest = self.convolution(made_by, slice(channels, None), "_rest")
        kept = self.node("Add", [self.name(source), first], out + "_kept")
        return self.node("Concat", [kept, rest], out + "_sum", axis=1)

    def cut_in_two(self, operator):
        """Whether the addition that follows writes this convolution itself."""
        users = self.users.get(operator.outputs[0], [])
        return len(users) == 1 and users[0].kind == "ADD" and any(
            n in self.pads_ahead for n in users[0].inputs)

    def write(self):
        file = self.file
        self.pads_ahead = {o.outputs[0] for o in file.operators
                           if o.kind == "PAD" and file.constants[o.inputs[1]][3].any()}
        source = file.inputs[0]
        self.names[source] = self.node("Transpose", ["input"], f"t{source}", perm=[0, 3, 1, 2])
        for operator in file.operators:
            self.one(operator)
        outputs = []
        for number in file.outputs:
            out = f"output_{len(outputs)}"
            shape = [1, int(np.prod(file.shapes[number][1:-1])), file.shapes[number][-1]]
            last = self.node("Transpose", [self.name(number)], out + "_last", perm=[0, 2, 3, 1])
            self.node("Reshape", [last, self.constant(out + "_shape", np.array(shape, np.int64))], out)
            outputs.append(helper.make_tensor_value_info(out, TensorProto.FLOAT, shape))
        given = helper.make_tensor_value_info("input", TensorProto.FLOAT, file.shapes[source])
        model = helper.make_model(helper.make_graph(self.nodes, "network", [given], outputs, self.weights),
                                  opset_imports=[helper.make_opsetid("", 11)], producer_name="tflite_to_onnx.py")
        model.ir_version = 6
        onnx.checker.check_model(onnx.shape_inference.infer_shapes(model, strict_mode=True))
        return model

    def one(self, operator):
        options, out = operator.options, f"t{operator.outputs[0]}"
        if operator.kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            if not self.cut_in_two(operator):
                self.activate(operator, self.convolution(operator))
        elif operator.kind == "ADD":
            self.activate(operator, self.addition(operator))
        elif operator.kind == "RELU":
            self.activate(operator, self.name(operator.inputs[0]))
        elif operator.kind == "PRELU":
            slope = self.file.constants[operator.inputs[1]].reshape(-1, 1, 1)
            self.names[operator.outputs[0]] = self.node(
                "PRelu", [self.name(operator.inputs[0]), self.constant(out + "_slope", slope)], out)
        elif operator.kind == "PAD":
            self.pads[operator.outputs[0]] = operator.inputs[0], self.file.constants[operator.inputs[1]].astype(np.int64)
        elif operator.kind == "MAX_POOL_2D":
            size = self.file.shapes[operator.inputs[0]]
            if options["kernel"] != options["stride"] or size[1] % options["kernel"] or size[2] % options["kernel"]:
                raise ValueError("a pooling overlaps or leaves a rest")
            self.activate(operator, self.node("MaxPool", [self.name(operator.inputs[0])], out + "_pool",
                                              kernel_shape=[options["kernel"]] * 2, strides=[options["stride"]] * 2))
        elif operator.kind == "RESIZE_BILINEAR":
            if options["align_corners"] or not options["half_pixel"]:
                raise ValueError("a resize counts from corners; only half pixels are known here")
            size = self.file.shapes[operator.outputs[0]]
            wanted = self.constant(out + "_size", np.array([1, size[3], size[1], size[2]], np.int64))
            nothing = [self.constant(out + f"_{n}", np.zeros(0, np.float32)) for n in ("roi", "scales")]
            self.names[operator.outputs[0]] = self.node(
                "Resize", [self.name(operator.inputs[0]), *nothing, wanted], out, mode="linear",
                coordinate_transformation_mode="half_pixel")
        elif operator.kind == "DEPTH_TO_SPACE":
            self.names[operator.outputs[0]] = self.node("DepthToSpace", [self.name(operator.inputs[0])], out,
                                                        blocksize=options["block"], mode="DCR")
        elif operator.kind == "RESHAPE":  # only a flat view of an output, which write() makes
            if operator.outputs[0] not in self.file.outputs:
                raise ValueError("a reshape lies inside the network")
            self.names[operator.outputs[0]] = self.name(operator.inputs[0])
        else:
            raise ValueError(operator.kind)


def run_in_numpy(file, picture):
    """What the TFLite graph says, in its own words: NHWC, one layer after another."""
    held = {number: values for number, values in file.constants.items()}
    held[file.inputs[0]] = picture

    def convolve(x, weight, bias, options, depthwise):
        height, width = weight.shape[1:3]
        stride = options["stride"]
        if options["padding"] == SAME:
            x = np.pad(x, [(0, 0), same_padding(x.shape[1], height, stride),
                           same_padding(x.shape[2], width, stride), (0, 0)])
        rows, columns = (x.shape[1] - height) // stride + 1, (x.shape[2] - width) // stride + 1
        total = 0
        for i in range(height):
            for j in range(width):
                part = x[:, i:i + stride * rows:stride, j:j + stride * columns:stride]
                total = total + (part * weight[0, i, j] if depthwise else part @ weight[:, i, j].T)
        return total + bias

    def resize(x, size):
        for axis in (1, 2):
            wanted, have = size[axis], x.shape[axis]
            at = ((np.arange(wanted) + 0.5) * have / wanted - 0.5).clip(0, have - 1)
            low = np.floor(at).astype(int)
            high = np.minimum(low + 1, have - 1)
            share = (at - low).astype(np.float32).reshape([-1 if a == axis else 1 for a in range(4)])
            x = np.take(x, low, axis) * (1 - share) + np.take(x, high, axis) * share
        return x

    for operator in file.operators:
        x, options = held[operator.inputs[0]], operator.options
        if operator.kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            y = convolve(x, held[operator.inputs[1]], held[operator.inputs[2]], options,
                         operator.kind.startswith("DEPTH"))
        elif operator.kind == "ADD":
            y = x + held[operator.inputs[1]]
        elif operator.kind == "RELU":
            y = np.maximum(x, 0)
        elif operator.kind == "PRELU":
            y = np.where(x > 0, x, x * held[operator.inputs[1]])
        elif operator.kind == "PAD":
            y = np.pad(x, held[operator.inputs[1]])
        elif operator.kind == "MAX_POOL_2D":
            k = options["kernel"]
            y = x.reshape(1, x.shape[1] // k, k, x.shape[2] // k, k, -1).max((2, 4))
        elif operator.kind == "RESIZE_BILINEAR":
            y = resize(x, file.shapes[operator.outputs[0]])
        elif operator.kind == "DEPTH_TO_SPACE":
            b, (_, h, w, c) = options["block"], x.shape
            y = x.reshape(1, h, w, b, b, c // b // b).transpose(0, 1, 3, 2, 4, 5).reshape(1, h * b, w * b, -1)
        elif operator.kind == "RESHAPE":
            y = x.reshape(file.shapes[operator.outputs[0]])
        if options.get("activation") == 1:
            y = np.maximum(y, 0)
        held[operator.outputs[0]] = y
    return [held[number] for number in file.outputs]


def check(file, path, picture):
    import cv2
    side = file.shapes[file.inputs[0]][1]
    pixels = cv2.cvtColor(cv2.resize(cv2.imread(picture), (side, side)), cv2.COLOR_BGR2RGB)
    pixels = (pixels.astype(np.float32) / 127.5 - 1)[None]
    net = cv2.dnn.readNetFromONNX(path)
    net.setInput(pixels)
    names = [f"output_{i}" for i in range(len(file.outputs))]
    for name, ours, theirs in zip(names, net.forward(names), run_in_numpy(file, pixels)):
        print(f"{name}: {ours.shape}, largest value {np.abs(theirs).max():.3f}, "
              f"largest difference {np.abs(ours.reshape(-1) - theirs.reshape(-1)).max():.2g}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tflite")
    parser.add_argument("onnx")
    parser.add_argument("--check", metavar="PICTURE")
    arguments = parser.parse_args()
    file = TfliteFile(arguments.tflite)
    onnx.save(Writer(file).write(), arguments.onnx)
    if arguments.check:
        check(file, arguments.onnx, arguments.check)


if __name__ == "__main__":
    main()

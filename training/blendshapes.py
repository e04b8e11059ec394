"""MediaPipe's blendshapes as a teacher and a yardstick: 52 numbers of a face, from the files that lie beside the
repository (`face_landmarker.task`; they are not part of the project, what learns from them may be).

The landmark network runs in OpenCV after scripts/tflite_to_onnx.py; the small network from points to blendshapes is run
here, one layer after another, for many faces at once.
"""
import os
import sys
import tempfile
import zipfile

import cv2
import numpy as np

import data

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../scripts"))
import tflite_file  # noqa: E402
import tflite_to_onnx  # noqa: E402

SIDE, POINTS = 256, 478
NAMES = """_neutral browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff cheekSquintLeft
    cheekSquintRight eyeBlinkLeft eyeBlinkRight eyeLookDownLeft eyeLookDownRight eyeLookInLeft eyeLookInRight
    eyeLookOutLeft eyeLookOutRight eyeLookUpLeft eyeLookUpRight eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight
    jawForward jawLeft jawOpen jawRight mouthClose mouthDimpleLeft mouthDimpleRight mouthFrownLeft mouthFrownRight
    mouthFunnel mouthLeft mouthLowerDownLeft mouthLowerDownRight mouthPressLeft mouthPressRight mouthPucker mouthRight
    mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper mouthSmileLeft mouthSmileRight mouthStretchLeft
    mouthStretchRight mouthUpperUpLeft mouthUpperUpRight noseSneerLeft noseSneerRight""".split()
# Which of the 478 points the small network reads, in its order, as MediaPipe documents it.
READ = [int(n) for n in """0 1 4 5 6 7 8 10 13 14 17 21 33 37 39 40 46 52 53 54 55 58 61 63 65 66 67 70 78 80 81 82 84
    87 88 91 93 95 103 105 107 109 127 132 133 136 144 145 146 148 149 150 152 153 154 155 157 158 159 160 161 162 163
    168 172 173 176 178 181 185 191 195 197 234 246 249 251 263 267 269 270 276 282 283 284 285 288 291 293 295 296 297
    300 308 310 311 312 314 317 318 321 323 324 332 334 336 338 356 361 362 365 373 374 375 377 378 379 380 381 382 384
    385 386 387 388 389 390 397 398 400 402 405 409 415 454 466 468 469 470 471 472 473 474 475 476 477""".split()]

tflite_file.OPERATORS.update({2: "CONCATENATION", 14: "LOGISTIC", 18: "MUL", 39: "TRANSPOSE", 40: "MEAN", 41: "SUB",
                              42: "DIV", 45: "STRIDED_SLICE", 59: "NEG", 74: "SUM", 75: "SQRT", 76: "RSQRT",
                              99: "SQUARED_DIFFERENCE"})


class Teacher:
    def __init__(self, folder=os.path.join(data.FOLDER, "teacher")):
        with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(os.path.join(folder, "face_landmarker.task")) as task:
            task.extractall(place)
            landmarks = tflite_file.TfliteFile(os.path.join(place, "face_landmarks_detector.tflite"))
            self.small = tflite_file.TfliteFile(os.path.join(place, "face_blendshapes.tflite"))
        # Only the points are wanted: what makes the scores is left out.
        points = next(n for n in landmarks.outputs if landmarks.shapes[n][-1] == 3 * POINTS)
        needed, kept = {points}, []
        for operator in reversed(landmarks.operators):
            if needed & set(operator.outputs):
                needed |= set(operator.inputs)
                kept.append(operator)
        landmarks.operators, landmarks.outputs = kept[::-1], [points]
        self.net = cv2.dnn.readNetFromONNX(np.frombuffer(
            tflite_to_onnx.Writer(landmarks).write().SerializeToString(), np.uint8))

    def points(self, crop):
        """478 x 3 points in pixels of a 256 x 256 RGB crop, bytes."""
        self.net.setInput(crop[None].astype(np.float32) / 255)
        return self.net.forward().reshape(POINTS, 3)

    def blendshapes(self, points):
        """[N,52] from [N,478,2 or 3], in pixels of any picture that is as wide as high."""
        held = {n: np.asarray(v, np.float32) if v.dtype.kind == "f" else v for n, v in self.small.constants.items()}
        held[self.small.inputs[0]] = np.ascontiguousarray(points[:, READ, :2], np.float32)
        for o in self.small.operators:
            x = [held[n] for n in o.inputs]
            shape, kind = self.small.shapes[o.outputs[0]], o.kind
            axes = tuple(np.atleast_1d(x[1]).tolist()) if kind in ("MEAN", "SUM") else None
            if kind in ("MEAN", "SUM"):
                y = (np.mean if kind == "MEAN" else np.sum)(x[0], axis=axes, keepdims=True)
            elif kind == "CONV_2D":
                y = x[0] @ x[1][:, 0, 0].T + x[2]
                y = np.maximum(y, 0) if o.options["activation"] == 1 else y
            elif kind == "CONCATENATION":
                y = np.concatenate([np.broadcast_to(p, (len(points), *p.shape[1:])) for p in x], 2)
            elif kind == "RESHAPE":
                y = x[0].reshape(len(points), *shape[1:]) if shape[0] == 1 else x[0]
            elif kind == "STRIDED_SLICE":  # the first numbers of each dimension
                y = x[0] if len(shape) == 1 else x[0][(slice(None), *[slice(int(b), int(b) + n) for b, n in
                                                                     zip(x[1][1:], shape[1:])])]
            elif kind == "TRANSPOSE":
                y = x[0].transpose(x[1])
            else:
                y = {"MUL": lambda a, b: a * b, "ADD": lambda a, b: a + b, "SUB": lambda a, b: a - b,
                     "DIV": lambda a, b: a / b, "SQUARED_DIFFERENCE": lambda a, b: (a - b) ** 2,
                     "NEG": lambda a: -a, "SQRT": np.sqrt, "RSQRT": lambda a: 1 / np.sqrt(a),
                     "LOGISTIC": lambda a: 1 / (1 + np.exp(-a))}[kind](*x)
            held[o.outputs[0]] = y
        return held[self.small.outputs[0]]

"""Writes models/face-movements from what movements.py learned: the ONNX file, the face at rest, card and page of figures.

    python3 movements_export.py runs/movements --rendered A.npz ... --web web-valid.npz --photos photos.npz [--out FOLDER]

The figures are those of the written file in OpenCV's cv::dnn. Options as in movements.py.
"""
import hashlib
import json
import os

import cv2
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import movement_data as md
import movements

SOURCE = (
    "Trained for mien by training/movements.py on faces rendered by mien with known movements (MakeHuman's head, CC0), and on "
    "FER+ pictures with the blendshapes of MediaPipe's face landmarker as teacher (Apache-2.0; not part of mien); what tells covered mouths by training/mouth.py on both "
    "kinds of pictures with covers painted over them")
LIMITATIONS = (
    "Reads what 468 points show; what the mesh does not follow it cannot see. It agrees with MediaPipe's blendshapes, its "
    "teacher; with the known movements of rendered faces it agrees above 0.6 in the smile, the outer brow and the jaw only. Left "
    "and right are told apart roughly, on rendered faces only in the smile. Turned heads are read less well. The FACS numbers are "
    "hints: this is no FACS coding. Not for decisions about people.")


def write(net, path):
    """Matrix products, sums, rectifiers and one sigmoid: all that cv::dnn 4.6 needs to read."""
    nodes, weights = [], []

    def constant(name, values):
        weights.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name

    def layer(name, source, weight, bias):
        nodes.append(helper.make_node("Gemm", [source, constant(name + "_weight", weight), constant(name + "_bias", bias)],
                                      [name], name=name, transB=1))
        return name

    def node(kind, inputs, name):
        nodes.append(helper.make_node(kind, inputs, [name], name=name))
        return name

    w = {k: v.numpy() for k, v in net.state_dict().items()}
    count = len(w["rest"])
    z = layer("directions", "mesh", w["first.weight"], w["first.bias"])
    h = node("Relu", [layer("hidden_1", z, w["middle.0.weight"], w["middle.0.bias"])], "hidden_1_relu")
    h = node("Relu", [layer("hidden_2", h, w["middle.2.weight"], w["middle.2.bias"])], "hidden_2_relu")
    h = layer("curved", h, w["last.weight"], w["last.bias"])
    s = node("Sigmoid", [node("Add", [h, layer("straight", z, w["straight.weight"], np.zeros(count))], "logits")], "shares")
    # 0 at rest, 1 at the strongest; clamped by two rectifiers.
    y = node("Relu", [layer("scaled", s, np.diag(1 / w["range"]), -w["rest"] / w["range"])], "above_rest")
    y = node("Relu", [layer("left", y, -np.eye(count), np.ones(count))], "left_to_1")
    layer("movements", y, -np.eye(count), np.ones(count))
    graph = helper.make_graph(nodes, "movements", [helper.make_tensor_value_info("mesh", TensorProto.FLOAT, [1, 3 * md.POINTS])],
                              [helper.make_tensor_value_info("movements", TensorProto.FLOAT, [1, count])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], producer_name="movements_export.py")
    model.ir_version = 6
    onnx.checker.check_model(model)
    onnx.save(model, path)


class InOpenCv:
    """The written file, in the place of the network."""

    def __init__(self, path):
        self.net = cv2.dnn.readNetFromONNX(path)

    def __call__(self, x):
        rows = []
        for row in x.numpy():
            self.net.setInput(row[None].astype(np.float32))
            rows.append(self.net.forward().reshape(-1).copy())
        return torch.from_numpy(np.stack(rows))


def number(value):
    return "" if value is None else f"{value:.2f}"


def table(found):
    """One row a movement: agreement on real faces first, then with what rendered faces are known to do."""
    lines = ["| movement | FACS hint | web faces, by the teacher | photographs, by the teacher | rendered expressions, frontal | "
             "turned | rendered by chance, frontal | error there | shown there |", "|---|---|---|---|---|---|---|---|---|"]
    for k, (name, facs, _, _) in enumerate(movements.OUTPUTS):
        of = lambda kind, what="correlation": found[kind][what][k] if kind in found else None
        chance = "by chance, frontal"
        lines.append(f"| `{name}` | {facs} | {number(of('web'))} | {number(of('photos'))} | {number(of('expressions, frontal'))} | "
                     f"{number(of('expressions, turned'))} | {number(of(chance))} | {of(chance, 'error'):.3f} | {of(chance, 'shown')} |")
    counts = [str(found[k]["faces"]) if k in found else "" for k in (
        "web", "photos", "expressions, frontal", "expressions, turned", "by chance, frontal")]
    lines.append(f"| faces | | {' | '.join(counts)} | | |")
    lines += ["", "Left and right apart (correlation of the difference between them):", "",
              "| movement | web faces | photographs | rendered expressions | rendered by chance |", "|---|---|---|---|---|"]
    for k, name in enumerate(movements.NAMES):
        if name.endswith("_left"):
            lines.append(f"| {name[:-5]} | " + " | ".join(number(found[kind]["apart"][k]) for kind in (
                "web", "photos", "expressions, frontal", "by chance, frontal") if kind in found) + " |")
    return "\n".join(lines)


PAGE = """# Face movements

{count} movements of a face from its mesh of 468 points, 0 to 1, left and right apart where it can tell them. Made here;
MIT (`LICENSE`).

| | |
|---|---|
| file | `movements.onnx`, {size:,} bytes, SHA-256 `{sha}` |
| with it | `resting_face.json`: the mean of {neutral} neutral web faces, which stands in for a person's own face at rest |
| made by | the commands under "From the mesh to movements" in `training/README.md` |

**Input** `mesh`, 1 x 1404: for each point x, y, z of the face's mesh laid over MediaPipe's canonical face (`fit_head()`:
weighted least squares over rotation, scale and translation; millimetres; x to the person's left, y down, z to the back)
minus the same of the face at rest: the person's own, or that of `resting_face.json`. **Output** `movements`, 1 x {outputs}:
0 at rest, 1 at the strongest that the training pictures show.

## How well

{table}

Correlations of the written file in OpenCV's cv::dnn: `python3 movements_export.py` (its arguments are in `training/README.md`).
No rendered person and no picture of these was learned from. *By the teacher*: MediaPipe's blendshapes of the same picture; they were the
teacher as well, so this is agreement between two readers, not truth. *Rendered*: what the renderer was told to show, with every
kind of light, blur and noise; expressions come from its recipes, *by chance* are one to four movements at random, left and
right apart. Frontal: yaw below 15 degrees; turned: 20 to 45. Error: mean absolute.

**Left out** because no better than 0.6 on real faces, or without a counterpart there and no better on rendered ones: cheek
raise, nose wrinkle, dimple, lowered lip corners (0.59), raised chin (0.55), parted lips, bared teeth, jaw forward and
sideways, cheek puff, platysma, nostrils.

With a person's own face at rest, known from one rendered picture of another pose and light, the mean correlation by chance is
{own:.2f}, with the mean face {mean:.2f}: no better here; in the program it is an average over some seconds.

On rendered faces only few reach 0.6. The mesh network hardly follows what is rendered: with both eyes shut its eyes are
open 0.25 of their width, with open ones 0.32 (deviation 0.045); the teacher reads them no better (training/README.md).

{limitations}
"""


def main():
    p = movements.parser()
    p.description, p.usage = __doc__, None
    p.add_argument("--out", default=os.path.join(md.MODELS, "face-movements"))
    p.add_argument("--version", default="1")
    args = p.parse_args()
    movements.choose(movements.KEPT)
    torch.set_num_threads(1)
    net, held = movements.load(args.run)
    os.makedirs(args.out, exist_ok=True)
    path = os.path.join(args.out, "movements.onnx")
    write(net, path)
    opencv = InOpenCv(path)
    rendered = movements.Rendered(args.rendered)
    x = torch.from_numpy((rendered.face[:1000] - held["web_mean"]).reshape(1000, -1))
    with torch.no_grad():
        far = float((opencv(x) - net(x)).abs().max())
    print(f"largest difference between cv::dnn and PyTorch: {far:.2g}")
    assert far < 1e-4
    found = movements.scores(args, rendered, opencv, held)
    movements.show(found)
    rest = {"about": "The mean mesh of neutral web faces over MediaPipe's canonical face; millimetres, x to the person's left, "
            "y down, z to the back. Made by training/movements_export.py",
            "points": [[round(float(v), 3) for v in point] for point in held["web_mean"]]}
    with open(os.path.join(args.out, "resting_face.json"), "w") as f:
        f.write('{\n"about": ' + json.dumps(rest["about"]) + ',\n"points": [\n'
                + ",\n".join(json.dumps(point) for point in rest["points"]) + "\n]\n}\n")
    files = []
    for name in ("movements.onnx", "resting_face.json"):
        content = open(os.path.join(args.out, name), "rb").read()
        files.append({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    options = {"facs_hint": {o[0]: o[1] for o in movements.OUTPUTS}, "resting_face": "resting_face.json"}
    place = os.path.join(args.out, "card.json")
    if os.path.exists(place):  # what tells covered mouths is mouth.py's
        with open(place) as f:
            before = json.load(f)
        if "covered_mouth" in before["options"]:
            options["covered_mouth"] = before["options"]["covered_mouth"]
            files += [f for f in before["files"] if f["name"] == options["covered_mouth"]["file"]]
    kept = lambda kind: {n: round(found[kind]["correlation"][k], 3) for k, n in enumerate(movements.NAMES)}
    card = {
        "schema_version": 1, "id": "face-movements", "name": "Face movements", "version": args.version, "task": "movements",
        "format": "onnx", "license": "MIT", "source": SOURCE, "files": files,
        "input": {"name": "mesh", "width": 3 * md.POINTS, "height": 1, "channels": "gray", "layout": "nchw"},
        "output": {"name": "movements", "activation": "probabilities"},
        "id2label": {str(i): n for i, n in enumerate(movements.NAMES)},
        "options": options,
        "metrics": {"computed_by": "OpenCV's cv::dnn", "correlation": {
            "web faces, MediaPipe's blendshapes": kept("web"), "photographs, MediaPipe's blendshapes": kept("photos"),
            "rendered expressions, frontal": kept("expressions, frontal"),
            "rendered by chance, frontal": kept("by chance, frontal")}},
        "limitations": LIMITATIONS,
    }
    with open(place, "w") as f:
        json.dump(card, f, indent=2)
        f.write("\n")
    low = [n for k, n in enumerate(movements.NAMES) if found["web"]["correlation"][k] < 0.6]
    assert not low, low
    with open(os.path.join(args.out, "README.md"), "w") as f:
        f.write(PAGE.format(count=len({n.rsplit("_left", 1)[0].rsplit("_right", 1)[0] for n in movements.NAMES}),
                            outputs=len(movements.NAMES), size=files[0]["size"], sha=files[0]["sha256"], neutral=held["neutral"],
                            table=table(found),
                            own=np.mean(found["by chance, frontal, own"]["correlation"]),
                            mean=np.mean(found["by chance, frontal"]["correlation"]), limitations=LIMITATIONS))


if __name__ == "__main__":
    main()

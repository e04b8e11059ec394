"""Points of a face mesh on FER+'s neutral training faces, for warp_faces.py.

    python3 mesh.py ../models/face-mesh/face_landmark.onnx OUT.npz [--count 4000]
"""
import argparse

import cv2
import numpy as np

import data

SIDE, SHARE = 192, 0.8  # pixels of the network's input, and the part of it that the face picture takes


def points_of(net, picture):
    """468 x 3 points in pixels of the 48x48 picture, and the presence score."""
    inner = int(SIDE * SHARE)
    edge = (SIDE - inner) // 2
    big = cv2.resize(picture, (inner, inner), interpolation=cv2.INTER_CUBIC)
    big = cv2.copyMakeBorder(big, edge, SIDE - inner - edge, edge, SIDE - inner - edge, cv2.BORDER_REPLICATE)
    x = np.repeat(big[None, :, :, None].astype(np.float32) / 255, 3, 3)
    net.setInput(x)
    outs = sorted(net.forward(net.getUnconnectedOutLayersNames()), key=lambda o: o.size)
    points = outs[-1].reshape(468, 3)
    return (points - [edge, edge, 0]) / inner * picture.shape[0], 1 / (1 + np.exp(-float(outs[0].ravel()[0])))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("network")
    p.add_argument("out")
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--count", type=int, default=4000)
    args = p.parse_args()
    images, target, _ = data.load(args.data, "train")
    images, target = images.numpy(), target.numpy()
    pick = np.random.default_rng(1).permutation(np.where(target[:, 0] >= 0.7)[0])[:args.count]
    net = cv2.dnn.readNetFromONNX(args.network)
    found = [points_of(net, images[i]) for i in pick]
    np.savez(args.out, pick=pick, mesh=np.array([f[0] for f in found], np.float32), presence=np.array([f[1] for f in found]))


if __name__ == "__main__":
    main()

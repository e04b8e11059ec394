"""The networks, built only from operations that OpenCV 4.6 runs fast on one core.

`mien-base` is a MobileNet (Howard et al., arXiv 1704.04861) that starts from weights which know
faces already (start.py). Those were learned on large faces, so the 48x48 picture is doubled inside
the network: its first layers then see eyes and mouths at about the size they were made for.
`mien-small` is the same cut short, or a plain residual net (`residual-small`) with a 5x5 stem of
stride 2 and no stage at full resolution.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

LABELS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
SIZE = 48            # FER+ pictures are 48x48: a larger input would only interpolate
MEAN, STD = 0.5, 0.25

MOBILENET = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1),
             (512, 1), (1024, 2), (1024, 1)]  # (channels, stride) of each depthwise separable layer


def conv_bn(inputs, outputs, kernel, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = conv_bn(inputs, outputs, 3, stride)
        self.second = conv_bn(outputs, outputs, 3)
        shortcut = []
        if stride == 2:
            # Averaging keeps what a strided 1x1 convolution would throw away. Without
            # count_include_pad=False the exporter adds a Pad node that does nothing.
            shortcut.append(nn.AvgPool2d(2, count_include_pad=False))
        if stride == 2 or inputs != outputs:
            shortcut.append(conv_bn(inputs, outputs, 1))
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x):
        return torch.relu(self.second(torch.relu(self.first(x))) + self.shortcut(x))


class ResidualNet(nn.Module):
    """stages: [(channels, blocks, stride of the first block), ...]"""

    def __init__(self, channels, kernel, stride, stages):
        super().__init__()
        self.stem = conv_bn(1, channels, kernel, stride)
        blocks = []
        for width, count, stride in stages:
            for i in range(count):
                blocks.append(Block(channels, width, stride if i == 0 else 1))
                channels = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(channels, len(LABELS))
        # Measured: with PyTorch's default, or with blocks that start as the identity, the loss stays
        # on its first plateau for epochs; with this it leaves it within a hundred steps.
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def features(self, x):
        return self.blocks(torch.relu(self.stem(x))).mean((2, 3))

    def forward(self, x):
        return self.head(F.dropout(self.features(x), 0.2, self.training))


class Separable(nn.Module):
    """A depthwise 3x3 convolution and a 1x1 convolution. Plain ReLU where the original clips at 6:
    the clip cost 1.7 times the training time of a step."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.depthwise = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False), nn.BatchNorm2d(inputs))
        self.pointwise = conv_bn(inputs, outputs, 1)

    def forward(self, x):
        return torch.relu(self.pointwise(torch.relu(self.depthwise(x))))


class MobileNet(nn.Module):
    """zoom: how much larger than the input picture the first layer sees it."""

    def __init__(self, layers, zoom):
        super().__init__()
        self.zoom = zoom
        channels = 32
        self.stem = conv_bn(1, channels, 3, 2)
        blocks = []
        for width, stride in layers:
            blocks.append(Separable(channels, width, stride))
            channels = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(channels, len(LABELS))

    def features(self, x):
        x = F.interpolate(x, scale_factor=self.zoom, mode="bilinear", align_corners=False)
        return self.blocks(torch.relu(self.stem(x))).mean((2, 3))

    def forward(self, x):
        return self.head(F.dropout(self.features(x), 0.2, self.training))


NETS = {
    "mien-base": lambda: MobileNet(MOBILENET[:12], 2.0),
    "mien-small": lambda: MobileNet(MOBILENET[:8], 7 / 6),
    "residual-small": lambda: ResidualNet(24, 5, 2, [(48, 2, 2), (104, 2, 2)]),
}


def make(name):
    return NETS[name]()

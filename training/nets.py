"""The networks: plain residual nets, built only from operations that OpenCV 4.6 runs fast on one core.

`mien-small` has a 5x5 stem of stride 2 and no stage at full resolution, where a 3x3 convolution
costs four times what it costs at 24x24: that paid for three times the channels later on.
`mien-base` is the starter net (../shared/data/starter) with two more blocks, so that it can start
from the starter's weights instead of repeating its hours of training.
`teacher` is never shipped: it only labels the training pictures for the other two.
"""
import torch
import torch.nn as nn

LABELS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
SIZE = 48            # FER+ pictures are 48x48: a larger input would only interpolate
MEAN, STD = 0.5, 0.25

# name: (stem channels, kernel, stride, [(channels, blocks, stride of the first block), ...])
SPECS = {
    "mien-small": (24, 5, 2, [(48, 2, 2), (104, 2, 2)]),
    "mien-base": (32, 3, 1, [(32, 2, 2), (64, 3, 2), (128, 3, 2)]),
    "teacher": (64, 5, 2, [(64, 1, 1), (128, 3, 2), (256, 2, 2)]),
}


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


class ExpressionNet(nn.Module):
    def __init__(self, name):
        super().__init__()
        channels, kernel, stride, stages = SPECS[name]
        self.stem = conv_bn(1, channels, kernel, stride)
        blocks = []
        for width, count, stride in stages:
            for i in range(count):
                blocks.append(Block(channels, width, stride if i == 0 else 1))
                channels = width
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(channels, len(LABELS))
        # Measured: with PyTorch's default, or with blocks that start as the identity, the loss stays
        # on its first plateau for epochs; with this it leaves it within a hundred steps.
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.blocks(torch.relu(self.stem(x)))
        return self.head(self.dropout(torch.flatten(self.pool(x), 1)))

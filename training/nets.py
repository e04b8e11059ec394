"""The networks, built only from operations that OpenCV 4.6 runs fast on one core.

`mien-base` is a MobileNet (Howard et al., arXiv 1704.04861) that starts from weights which know
faces already (start.py). Those were learned on large faces, so the 48x48 picture is enlarged inside
the network: its first layers then see eyes and mouths at about the size they were made for.
`mien-small` is the same cut shorter, and enlarges less.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

LABELS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
SIZE = 48            # FER+ pictures are 48x48: a larger input would only interpolate
MEAN, STD = 0.5, 0.25

MOBILENET = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1),
             (512, 1), (1024, 2), (1024, 1)]  # (channels, stride) of each depthwise separable layer


class ConvBn(nn.Sequential):
    """A convolution and its batch norm. Where the norm's statistics stand still (always when predicting,
    and in training after freeze()) the norm is folded into the weights on the way: the same function,
    1.7 times as fast to train."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
                         nn.BatchNorm2d(outputs))

    def forward(self, x):
        conv, norm = self
        if norm.training:
            return norm(conv(x))
        scale = norm.weight * (norm.running_var + norm.eps).rsqrt()
        return F.conv2d(x, conv.weight * scale.view(-1, 1, 1, 1), norm.bias - norm.running_mean * scale,
                        conv.stride, conv.padding, groups=conv.groups)


def freeze(net):
    """Batch norm keeps its statistics from here on; its scales and shifts go on learning."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def fold_norms(net):
    """Folds every norm into its convolution; one that does nothing is left in its place, so that the weights keep their
    names."""
    net.eval()
    with torch.no_grad():
        for pair in [m for m in net.modules() if isinstance(m, ConvBn)]:
            conv, norm = pair
            one = fuse_conv_bn_eval(conv, norm)
            conv.weight.copy_(one.weight)
            norm.weight.fill_(1), norm.bias.copy_(one.bias)
            norm.running_mean.zero_(), norm.running_var.fill_(1 - norm.eps)
    return net


class Separable(nn.Module):
    """A depthwise 3x3 convolution and a 1x1 convolution. Plain ReLU where the original clips at 6:
    the clip cost 1.7 times the training time of a step."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.depthwise = ConvBn(inputs, inputs, 3, stride, groups=inputs)
        self.pointwise = ConvBn(inputs, outputs, 1)

    def forward(self, x):
        return torch.relu(self.pointwise(torch.relu(self.depthwise(x))))


class MobileNet(nn.Module):
    """size: the pixels across to which the picture is enlarged for the first layer."""

    def __init__(self, layers, size):
        super().__init__()
        self.size = size
        channels = 32
        self.stem = ConvBn(1, channels, 3, 2)
        blocks = []
        for width, stride in layers:
            blocks.append(Separable(channels, width, stride))
            channels = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(channels, len(LABELS))

    def features(self, x):
        x = F.interpolate(x, scale_factor=self.size / SIZE, mode="bilinear", align_corners=False)
        return self.blocks(torch.relu(self.stem(x))).mean((2, 3))

    def forward(self, x):
        return self.head(F.dropout(self.features(x), 0.2, self.training))


NETS = {  # layers, size
    "mien-base": (MOBILENET[:12], 112),
    "mien-small": (MOBILENET[:8], 64),
}


def make(name, size=None):
    """size: another than the one that ships; earlier stages at a smaller one take less time."""
    layers, shipped = NETS[name]
    return MobileNet(layers, size or shipped)

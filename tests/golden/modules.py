"""What lamina has as one layer and PyTorch has not: one module each, so that an nn.Sequential names parameters as lamina does."""
import torch.nn as nn


class GlobalPool(nn.Module):
    """(B, C, ...) -> (B, C)."""

    def __init__(self, reduce):
        super().__init__()
        self.reduce = reduce

    def forward(self, x):
        return self.reduce(x.flatten(2), -1)


class Reshape(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(-1, *self.shape)

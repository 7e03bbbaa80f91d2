#!/usr/bin/env python3
"""Writes networks on images as PyTorch has them beside this file: NETWORK.safetensors, the state_dict of an nn.Sequential, and
image_networks.txt, its outputs and its losses in training.

usage: make_image_networks.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
The networks in C++: laws/image_networks.hpp. Nothing is random, see formula.py.
"""
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from formula import drawn, put_digest
from modules import GlobalPool, Reshape
from records import Writer
from state_dict import save_safetensors


def lenet():
    """That of the contract: the dropout does nothing in inference, and training here leaves it out."""
    return (1, 28, 28), nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0), nn.Linear(128, 10))


def separable():
    """Strides, groups, depthwise and pointwise convolutions, dilation, a norm after each, a mean over the image."""
    return (3, 19, 17), nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
        nn.Conv2d(8, 8, (3, 5), padding="same", groups=8, bias=False), nn.BatchNorm2d(8), nn.ReLU6(),
        nn.Conv2d(8, 16, 1, bias=False), nn.BatchNorm2d(16), nn.SiLU(),
        nn.Conv2d(16, 24, (3, 2), stride=(1, 2), groups=4, bias=False), nn.BatchNorm2d(24), nn.ReLU(),
        nn.AvgPool2d(3, 1, 1),
        nn.Conv2d(24, 17, 3, padding=2, dilation=2), nn.BatchNorm2d(17), nn.Tanh(),
        GlobalPool(torch.mean), nn.Linear(17, 10))


def decoder():
    """From a row of numbers to an image: conv1d, conv_transpose2d and norms of groups."""
    return (2, 31), nn.Sequential(
        nn.Conv1d(2, 12, 5, stride=2, padding=2), nn.GroupNorm(3, 12), nn.Tanh(), nn.MaxPool1d(2), nn.BatchNorm1d(12),
        Reshape(6, 4, 4),
        nn.ConvTranspose2d(6, 8, 4, stride=2, padding=1), nn.GroupNorm(4, 8), nn.GELU(),
        nn.ConvTranspose2d(8, 4, 3, stride=(2, 1), groups=2, bias=False), nn.LayerNorm([4, 17, 10]), nn.ReLU(),
        nn.Conv2d(4, 2, (3, 2), stride=2))


NETWORKS = {"lenet": lenet, "separable": separable, "decoder": decoder}
STEPS, BATCH, RATE = 10, 6, 0.02


def draw(name, net):
    with torch.no_grad():
        for key, value in net.state_dict().items():
            if value.dtype == torch.int64:
                value.fill_(123)
                continue
            u = drawn(f"{name}/{key}", *value.shape)
            if value.dim() > 1 and not isinstance(net[int(key.split(".")[0])], nn.LayerNorm):
                u = u * 1.7 * (value.numel() / value.shape[0]) ** -0.5
            elif not key.endswith(("bias", "mean")):
                u = u / 2 + 1.25
            value.copy_(u.float())


def curves(w, name, net, shape):
    x = drawn(f"{name}/training/x", BATCH, *shape)
    net.train()
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=0.9)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        y = net(x)
        loss = F.cross_entropy(y, torch.arange(BATCH) % 10) if y.dim() == 2 else F.mse_loss(y, drawn(f"{name}/training/target", *y.shape))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    w.record(f"{name}/training/loss", losses)
    for key, value in net.state_dict().items():
        if value.dtype != torch.int64:
            put_digest(w, f"{name}/training/final/{key}", value)


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    w = Writer(where, "image_networks.txt")
    for name, make in NETWORKS.items():
        shape, net = make()
        draw(name, net)
        save_safetensors(os.path.join(where, name + ".safetensors"), {k: v if v.dtype == torch.int64 else v.float() for k, v in net.state_dict().items()})
        net.eval()
        w.record(f"{name}/y", net(drawn(f"{name}/x", 3, *shape)))
        curves(w, name, net, shape)
    w.close()
    print("written with PyTorch", torch.__version__)

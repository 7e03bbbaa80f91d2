#!/usr/bin/env python3
"""Writes layers, their gradients and what they are after some updates beside this file: dense.txt, layers.txt, image_norms.txt.

usage: make_layers.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from records import Writer, uniform, write


# ---- dense: forward and all gradients ------------------------------------------------------------

def dense(directory):
    w = Writer(directory, "dense.txt")
    g = torch.Generator().manual_seed(4)
    for batch, inputs, outputs in [(1, 1, 1), (2, 3, 5), (4, 13, 7), (1, 17, 31), (5, 33, 10), (3, 6, 65), (19, 16, 16)]:
        case = f"{batch}x{inputs}x{outputs}"
        x = uniform(g, batch, inputs).requires_grad_()
        weight = uniform(g, outputs, inputs).requires_grad_()
        bias = uniform(g, outputs).requires_grad_()
        upstream = uniform(g, batch, outputs)
        y = F.linear(x, weight, bias)
        dx, dw, db = torch.autograd.grad(y, [x, weight, bias], upstream)
        for name, value in [("x", x), ("weight", weight), ("bias", bias), ("upstream", upstream), ("y", y), ("dx", dx), ("dweight", dw), ("dbias", db)]:
            w.record(f"{case}/{name}", value)
    w.close()


# ---- layers that measure their input, and learned slopes: fifty updates, then inference ------------

def layers(directory):
    w = Writer(directory, "layers.txt")
    torch.manual_seed(6)
    net = nn.Sequential(nn.Linear(7, 13), nn.BatchNorm1d(13), nn.ReLU(), nn.Linear(13, 11), nn.LayerNorm(11),
                        nn.PReLU(11), nn.Linear(11, 5), nn.PReLU(), nn.BatchNorm1d(5)).double()
    g = torch.Generator().manual_seed(7)
    x, target = uniform(g, 9, 7, low=-2, high=2), uniform(g, 9, 5)
    w.record("x", x)
    w.record("target", target)
    named = lambda: [(k, v) for k, v in net.state_dict().items() if "num_batches" not in k]
    for name, value in named():
        w.record("initial/" + name, value)
    # Not Adam: it divides rounding errors by each other where a gradient is 0, as that of a bias before batch norm is.
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for _ in range(50):
        optimizer.zero_grad()
        loss = F.mse_loss(net(x), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    w.record("loss", torch.tensor(losses))
    for name, value in named():
        w.record("final/" + name, value)
    net.eval()
    w.record("inference", net(x))
    w.close()


# ---- norms of images and signals, slopes of channels and poolings: thirty updates, then inference ---

def image_norms(directory):
    w = Writer(directory, "image_norms.txt")
    nets = {
        "image": ((4, 7, 6), 2, lambda: nn.Sequential(
            nn.BatchNorm2d(4), nn.GroupNorm(2, 4), nn.PReLU(4), nn.MaxPool2d(2, 1), nn.LayerNorm([4, 6, 5]), nn.PReLU(),
            nn.AvgPool2d((3, 2), 2, (1, 0)), nn.GroupNorm(4, 4), nn.Tanh(), nn.MaxPool2d(3, 2, 1), nn.Flatten(),
            nn.LayerNorm(8), nn.Linear(8, 2))),
        "signal": ((6, 11), 3, lambda: nn.Sequential(
            nn.GroupNorm(3, 6), nn.PReLU(6), nn.LayerNorm(11), nn.AvgPool1d(3, 2, 1), nn.BatchNorm1d(6), nn.Tanh(), nn.MaxPool1d(2),
            nn.GroupNorm(1, 6), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.GroupNorm(2, 6), nn.Linear(6, 3))),
    }
    for seed, (name, (shape, outputs, make)) in enumerate(nets.items()):
        torch.manual_seed(70 + seed)
        net = make()
        for p in net.parameters():                                  # every place of a parameter tells itself from the others
            p.data += 0.3 * torch.rand_like(p)
        g = torch.Generator().manual_seed(80 + seed)
        x, target = uniform(g, 9, *shape, low=-2, high=2), uniform(g, 9, outputs)
        w.record(name + "/x", x)
        w.record(name + "/target", target)
        named = lambda: [(k, v) for k, v in net.state_dict().items() if "num_batches" not in k]
        for key, value in named():
            w.record(name + "/initial/" + key, value)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
        losses = []
        for _ in range(30):
            optimizer.zero_grad()
            loss = F.mse_loss(net(x), target)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        w.record(name + "/loss", torch.tensor(losses))
        for key, value in named():
            w.record(name + "/final/" + key, value)
        net.eval()
        w.record(name + "/inference", net(x))
    w.close()


if __name__ == "__main__":
    write(dense, layers, image_norms)

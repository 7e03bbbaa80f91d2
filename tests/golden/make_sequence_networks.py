#!/usr/bin/env python3
"""Writes networks on sequences as PyTorch has them beside this file: NETWORK.safetensors, the state_dict of an nn.Sequential, and
sequence_networks.txt, their outputs and their losses in training.

usage: make_sequence_networks.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
Nothing is random, see formula.py.
"""
import os

import torch
import torch.nn as nn
import torch.nn.functional as F

from formula import drawn, put_digest, tokens
from modules import CausalConv1d, Gru, Lstm, PositionalEncoding, SelfAttention
from records import Writer, write
from state_dict import save_safetensors


class Network:
    def __init__(self, steps, layers, vocabulary=0, features=1):
        self.steps, self.net, self.vocabulary, self.features = steps, nn.Sequential(*layers), vocabulary, features

    def inputs(self, name, batch):
        return tokens(name, self.vocabulary, batch, self.steps) if self.vocabulary else drawn(name, batch, self.steps, self.features)


# ---- the state_dict and the outputs of three inputs -----------------------------------------------------------

LOADED = {
    # That of contract 10.
    "amplifier": lambda: Network(64, [CausalConv1d(1, 8, 3), nn.Tanh(), CausalConv1d(8, 8, 3, dilation=4), nn.Tanh(),
                                      Gru(8, 16, return_sequence=True), nn.Linear(16, 1)]),
    # That of contract 11, smaller.
    "language": lambda: Network(16, [nn.Embedding(31, 12), Gru(12, 24, return_sequence=True), nn.Linear(24, 31)], vocabulary=31),
    "attention": lambda: Network(12, [nn.Embedding(31, 16), PositionalEncoding(), SelfAttention(16, 4, causal=True), nn.Linear(16, 31)], vocabulary=31),
    "both_directions": lambda: Network(9, [Lstm(3, 8, return_sequence=True, bidirectional=True), Gru(16, 6), nn.Linear(6, 4)], features=3),
}


def draw(name, net):
    """Numbers of floats, so that the files hold the networks that gave the outputs."""
    with torch.no_grad():
        for key, value in net.named_parameters():
            value.copy_(drawn(f"{name}/{key}", *value.shape) / 2)


def loaded(w, directory):
    for name, make in LOADED.items():
        network = make()
        draw(name, network.net)
        save_safetensors(os.path.join(directory, name + ".safetensors"), {k: v.float() for k, v in network.net.state_dict().items()})
        w.record(f"{name}/y", network.net(network.inputs(f"{name}/x", 3)))


# ---- ten updates -----------------------------------------------------------------------------------------

STEPS, BATCH = 10, 4

TRAINED = {
    "gru": lambda: Network(9, [Gru(3, 7, return_sequence=True), nn.Linear(7, 2)], features=3),
    "lstm": lambda: Network(9, [Lstm(3, 6), nn.Linear(6, 4)], features=3),
    "stacked": lambda: Network(7, [nn.Embedding(11, 5), Gru(5, 6, return_sequence=True), Lstm(6, 7, return_sequence=True), nn.Linear(7, 11)], vocabulary=11),
    "convolutions": lambda: Network(11, [CausalConv1d(2, 8, 3), nn.Tanh(), CausalConv1d(8, 8, 3, dilation=4, groups=2), nn.Tanh(),
                                         Gru(8, 5, return_sequence=True), nn.Linear(5, 1)], features=2),
}
# Not Adam: it divides rounding errors by each other where a gradient is 0, as that of the keys' bias is.
TRAINED_BY_SGD = {
    "attention": lambda: Network(6, [nn.Embedding(11, 8), PositionalEncoding(), SelfAttention(8, 2, causal=True), nn.Linear(8, 11)], vocabulary=11),
}

RULES = {   # optimizer, largest norm of the gradient
    "sgd": (lambda p: torch.optim.SGD(p, lr=0.1), None),
    "sgd_clip_by_global_norm": (lambda p: torch.optim.SGD(p, lr=0.5), 0.25),
    "adam": (lambda p: torch.optim.Adam(p, lr=0.01), None),
    "adam_clip_by_global_norm": (lambda p: torch.optim.Adam(p, lr=0.01), 1.0),
}


def loss_of(name, y):
    """Cross-entropy with labels where there are more than two outputs, a row or a step; else the mean of (y - t)^2."""
    classes = y.shape[-1]
    if classes > 2:
        return F.cross_entropy(y.reshape(-1, classes), tokens(f"training/{name}/target", classes, *y.shape[:-1]).reshape(-1))
    return F.mse_loss(y, 4 * drawn(f"training/{name}/target", *y.shape))


def trained(w, name, make, rule):
    optimizer_of, largest = RULES[rule]
    network = make()
    draw(f"training/{name}", network.net)
    x = network.inputs(f"training/{name}/x", BATCH)
    optimizer = optimizer_of(network.net.parameters())
    losses, clipped = [], 0
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(name, network.net(x))
        loss.backward()
        if largest:
            clipped += nn.utils.clip_grad_norm_(network.net.parameters(), largest).item() > largest
        optimizer.step()
        losses.append(loss.item())
    w.record(f"training/{name}/{rule}/loss", losses)
    for key, value in network.net.named_parameters():
        put_digest(w, f"training/{name}/{rule}/final/{key}", value)
    return clipped


def sequence_networks(directory):
    w = Writer(directory, "sequence_networks.txt")
    loaded(w, directory)
    clipped = 0
    for name, make in TRAINED.items():
        for rule in RULES:
            clipped += trained(w, name, make, rule)
    for name, make in TRAINED_BY_SGD.items():
        trained(w, name, make, "sgd")
    assert clipped >= STEPS, clipped
    w.close()


if __name__ == "__main__":
    write(sequence_networks)

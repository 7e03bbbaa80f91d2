#!/usr/bin/env python3
"""Writes networks whose layers share weights as PyTorch has them beside this file: tied.safetensors, the state_dict of an autoencoder,
tied_language.safetensors, that of a language model, and tied.txt, their outputs and their losses in training.

usage: make_tied.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
Nothing is random, see formula.py.
"""
import os
from collections import OrderedDict

import torch
import torch.nn as nn
import torch.nn.functional as F

from formula import drawn, put_digest, tokens
from make_sequence_networks import BATCH, RULES, STEPS, draw
from modules import Gru
from records import Writer, write
from state_dict import save_safetensors


class Tied(nn.Module):
    """An affine map with another module's weight, transposed or not, and a bias of its own."""

    def __init__(self, source, outputs, transposed):
        super().__init__()
        self.source, self.transposed = [source], transposed  # a list, so that the module is not registered twice
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        weight = self.source[0].weight
        return F.linear(x, weight.t() if self.transposed else weight, self.bias)


class Autoencoder:
    """12 - 7 - 3 - 7 - 12."""

    def __init__(self):
        outer, inner = nn.Linear(12, 7), nn.Linear(7, 3)
        self.net = nn.Sequential(OrderedDict([("outer", outer), ("1", nn.Tanh()), ("inner", inner), ("3", nn.Tanh()),
                                              ("4", Tied(inner, 7, True)), ("5", nn.Tanh()), ("decoder", Tied(outer, 12, True))]))

    def inputs(self, name):
        return drawn(name, BATCH, 12)

    def loss(self, name, y):
        return F.mse_loss(y, self.inputs(f"{name}/x"))


class Repeated:
    """A weight used three times; the losses are those of classes."""

    def __init__(self):
        again = nn.Linear(9, 9)
        self.net = nn.Sequential(OrderedDict([("0", nn.Linear(5, 9)), ("again", again), ("2", nn.Tanh()), ("3", Tied(again, 9, False)),
                                              ("4", nn.Tanh()), ("5", Tied(again, 9, True))]))

    def inputs(self, name):
        return drawn(name, BATCH, 5)

    def loss(self, name, y):
        return F.cross_entropy(y, tokens(f"{name}/target", 9, BATCH))


class TiedConvolution(nn.Module):
    """A convolution, or the adjoint of one, with another one's filters and a bias of its own."""

    def __init__(self, source, outputs, function, **how):
        super().__init__()
        self.source, self.function, self.how = [source], function, how
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return self.function(x, self.source[0].weight, self.bias, **self.how)


class Images:
    """An autoencoder of images, whose filters are those of the way down, and filters used twice inside."""

    def __init__(self):
        down, inside = nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.Conv2d(4, 4, 3, padding=1, groups=2)
        self.net = nn.Sequential(OrderedDict([
            ("down", down), ("1", nn.Tanh()), ("inside", inside), ("3", nn.Tanh()),
            ("4", TiedConvolution(inside, 4, F.conv2d, padding=1, groups=2)), ("5", nn.Tanh()),
            ("up", TiedConvolution(down, 2, F.conv_transpose2d, stride=2, padding=1))]))

    def inputs(self, name):
        return drawn(name, BATCH, 2, 7, 5)

    def loss(self, name, y):
        return F.mse_loss(y, self.inputs(f"{name}/x"))


class Language:
    """The last layer of every step has the table of the first."""

    def __init__(self):
        words = nn.Embedding(11, 6)
        self.net = nn.Sequential(OrderedDict([("words", words), ("1", Gru(6, 6, return_sequence=True)), ("head", Tied(words, 11, False))]))

    def inputs(self, name):
        return tokens(name, 11, BATCH, 7)

    def loss(self, name, y):
        return F.cross_entropy(y.reshape(-1, 11), tokens(f"{name}/target", 11, BATCH * 7))


def trained(w, name, network, rule):
    optimizer_of, largest = RULES[rule]
    draw(name, network.net)
    x = network.inputs(f"{name}/x")
    if rule == "sgd":
        w.record(f"{name}/y", network.net(x))
    optimizer = optimizer_of(network.net.parameters())
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = network.loss(name, network.net(x))
        loss.backward()
        if largest:
            nn.utils.clip_grad_norm_(network.net.parameters(), largest)
        optimizer.step()
        losses.append(loss.item())
    w.record(f"{name}/{rule}/loss", losses)
    for key, value in network.net.named_parameters():
        put_digest(w, f"{name}/{rule}/final/{key}", value)


def save(directory, file, name, network, more={}):
    draw(name, network.net)
    tensors = {**network.net.state_dict(), **more}
    save_safetensors(os.path.join(directory, file), {k: v.detach().float() for k, v in tensors.items()})


def tied(directory):
    w = Writer(directory, "tied.txt")
    for name, make in {"autoencoder": Autoencoder, "repeated": Repeated, "language": Language, "images": Images}.items():
        for rule in RULES:
            trained(w, name, make(), rule)
    save(directory, "tied.safetensors", "autoencoder", Autoencoder())
    # As PyTorch has it after `head.weight = words.weight`: the table under both names.
    language = Language()
    save(directory, "tied_language.safetensors", "language", language, {"head.weight": language.net.words.weight})
    w.close()


if __name__ == "__main__":
    write(tied)

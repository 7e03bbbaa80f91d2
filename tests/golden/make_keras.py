#!/usr/bin/env python3
"""Writes networks as RTNeural takes them from Keras, keras_NAME.json, and keras.txt: what Keras' formulas make of an input.

usage: make_keras.py [DIRECTORY]      (needs NumPy; Debian: python3-numpy)
The formulas are those of keras.layers (Dense, Conv1D(padding="causal"), GRU(reset_after=True), LSTM), in their layouts.
NAME/x and NAME/y in keras.txt.
"""
import json
import os

import numpy as np

from records import Writer, write

random = np.random.RandomState(9)


def drawn(*shape):
    return np.round(random.uniform(-0.9, 0.9, shape), 4)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


ACTIVATIONS = {"": lambda x: x, "linear": lambda x: x, "tanh": np.tanh, "relu": lambda x: np.maximum(x, 0), "sigmoid": sigmoid,
               "elu": lambda x: np.where(x > 0, x, np.expm1(x)), "softmax": softmax}


def dense(x, weights):
    return x @ weights[0] + weights[1]


def conv1d(x, weights, dilation):
    kernel, bias = weights
    size = kernel.shape[0]
    padded = np.concatenate([np.zeros((dilation * (size - 1), x.shape[1])), x])
    return np.array([sum(padded[t + k * dilation] @ kernel[k] for k in range(size)) + bias for t in range(len(x))])


def gru(x, weights):
    kernel, recurrent, bias = weights
    h, all_steps = np.zeros(recurrent.shape[0]), []
    for step in x:
        xz, xr, xh = np.split(step @ kernel + bias[0], 3)
        rz, rr, rh = np.split(h @ recurrent + bias[1], 3)
        z, r = sigmoid(xz + rz), sigmoid(xr + rr)
        h = z * h + (1 - z) * np.tanh(xh + r * rh)
        all_steps.append(h)
    return np.array(all_steps)


def lstm(x, weights):
    kernel, recurrent, bias = weights
    h, c, all_steps = np.zeros(recurrent.shape[0]), np.zeros(recurrent.shape[0]), []
    for step in x:
        i, f, g, o = np.split(step @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        all_steps.append(h)
    return np.array(all_steps)


class Network:
    def __init__(self, name, *shape):
        self.name, self.x, self.layers = name, drawn(*shape), []
        self.y, self.in_shape = self.x, [None] + list(shape)

    def add(self, kind, weights, make, activation="", **more):
        self.y = make(self.y, weights)
        if kind not in ("gru", "lstm"):
            self.y = ACTIVATIONS[activation](self.y)
        self.layers.append({"type": kind, "activation": activation, "shape": [None] + list(self.y.shape),
                            **more, "weights": [w.tolist() for w in weights]})

    def dense(self, units, activation="", kind="dense"):
        self.add(kind, [drawn(self.y.shape[-1], units), drawn(units)], dense, activation)

    def conv1d(self, filters, size, dilation, activation=""):
        self.add("conv1d", [drawn(size, self.y.shape[-1], filters), drawn(filters)], lambda x, w: conv1d(x, w, dilation),
                 activation, kernel_size=[size], dilation=[dilation])

    def gru(self, units, activation=""):
        self.add("gru", [drawn(self.y.shape[-1], 3 * units), drawn(units, 3 * units), drawn(2, 3 * units)], gru, activation)

    def lstm(self, units):
        self.add("lstm", [drawn(self.y.shape[-1], 4 * units), drawn(units, 4 * units), drawn(4 * units)], lstm, "tanh")

    def activation(self, name):
        self.y = ACTIVATIONS[name](self.y)
        self.layers.append({"type": "activation", "activation": name, "shape": [None] + list(self.y.shape), "weights": []})

    def write(self, w, directory):
        with open(os.path.join(directory, f"keras_{self.name}.json"), "w") as out:
            json.dump({"in_shape": self.in_shape, "layers": self.layers}, out)
        w.record(f"{self.name}/x", self.x.reshape(-1).tolist())
        w.record(f"{self.name}/y", self.y.reshape(-1).tolist())


def keras(directory):
    w = Writer(directory, "keras.txt")
    n = Network("dense", 3)
    n.dense(5, "tanh")
    n.dense(4, "elu")
    n.dense(6, "linear")
    n.activation("relu")
    n.dense(4, "softmax")
    n.write(w, directory)
    n = Network("gru", 7, 2)
    n.gru(5)
    n.dense(3, "sigmoid", kind="time-distributed-dense")
    n.write(w, directory)
    n = Network("lstm", 6, 3)
    n.lstm(4)
    n.dense(2)
    n.write(w, directory)
    n = Network("stack", 12, 2)
    n.conv1d(5, 3, 2, "relu")
    n.conv1d(3, 2, 1, "tanh")
    n.lstm(6)
    n.gru(4, "tanh")
    n.dense(1)
    n.write(w, directory)
    w.close()


if __name__ == "__main__":
    write(keras)

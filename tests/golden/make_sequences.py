#!/usr/bin/env python3
"""Writes what PyTorch computes of layers on sequences, in double precision: sequences.txt beside this file.

usage: make_sequences.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
Nothing is random: inputs, parameters and targets are drawn by formula.py. See README.md.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from formula import drawn, put_digest, tokens
from modules import CausalConv1d, Gru, Jordan, Lstm, MeanOverSteps, PositionalEncoding, Rnn, SelfAttention
from records import Writer, write

KINDS = {"rnn": Rnn, "jordan_rnn": Jordan, "lstm": Lstm, "gru": Gru}
LONG = 64                       # a tensor of more numbers is recorded as its digest


def recurrent(put):
    for kind, layer in KINDS.items():
        put(f"{kind}_last", 3, (7, 3), layer(3, 5))
        put(f"{kind}_sequence", 3, (7, 3), layer(3, 5, return_sequence=True))
        put(f"{kind}_stacked", 3, (7, 3), layer(3, 5, return_sequence=True), layer(5, 4))
        put(f"{kind}_stacked_sequence", 3, (7, 3), layer(3, 5, return_sequence=True), layer(5, 4, return_sequence=True))
        put(f"{kind}_least", 1, (1, 1), layer(1, 1))
        put(f"{kind}_one_feature", 2, (6, 1), layer(1, 8, return_sequence=True))
        put(f"{kind}_wide", 5, (4, 17), layer(17, 19, return_sequence=True))
        put(f"{kind}_wider", 33, (3, 2), layer(2, 33))
        put(f"{kind}_20_steps", 2, (20, 2), layer(2, 6))
        put(f"{kind}_20_steps_sequence", 2, (20, 2), layer(2, 6, return_sequence=True))
    for kind in ("rnn", "lstm", "gru"):
        layer = KINDS[kind]
        put(f"{kind}_truncated_4", 2, (12, 3), layer(3, 5, return_sequence=True, truncation=4))
        put(f"bidirectional_{kind}_sequence", 3, (7, 3), layer(3, 5, return_sequence=True, bidirectional=True))
        put(f"bidirectional_{kind}_last", 3, (7, 3), layer(3, 5, bidirectional=True))
        put(f"bidirectional_{kind}_stacked", 2, (5, 2), layer(2, 3, return_sequence=True, bidirectional=True),
            layer(6, 4, return_sequence=True, bidirectional=True))
    put("bidirectional_lstm_wide", 2, (4, 3), Lstm(3, 17, return_sequence=True, bidirectional=True))
    put("bidirectional_lstm_then_gru", 3, (6, 3), Lstm(3, 4, return_sequence=True, bidirectional=True), Gru(8, 5), nn.Linear(5, 2))


def convolutions(put):
    for kernel in (1, 2, 3):
        for dilation in (1, 2, 4):
            for groups in (1, 2):
                put(f"causal_conv1d_{kernel}_{dilation}_{groups}", 2, (9, 4), CausalConv1d(4, 6, kernel, dilation=dilation, groups=groups))
    put("causal_conv1d_one_channel", 3, (11, 1), CausalConv1d(1, 8, 3))
    put("causal_conv1d_beyond_the_start", 2, (5, 3), CausalConv1d(3, 17, 3, dilation=4))
    put("causal_conv1d_wide", 2, (6, 17), CausalConv1d(17, 19, 2, dilation=3))
    put("causal_conv1d_depthwise", 2, (7, 6), CausalConv1d(6, 6, 3, dilation=2, groups=6))
    put("causal_conv1d_least", 1, (1, 1), CausalConv1d(1, 1, 1))
    put("causal_conv1d_stacked", 2, (13, 1), CausalConv1d(1, 8, 3), nn.Tanh(), CausalConv1d(8, 8, 3, dilation=4), nn.Tanh(), nn.Linear(8, 1))


def attention(put):
    for heads in (1, 2, 4):
        for causal in (False, True):
            put(f"self_attention_{heads}{'_causal' * causal}", 2, (6, 8), SelfAttention(8, heads, causal))
    put("self_attention_three_heads", 2, (5, 12), SelfAttention(12, 3, causal=True))
    put("self_attention_one_step", 3, (1, 4), SelfAttention(4, 2))
    put("self_attention_wide", 2, (19, 34), SelfAttention(34, 2, causal=True))
    put("self_attention_stacked", 2, (7, 6), SelfAttention(6, 2, causal=True), nn.Tanh(), SelfAttention(6, 3), nn.Linear(6, 3))
    put("positional_encoding", 2, (11, 8), PositionalEncoding(), nn.Linear(8, 3))
    put("positional_encoding_odd", 2, (130, 5), PositionalEncoding(), nn.Linear(5, 2))


def words(put):
    put("per_step", 3, (7, 3), nn.Linear(3, 5))
    put("per_step_wide", 2, (5, 17), nn.Linear(17, 33), nn.Tanh(), nn.Linear(33, 2))
    put("embedding", 3, (6,), nn.Embedding(11, 5), vocabulary=11)
    put("embedding_mean", 3, (6,), nn.Embedding(11, 5), MeanOverSteps(), nn.Linear(5, 11), vocabulary=11)
    for kind in ("rnn", "lstm", "gru"):
        put(f"{kind}_of_tokens", 3, (6,), nn.Embedding(11, 5), KINDS[kind](5, 7, return_sequence=True), nn.Linear(7, 11), vocabulary=11)
    put("gru_of_tokens_last", 3, (6,), nn.Embedding(11, 5), Gru(5, 7), nn.Linear(7, 4), vocabulary=11)
    put("attention_of_tokens", 2, (6,), nn.Embedding(11, 8), PositionalEncoding(), SelfAttention(8, 2, causal=True), nn.Linear(8, 11), vocabulary=11)


def record(w, case, batch, shape, layers, vocabulary):
    """Cross-entropy with labels behind a linear layer on tokens, else the mean of (y - t)^2."""
    def put(what, tensor):
        put_digest(w, f"{case}/{what}", tensor) if tensor.numel() > LONG else w.record(f"{case}/{what}", tensor)

    net = nn.Sequential(*layers)
    with torch.no_grad():
        for key, value in net.named_parameters():
            value.copy_(drawn(f"{case}/{key}", *value.shape) / 2)
    x = tokens(f"{case}/x", vocabulary, batch, *shape) if vocabulary else drawn(f"{case}/x", batch, *shape).div(2).sub(0.75).requires_grad_()
    y = net(x)
    put("y", y)
    if vocabulary and isinstance(layers[-1], nn.Linear):
        labels = tokens(f"{case}/target", y.shape[-1], *y.shape[:-1])
        loss = F.cross_entropy(y.reshape(-1, y.shape[-1]), labels.reshape(-1))
    else:
        loss = F.mse_loss(y, drawn(f"{case}/target", *y.shape))
    loss.backward()
    w.record(f"{case}/loss", [loss.item()])
    if not vocabulary:
        put("gradient/x", x.grad)
    for key, parameter in net.named_parameters():
        put(f"gradient/{key}", parameter.grad)


def sequences(directory):
    w = Writer(directory, "sequences.txt")
    for subject in (recurrent, convolutions, attention, words):
        subject(lambda case, batch, shape, *layers, vocabulary=0: record(w, case, batch, shape, layers, vocabulary))
    w.close()


if __name__ == "__main__":
    write(sequences)

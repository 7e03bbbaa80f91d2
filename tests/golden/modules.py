"""What lamina has as one layer and PyTorch has not, or has otherwise: one module each, so that an nn.Sequential names parameters as lamina does."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


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


# ---- sequences, (B, L, F): a recurrent layer gives its last step, or every one -----------------------------------------


class Recurrent:
    """Before one of PyTorch's recurrent layers among the bases. Both directions: the step that each has come to last."""

    def __init__(self, features, hidden, return_sequence=False, bidirectional=False, truncation=None):
        super().__init__(features, hidden, batch_first=True, bidirectional=bidirectional)
        self.return_sequence = return_sequence
        self.truncation = truncation          # gradients do not pass from a step that this number divides to the one before

    def forward(self, x):
        if self.truncation:
            state, parts = None, []
            for part in x.split(self.truncation, dim=1):
                y, state = super().forward(part, state)
                state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
                parts.append(y)
            y = torch.cat(parts, 1)
        else:
            y, _ = super().forward(x)
        if self.return_sequence:
            return y
        return torch.cat([y[:, -1, :self.hidden_size], y[:, 0, self.hidden_size:]], -1)


class Rnn(Recurrent, nn.RNN):
    pass


class Lstm(Recurrent, nn.LSTM):
    pass


class Gru(Recurrent, nn.GRU):
    pass


class Jordan(nn.Module):
    """h_t = tanh(W_ih x_t + b_ih + W_hh y_{t-1} + b_hh), y_t = W_ho h_t + b_ho, y_0 = 0."""

    def __init__(self, features, hidden, return_sequence=False):
        super().__init__()
        self.return_sequence = return_sequence
        for name, shape in [("ih", (hidden, features)), ("hh", (hidden, hidden)), ("ho", (hidden, hidden))]:
            self.register_parameter(f"weight_{name}_l0", nn.Parameter(torch.zeros(shape)))
            self.register_parameter(f"bias_{name}_l0", nn.Parameter(torch.zeros(hidden)))

    def forward(self, x):
        y = torch.zeros(x.shape[0], self.bias_ho_l0.shape[0])
        steps = []
        for t in range(x.shape[1]):
            h = torch.tanh(F.linear(x[:, t], self.weight_ih_l0, self.bias_ih_l0) + F.linear(y, self.weight_hh_l0, self.bias_hh_l0))
            y = F.linear(h, self.weight_ho_l0, self.bias_ho_l0)
            steps.append(y)
        return torch.stack(steps, 1) if self.return_sequence else y


class CausalConv1d(nn.Conv1d):
    """Zeros before the first step alone: no output sees a later input."""

    def forward(self, x):
        return super().forward(F.pad(x.transpose(1, 2), (self.dilation[0] * (self.kernel_size[0] - 1), 0))).transpose(1, 2)


class MeanOverSteps(nn.Module):
    def forward(self, x):
        return x.mean(1)


class PositionalEncoding(nn.Module):
    """x(p, 2i) + sin(p / 10000^(2i/D)), x(p, 2i+1) + cos(p / 10000^(2i/D))."""

    def forward(self, x):
        steps, features = x.shape[1:]
        code = [[(math.cos if f % 2 else math.sin)(p / 10000 ** (f // 2 * 2 / features)) for f in range(features)] for p in range(steps)]
        return x + torch.tensor(code)


class SelfAttention(nn.MultiheadAttention):
    def __init__(self, features, heads, causal=False):
        super().__init__(features, heads, batch_first=True)
        self.causal = causal

    def forward(self, x):
        steps = x.shape[1]
        mask = torch.ones(steps, steps, dtype=torch.bool).triu(1) if self.causal else None
        return super().forward(x, x, x, attn_mask=mask, need_weights=False)[0]

#!/usr/bin/python3
"""Fits the float tanh of gates in include/lamina/expression/rational.hpp: x P(x²) / Q(x²) of degrees 3 and 4, Q with 1
before its highest power.

What counts is the absolute error, for a gate is a factor; that a gate wide open is 1, or what it keeps would fade; and
that none is more than 1, or it would grow. Weighted least squares on the linearised equation, reweighted towards the
minimax error (Lawson), on an interval such that the fit's largest value is 1: there is the clamp. Then the coefficients
are rounded to float and walked at random to the smallest error of the rounded evaluation among those whose gates keep
to 1. Those in rational.hpp were walked on over more floats, those of large errors among all of them added again and
again; the test in math.cpp measures all floats.
Usage: fit_gate.py
"""
import numpy as np
from fit_tanh import f32, fma


def fit(clamp, rounds=400):
    n = 4000
    x = clamp * (1 + np.cos(np.pi * (np.arange(n) + 0.5) / n)) / 2
    u, y = x * x / clamp**2, np.tanh(x)
    f = y / x
    numerator = np.stack([u**i for i in range(4)], 1)
    denominator = np.stack([u**i for i in range(1, 5)], 1)
    weight, best = np.ones_like(x), (np.inf, None)
    q_of_u = np.ones_like(x)
    for _ in range(rounds):
        scale = np.sqrt(weight) * x / q_of_u
        system = np.concatenate([numerator, -f[:, None] * denominator], 1) * scale[:, None]
        c = np.linalg.lstsq(system, f * scale, rcond=None)[0]
        q_of_u = 1 + denominator @ c[4:]
        value = (numerator @ c[:4]) / q_of_u * x
        error = np.abs(value - y)
        if error.max() < best[0]:
            powers = np.array([0, 1, 2, 3, 1, 2, 3, 4])
            best = (error.max(), c / clamp ** (2.0 * powers), value.max(), x[np.argmax(value)])
        weight *= error / error.mean() + 1e-3
        weight /= weight.mean()
    return best


def evaluate(x, c):
    """As in rational.hpp, with the rounding of every float operation."""
    u = x * x
    u2 = u * u
    p = fma(u2, fma(u, c[3], c[2]), fma(u, c[1], c[0]))
    q = fma(u2, fma(u, u + c[7], c[6]), fma(u, c[5], c[4]))
    return (x * p) / q


if __name__ == "__main__":
    low, high = 8.2, 8.8  # the interval's end: the largest value passes 1 between them
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if fit(middle)[2] < 1 else (low, middle)
    error, c, _, clamp = fit(low)
    print("exact arithmetic: %.3g below %.9g" % (error, clamp))
    clamp, half = f32(clamp), f32(0.5)
    draw = np.random.default_rng(1)
    ends = np.array([2.0**-6, clamp], f32).view(np.int32)
    x = draw.integers(*ends, 2**17, dtype=np.int32).view(f32)
    last = (clamp.view(np.int32) - np.arange(2**14, dtype=np.int32)).view(f32)  # where it comes near 1
    x = np.concatenate([x, last, (clamp * np.linspace(0.7, 1, 2**16)).astype(f32)])
    y = np.tanh(x.astype(np.float64))

    def worst(c):
        v = evaluate(x, c)
        open_gate = half * evaluate(np.array([clamp]), c)[0] + half
        beyond = max(0, (half * v + half).max() - 1) + abs(open_gate - 1)
        return np.max(np.abs(v.astype(np.float64) - y)) + 10 * beyond

    c = (np.append(c[:4], [1, *c[4:7]]) / c[7]).astype(f32)
    best = worst(c)
    print("rounded: %.3g" % best)
    for _ in range(4000):
        trial = c.copy()
        some = draw.integers(len(c), size=draw.integers(1, 4))
        trial.view(np.int32)[some] += draw.integers(-12, 13, some.size, dtype=np.int32)
        e = worst(trial)
        if e < best:
            best, c = e, trial
    print("walked: %.3g; clamp %.9gf" % (best, clamp))
    print("P:", *["%.9gf" % v for v in c[:4]])
    print("Q:", *["%.9gf" % v for v in c[4:]])

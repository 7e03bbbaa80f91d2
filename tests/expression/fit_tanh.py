#!/usr/bin/python3
"""Fits the float tanh and erf of include/lamina/expression/rational.hpp: x P(x²) / Q(x²), of equal degrees.

Weighted least squares on the linearised equation, reweighted towards the minimax error in units of the result's last
place (Lawson). Then the coefficients are rounded to float and walked at random, some units at a time, to the smallest
error of the rounded evaluation over a million draws: minutes. The largest errors are rare, so measure all floats (the
slow test of math.cpp) before taking new coefficients. tanh has P(0) = 1, so that tiny x is exact; erf has P(0) = 2/√π.
Usage: fit_tanh.py tanh 8.3 | fit_tanh.py erf 3.85
"""
import math
import sys
import numpy as np

f32 = np.float32
FUNCTIONS = {"tanh": (np.tanh, 1.0, 4), "erf": (np.vectorize(math.erf), 2 / math.sqrt(math.pi), 5)}  # f, P(0), degree


def ulp(f):
    return np.exp2(np.maximum(np.floor(np.log2(np.abs(f))), -126) - 23)


def fit(function, first, degree, clamp, rounds=400):
    n = 4000
    x = clamp * (1 + np.cos(np.pi * (np.arange(n) + 0.5) / n)) / 2
    x = x[x > 1e-3]
    u, y = x * x / clamp**2, function(x)
    f = y / x
    numerator = np.stack([u**i for i in range(1, degree + 1)], 1)
    denominator = np.stack([u**i for i in range(1, degree + 1)], 1)
    weight, best = np.ones_like(x), (np.inf, None)
    q_of_u = np.ones_like(x)
    for _ in range(rounds):
        scale = np.sqrt(weight) * x / ulp(y) / q_of_u
        system = np.concatenate([numerator, -f[:, None] * denominator], 1) * scale[:, None]
        c = np.linalg.lstsq(system, (f - first) * scale, rcond=None)[0]
        q_of_u = 1 + denominator @ c[degree:]
        error = np.abs((first + numerator @ c[:degree]) / q_of_u * x - y) / ulp(y)
        if error.max() < best[0]:
            powers = np.concatenate([np.arange(1, degree + 1), np.arange(1, degree + 1)])
            best = (error.max(), c / clamp ** (2.0 * powers))
        weight *= error / error.mean() + 1e-3
        weight /= weight.mean()
    return best


def fma(a, b, c):
    return f32(np.float64(a) * np.float64(b) + np.float64(c))


def evaluate(x, c, first):
    """As in rational.hpp, with the rounding of every float operation."""
    one = f32(1)
    n = len(c) // 2
    u = x * x
    u2 = u * u

    def polynomial(k, c0):
        if n == 4:
            high = fma(u2, c[k + 3], fma(u, c[k + 2], c[k + 1]))
        else:
            high = fma(u2, fma(u, c[k + 4], c[k + 3]), fma(u, c[k + 2], c[k + 1]))
        return fma(u2, high, fma(u, c[k], c0))

    p, q = polynomial(0, f32(first)), polynomial(n, one)
    return np.minimum((x * p) / q, one)


def worst(c, first, x, y, u):
    return np.max(np.abs(evaluate(x, c, first).astype(np.float64) - y) / u)


if __name__ == "__main__":
    function, first, degree = FUNCTIONS[sys.argv[1]]
    clamp = float(sys.argv[2])
    error, c = fit(function, first, degree, clamp)
    print("exact arithmetic: %.2f ulp" % error)
    clamp = f32(clamp)
    draw = np.random.default_rng(1)
    low, high = np.array([0.02, clamp], f32).view(np.int32)
    x = draw.integers(low, high, 2**20, dtype=np.int32).view(f32)
    y = function(x.astype(np.float64))
    u = ulp(y)
    c = c.astype(f32)
    best = worst(c, first, x, y, u)
    print("rounded: %.2f ulp" % best)
    for _ in range(3000):
        trial = c.copy()
        some = draw.integers(len(c), size=draw.integers(1, 4))
        trial.view(np.int32)[some] += draw.integers(-20, 21, some.size, dtype=np.int32)
        e = worst(trial, first, x, y, u)
        if e < best:
            best, c = e, trial
    print("walked: %.2f ulp; at the clamp %.9g" % (best, evaluate(np.array([clamp]), c, first)[0]))
    print("P:", *["%.9gf" % v for v in c[:degree]])
    print("Q:", *["%.9gf" % v for v in c[degree:]])

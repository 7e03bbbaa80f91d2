#!/usr/bin/env python3
"""Writes arrays.npz, compressed.npz and integers.npy beside this file, as NumPy writes them.

usage: make_arrays.py [DIRECTORY]      (needs NumPy; Debian: python3-numpy)
"""
import os
import sys

import numpy


def main(directory):
    n = numpy.arange(60)
    arrays = {"x": (n / 4 - 3).astype(numpy.float32).reshape(5, 4, 3), "wide": 1 / (n[:6] + 3.0), "y": n[:5] % 3,
              "bytes": (n[:10] * 25).astype(numpy.uint8).reshape(5, 2), "small": -n[:4].astype(numpy.int32),
              "one": numpy.float64(2.5), "none": numpy.zeros((0, 3), numpy.float32), "zeros": numpy.zeros((40, 50), numpy.float32),
              "fortran": numpy.asfortranarray(n[:6].reshape(2, 3)), "big": n[:3].astype(">f4"), "text": numpy.array(["a"])}
    numpy.savez(os.path.join(directory, "arrays.npz"), **arrays)
    numpy.savez_compressed(os.path.join(directory, "compressed.npz"), **arrays)
    numpy.save(os.path.join(directory, "integers.npy"), (n[:6] - 2) * (1 << 40))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))

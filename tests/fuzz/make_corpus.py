"""Writes the fuzzers' first inputs: python3 make_corpus.py"""
import gzip
import json
import pathlib
import struct

here = pathlib.Path(__file__).parent / "corpus"


def write(path, content):
    (here / path).parent.mkdir(parents=True, exist_ok=True)
    (here / path).write_bytes(content)


def idx(extents, content):
    return bytes([0, 0, 8, len(extents)]) + b"".join(struct.pack(">I", e) for e in extents) + content


labels, images = idx([3], b"\0\1\2"), idx([3, 2, 2], bytes(range(12)))
write("idx/good", bytes([len(labels)]) + labels + images)
write("idx/trailing", bytes([len(labels)]) + labels + images + b"x")
write("idx/huge", bytes([8]) + idx([0xFFFFFFFF], b"") + idx([0xFFFFFFFF] * 3, b"1234"))
write("idx/rank_1", bytes([9]) + idx([1], b"\3") + idx([1], b"\4"))
write("gzip/good", gzip.compress(images, mtime=0))
write("gzip/cut", gzip.compress(images, mtime=0)[:-5])
write("gzip/two_members", gzip.compress(images[:20], mtime=0) + gzip.compress(images[20:], mtime=0))
write("gzip/plain", images)


def safetensors(header, payload):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + payload


def tensor(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


write("safetensors/good", safetensors({"__metadata__": {"step": "3"}, "0.weight": tensor("F32", [2, 1], 0, 8),
                                       "0.bias": tensor("F64", [], 8, 16)}, bytes(16)))
write("safetensors/empty", safetensors({}, b""))
write("safetensors/overlap", safetensors({"a": tensor("F32", [2], 0, 8), "b": tensor("F32", [2], 4, 12)}, bytes(12)))
write("safetensors/escapes", safetensors({"\u00e9\"\\\n\U0001f600": tensor("F32", [0, 9], 0, 0)}, b""))
write("safetensors/doubled", safetensors(b'{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{}}', bytes(4)))
write("safetensors/deep", safetensors(b'{"a":{"shape":[[[[[[', b""))
write("safetensors/cut_character", safetensors(b'{"\xf1', b""))
write("safetensors/numbers", safetensors(b'{"a":{"dtype":"F64","shape":[18446744073709551615,-1,1e400]}}', b""))

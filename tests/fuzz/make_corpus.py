"""Writes the fuzzers' first inputs: python3 make_corpus.py"""
import base64
import gzip
import json
import pathlib
import struct
import zlib

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

record = bytes([9]) + bytes(range(256)) * 12
write("cifar10/good", record * 2)
write("cifar10/label", b"\x0a" + record[1:])
write("cifar10/cut", record + record[:700])


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, kind, bits, rows, before_data=b"", interlaced=0):
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before_data + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


palette = chunk(b"PLTE", bytes(range(12)))
write("png/grey", png(3, 2, 0, 8, b"\1abc\2def"))
write("png/one_bit", png(9, 2, 0, 1, b"\0\x55\x80\0\xaa\0"))
write("png/sixteen_bits", png(2, 1, 2, 16, b"\4" + bytes(range(12)), chunk(b"gAMA", struct.pack(">I", 45455))))
write("png/palette", png(4, 1, 3, 2, b"\0\x1b", palette + chunk(b"tRNS", b"\0\x80")))
write("png/transparent", png(2, 2, 6, 8, b"\3" + bytes(range(8)) + b"\0" + bytes(range(8, 16))))
write("png/interlaced", png(2, 2, 0, 8, b"\0a\0b\0cd", interlaced=1))
write("png/huge", png(0x7FFFFFFF, 0x7FFFFFFF, 2, 16, b"\0"))
write("png/cut", png(3, 2, 0, 8, b"\1abc\2def")[:50])

write("netpbm/grey_text", b"P2\n# grey\n2 2\n9\n0 1 # one\n8 9\n")
write("netpbm/coloured_text", b"P3 1 1 255 1 2 3")
write("netpbm/grey", b"P5 3 1 255\nabc")
write("netpbm/two_bytes", b"P6 1 1 65535\n\0\1\2\3\xff\xff")
write("netpbm/huge", b"P5 4096 4096 255\nabc")

# Encoded by libjpeg-turbo: 9 x 8 grey, 8 x 9 coloured, 17 x 16 progressive.
write("jpeg/grey", base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5a"
    "YVpQYEpRUk//wAALCAAIAAkBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQR"
    "BRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4"
    "eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEB"
    "AAA/AMKytunFaX2b2r//2Q=="))
write("jpeg/coloured", base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCN"
    "l4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAAR"
    "CAAJAAgDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG"
    "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWG"
    "h4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEB"
    "AQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYk"
    "NOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0"
    "tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwBcqqToyNFBJgANj1zjp+meeelTBKV5XTev"
    "T5eXlr+DCXMrR3Ue1/u6enXa1771z/x/yfWP+bU/sv1f5ndR3fz/AFP/2Q=="))
write("jpeg/progressive", base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1x"
    "eXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wgAR"
    "CAAQABEDAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABYBAQEBAAAAAAAAAAAAAAAAAAADBP/aAAwDAQACEAMQAAABDRBxARxD"
    "/8QAFhABAQEAAAAAAAAAAAAAAAAAAQAR/9oACAEBAAEFAggsggsv/8QAFBEBAAAAAAAAAAAAAAAAAAAAIP/aAAgBAwEBPwFf/8QAFBEBAAAA"
    "AAAAAAAAAAAAAAAAIP/aAAgBAgEBPwFf/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQAGPwJf/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/a"
    "AAgBAQABPyFUp//aAAwDAQACAAMAAAAQkkk//8QAFBEBAAAAAAAAAAAAAAAAAAAAIP/aAAgBAwEBPxBf/8QAFBEBAAAAAAAAAAAAAAAAAAAA"
    "IP/aAAgBAgEBPxBf/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQABPxBAB//Z"))

write("csv/good", b'a,"b ""c""\n",d\r\n1,2.5e1,"3"\n\n4,+5,-6\n')
write("csv/tabs", b"\xef\xbb\xbfx\ty\n1\tred\n2\tblue")
write("csv/ragged", b"a;b\n1;2\n3;4;5\n")
write("csv/quote", b'a,b\n1,"2\n3,4')
write("vocabulary/good", b"lamina vocabulary 1\nwords\nunknown 0\nentries 3\n4 <any>\\n\n2 don't\n1 \xc3\xa4\n")
write("vocabulary/characters", b"lamina vocabulary 1\ncharacters\nunknown none\nentries 2\n4 \\n\n2  \n")
write("vocabulary/text", "To be, or — not “to” be: that’s\n".encode())
write("vocabulary/cut_character", b"to b\xe2\x82")


def npy(header, content):
    text = header.encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + content


def archive(*members, method=0):
    """A zip archive of (name, content)."""
    local, directory = b"", b""
    for name, content in members:
        stored = zlib.compress(content, 9)[2:-4] if method else content
        fields = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 33, zlib.crc32(content), len(stored), len(content), len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(local)) + name
        local += b"PK\3\4" + fields + name + stored
    tail = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(local), 0)
    return local + directory + b"PK\5\6" + tail


floats = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", bytes(24))
integers = npy("{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }\n", bytes(range(24)))
write("npz/floats", floats)
write("npz/huge", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }\n", b""))
write("npz/stored", archive((b"x.npy", floats), (b"y.npy", integers)))
write("npz/deflated", archive((b"x.npy", floats), (b"y.npy", integers), method=8))
write("npz/cut", archive((b"x.npy", floats), (b"y.npy", integers), method=8)[:-3])

layers = [{"type": "gru", "activation": "tanh", "shape": [None, 1], "weights": [[[1, 2, 3]], [[4, 5, 6]], [[0, 1, 2], [3, 4, 5]]]},
          {"type": "time-distributed-dense", "activation": "relu", "shape": [None, 1], "weights": [[[0.5]], [-1e-3]]}]
write("keras/good", json.dumps({"in_shape": [None, 4, 1], "layers": layers}).encode())
write("keras/short", json.dumps({"in_shape": 1, "layers": layers[:1]}).encode())
write("keras/deep", b'{"layers":' + b"[" * 300)


def riff(name, content):
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def wav(tag, channels, bits, content, more=b""):
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, 8000, 8000 * frame, frame, bits)
    return riff(b"RIFF", b"WAVE" + riff(b"fmt ", form) + more + riff(b"data", content))


write("wav/sixteen_bits", wav(1, 2, 16, bytes(range(16))))
write("wav/twenty_four_bits", wav(1, 1, 24, bytes(range(15)), riff(b"LIST", b"INFOx")))
write("wav/floats", wav(3, 1, 32, struct.pack("<3f", 0.5, -1, 2)))
write("wav/cut", wav(1, 1, 16, bytes(20))[:-7])
write("wav/list_behind", wav(1, 1, 16, bytes(20)) + b"LIST" + b"\xff" * 8 + b"\xf7" + b"\xff" * 3)

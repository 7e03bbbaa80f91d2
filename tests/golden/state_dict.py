"""A state_dict as a safetensors file, which Debian's PyTorch comes without."""
import json
import struct

import torch


def save_safetensors(path, tensors):
    types = {torch.float32: "F32", torch.int64: "I64"}
    header, payload = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": types[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(payload), len(payload) + len(raw)]}
        payload += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + payload)

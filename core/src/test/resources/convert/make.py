"""python make.py CHECKPOINT DIR: a small BERT for masked words as ONNX (torch's exporter) and as a bundle of variables
(TensorFlow's format, written here as its documents have it), each in a jar as published ones are. CHECKPOINT is
../goldens/bert-mlm/hub."""
import io, json, struct, sys, warnings, zipfile
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForMaskedLM

warnings.filterwarnings("ignore")
checkpoint, target = Path(sys.argv[1]), Path(sys.argv[2])
model = AutoModelForMaskedLM.from_pretrained(checkpoint, dtype=torch.float32, attn_implementation="eager").eval()
tokenizer = json.loads((checkpoint / "tokenizer.json").read_text())


class Named(torch.nn.Module):
    """Its parts keep the names that they have in the checkpoint."""

    def __init__(self):
        super().__init__()
        self.bert, self.cls = model.bert, model.cls

    def forward(self, ids, mask, types):
        return self.cls(self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state)


def packed(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as jar:
        for name, content in files.items():
            jar.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


# The exporter asks for the package onnx only to add functions that this model does not use.
from torch.onnx._internal.torchscript_exporter import onnx_proto_utils  # noqa: E402

onnx_proto_utils._add_onnxscript_fn = lambda graph, functions: graph
ids = torch.tensor([[2, 5, 6, 7, 3]])
graph = io.BytesIO()
torch.onnx.export(Named(), (ids, torch.ones_like(ids), torch.zeros_like(ids)), graph, opset_version=14, dynamo=False,
                  input_names=["input_ids", "attention_mask", "token_type_ids"],
                  dynamic_axes={"input_ids": {1: "length"}, "attention_mask": {1: "length"}, "token_type_ids": {1: "length"}})
# What an exporter fixed for its own use must not reach passages.
cut = tokenizer | {"truncation": {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0}}
packed(target / "onnx.jar", {"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n", "small.onnx": graph.getvalue(),
                             "small-tokenizer.json": json.dumps(cut)})

# TensorFlow: table of blocks with keys told by what they have in common, checksums masked.
TABLE = [0] * 256
for i in range(256):
    c = i
    for _ in range(8):
        c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
    TABLE[i] = c


def checksum(data):
    c = 0xFFFFFFFF
    for b in data:
        c = TABLE[(c ^ b) & 255] ^ c >> 8
    c ^= 0xFFFFFFFF
    return ((c >> 15 | c << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, value):
    return varint(number << 3 | 2) + varint(len(value)) + value if isinstance(value, bytes) else varint(number << 3) + varint(value)


def block(entries):
    out, before = b"", b""
    for key, value in entries:
        common = 0
        while common < min(len(key), len(before)) and key[common] == before[common]:
            common += 1
        out += varint(common) + varint(len(key) - common) + varint(len(value)) + key[common:] + value
        before = key
    return out + struct.pack("<II", 0, 1)


def named(name, tensor):
    name = name.removeprefix("bert.") if not name.startswith("bert.") else name
    name = name.replace("layer.", "layer_").replace(".", "/")
    if "LayerNorm" in name:
        name = name.replace("weight", "gamma").replace("bias", "beta")
    elif "_embeddings/weight" in name:
        name = name.removesuffix("/weight")
    elif name in ("cls/predictions/bias", "cls/seq_relationship/bias"):
        name = name.replace("bias", "output_bias")
    elif name == "cls/seq_relationship/weight":
        name = name.replace("weight", "output_weights")
    elif name.endswith("weight"):
        name, tensor = name.replace("weight", "kernel"), tensor.T
    return "module/" + name, tensor.contiguous()


stored = dict(named(n, t.float()) for n, t in load_file(checkpoint / "model.safetensors").items() if "decoder" not in n and "position_ids" not in n)
data, entries = b"", [(b"", field(1, 1) + field(3, field(1, 1)))]
for name in sorted(stored):
    raw = stored[name].numpy().tobytes()
    shape = b"".join(field(2, field(1, size)) for size in stored[name].shape)
    entries.append((name.encode(), field(1, 1) + field(2, shape) + (field(4, len(data)) if data else b"") + field(5, len(raw))
                    + varint(6 << 3 | 5) + struct.pack("<I", checksum(raw))))
    data += raw
index, places = b"", []
for part in (entries[:40], entries[40:]):
    body = block(part)
    places.append((part[-1][0], varint(len(index)) + varint(len(body))))
    index += body + b"\0" + struct.pack("<I", checksum(body + b"\0"))
handles = b""
for body in (block([]), block(places)):
    handles += varint(len(index)) + varint(len(body))
    index += body + b"\0" + struct.pack("<I", checksum(body + b"\0"))
index += handles.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)
words = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
inner = io.BytesIO()
packed(inner, {"assets/vocab.txt": "\n".join(words) + "\n", "saved_model.pb": b"",
               "variables/variables.index": index, "variables/variables.data-00000-of-00001": data})
packed(target / "tensorflow.jar", {"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n", "models/small": inner.getvalue()})

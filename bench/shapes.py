#!/usr/bin/env python3
"""Writes the shape files of `bench/run --shape`: what a checkpoint of a family and size holds, without a number of it.

    python3 bench/shapes.py core/src/test/resources/goldens bench/src/main/resources/dev/lynceus/bench

A shape is the folder of a small checkpoint (its tokenizer, its templates) with the sizes of a published model put in
its place. Names and shapes of the tensors are what the reference library makes of that config without allocating
anything; they are stored under the names that the small checkpoint has. Lynceus itself needs no Python.
"""
import copy
import json
import pathlib
import re
import struct
import sys

import torch
import transformers

QWEN_PICTURES = {"min_pixels": 3136, "max_pixels": 12845056}
SHAPES = {
    "qwen2-vl-2b": ("qwen2-vl", {
        "hidden_size": 1536, "intermediate_size": 8960, "num_attention_heads": 12, "num_hidden_layers": 28,
        "num_key_value_heads": 2, "vocab_size": 151936, "tie_word_embeddings": True,
        "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
        "vision_config": {"depth": 32, "embed_dim": 1280, "num_heads": 16, "hidden_size": 1536}},
        {"preprocessor_config.json": QWEN_PICTURES}),
    "qwen2.5-vl-7b": ("qwen2.5-vl", {
        "hidden_size": 3584, "intermediate_size": 18944, "num_attention_heads": 28, "num_hidden_layers": 28,
        "num_key_value_heads": 4, "vocab_size": 152064,
        "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
        "vision_config": {"depth": 32, "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16,
                          "out_hidden_size": 3584, "window_size": 112, "fullatt_block_indexes": [7, 15, 23, 31]}},
        {"preprocessor_config.json": QWEN_PICTURES}),
    "smolvlm-256m": ("smolvlm", {
        "scale_factor": 4, "vocab_size": 49280, "tie_word_embeddings": True,
        "text_config": {"hidden_size": 576, "intermediate_size": 1536, "num_attention_heads": 9, "head_dim": 64,
                        "num_hidden_layers": 30, "num_key_value_heads": 3, "vocab_size": 49280,
                        "pixel_shuffle_factor": 4, "tie_word_embeddings": True},
        "vision_config": {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12,
                          "num_hidden_layers": 12, "image_size": 512, "patch_size": 16,
                          "max_image_size": {"longest_edge": 512}, "size": {"longest_edge": 2048}}},
        {"preprocessor_config.json": {"max_image_size": {"longest_edge": 512}, "size": {"longest_edge": 2048}},
         "processor_config.json": {"image_seq_len": 64}}),
    "blip-vqa-base": ("blip-vqa", {
        "text_config": {"hidden_size": 768, "encoder_hidden_size": 768, "intermediate_size": 3072,
                        "num_attention_heads": 12, "num_hidden_layers": 12, "max_position_embeddings": 512,
                        "vocab_size": 30524, "projection_dim": 768},
        "vision_config": {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12,
                          "num_hidden_layers": 12, "image_size": 384}},
        {"preprocessor_config.json": {"size": {"height": 384, "width": 384}}}),
}


def header(file):
    with open(file, "rb") as stream:
        size = struct.unpack("<Q", stream.read(8))[0]
        tensors = json.loads(stream.read(size))
    tensors.pop("__metadata__", None)
    return tensors


def merged(base, changes):
    result = copy.deepcopy(base)
    for key, value in changes.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
    return result


def tensors(config):
    """Names and shapes in the library's own words, buffers included."""
    kind = transformers.AutoConfig.for_model(config["model_type"])
    read = type(kind).from_dict(config)
    with torch.device("meta"):
        model = getattr(transformers, config["architectures"][0])(read)
    return {name: list(value.shape) for name, value in model.state_dict().items()}


def pattern(name):
    return re.sub(r"\.\d+(?=\.)", ".*", name)


def common_end(a, b):
    n = 0
    while n < min(len(a), len(b)) and a[-1 - n] == b[-1 - n]:
        n += 1
    return n


def shape(golden, changes, files):
    config = json.loads((golden / "config.json").read_text())
    stored = header(golden / "model.safetensors")
    small = tensors(config)
    sizes = merged(config, changes)
    large = tensors(sizes)
    # Which of the library's names a stored name is: the one with the longest common end, of the same shape.
    patterns = {}
    for name, entry in stored.items():
        if entry["dtype"] in ("I64", "I32"):
            continue
        candidates = [n for n in small if small[n] == entry["shape"] and
                      re.findall(r"\.(\d+)(?=\.)", n) == re.findall(r"\.(\d+)(?=\.)", name)]
        best = max(candidates, key=lambda n: common_end(n, name))
        patterns.setdefault(pattern(name), pattern(best))
    result = {}
    for kept, own in patterns.items():
        if sizes.get("tie_word_embeddings") and kept.startswith("lm_head"):
            continue
        groups = {}
        for name, dims in large.items():
            if pattern(name) == own:
                groups.setdefault(tuple(dims), []).append([int(i) for i in re.findall(r"\.(\d+)(?=\.)", name)])
        result[kept] = [{"sizes": list(dims), "at": at} for dims, at in groups.items()]
    return {"like": golden.parent.name, "config": sizes,
            "files": {name: merged(json.loads((golden / name).read_text()), change) for name, change in files.items()},
            "tensors": result}


def main(goldens, target):
    for label, (like, changes, files) in SHAPES.items():
        made = shape(pathlib.Path(goldens) / like / "hub", changes, files)
        # Layers of one shape that follow each other are told by how many they are.
        for groups in made["tensors"].values():
            for group in groups:
                at = group.pop("at")
                if at == [[i] for i in range(len(at))]:
                    group["layers"] = len(at)
                elif at != [[]]:
                    group["at"] = at
        lines = json.dumps(made, indent=1)
        lines = re.sub(r"\[\s+((?:[\d\[\],\s]|\d)+?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", lines)
        (pathlib.Path(target) / (label + ".json")).write_text(lines + "\n")
        numbers = sum(len(g.get("at", range(g.get("layers", 1)))) * torch.Size(g["sizes"]).numel()
                      for groups in made["tensors"].values() for g in groups)
        print(f"{label}: {numbers / 1e6:.1f} million numbers")


if __name__ == "__main__":
    main(*sys.argv[1:])

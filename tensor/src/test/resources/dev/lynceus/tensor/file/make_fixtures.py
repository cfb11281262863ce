"""Writes the fixtures of this folder with the reference libraries (numpy, torch, safetensors)."""

import numpy as np
import torch
from safetensors.torch import save_file

names = ["bool", "uint8", "int8", "int16", "float16", "bfloat16", "int32", "float32", "float64", "int64"]
tensors = {f"z.{n}": torch.tensor([[0, 1], [1, 0], [1, 1]]).to(getattr(torch, n)) for n in names}
tensors["a.values"] = torch.tensor([-1.5, 0.0, 3.25, float("inf")], dtype=torch.float32)
tensors["a.half"] = torch.tensor([-1.5, 0.25, 65504.0], dtype=torch.float16)
tensors["a.brain"] = torch.tensor([-1.5, 0.25, 3.0e38], dtype=torch.bfloat16)
tensors["scalar"] = torch.tensor(7, dtype=torch.int64)
tensors["empty"] = torch.zeros(0, 3)
tensors["層.é.\U0001d54f\"\\"] = torch.tensor([1, 2], dtype=torch.uint8)
tensors["層.\uff5e"] = torch.tensor([3], dtype=torch.uint8)
save_file(tensors, "python.safetensors", metadata={"format": "pt"})

arrays = {
    "f32": np.array([[-1.5, 0, 3.25], [1, 2, 3]], np.float32),
    "f64": np.array([0.1, 0.2]),
    "i64": np.array(-7),
    "i32": np.arange(6, dtype=np.int32).reshape(1, 2, 3),
    "u8": np.array([0, 255], np.uint8),
    "bool": np.array([True, False, True]),
    "empty": np.zeros((0, 4), np.float32),
}
np.savez("python.npz", **arrays)
np.savez_compressed("python_deflated.npz", **arrays)
np.savez("fortran.npz", a=np.asfortranarray(arrays["f32"]))
np.savez("objects.npz", a=np.array([{}], dtype=object))

"""Batch-norm statistics by torch.optim.swa_utils.update_bn, on formula weights and photos.

Needs: torch==2.7.1 timm==1.0.31 numpy, and make_golden.py beside it.   Usage: python make_update_bn.py OUT_FILE

Photos: byte i of batch k (row-major, B,H,W,3) is bits 16 to 23 of i * 2654435761 + k * 40503 * 65536 + 12345 * k * i,
modulo 2^64, over 255, then normalised by the network's mean and deviation.
"""
import json, sys
import numpy as np, timm, torch
from torch.optim.swa_utils import update_bn
from make_golden import build

NAME, SIDE, SEED, BATCHES = "resnet18", 32, 3, [4, 4, 3]

def photos(k, n):
    i = np.arange(n * SIDE * SIDE * 3, dtype=np.uint64)
    with np.errstate(over="ignore"):
        v = i * np.uint64(2654435761) + np.uint64(k * 40503 * 65536) + np.uint64(12345 * k) * i
    return ((v >> np.uint64(16)) & np.uint64(255)).astype(np.uint8).reshape(n, SIDE, SIDE, 3)

def main():
    model = build(NAME, SIDE, SEED)
    cfg = model.pretrained_cfg
    mean, std = (torch.tensor(cfg[k]).view(1, 3, 1, 1) for k in ("mean", "std"))
    batches = [(torch.from_numpy(photos(k, n)).permute(0, 3, 1, 2).float() / 255 - mean) / std for k, n in enumerate(BATCHES)]
    update_bn(batches, model)
    out = {"model": NAME, "side": SIDE, "seed": SEED, "batches": BATCHES, "torch": torch.__version__, "statistics": {}}
    for name, t in model.state_dict().items():
        if name.endswith(("running_mean", "running_var")):
            d = t.double()
            out["statistics"][name] = {"mean": d.mean().item(), "norm": d.norm().item(), "first": d[:6].tolist()}
    json.dump(out, open(sys.argv[1], "w"), indent=1)

if __name__ == "__main__": main()

"""What timm says of each variant: multiply-adds, layer groups, and features on formula weights.

Needs: torch==2.7.1 timm==1.0.31 numpy, and make_golden.py beside this file for the formula.
Usage: python make_variants.py OUT_DIR

macs.tsv: multiply-adds of one photo, half of what torch.utils.flop_counter counts on the meta device.
groups.json: for some models, the layer group of each parameter (timm.optim's layer decay, reversed group_parameters)
and its coarse group (freezing by stage).
features.json: on formula weights, forward_features as (B, C, H, W) and forward_head(pre_logits=True).
"""
import json, os, sys
import torch, timm
from timm.models import group_parameters
from torch.utils.flop_counter import FlopCounterMode
import make_golden

def variants():
    folder = os.path.dirname(os.path.abspath(__file__))
    seen = set()
    for line in open(os.path.join(folder, "variants.tsv")).read().splitlines()[1:]:
        name = line.split("\t")[0].split(".")[0]
        if name not in seen and name in timm.list_models():
            seen.add(name)
            yield name

def macs(out):
    rows = ["name\tmacs"]
    for name in variants():
        model = timm.create_model(name, num_classes=18).to("meta").eval()
        size = model.pretrained_cfg["input_size"]
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            model(torch.zeros(1, *size, device="meta"))
        rows.append(f"{name}\t{counter.get_total_flops() // 2}")
    open(os.path.join(out, "macs.tsv"), "w").write("\n".join(rows) + "\n")

def groups(out):
    result = {}
    for name in ["resnet18", "resnet50", "tf_efficientnet_b0", "swin_tiny_patch4_window7_224",
                 "vit_tiny_patch16_224", "vit_base_r50_s16_384"]:
        model = timm.create_model(name, num_classes=18)
        result[name] = {
            kind: group_parameters(model, model.group_matcher(coarse=coarse), reverse=True)
            for kind, coarse in (("fine", False), ("coarse", True))}
    json.dump(result, open(os.path.join(out, "groups.json"), "w"), indent=0, sort_keys=True)

def as_image(model, name, x, size):
    if "swin" in name:
        return x.permute(0, 3, 1, 2)
    if "vit" in name:
        rows, columns = model.patch_embed.grid_size
        return x[:, 1:].transpose(1, 2).reshape(x.shape[0], -1, rows, columns)
    return x

def features(out):
    result = {}
    for name, size in [("resnet18", 64), ("tf_efficientnet_b0.ns_jft_in1k", 96),
                       ("swin_tiny_patch4_window7_224.ms_in1k", 72), ("vit_tiny_patch16_224.augreg_in21k_ft_in1k", 48)]:
        model = make_golden.build(name, size, 3, torch.float64).eval()
        x = torch.from_numpy(make_golden.tensor("input", (2, 3, size, size), 3).copy()).double()
        with torch.no_grad():
            maps = model.forward_features(x)
            pooled = model.forward_head(maps, pre_logits=True)
        result[name] = {"size": size, "seed": 3, "gain": make_golden.gain(name),
                        "map": make_golden.probe(as_image(model, name, maps, size)),
                        "pooled": make_golden.probe(pooled)}
    json.dump(result, open(os.path.join(out, "features.json"), "w"), indent=1)

if __name__ == "__main__":
    torch.manual_seed(0)
    macs(sys.argv[1]); groups(sys.argv[1]); features(sys.argv[1])

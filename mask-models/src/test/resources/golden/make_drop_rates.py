"""The rates of stochastic depth that timm gives each branch at drop_path_rate 0.2, in the order of its modules.

Needs: torch==2.7.1 timm==1.0.31. Usage: python make_drop_rates.py OUT_DIR
"""
import json, os, sys
import timm
from timm.layers import DropPath

def rates(name):
    model = timm.create_model(name, num_classes=18, drop_path_rate=0.2)
    found = []
    for block in model.modules():
        # A block of EfficientNet without a shortcut has the module and does not call it.
        if getattr(block, "has_skip", True):
            found += [round(m.drop_prob, 6) for m in block.children() if isinstance(m, DropPath) and m.drop_prob > 0]
    return found

names = ["resnet18", "resnet50", "tf_efficientnet_b0", "tf_efficientnet_b4", "swin_tiny_patch4_window7_224",
         "swin_base_patch4_window12_384", "vit_tiny_patch16_224", "vit_base_r50_s16_384"]
json.dump({name: rates(name) for name in names}, open(os.path.join(sys.argv[1], "drop_rates.json"), "w"), indent=0)

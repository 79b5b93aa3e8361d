"""Writes expected.json: what timm makes of position tables of another size. Needs: torch timm numpy.   Usage: python make_expected.py"""
import json, pathlib
import numpy as np, timm, torch
from timm.layers import resample_abs_pos_embed, resize_rel_pos_bias_table

values = lambda *shape: torch.from_numpy(np.sin(0.7 * np.arange(np.prod(shape))).astype(np.float32)).reshape(shape)
cases = []
for old, new, heads in ((3, 4, 2), (7, 12, 1), (4, 2, 3), (12, 7, 1)):
    table = values((2 * old - 1) ** 2, heads)
    out = resize_rel_pos_bias_table(table, (new, new), ((2 * new - 1) ** 2, heads))
    cases.append({"name": "layers.0.blocks.0.attn.relative_position_bias_table", "height": 224, "width": 224, "from": list(table.shape), "to": list(out.shape), "values": out.flatten().tolist()})
for old, new, prefix, size in ((4, (6, 6), 1, (96, 96)), (6, (3, 3), 1, (48, 48)), (4, (3, 6), 0, (48, 96)), (14, (12, 12), 1, (192, 192))):
    embed = values(1, prefix + old * old, 2)
    out = resample_abs_pos_embed(embed, list(new), num_prefix_tokens=prefix)
    cases.append({"name": "pos_embed", "height": size[0], "width": size[1], "from": list(embed.shape), "to": list(out.shape), "values": out.flatten().tolist()})
pathlib.Path(__file__).with_name("expected.json").write_text(json.dumps({"timm": timm.__version__, "input": "sin(0.7 i)", "cases": cases}))

"""Writes the checkpoints of mask-models/src/test/resources/checkpoints as PyTorch, numpy and other libraries write them:
small networks of four families, saved in every form that people save them in, and files that are no weights.
The logits of the peers' own models for one input are in parity.json. The same files come out again.
Needs: torch torchvision timm safetensors; transformers and efficientnet_pytorch for two forms, which are kept if absent.
Usage: python make_checkpoints.py [FOLDER]"""
import collections
import functools
import gzip
import io
import json
import pathlib
import pickle
import re
import struct
import sys
import zipfile

import numpy as np
import timm
import torch
from safetensors.torch import save
from timm.models.swin_transformer import SwinTransformer
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from torchvision import models
from torchvision.models.efficientnet import EfficientNet, MBConvConfig
from torchvision.models.resnet import BasicBlock, ResNet
from torchvision.models.swin_transformer import SwinTransformer as TorchvisionSwin
from torchvision.models.vision_transformer import VisionTransformer as TorchvisionVit

CLASSES = 18
SIZE = 32
HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "mask-models/src/test/resources/checkpoints"
parity = {}


def photo():
    return torch.sin(0.1 * torch.arange(3 * SIZE * SIZE, dtype=torch.float64)).float().reshape(1, 3, SIZE, SIZE)


def randomized(model, seed):
    """Sets every tensor to random numbers, so that no two are alike and no branch is zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in sorted(model.state_dict().items()):
            if tensor.is_floating_point():
                values = torch.randn(tensor.shape, generator=generator) * 0.2
                tensor.copy_(values.abs() + 0.5 if name.endswith(("running_var", "var")) else values)
    return model.eval()


def resnet(blocks=1, seed=1, classes=CLASSES):
    """torchvision's ResNet with few channels."""
    model = ResNet(BasicBlock, [1, 1, 1, 1], num_classes=classes)
    widths = [2, 2, 4, 4]
    model.conv1 = nn.Conv2d(3, 2, 7, 2, 3, bias=False)
    model.bn1 = nn.BatchNorm2d(2)
    before = 2
    for stage, width in enumerate(widths):
        layers = []
        for block in range(blocks):
            stride = 2 if stage and block == 0 else 1
            shortcut = None
            if stride == 2 or before != width:
                shortcut = nn.Sequential(nn.Conv2d(before, width, 1, stride, bias=False), nn.BatchNorm2d(width))
            layers.append(BasicBlock(before, width, stride, shortcut))
            before = width
        setattr(model, f"layer{stage + 1}", nn.Sequential(*layers))
    model.fc = nn.Linear(4, classes)
    return randomized(model, seed)


def tv_vit(seed=2):
    model = TorchvisionVit(image_size=SIZE, patch_size=8, num_layers=2, num_heads=2, hidden_dim=8, mlp_dim=32, num_classes=CLASSES)
    return randomized(model, seed)


def timm_vit(seed=2, size=SIZE, depth=2, **options):
    model = VisionTransformer(img_size=size, patch_size=8, embed_dim=8, depth=depth, num_heads=2, num_classes=CLASSES, **options)
    return randomized(model, seed)


def tv_swin(seed=3):
    model = TorchvisionSwin([4, 4], 4, [2, 2], [1, 2], [4, 4], num_classes=CLASSES)
    return randomized(model, seed)


def timm_swin(seed=3):
    model = SwinTransformer(img_size=SIZE, patch_size=4, embed_dim=4, depths=(2, 2), num_heads=(1, 2), window_size=4, num_classes=CLASSES)
    return randomized(model, seed)


def tv_efficientnet(seed=4):
    rows = [(1, 3, 1, 8, 8, 1), (2, 3, 2, 8, 8, 2), (2, 5, 2, 8, 8, 1), (2, 3, 2, 8, 8, 1), (2, 5, 1, 8, 8, 1), (2, 5, 1, 8, 8, 1), (2, 3, 1, 8, 8, 1)]
    model = EfficientNet([MBConvConfig(*row) for row in rows], dropout=0, num_classes=CLASSES, last_channel=16)
    return randomized(model, seed)


def packed(state):
    """Puts the tensors of each type into one storage, which makes a smaller file."""
    types = {v.dtype for v in state.values()}
    flat = {t: torch.cat([v.detach().flatten() for v in state.values() if v.dtype == t]) for t in types}
    out, at = collections.OrderedDict(), collections.Counter()
    for key, value in state.items():
        begin = at[value.dtype]
        out[key] = flat[value.dtype][begin:begin + value.numel()].view(value.shape)
        at[value.dtype] += value.numel()
    return out


def under(prefix, state):
    return {prefix + key: value for key, value in state.items()}


def write(name, content):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def write_torch(name, value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    content = buffer.getvalue()
    if options.get("_use_new_zipfile_serialization") is False:
        # The only storage is named by its address in memory.
        content = re.sub(
            rb"(X|\x8c)(\x0e|\x0f)(\0\0\0)?\d{14,15}",
            lambda m: m[1] + b"\x07" + (m[3] or b"") + b"1000000",
            content)
    write(name, content)


def write_npz(name, arrays, compressed=False):
    """Like numpy.savez, with a fixed date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        for key, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array))
            archive.writestr(zipfile.ZipInfo(key + ".npy"), content.getvalue(), archive.compression)
    write(name, buffer.getvalue())


def keep_logits(name, model):
    with torch.no_grad():
        out = model(photo())
        parity[name] = [float(v) for v in (out.logits if hasattr(out, "logits") else out)[0]]


class Wrapper(nn.Module):
    """A model as people write it around a backbone."""

    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)


def dictionaries():
    model = resnet()
    state = packed(model.state_dict())
    # The same tensors in another dict, which makes smaller files.
    average = collections.OrderedDict(state)
    floats = {k: v for k, v in state.items() if v.is_floating_point()}
    keep_logits("state_dict.pth", model)
    write_torch("state_dict.pth", state)
    write_torch("state_dict_legacy.pth", floats, _use_new_zipfile_serialization=False)
    write_torch("protocol4.pth", state, pickle_protocol=4)
    write_torch("parameters.pth", collections.OrderedDict((k, nn.Parameter(v)) if v.is_floating_point() else (k, v) for k, v in state.items()))
    write_torch("half.pth", packed({k: v.half() if v.is_floating_point() else v for k, v in state.items()}))
    write_torch("double.pth", packed({k: v.double() if v.is_floating_point() else v for k, v in state.items()}))
    write("state_dict.safetensors", save({k: v.clone() for k, v in state.items()}))
    write("bfloat16.safetensors", save({k: v.bfloat16() if v.is_floating_point() else v for k, v in state.items()}))
    write_torch("headless.pth", {k: v for k, v in state.items() if not k.startswith("fc.")})
    write_torch("other_head.pth", packed(resnet(classes=10).state_dict()))
    write_torch("no_counts.pth", {k: v for k, v in state.items() if not k.endswith("num_batches_tracked")})
    write_torch("channels_last.pth", {k: v.contiguous(memory_format=torch.channels_last) if v.dim() == 4 else v for k, v in state.items()})
    write_torch("extra.pth", packed({**state, "projector.0.weight": torch.ones(4, 4), "projector.0.bias": torch.zeros(4)}))
    optimizer = torch.optim.AdamW([nn.Parameter(torch.ones(3))])
    optimizer.param_groups[0]["params"][0].grad = torch.ones(3)
    optimizer.step()
    steps = optimizer.state_dict()
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3).state_dict()
    write_torch("state_dict_key.pth.tar", {"epoch": 3, "arch": "resnet18", "state_dict": state, "best_acc1": torch.tensor(0.5), "optimizer": steps, "scheduler": schedule})
    write_torch("model_key.pth", {"model": state, "optimizer": steps, "lr_scheduler": schedule, "scaler": {"scale": 1.0}})
    write_torch("model_state_dict.pth", {"model_state_dict": state, "optimizer_state_dict": steps, "loss": torch.tensor(0.1)})
    for key in ("net", "network", "my_best_weights"):
        write_torch(f"{key}_key.pth", {key: state, "epoch": 3, "rng": torch.get_rng_state()[:8].clone()})
    write_torch("generator.pth", {"generator": state, "discriminator": average, "optim_g": steps, "optim_d": steps})
    write_torch("student_teacher.pth", {"student": average, "teacher": state, "optimizer": steps, "dino_loss": {"center": torch.zeros(3)}})
    write_torch("model_ema.pth", {"model": average, "model_ema": state})
    write_torch("ema_module.pth", {"model": average, "ema": {"module": state, "decay": 0.999}})
    write_torch("nested.pth", {"state": {"model": state, "optimizer": steps}})
    write_torch("stray_tensors.pth", {"net": state, "mean": torch.zeros(3), "std": torch.ones(3), "normalization": {"mean": torch.zeros(3)}})
    write_torch("two_dicts.pth", {"first": state, "second": average})
    write_torch("optimizer_only.pth", {"optimizer": steps, "epoch": 3})
    write_torch("optimizer.pth", steps)
    write_torch("no_tensors.pth", {"epoch": 3, "name": "x"})
    write_torch("list.pth", list(state.values())[:3])
    write_torch("tensor.pth", torch.ones(3))
    return state, average


def prefixes(state, average):
    write_torch("lightning.ckpt", {"epoch": 1, "pytorch-lightning_version": "2.4.0", "state_dict": under("model.", state), "optimizer_states": [], "lr_schedulers": [], "callbacks": {}, "hyper_parameters": {"lr": 0.1}})
    write_torch("lightning_net.ckpt", {"state_dict": {**under("net.", state), "criterion.weight": torch.ones(CLASSES)}})
    write_torch("data_parallel.pth", packed(nn.DataParallel(resnet()).state_dict()))
    compiled = torch.compile(resnet())
    write_torch("compiled.pth", packed(compiled.state_dict()))
    write_torch("compiled_parallel.pth", packed(nn.DataParallel(compiled).state_dict()))
    write_torch("compiled_backbone.pth", packed(Wrapper(backbone=compiled, classifier=nn.Linear(4, 5)).state_dict()))
    layers = resnet()
    layers.layer1 = torch.compile(layers.layer1)
    layers.layer2 = torch.compile(layers.layer2)
    write_torch("compiled_layers.pth", packed(layers.state_dict()))
    body = {k: v for k, v in state.items() if not k.startswith("fc.")}
    write("backbone.safetensors", save({k: v.clone() for k, v in {**under("backbone.", body), "classifier.1.weight": torch.ones(5, 4)}.items()}))
    write_torch("encoder.pth", packed(Wrapper(encoder=resnet(), decoder=nn.Linear(4, 30)).state_dict()))
    write_torch("module_model.pth", under("module.model.", state))
    write_torch("detection.pth", {"model": {**under("backbone.body.", body), "rpn.head.conv.weight": torch.ones(2, 2, 3, 3), "roi_heads.box_head.fc6.weight": torch.ones(4, 4)}})
    write_torch("deep_prefix.pth", {"state_dict": under("model.backbone.body.", body)})
    write_torch("teacher_prefix.pth", {"state_dict": {**under("student.backbone.", average), **under("teacher.backbone.", state)}})
    write_torch("ema_prefix.ckpt", {"state_dict": {**under("model.", average), **under("ema.module.", state)}})
    write_torch("two_prefixes.pth", {**under("left.", state), **under("right.", average)})
    averaged = torch.optim.swa_utils.AveragedModel(resnet())
    write_torch("averaged.pth", packed(averaged.state_dict()))
    write_torch("simclr.pth", {"state_dict": {**under("module.encoder_q.", body), "module.encoder_q.fc.0.weight": torch.ones(8, 8), "module.queue": torch.ones(8, 4)}})
    children = nn.Sequential(*list(resnet().children()))
    write_torch("sequential.pth", packed(children.state_dict()))
    write_torch("sequential_headless.pth", packed(nn.Sequential(*list(resnet().children())[:-1]).state_dict()))
    features = Wrapper(features=nn.Sequential(*list(resnet().children())[:-2]), classifier=nn.Linear(4, 5))
    write_torch("sequential_features.pth", packed(features.state_dict()))
    write("few.safetensors", save({"backbone.conv1.weight": state["conv1.weight"].clone()}))
    write_torch("learned_only.pth", {k: v for k, v in state.items() if "running" not in k and "num_batches" not in k})


def microsoft(state):
    """Swin's names at its authors', which timm's checkpoint_filter_fn reads."""
    out = {}
    for key, value in state.items():
        if ".downsample." in key:
            stage = int(key.split(".")[1])
            key = key.replace(f"layers.{stage}.", f"layers.{stage - 1}.")
        out[key.replace("head.fc.", "head.")] = value
    out["layers.0.blocks.1.attn_mask"] = torch.zeros(4, 16, 16)
    out["layers.0.blocks.0.attn.relative_position_index"] = torch.zeros(16, 16, dtype=torch.int64)
    return out


def jax_arrays(model, seed, big_vision=False):
    """Random numbers under the names and shapes of the original release."""
    random = np.random.default_rng(seed)
    width, heads = model.embed_dim, model.blocks[0].attn.num_heads

    def draw(*shape):
        return (random.standard_normal(shape) * 0.2).astype(np.float32)

    kernel = model.patch_embed.proj.weight
    arrays = {
        "embedding/kernel": draw(kernel.shape[2], kernel.shape[3], kernel.shape[1], width),
        "embedding/bias": draw(width),
        "cls": draw(1, 1, width),
        "pos_embedding" if big_vision else "Transformer/posembed_input/pos_embedding": draw(*model.pos_embed.shape),
        "Transformer/encoder_norm/scale": draw(width),
        "Transformer/encoder_norm/bias": draw(width),
        "head/kernel": draw(width, CLASSES),
        "head/bias": draw(CLASSES),
        "pre_logits/kernel": draw(width, width),
        "pre_logits/bias": draw(width),
    }
    attention, second, mlp = (0, 1, 0) if big_vision else (1, 2, 3)
    for i in range(len(model.blocks)):
        block = f"Transformer/encoderblock_{i}/"
        for norm in (0, second):
            arrays[block + f"LayerNorm_{norm}/scale"] = draw(width)
            arrays[block + f"LayerNorm_{norm}/bias"] = draw(width)
        for part in ("query", "key", "value"):
            arrays[block + f"MultiHeadDotProductAttention_{attention}/{part}/kernel"] = draw(width, heads, width // heads)
            arrays[block + f"MultiHeadDotProductAttention_{attention}/{part}/bias"] = draw(heads, width // heads)
        arrays[block + f"MultiHeadDotProductAttention_{attention}/out/kernel"] = draw(heads, width // heads, width)
        arrays[block + f"MultiHeadDotProductAttention_{attention}/out/bias"] = draw(width)
        for layer, (inner, outer) in enumerate(((width, 4 * width), (4 * width, width))):
            arrays[block + f"MlpBlock_{mlp}/Dense_{layer}/kernel"] = draw(inner, outer)
            arrays[block + f"MlpBlock_{mlp}/Dense_{layer}/bias"] = draw(outer)
    if hasattr(model.patch_embed, "backbone"):
        def convolution(name, weight):
            arrays[name] = draw(weight.shape[2], weight.shape[3], weight.shape[1], weight.shape[0])

        def norm(name, channels):
            arrays[name + "/scale"], arrays[name + "/bias"] = draw(1, 1, 1, channels), draw(1, 1, 1, channels)

        backbone = model.patch_embed.backbone
        convolution("conv_root/kernel", backbone.stem.conv.weight)
        norm("gn_root", len(backbone.stem.norm.weight))
        for i, stage in enumerate(backbone.stages):
            for j, block in enumerate(stage.blocks):
                unit = f"block{i + 1}/unit{j + 1}/"
                for r in (1, 2, 3):
                    convolution(unit + f"conv{r}/kernel", getattr(block, f"conv{r}").weight)
                    norm(unit + f"gn{r}", len(getattr(block, f"norm{r}").weight))
                if block.downsample is not None:
                    convolution(unit + "conv_proj/kernel", block.downsample.conv.weight)
                    norm(unit + "gn_proj", len(block.downsample.norm.weight))
    return arrays


def hybrid():
    """A ViT whose patches are the pixels of a small ResNet (timm's hybrid)."""
    from timm.layers import GroupNormAct, StdConv2dSame
    from timm.models.resnetv2 import ResNetV2
    from timm.models.vision_transformer_hybrid import HybridEmbed
    backbone = ResNetV2(layers=(1, 2), channels=(8, 16), stem_chs=4, num_classes=0, global_pool="", preact=False, stem_type="same",
                        norm_layer=functools.partial(GroupNormAct, num_groups=2), conv_layer=functools.partial(StdConv2dSame, eps=1e-8))
    return VisionTransformer(img_size=SIZE, patch_size=1, embed_dim=8, depth=1, num_heads=2, num_classes=CLASSES,
                             embed_layer=functools.partial(HybridEmbed, backbone=backbone)).eval()


def layouts():
    vit = tv_vit()
    keep_logits("torchvision_vit.pth", vit)
    state = vit.state_dict()
    write_torch("torchvision_vit.pth", packed(state))
    old = {k.replace(".mlp.0.", ".mlp.linear_1.").replace(".mlp.3.", ".mlp.linear_2."): v for k, v in state.items()}
    keep_logits("torchvision_vit_old.pth", vit)
    write_torch("torchvision_vit_old.pth", packed({**old, "heads.head.weight": state["heads.head.weight"]}))
    swin = tv_swin()
    keep_logits("torchvision_swin.pth", swin)
    write_torch("torchvision_swin.pth", packed(swin.state_dict()))
    efficient = tv_efficientnet()
    keep_logits("torchvision_efficientnet.pth", efficient)
    write_torch("torchvision_efficientnet.pth", packed(efficient.state_dict()))
    write_torch("torchvision_vit_prefix.pth", {"model": packed(under("backbone.", state))})
    swin = timm_swin()
    keep_logits("timm_swin.pth", swin)
    write_torch("timm_swin.pth", packed(swin.state_dict()))
    theirs = microsoft(swin.state_dict())
    read = timm.models.swin_transformer.checkpoint_filter_fn({"model": theirs}, swin)
    assert all(torch.equal(read[k], v) for k, v in swin.state_dict().items())
    keep_logits("microsoft_swin.pth", swin)
    write_torch("microsoft_swin.pth", {"model": packed(theirs)})
    vit = timm_vit()
    keep_logits("timm_vit.pth", vit)
    state = vit.state_dict()
    write_torch("timm_vit.pth", packed(state))
    linear = dict(state)
    linear["patch_embed.proj.weight"] = linear["patch_embed.proj.weight"].flatten(1)
    keep_logits("linear_patches.pth", vit)
    write_torch("linear_patches.pth", packed(linear))
    write_torch("larger_photos.pth", packed(timm_vit(size=48).state_dict()))
    body = {k: v for k, v in state.items() if not k.startswith("head.")}
    write_torch("mae.pth", {"model": packed({**body, "mask_token": torch.zeros(1, 1, 4), "decoder_embed.weight": torch.zeros(4, 8), "decoder_blocks.0.norm1.weight": torch.zeros(4)})})
    body = packed(body)
    write_torch("dino.pth", {"student": under("module.backbone.", body), "teacher": {**under("backbone.", body), "head.mlp.0.weight": torch.zeros(4, 8)}, "epoch": 3})
    write_torch("distilled.pth", packed({**state, "dist_token": torch.zeros(1, 1, 8)}))
    write_torch("beit.pth", {"model": packed({**body, "blocks.0.gamma_1": torch.ones(8), "blocks.0.attn.q_bias": torch.ones(8)})})
    write_torch("layer_scale.pth", packed(timm_vit(init_values=1e-5).state_dict()))
    write_torch("register_tokens.pth", packed(timm_vit(reg_tokens=2).state_dict()))
    write_torch("clip.pth", {"visual.transformer.resblocks.0.attn.in_proj_weight": torch.ones(6, 2), "logit_scale": torch.ones(1)})
    write_torch("vgg.pth", {f"features.{i}.weight": torch.ones(2, 2, 3, 3) for i in range(4)} | {"classifier.6.weight": torch.ones(2, 2)})
    for name, model, big_vision, prefix in (
            ("jax_vit.npz", timm_vit(), False, ""),
            ("jax_vit_target.npz", timm_vit(depth=1), False, "opt/target/"),
            ("jax_big_vision.npz", timm_vit(depth=1), True, "params/"),
            ("jax_hybrid.npz", hybrid(), False, "")):
        arrays = under(prefix, jax_arrays(model, 5, big_vision))
        write_npz(name, arrays)
        model.load_pretrained(str(FOLDER / name))
        keep_logits(name, model)
        if name in ("jax_vit.npz", "jax_hybrid.npz"):
            write(name.replace(".npz", ".timm.safetensors"), save({k: v.contiguous() for k, v in model.state_dict().items()}))
    write_npz("compressed.npz", {"embedding/kernel": np.zeros((2, 2, 3, 4), np.float32)}, compressed=True)
    write_npz("other_arrays.npz", {"x_train": np.zeros((2, 2), np.float32), "y_train": np.zeros(2, np.int64)})
    names()


def names():
    """The names and sizes of torchvision's real models."""
    out = {}
    with torch.device("meta"):
        for timm_name, model in (
                ("resnet18", models.resnet18()), ("resnet50", models.resnet50()), ("vit_base_patch16_224", models.vit_b_16()),
                ("swin_tiny_patch4_window7_224", models.swin_t()), ("swin_small_patch4_window7_224", models.swin_s()),
                ("swin_base_patch4_window7_224", models.swin_b()),
                *((f"tf_efficientnet_b{i}", getattr(models, f"efficientnet_b{i}")()) for i in range(8))):
            digest = {k: v.numel() for k, v in model.state_dict().items()}
            out[timm_name] = digest
    write("torchvision_names.json.gz", gzip.compress(json.dumps(out, separators=(",", ":")).encode(), mtime=0))


def transformers_forms():
    try:
        from transformers import (ResNetConfig, ResNetForImageClassification, SwinConfig, SwinForImageClassification,
                                  ViTConfig, ViTForImageClassification)
    except ImportError:
        print("transformers is absent: its files and logits are kept")
        return False
    vit = ViTForImageClassification(ViTConfig(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, image_size=SIZE, patch_size=8, num_labels=CLASSES))
    swin = SwinForImageClassification(SwinConfig(image_size=SIZE, patch_size=4, embed_dim=4, depths=[2, 2], num_heads=[1, 2], window_size=4, num_labels=CLASSES))
    small = ResNetForImageClassification(ResNetConfig(embedding_size=2, hidden_sizes=[2, 2, 4, 4], depths=[1, 1, 1, 1], layer_type="basic", num_labels=CLASSES))
    for name, model in (("transformers_vit.pth", vit), ("transformers_swin.pth", swin), ("transformers_resnet.pth", small)):
        randomized(model, 6)
        keep_logits(name, model)
        write_torch(name, packed(model.state_dict()))
    return True


def efficientnet_pytorch_form():
    try:
        import efficientnet_pytorch as peer
    except ImportError:
        print("efficientnet_pytorch is absent: its file and logits are kept")
        return False
    strings = ["r1_k3_s11_e1_i8_o8_se0.25", "r2_k3_s22_e2_i8_o8_se0.25", "r1_k5_s22_e2_i8_o8_se0.25", "r1_k3_s22_e2_i8_o8_se0.25",
               "r1_k5_s11_e2_i8_o8_se0.25", "r1_k5_s11_e2_i8_o8_se0.25", "r1_k3_s11_e2_i8_o8_se0.25"]
    settings = peer.utils.GlobalParams(width_coefficient=0.01, depth_coefficient=1.0, image_size=SIZE, dropout_rate=0, drop_connect_rate=0,
                                       num_classes=CLASSES, batch_norm_momentum=0.99, batch_norm_epsilon=1e-3, depth_divisor=8, min_depth=8, include_top=True)
    model = randomized(peer.EfficientNet(peer.utils.BlockDecoder.decode(strings), settings), 7)
    for block in model._blocks:
        # It has no shortcut at the first block of a stage, which in the real models changes the channels.
        if block._block_args.stride == [1]:
            block._block_args = block._block_args._replace(stride=1)
    keep_logits("efficientnet_pytorch.pth", model)
    write_torch("efficientnet_pytorch.pth", packed(model.state_dict()))
    return True


def shards(state):
    keys = list(state)
    parts = {"00001-of-00002": keys[:30], "00002-of-00002": keys[30:]}
    for folder, name, end in (("sharded", "model", "safetensors"), ("sharded_bin", "pytorch_model", "bin"), ("sharded_missing", "model", "safetensors")):
        index = {"metadata": {"total_size": 1}, "weight_map": {}}
        for number, part in parts.items():
            file = f"{name}-{number}.{end}"
            index["weight_map"].update({key: file for key in part})
            tensors = {key: state[key].clone() for key in part}
            if folder == "sharded_missing" and number.startswith("00002"):
                continue
            if end == "bin":
                write_torch(f"{folder}/{file}", packed(tensors))
            else:
                write(f"{folder}/{file}", save(tensors))
        write(f"{folder}/{name}.{end}.index.json", json.dumps(index).encode())
    write("folder/config.json", b"{}")
    write("folder/model.safetensors", save({k: v.clone() for k, v in state.items()}))
    write("folder_two/a.pth", b"x")
    write("folder_two/b.pth", b"x")
    write("folder_none/README.txt", b"nothing\n")
    write("index_elsewhere.safetensors.index.json", json.dumps({"weight_map": {"a": "../a.safetensors"}}).encode())


def no_weights(state):
    model = resnet()
    model.layer2, model.layer3, model.layer4 = nn.Identity(), nn.Identity(), nn.Identity()
    write_torch("whole_module.pth", model)
    write_torch("whole_module_inside.pth", {"epoch": 1, "model": nn.Sequential(nn.Linear(2, 2))})
    write_torch("whole_module_legacy.pth", nn.Linear(2, 2, bias=False), _use_new_zipfile_serialization=False)
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.trace(nn.Linear(2, 2), torch.ones(1, 2)), buffer)
    write("torchscript.pt", buffer.getvalue())
    write("onnx.onnx", bytes([8, 8, 0x12, 7]) + b"pytorch" + bytes([0x1A, 5]) + b"2.7.1" + bytes([0x3A, 4, 0x0A, 2, 0x22, 0]))
    write("gguf.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 0))
    write("lfs_pointer.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 46807446\n")
    write("web_page.pth", b"\n<!DOCTYPE html><html><title>404</title></html>\n")
    write("xml.pth", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>")
    write("keras.h5", b"\x89HDF\r\n\x1a\n" + bytes(88))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr(zipfile.ZipInfo("config.json"), "{}")
        z.writestr(zipfile.ZipInfo("model.weights.h5"), b"\x89HDF\r\n\x1a\n")
    write("keras.keras", archive.getvalue())
    write("tensorflow.index", bytes(40) + struct.pack("<Q", 0xDB4775248B80FB57))
    write("tensorflow.data-00000-of-00001", np.ones(32, np.float32).tobytes())
    write("saved_model/saved_model.pb", bytes([8, 1, 0x12, 6, 0x0A, 4, 0x12, 2, 0x0A, 0]))
    write("saved_model.pb", bytes([8, 1, 0x12, 6, 0x0A, 4, 0x12, 2, 0x0A, 0]))
    write("paddle.pdparams", pickle.dumps({"conv1.weight": np.ones((2, 2), np.float32), "StructuredToParameterName@@": {"conv1.weight": "conv2d_0.w_0"}}, protocol=4))
    write("pickled_arrays.pkl", pickle.dumps({"conv1.weight": np.ones((2, 2), np.float32)}, protocol=4))
    write("flax.msgpack", b"\x81\xa6params\x81\xa5Conv0\x81\xa6kernel\xc7\x04\x01abcd")
    write("core_ml.mlmodel", bytes([8, 4, 0x12, 6, 0x0A, 4, 0x0A, 2]) + b"ab")
    write("tensorflow_lite.tflite", b"\x1c\x00\x00\x00TFL3" + bytes(32))
    content = io.BytesIO()
    np.save(content, np.ones(3, np.float32))
    write("array.npy", content.getvalue())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("weights/model.pth"), "x" * 200)
    write("zipped.zip", archive.getvalue())
    write("gzipped.pth.gz", gzip.compress(b"x" * 64, mtime=0))
    write("seven.7z", b"7z\xbc\xaf\x27\x1c" + bytes(32))
    write("archive.rar", b"Rar!\x1a\x07\x01\x00" + bytes(16))
    write("archive.tar", bytes(257) + b"ustar\x0000" + bytes(248))
    write("empty.pth", b"")
    write("config.json", b'{"architectures": ["ResNetForImageClassification"]}')
    write("notes.txt", b"these are no weights\n")
    write("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(32))
    write("cut.pth", (FOLDER / "state_dict.pth").read_bytes()[:9000])
    write("cut.safetensors", (FOLDER / "state_dict.safetensors").read_bytes()[:9000])
    quantized = torch.quantize_per_tensor(state["fc.weight"], 0.1, 0, torch.qint8)
    write_torch("quantized.pth", {**state, "fc.weight": quantized})
    write_torch("quantized_channels.pth", {"conv1.weight": torch.quantize_per_channel(torch.ones(2, 3), torch.ones(2), torch.zeros(2), 0, torch.qint8)})
    write_torch("sparse.pth", {"fc.weight": torch.eye(3).to_sparse()})
    write_torch("meta.pth", {"conv1.weight": torch.ones(2, 3, device="meta")})
    write_torch("lora.pth", {"base_model.model.fc.lora_A.default.weight": torch.ones(2, 8), "base_model.model.fc.lora_B.default.weight": torch.ones(18, 2)})
    write("adapter_model.safetensors", save({"base_model.model.blocks.0.attn.qkv.lora_A.weight": torch.ones(2, 8)}))
    write_torch("other_architecture.pth", packed(resnet(blocks=2).state_dict()))
    write_torch("other_architecture_prefix.pth", {"state_dict": under("backbone.", packed(resnet(blocks=2).state_dict()))})
    write_torch("config_object.pth", {"model": state, "config": Settings()})
    for name, dtype, value in (("nan", torch.float32, float("nan")), ("nan_half", torch.float16, float("nan")), ("infinite_bfloat16", torch.bfloat16, float("inf")), ("too_large_double", torch.float64, 1e300)):
        kept = state if name == "nan" else ("layer2.0.conv1.weight", "layer2.0.bn1.running_var")
        bad = {k: state[k].to(dtype).clone() if state[k].is_floating_point() else state[k] for k in kept}
        bad["layer2.0.conv1.weight"].view(-1)[[1, 5]] = value
        bad["layer2.0.bn1.running_var"][0] = value
        write(f"{name}.safetensors", save(bad))


class Settings:
    """Settings of a training script, which a checkpoint names."""

    lr = 0.1


def main():
    global FOLDER
    if len(sys.argv) > 1:
        FOLDER = pathlib.Path(sys.argv[1])
    torch.manual_seed(0)
    known = json.loads((FOLDER / "parity.json").read_text()) if (FOLDER / "parity.json").is_file() else {}
    state, average = dictionaries()
    prefixes(state, average)
    layouts()
    transformers_forms()
    efficientnet_pytorch_form()
    shards(state)
    no_weights(state)
    write("parity.json", json.dumps({**known, **parity}, indent=0, sort_keys=True).encode())
    files = [f for f in FOLDER.rglob("*") if f.is_file()]
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files):,} bytes")


if __name__ == "__main__":
    main()

"""The weights of a timm network, as the programs of the pack hold them."""
from __future__ import annotations

import timm
import timm.layers
import torch
from torch import nn

from archive import Slot

CLASSES = 18
TYPES = {"FloatStorage": torch.float32, "BFloat16Storage": torch.bfloat16, "LongStorage": torch.int64}


def network(backbone: str, size: int, seed: int = 7) -> nn.Module:
    """timm's network with weights of the seed. Norms get values that show whether they are used."""
    torch.manual_seed(seed)
    options = {} if backbone.startswith(("resnet", "tf_efficientnet")) else {"img_size": size}
    made = timm.create_model(backbone, num_classes=CLASSES, drop_rate=0.0, drop_path_rate=0.0, **options)
    with torch.no_grad():
        for name, tensor in made.state_dict().items():
            if name.endswith("running_var"):
                tensor.uniform_(0.8, 1.2)
            elif name.endswith("running_mean"):
                tensor.normal_(0, 0.1)
            elif name.endswith("relative_position_bias_table"):
                tensor.normal_(0, 0.5)
            elif tensor.dim() == 1 and tensor.is_floating_point():
                tensor.add_(0.1 * torch.randn_like(tensor))
    return made


def norms_of_convolutions(made: nn.Module, size: int) -> dict[str, str]:
    """The batch norm that takes the output of each convolution, by running the network once."""
    if not any(isinstance(module, nn.BatchNorm2d) for module in made.modules()):
        return {}
    outputs: dict[int, tuple[str, torch.Tensor]] = {}
    found: dict[str, str] = {}
    hooks = []
    for name, module in made.named_modules():
        if isinstance(module, nn.Conv2d):
            # The tensor is kept, so that no later one gets its identity.
            hooks.append(module.register_forward_hook(
                lambda _m, _i, out, name=name: outputs.__setitem__(id(out), (name, out))))
        elif isinstance(module, nn.BatchNorm2d):
            hooks.append(module.register_forward_pre_hook(
                lambda _m, ins, name=name: found.__setitem__(outputs[id(ins[0])][0], name) if id(ins[0]) in outputs else None))
    training = made.training
    with torch.no_grad():
        made.eval()(torch.zeros(1, 3, size, size))
    made.train(training)
    for hook in hooks:
        hook.remove()
    return found


def deployed(made: nn.Module, size: int) -> dict[str, torch.Tensor]:
    """The weights after the passes of an export: norms, standardised kernels and scales are folded in."""
    state = {name: tensor.detach().clone() for name, tensor in made.state_dict().items()}
    modules = dict(made.named_modules())
    for name, module in modules.items():
        if isinstance(module, (timm.layers.StdConv2d, timm.layers.StdConv2dSame)):
            flat = module.weight.detach().double().flatten(1)
            flat = (flat - flat.mean(1, keepdim=True)) / (flat.var(1, keepdim=True, unbiased=False) + module.eps).sqrt()
            state[f"{name}.weight"] = flat.reshape(module.weight.shape).float()
        if name.split(".")[-1] == "attn":
            rows = module.qkv.weight.shape[0] // 3
            state[f"{name}.qkv.weight"][:rows] *= module.scale
            if f"{name}.qkv.bias" in state:
                state[f"{name}.qkv.bias"][:rows] *= module.scale
    for convolution, norm in norms_of_convolutions(made, size).items():
        batch_norm = modules[norm]
        factor = batch_norm.weight.double() / (batch_norm.running_var.double() + batch_norm.eps).sqrt()
        weight = state[f"{convolution}.weight"].double()
        bias = state.get(f"{convolution}.bias", torch.zeros(len(factor))).double()
        state[f"{convolution}.weight"] = (weight * factor.view(-1, 1, 1, 1)).detach().float()
        shift = batch_norm.bias.double() + (bias - batch_norm.running_mean.double()) * factor
        state[f"{convolution}.bias"] = shift.detach().float()
    return state


def memory(tensor: torch.Tensor, slot: Slot) -> bytes:
    """The bytes of a tensor as a program lays it out."""
    if tuple(tensor.shape) != slot.size:
        raise ValueError(f"timm's tensor has shape {tuple(tensor.shape)}, the program's {slot.size}")
    flat = torch.empty(slot.numbers, dtype=TYPES[slot.kind])
    flat.as_strided(slot.size, slot.stride).copy_(tensor.detach())
    return flat.view(torch.uint8).numpy().tobytes()


class Filling:
    """Gives a program the weights of timm's network by their names."""

    def __init__(self, made: nn.Module, size: int, is_deployed: bool) -> None:
        self.modules = dict(made.named_modules())
        self.state = deployed(made, size) if is_deployed else made.state_dict()

    def __call__(self, name: str, slot: Slot, own: bytes | None) -> bytes | None:
        if name.endswith(".window_bias"):
                return memory(self._window_bias(name.removesuffix(".window_bias"), slot, own), slot)
        if name not in self.state:
            return None
        tensor = self.state[name]
        if tensor.dim() == 4 and slot.size[2] == tensor.shape[2] + 1:
            # "Same" padding of an even size is inside the kernel: zeros above and to the left.
            tensor = nn.functional.pad(tensor, (1, 0, 1, 0))
        return memory(tensor, slot)

    def _window_bias(self, path: str, slot: Slot, own: bytes | None) -> torch.Tensor:
        """The bias of each pair of pixels; the pack has the mask of shifted windows."""
        attention = self.modules[path]
        area = slot.size[-1]
        table = attention.relative_position_bias_table.detach()
        bias = table[attention.relative_position_index.view(-1)].view(area, area, -1).permute(2, 0, 1)
        all_windows = bias.repeat(slot.size[1] // len(bias), 1, 1).unsqueeze(0)
        if own is None:
            return all_windows
        mask = torch.frombuffer(bytearray(own), dtype=TYPES[slot.kind]).reshape(slot.size)
        return all_windows + mask.float()

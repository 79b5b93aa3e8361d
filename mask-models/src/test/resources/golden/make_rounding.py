"""Adds to each reference of make_golden.py how far PyTorch's own float32 is from float64: at each probed layer, and in the
norm of each gradient.

Kernels of other instructions round differently. EfficientNet-B4 with these weights makes a difference 20 times larger in
blocks.5, and gradients depend on the sign of features near zero. The error is the most over the kinds of processors below,
which one machine with AVX-512 plays. Norms keep the larger of this and make_golden.py's.
Needs: torch==2.7.1 timm==1.0.31 numpy, Linux on x86-64.   Usage: python make_probe_rounding.py FILE.json ...
"""
import json, os, subprocess, sys
import torch, make_golden as golden

KINDS = [{}, {"ATEN_CPU_CAPABILITY": "default"}, {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "AVX2"},
         {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}, {"ATEN_CPU_CAPABILITY": "avx512", "ONEDNN_MAX_CPU_ISA": "AVX512_CORE"}]

def errors(file):
    """The error of each probe, as GoldenCase computes it: mean and values over the deviation, the deviation over itself."""
    with open(file) as f: case = json.load(f)
    name, seed = case["model"], case["seed"]
    x = torch.from_numpy(golden.tensor("input", case["input"], seed).copy())
    m = golden.build(name, case["input"][2], seed).eval()
    out = {}
    for key in case["probes"]:
        m.get_submodule(key).register_forward_hook(lambda _m, _i, o, key=key: out.__setitem__(key, golden.probe(o)))
    with torch.no_grad(): m(x)
    def error(key, expected):
        std, got = expected["std"], out[key]
        return max([abs(got["std"] - std) / std, abs(got["mean"] - expected["mean"]) / std]
                   + [abs(a - b) / std for a, b in zip(got["first"], expected["first"])])
    norms = golden.train(name, case["input"][2], seed, x, torch.float32)[1]
    exact = case["train"]["grad_norm_float64"]
    return {"probes": {key: error(key, expected) for key, expected in case["probes"].items()},
            "norms": {key: abs(norms[key] - exact[key]) for key in exact}}

def main():
    if sys.argv[1] == "--errors": return print(json.dumps(errors(sys.argv[2])))
    for file in sys.argv[1:]:
        runs = [json.loads(subprocess.run([sys.executable, __file__, "--errors", file], env={**os.environ, **kind}, check=True,
                                          capture_output=True, text=True).stdout) for kind in KINDS]
        with open(file) as f: case = json.load(f)
        for key, probe in case["probes"].items(): probe["rounding"] = float("%.2g" % max(run["probes"][key] for run in runs))
        rounding = case["train"]["grad_norm_rounding"]
        for key in rounding: rounding[key] = max(rounding[key], *(run["norms"][key] for run in runs))
        with open(file, "w") as f: json.dump(case, f, indent=1)
        print(file, {key: probe["rounding"] for key, probe in case["probes"].items()}, flush=True)

if __name__ == "__main__": main()

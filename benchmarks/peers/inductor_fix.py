"""Lets torch.compile of PyTorch 2.7 compile training steps for the processor.

Its C++ code declares the array of partial sums twice under one name, once for the threads and once for a loop's tail
(github.com/pytorch/pytorch/issues/152172), and the compiler refuses it. Here the threads' array gets a name of its own;
nothing else about the peer changes.
"""
from __future__ import annotations

import re
from unittest import mock

import torch
from torch._inductor.codegen import cpp

OF_THREADS = re.compile(r"\b(\w+)(?<!_threads)_arr\[tid\]")


def apply() -> None:
    """Renames the array in all kernels generated from now on; does nothing in other versions of PyTorch."""
    if not torch.__version__.startswith("2.7."):
        return
    generate, declare = cpp.CppKernel._gen_parallel_reduction_buffers, cpp.reduction_prefix_array

    def with_own_name(self: cpp.CppKernel, *arguments: object, **named: object) -> None:
        with mock.patch.object(cpp, "reduction_prefix_array", lambda name, *rest: declare(f"{name}_threads", *rest)):
            generate(self, *arguments, **named)
        for buffer in (self.local_reduction_stores, self.parallel_reduction_suffix):
            buffer._lines = [OF_THREADS.sub(r"\1_threads_arr[tid]", line) if isinstance(line, str) else line
                             for line in buffer._lines]

    cpp.CppKernel._gen_parallel_reduction_buffers = with_own_name

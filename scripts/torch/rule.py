"""Weights of networks by the rule of tests/reference/models.json, as tests/reference/rule.ts draws them."""

import math

import torch


def drawn(k, name, shape, salt=0):
    """Returns the values of the k-th tensor of a state dict, of float64."""
    size = math.prod(shape)
    h = (torch.arange(size, dtype=torch.int64) + k * 0x9E3779B9 + salt) & 0xFFFFFFFF
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & 0xFFFFFFFF
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & 0xFFFFFFFF
    h ^= h >> 16
    u = h.double() / 2**32
    if len(shape) >= 2:
        return ((2 * u - 1) * math.sqrt(6 / (size / shape[0]))).view(shape)
    return (1 if name.endswith(("weight", "running_var")) else 0) + 0.2 * (u - 0.5)

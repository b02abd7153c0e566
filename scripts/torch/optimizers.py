"""
Writes tests/reference/optim_options.json: results of every optimizer and scheduler, with its defaults and
with each option alone.

    python scripts/torch/optimizers.py     with torch installed
"""

import json
import pathlib
import re

import torch
from row import Each, Function, With, data_of, numbers, written
from torch import optim

PAGE = pathlib.Path(__file__).parents[2] / "tests" / "reference" / "optim_options.json"
# Muon accepts only matrices; one is wide, and one tall.
SHAPES = [(2, 4), (3, 2)]
STEPS = 10


def camel(name):
    return re.sub(r"_(\w)", lambda m: m[1].upper(), re.sub(r"^T_", "t_", name))


def named(options):
    """Options in the library's spelling, including names among their values."""
    return {camel(k): camel(v) if isinstance(v, str) else written(v) for k, v in options.items()}


def real(value):
    if isinstance(value, Function):
        return value.call
    return [real(v) for v in value] if isinstance(value, list) else value


def variants(options, base):
    """No option, and then each alone: pairs of its name and all options."""
    yield None, base
    for option, values in options.items():
        for value in values if isinstance(values, Each) else [values]:
            value = value if isinstance(value, With) else With(value)
            yield option, {**base, option: value.value, **value.others}


def valley(parameters):
    """Objective function for LBFGS."""
    flat = torch.cat([p.flatten() for p in parameters])
    return (flat.square() / 2 + (3 * flat).sin() + (flat * 2).cos()).sum() + flat.sum().square() / 10


def run(name, option, options):
    parameters = [numbers(shape, 5 + i).requires_grad_() for i, shape in enumerate(SHAPES)]
    optimizer = getattr(optim, name)(parameters, **options)
    losses = []
    for step in range(STEPS):
        if name == "LBFGS":
            def closure():
                optimizer.zero_grad()
                loss = valley(parameters)
                loss.backward()
                return loss
            losses.append(float(f"{optimizer.step(closure).item():.9g}"))
        else:
            for i, p in enumerate(parameters):
                p.grad = numbers(SHAPES[i], 30 + 3 * step + i)
            optimizer.step()
    row = {"optimizer": name, "option": option and camel(option), "options": named(options)}
    row["parameters"] = [data_of(p) for p in parameters]
    if losses:
        return {**row, "losses": losses}
    row["state"] = [
        {camel(k): data_of(torch.as_tensor(v)) for k, v in optimizer.state[p].items() if v is not None} for p in parameters
    ]
    return row


DECAY = {"weight_decay": 0.3}
COMMON = {"weight_decay": 0.3, "maximize": True}
OPTIMIZERS = {
    "SGD": {"lr": 0.1, "momentum": 0.8, "dampening": With(0.4, momentum=0.8), "nesterov": With(True, momentum=0.8), **COMMON},
    "Adam": {"lr": 0.1, "betas": [0.7, 0.9], "eps": 0.3, "amsgrad": True, **COMMON},
    "AdamW": {"lr": 0.1, "betas": [0.7, 0.9], "eps": 0.3, "amsgrad": True, **COMMON},
    "Adagrad": {"lr": 0.1, "lr_decay": 0.3, "initial_accumulator_value": 0.5, "eps": 0.3, **COMMON},
    "Adadelta": {"lr": 0.5, "rho": 0.6, "eps": 0.1, **COMMON},
    "Adamax": {"lr": 0.1, "betas": [0.7, 0.9], "eps": 0.3, **COMMON},
    "NAdam": {"lr": 0.1, "betas": [0.7, 0.9], "eps": 0.3, "momentum_decay": 0.2,
              "decoupled_weight_decay": With(True, **DECAY), **COMMON},
    "RAdam": {"lr": 0.1, "betas": [0.7, 0.9], "eps": 0.3, "decoupled_weight_decay": With(True, **DECAY), **COMMON},
    "RMSprop": {"lr": 0.1, "alpha": 0.7, "eps": 0.3, "momentum": 0.8, "centered": True, **COMMON},
    "Rprop": {"lr": 0.1, "etas": [0.3, 1.7], "step_sizes": [0.005, 0.02], "maximize": True},
    "ASGD": {"lr": 0.1, "lambd": 0.3, "alpha": 0.4, "t0": 4, **COMMON},
    "Muon": {"lr": 0.1, "weight_decay": 0.6, "momentum": 0.5, "nesterov": False, "ns_coefficients": [2.0, -1.5, 0.5],
             "eps": 1.0, "ns_steps": 2, "adjust_lr_fn": Each("match_rms_adamw", "original")},
    "LBFGS": {"lr": 0.3, "max_iter": 2, "max_eval": 3, "tolerance_grad": 1.0, "tolerance_change": 0.1,
              "history_size": 1, "line_search_fn": "strong_wolfe"},
}

RATES, EPOCHS = [0.1, 0.05], 13
METRICS = [1.0, 0.9, 0.9, 0.905, 0.8999, 0.9, 0.95, 0.7, 0.7, 0.69, 0.69, 0.69, 0.69]
HALVING = Function("halving", lambda n: 0.5 ** n)
GROWING = Function("growing", lambda n: 1 + n / 10)
FAST = {"step_size_up": 4}
SCHEDULERS = {
    "StepLR": ({"step_size": 3}, {"gamma": 0.3, "step_size": 4}),
    "MultiStepLR": ({"milestones": [2, 5, 5]}, {"gamma": 0.3, "milestones": [1, 4]}),
    "ConstantLR": ({}, {"factor": 0.7, "total_iters": 3}),
    "LinearLR": ({}, {"start_factor": 0.6, "end_factor": 0.2, "total_iters": 8}),
    "ExponentialLR": ({"gamma": 0.8}, {"gamma": 1.1}),
    "PolynomialLR": ({}, {"total_iters": 9, "power": 2.0}),
    "CosineAnnealingLR": ({"T_max": 5}, {"T_max": 7, "eta_min": 0.02}),
    "CosineAnnealingWarmRestarts": ({"T_0": 3}, {"T_0": 4, "T_mult": 2, "eta_min": 0.02}),
    "CyclicLR": ({"base_lr": 0.01, "max_lr": 0.3}, {
        "base_lr": With([0.02, 0.03], **FAST), "max_lr": With([0.2, 0.4], **FAST), "step_size_up": 4,
        "step_size_down": With(3, **FAST), "mode": Each(With("triangular2", step_size_up=2), With("exp_range", **FAST)),
        "gamma": With(0.8, mode="exp_range", **FAST), "scale_fn": With(HALVING, step_size_up=2),
        "scale_mode": With("iterations", scale_fn=HALVING, **FAST), "cycle_momentum": With(False, **FAST),
        "base_momentum": With(0.5, **FAST), "max_momentum": With([0.95, 0.99], **FAST)}),
    "OneCycleLR": ({"max_lr": 0.4, "total_steps": 15}, {
        "max_lr": [0.4, 0.6], "total_steps": 14, "epochs": With(5, total_steps=None, steps_per_epoch=3),
        "steps_per_epoch": With(4, total_steps=None, epochs=4), "pct_start": 0.6, "anneal_strategy": "linear",
        "cycle_momentum": False, "base_momentum": 0.5, "max_momentum": [0.97, 0.99], "div_factor": 5.0,
        "final_div_factor": 3.0, "three_phase": True}),
    "LambdaLR": ({"lr_lambda": GROWING}, {"lr_lambda": [GROWING, HALVING]}),
    "MultiplicativeLR": ({"lr_lambda": GROWING}, {"lr_lambda": [GROWING, HALVING]}),
    "SWALR": ({"swa_lr": 0.02}, {"swa_lr": [0.02, 0.3], "anneal_epochs": 4, "anneal_strategy": "linear"}),
    "ReduceLROnPlateau": ({}, {
        "mode": With("max", patience=1), "factor": With(0.5, patience=1), "patience": 2, "threshold": With(0.1, patience=1),
        "threshold_mode": With("abs", patience=1, threshold=0.1), "cooldown": With(3, patience=0),
        "min_lr": Each(With(0.03, patience=0), With([0.04, 0.01], patience=0)), "eps": With(0.02, patience=0, factor=0.7)}),
}


def schedule(name, option, options):
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in RATES]
    optimizer = optim.SGD(groups, lr=0.1, momentum=0.9)
    scheduler = getattr(optim.lr_scheduler if name != "SWALR" else optim.swa_utils, name)(
        optimizer, **{k: real(v) for k, v in options.items()})
    rates, momenta = [], []
    for epoch in range(EPOCHS):
        rates.append([float(f"{group['lr']:.10g}") for group in optimizer.param_groups])
        momenta.append([float(f"{group['momentum']:.10g}") for group in optimizer.param_groups])
        optimizer.step()
        scheduler.step(*([METRICS[epoch]] if name == "ReduceLROnPlateau" else []))
    return {"scheduler": name, "option": option and camel(option), "options": named({
        k: v for k, v in options.items() if v is not None}), "rates": rates, "momenta": momenta}


optimizers = [run(name, *variant) for name, options in OPTIMIZERS.items() for variant in variants(options, {})]
schedulers = [schedule(name, *variant) for name, (base, options) in SCHEDULERS.items() for variant in variants(options, base)]
parts = {"optimizers": optimizers, "schedulers": schedulers}
text = ",\n".join(f'"{k}":[\n' + ",\n".join(json.dumps(r, separators=(",", ":")) for r in v) + "\n]" for k, v in parts.items())
shared = {"torch": torch.__version__, "shapes": SHAPES, "steps": STEPS, "metrics": METRICS, "lrs": RATES}
PAGE.write_text(json.dumps(shared)[:-1] + ",\n" + text + "}\n")
print(f"{len(optimizers)} and {len(schedulers)} rows, {PAGE.stat().st_size} bytes")

/** Replays what PyTorch's optimizers and schedulers did: every entry, on every backend. */
import { assert, assertEquals } from "@std/assert";
import { type Device, Scope, type Tensor, tensor } from "@troodon/core";
import * as optim from "@troodon/optim";
import { DEVICES } from "./reference/devices.ts";
import reference from "./reference/optim.json" with { type: "json" };

type Options = Readonly<Record<string, unknown>>;

const OPTIMIZERS: Readonly<Record<string, (params: Tensor[], options: Options) => optim.Optimizer>> = {
  SGD: (params, options) => new optim.SGD(params, options),
  Adam: (params, options) => new optim.Adam(params, options),
  AdamW: (params, options) => new optim.AdamW(params, options),
  RMSprop: (params, options) => new optim.RMSprop(params, options),
  Adagrad: (params, options) => new optim.Adagrad(params, options),
  Adadelta: (params, options) => new optim.Adadelta(params, options),
  Adamax: (params, options) => new optim.Adamax(params, options),
  NAdam: (params, options) => new optim.NAdam(params, options),
  RAdam: (params, options) => new optim.RAdam(params, options),
  Rprop: (params, options) => new optim.Rprop(params, options),
  ASGD: (params, options) => new optim.ASGD(params, options),
};

type MakeScheduler = (optimizer: optim.SGD, options: never) => optim.LRScheduler;

const SCHEDULERS: Readonly<Record<string, MakeScheduler>> = {
  StepLR: (optimizer, options) => new optim.StepLR(optimizer, options),
  MultiStepLR: (optimizer, options) => new optim.MultiStepLR(optimizer, options),
  ExponentialLR: (optimizer, options) => new optim.ExponentialLR(optimizer, options),
  CosineAnnealingLR: (optimizer, options) => new optim.CosineAnnealingLR(optimizer, options),
  CosineAnnealingWarmRestarts: (optimizer, options) =>
    new optim.CosineAnnealingWarmRestarts(optimizer, options),
  LinearLR: (optimizer, options) => new optim.LinearLR(optimizer, options),
  ConstantLR: (optimizer, options) => new optim.ConstantLR(optimizer, options),
  PolynomialLR: (optimizer, options) => new optim.PolynomialLR(optimizer, options),
  OneCycleLR: (optimizer, options) => new optim.OneCycleLR(optimizer, options),
  CyclicLR: (optimizer, options) => new optim.CyclicLR(optimizer, options),
  SequentialLR: (optimizer, { schedulers, milestones }: {
    readonly schedulers: readonly Readonly<Record<string, Options>>[];
    readonly milestones: readonly number[];
  }) => {
    const parts = schedulers.flatMap((part) =>
      Object.entries(part).map(([name, options]) =>
        SCHEDULERS[name]!(optimizer, inCamelCase(options) as never)
      )
    );
    return new optim.SequentialLR(parts, { milestones });
  },
};

/** `weight_decay` as `weightDecay`, `T_max` as `tMax`, and "strong_wolfe" as "strongWolfe". */
function inCamelCase(options: Options): Options {
  const camel = (name: string): string =>
    name.replace(/^T_/, "t_").replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const renamed = Object.entries(options).map(([name, value]) =>
    [camel(name), typeof value === "string" ? camel(value) : value] as const
  );
  return Object.fromEntries(renamed);
}

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

function assertClose(actual: Tensor, expected: Values, what: string): void {
  assertEquals(actual.shape, expected.shape);
  actual.dataSync().forEach((value, i) => {
    const wanted = expected.data[i]!;
    const bound = 1e-6 * Math.max(1, Math.abs(wanted));
    assert(Math.abs(value - wanted) <= bound, `${what}, element ${i}: ${value} instead of ${wanted}`);
  });
}

/** Every second column of a larger tensor: the values of `t`, not contiguous. */
function spread(t: Tensor): Tensor {
  const wide = tensor(new Float64Array(t.numel() * 2), { device: t.device });
  const strides = t.strides.map((s) => 2 * s);
  const view = wide.apply({
    kind: "view",
    name: "spread",
    infer: () => [t],
    view: () => ({ shape: t.shape, strides, offset: 1 }),
  }, {});
  view.copy_(t);
  return view;
}

function placed(device: Device, { shape, data }: Values): Tensor {
  return tensor(Float64Array.from(data), { device }).reshape(shape);
}

for (const device of DEVICES) {
  for (const { optimizer: name, options, ...run } of reference.optimizers) {
    const { gradients } = run;
    // LBFGS calls a closure, below.
    if (gradients === undefined) continue;
    Deno.test(`${name}(${JSON.stringify(options)}) on ${device.name} goes where PyTorch's goes`, () => {
      using _ = new Scope();
      const trajectory = run.parameters_after_each_step as unknown as Values[][];
      for (const layout of [(t: Tensor) => t, spread]) {
        const parameters = run.initial.map((values) => layout(placed(device, values)));
        const optimizer = OPTIMIZERS[name]!(parameters, inCamelCase(options));
        gradients.forEach((step, t) => {
          parameters.forEach((p, i) => p.grad = placed(device, step[i]!));
          optimizer.step();
          parameters.forEach((p, i) => assertClose(p, trajectory[t]![i]!, `step ${t}, parameter ${i}`));
        });
        optimizer.dispose();
      }
    });
  }

  for (const { optimizer: name, options, objective, q, y, ...run } of reference.optimizers) {
    if (q === undefined || y === undefined) continue;
    Deno.test(`${name}(${JSON.stringify(options)}) on ${device.name} goes where PyTorch's goes`, () => {
      using _ = new Scope();
      assertEquals([name, objective], ["LBFGS", "mean((sin(q @ w) - y)^2) + 0.01 * sum(w^2)"]);
      const [inputs, targets] = [placed(device, q), placed(device, y)];
      const w = placed(device, run.initial[0]!).requiresGrad_();
      const optimizer = new optim.LBFGS([w], inCamelCase(options));
      const trajectory = run.parameters_after_each_step as unknown as Values[][];
      const losses = run.loss_returned_by_each_step!;
      // Of LBFGS the parameters after the last step are recorded.
      assertEquals(trajectory.length, 1);
      losses.forEach((expected, t) => {
        const loss = optimizer.step(() => {
          optimizer.zeroGrad();
          const error = inputs.mv(w).sin().sub(targets);
          const loss = error.square().mean().add(w.square().sum().mul(0.01));
          loss.backward();
          return loss;
        }).item();
        assert(Math.abs(loss - expected) <= 1e-6, `loss of step ${t}: ${loss} instead of ${expected}`);
      });
      assertClose(w, trajectory[0]![0]!, "the last step");
      optimizer.dispose();
    });
  }
}

for (const { scheduler: name, options, metrics, ...run } of reference.schedulers) {
  Deno.test(`${name}(${JSON.stringify(options)}) gives PyTorch's learning rates`, () => {
    const optimizer = new optim.SGD([tensor([1], { device: DEVICES[0]! })], { lr: run.base_lr });
    const camel = inCamelCase(options);
    const plateau = name === "ReduceLROnPlateau" ? new optim.ReduceLROnPlateau(optimizer, camel) : null;
    const scheduler = plateau ?? SCHEDULERS[name]!(optimizer, camel as never);
    assertEquals(plateau !== null, metrics !== null);
    run.lr_after_each_step.forEach((expected, i) => {
      if (i > 0) {
        if (plateau) plateau.step(metrics![i - 1]!);
        else (scheduler as optim.LRScheduler).step();
      }
      const lr = scheduler.getLastLr()[0]!;
      assert(Math.abs(lr - expected) <= 1e-6 * expected, `epoch ${i}: ${lr} instead of ${expected}`);
    });
  });
}

Deno.test("the reference has entries to replay", () => {
  assertEquals(reference.optimizers.length, 21);
  assertEquals(reference.schedulers.length, 12);
});

/**
 * Options that tests/reference/optim.json does not have, against what PyTorch 1.13 did. Its NAdam multiplied by one factor
 * too many, which later versions do not.
 */
import { tape } from "@troodon/autograd";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Device, ReferenceBackend, Scope, tensor } from "@troodon/core";
import * as optim from "./mod.ts";
import recorded from "./testdata/torch.json" with { type: "json" };

type Options = Readonly<Record<string, unknown>>;
// deno-fmt-ignore
const {
  Adadelta, Adagrad, Adam, Adamax, AdamW, ASGD, RAdam, RMSprop, Rprop, SGD,
  ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, ExponentialLR, LinearLR, MultiStepLR, OneCycleLR,
  PolynomialLR, StepLR, SWALR,
} = optim;
const OPTIMIZERS = { Adadelta, Adagrad, Adam, Adamax, AdamW, ASGD, RAdam, RMSprop, Rprop, SGD };
// deno-fmt-ignore
const SCHEDULERS = {
  ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, ExponentialLR, LinearLR, MultiStepLR, OneCycleLR,
  PolynomialLR, StepLR, SWALR,
};

/** `weight_decay` as `weightDecay`, `T_max` as `tMax`, and "strong_wolfe" as "strongWolfe". */
function inCamelCase(options: Options): never {
  const camel = (name: string): string =>
    name.replace(/^T_/, "t_").replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const renamed = Object.entries(options).map(([name, value]) =>
    [camel(name), typeof value === "string" ? camel(value) : value] as const
  );
  return Object.fromEntries(renamed) as never;
}

function makeScheduler(on: optim.Optimizer, name: string, options: Options): optim.LRScheduler {
  const { schedulers, milestones } = options as {
    readonly schedulers?: readonly Readonly<Record<string, Options>>[];
    readonly milestones: readonly number[];
  };
  if (schedulers === undefined) {
    return new SCHEDULERS[name as keyof typeof SCHEDULERS](on, inCamelCase(options));
  }
  const parts = schedulers.flatMap((part) =>
    Object.entries(part).map(([name, o]) => makeScheduler(on, name, o))
  );
  return name === "ChainedScheduler"
    ? new optim.ChainedScheduler(parts)
    : new optim.SequentialLR(parts, { milestones });
}

function assertAllClose(actual: readonly number[], expected: readonly number[], what: string): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) =>
    assertAlmostEquals(
      value,
      expected[i]!,
      1e-8 * Math.max(1, Math.abs(expected[i]!)),
      `${what}, element ${i}`,
    )
  );
}

for (const { optimizer: name, options, after_steps, average } of recorded.optimizers) {
  Deno.test(`${name}(${JSON.stringify(options)}) goes where PyTorch's goes`, () => {
    using device = new Device(new ReferenceBackend());
    const p = tensor(Float64Array.from(recorded.initial), { device });
    const optimizer = new OPTIMIZERS[name as keyof typeof OPTIMIZERS]([p], inCamelCase(options));
    recorded.gradients.forEach((g, t) => {
      p.grad = tensor(Float64Array.from(g), { device });
      optimizer.step();
      const expected = (after_steps as Readonly<Record<string, number[]>>)[t + 1];
      if (expected) assertAllClose(p.tolist() as number[], expected, `step ${t + 1}`);
    });
    if (average) {
      const ax = optimizer.state.get(p)!["ax"] as typeof p;
      assertAllClose(ax.tolist() as number[], average, "average");
    }
  });
}

for (const { options, losses, calls, parameters } of recorded.lbfgs) {
  Deno.test(`LBFGS(${JSON.stringify(options)}) goes where PyTorch's goes on Rosenbrock's valley`, () => {
    using device = new Device(new ReferenceBackend(), { tape });
    const x = tensor(Float64Array.of(-1.5, 2, 0.5), { device, requiresGrad: true });
    const optimizer = new optim.LBFGS([x], inCamelCase(options));
    let count = 0;
    losses.forEach((expected, t) => {
      using _ = new Scope();
      const loss = optimizer.step(() => {
        optimizer.zeroGrad();
        count++;
        const [head, tail] = [x.slice(0, 0, 2), x.slice(0, 1)];
        const loss = tail.sub(head.square()).square().mul(100).add(head.sub(1).square()).sum();
        loss.backward();
        return loss;
      });
      // Long searches on curved ground: the last digits wander.
      const bound = 1e-6 * Math.max(1, Math.abs(expected));
      assertAlmostEquals(loss.item(), expected, bound);
      assertEquals(count, calls[t]);
      parameters[t]!.forEach((value, i) => assertAlmostEquals((x.tolist() as number[])[i]!, value, 1e-6));
    });
  });
}

for (
  const { scheduler: name, options, optimizer: on, groups, lr, momentum, metrics, epochs } of recorded
    .schedulers
) {
  Deno.test(`${name}(${JSON.stringify(options)}) gives PyTorch's learning rates and momenta`, () => {
    using device = new Device(new ReferenceBackend());
    const params = groups.map((lr) => ({ params: tensor([0], { device }), lr }));
    const optimizer = on === "SGD" ? new SGD(params, { momentum: 0.9 }) : new Adam(params);
    const plateau = metrics && new optim.ReduceLROnPlateau(optimizer, inCamelCase(options));
    const scheduler = plateau ? null : makeScheduler(optimizer, name, options);
    lr.forEach((expected, i) => {
      if (i > 0) {
        if (plateau) plateau.step(metrics[i - 1]!);
        else if (epochs) (scheduler as optim.CosineAnnealingWarmRestarts).step(epochs[i - 1]!);
        else scheduler!.step();
      }
      assertAllClose((scheduler ?? plateau!).getLastLr(), expected, `learning rate, step ${i}`);
      const momenta = optimizer.paramGroups.map((group) =>
        "betas" in group ? group.betas[0] : group.momentum
      );
      assertAllClose(momenta, momentum[i]!, `momentum, step ${i}`);
    });
  });
}

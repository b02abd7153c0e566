import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import * as optim from "../mod.ts";
import { Adam, type GroupOptions, type LRScheduler, type Optimizer, SGD } from "../mod.ts";

const device = new Device(new ReferenceBackend());

/** An optimizer of two groups. */
function two(): SGD {
  const params = [1, 0.5].map((lr) => ({ params: tensor([1], { device }), lr }));
  return new SGD(params, { momentum: 0.9 });
}

function one(): SGD {
  return new SGD([tensor([1], { device })], { lr: 1, momentum: 0.9 });
}

type Make = (optimizer: Optimizer<GroupOptions>, lastEpoch?: number) => LRScheduler;

const SCHEDULERS: Readonly<Record<string, Make>> = {
  StepLR: (o, lastEpoch = -1) => new optim.StepLR(o, { stepSize: 2, gamma: 0.5, lastEpoch }),
  MultiStepLR: (o, lastEpoch = -1) => new optim.MultiStepLR(o, { milestones: [2, 5], gamma: 0.5, lastEpoch }),
  ExponentialLR: (o, lastEpoch = -1) => new optim.ExponentialLR(o, { gamma: 0.9, lastEpoch }),
  CosineAnnealingLR: (o, lastEpoch = -1) =>
    new optim.CosineAnnealingLR(o, { tMax: 6, etaMin: 0.1, lastEpoch }),
  CosineAnnealingWarmRestarts: (o, lastEpoch = -1) =>
    new optim.CosineAnnealingWarmRestarts(o, { t0: 2, tMult: 2, lastEpoch }),
  LinearLR: (o, lastEpoch = -1) => new optim.LinearLR(o, { totalIters: 6, lastEpoch }),
  ConstantLR: (o, lastEpoch = -1) => new optim.ConstantLR(o, { factor: 0.5, totalIters: 5, lastEpoch }),
  PolynomialLR: (o, lastEpoch = -1) => new optim.PolynomialLR(o, { totalIters: 9, power: 2, lastEpoch }),
  LambdaLR: (o, lastEpoch = -1) =>
    new optim.LambdaLR(o, { lrLambda: [(t) => 1 / (2 + t), (t) => 0.9 ** t], lastEpoch }),
  MultiplicativeLR: (o, lastEpoch = -1) =>
    new optim.MultiplicativeLR(o, { lrLambda: (t) => 1 - 1 / (t + 2), lastEpoch }),
  OneCycleLR: (o, lastEpoch = -1) => new optim.OneCycleLR(o, { maxLr: [2, 3], totalSteps: 9, lastEpoch }),
  CyclicLR: (o, lastEpoch = -1) =>
    new optim.CyclicLR(o, { baseLr: 0.1, maxLr: 2, stepSizeUp: 2, mode: "triangular2", lastEpoch }),
  SWALR: (o, lastEpoch = -1) => new optim.SWALR(o, { swaLr: [0.1, 2], annealEpochs: 6, lastEpoch }),
};

const COMPOSED: Readonly<Record<string, Make>> = {
  SequentialLR: (o) =>
    new optim.SequentialLR(
      [SCHEDULERS["LinearLR"]!(o), SCHEDULERS["StepLR"]!(o), SCHEDULERS["CyclicLR"]!(o)],
      {
        milestones: [3, 6],
      },
    ),
  ChainedScheduler: (o) =>
    new optim.ChainedScheduler([SCHEDULERS["ConstantLR"]!(o), SCHEDULERS["StepLR"]!(o)]),
  linearWarmup: (o) => optim.linearWarmup(SCHEDULERS["CosineAnnealingWarmRestarts"]!(o), { totalIters: 3 }),
};

/** Learning rates and momenta now and after each of `count` steps. */
function follow(scheduler: LRScheduler, count: number): number[][] {
  const optimizer = scheduler.optimizer as SGD;
  const now = (): number[] => optimizer.paramGroups.flatMap(({ lr, momentum }) => [lr, momentum]);
  return [now(), ...Array.from({ length: count }, () => (scheduler.step(), now()))];
}

for (const [name, make] of Object.entries({ ...SCHEDULERS, ...COMPOSED })) {
  Deno.test(`${name} goes on from its state and the optimizer's, which are plain data`, () => {
    const whole = follow(make(two()), 8);
    const first = make(two());
    follow(first, 4);
    const stored = JSON.parse(JSON.stringify([first.stateDict(), first.optimizer.stateDict()]));
    const optimizer = two();
    const second = make(optimizer);
    optimizer.loadStateDict(stored[1]);
    second.loadStateDict(stored[0]);
    assertEquals(second.lastEpoch, 4);
    assertEquals(follow(second, 4), whole.slice(4));
  });

  Deno.test(`${name}.restart() begins again`, () => {
    const scheduler = make(two());
    const all = follow(scheduler, 5);
    // It does not know what the learning rates were.
    if (name === "MultiplicativeLR") {
      scheduler.optimizer.paramGroups.forEach((group, i) => group.lr = all[0]![2 * i]!);
    }
    scheduler.restart();
    assertEquals(scheduler.lastEpoch, 0);
    assertEquals(follow(scheduler, 5), all);
  });
}

for (const [name, make] of Object.entries(SCHEDULERS)) {
  Deno.test(`${name} goes on from lastEpoch with an optimizer that was loaded`, () => {
    const whole = follow(make(two()), 8);
    const first = make(two());
    follow(first, 4);
    const optimizer = two();
    optimizer.loadStateDict((first.optimizer as SGD).stateDict());
    assertEquals(follow(make(optimizer, 4), 4), whole.slice(4));
    assertThrows(() => make(two(), 4), RangeError, "initialLr");
    assertThrows(() => make(two(), -2), RangeError, "lastEpoch");
  });
}

Deno.test("LRScheduler goes on from lastEpoch 0 with the learning rates that the optimizer has", () => {
  for (const [name, make] of Object.entries(SCHEDULERS)) {
    const optimizer = two();
    for (const group of optimizer.paramGroups) [group.initialLr, group.lr] = [1, 0.125];
    assertEquals(follow(make(optimizer, 0), 0), [[0.125, 0.9, 0.125, 0.9]], name);
  }
});

Deno.test("LRScheduler.loadStateDict() refuses the state of other groups", () => {
  const scheduler = SCHEDULERS["StepLR"]!(two());
  assertThrows(
    () => scheduler.loadStateDict({ lastEpoch: 1, baseLrs: [1], lastLr: [1] }),
    RangeError,
    "must be of 2 groups: current state is of 1",
  );
});

Deno.test("Schedulers leave groups alone that were added later", () => {
  const optimizer = two();
  const scheduler = COMPOSED["SequentialLR"]!(optimizer);
  optimizer.addParamGroup({ params: tensor([1], { device }), lr: 7, momentum: 0.7 });
  assertEquals(follow(scheduler, 2).map((values) => values.length), [6, 6, 6]);
  for (const name of ["LambdaLR", "MultiplicativeLR", "OneCycleLR", "CyclicLR", "SWALR"]) {
    const optimizer = two();
    const scheduler = SCHEDULERS[name]!(optimizer);
    optimizer.addParamGroup({ params: tensor([1], { device }), lr: 7, momentum: 0.7 });
    scheduler.step();
    const { lr, momentum } = optimizer.paramGroups[2]!;
    assertEquals([lr, momentum], [7, 0.7], name);
  }
});

Deno.test("Schedulers refuse options out of their range", () => {
  const o = two();
  assertThrows(() => new optim.StepLR(o, { stepSize: 0 }), RangeError, "stepSize must be a positive integer");
  assertThrows(() => new optim.StepLR(o, { stepSize: 1, gamma: NaN }), RangeError, "gamma");
  assertThrows(() => new optim.MultiStepLR(o, { milestones: [1, 0.5] }), RangeError, "milestones[1]");
  assertThrows(() => new optim.ExponentialLR(o, { gamma: Infinity }), RangeError, "gamma");
  assertThrows(() => new optim.CosineAnnealingLR(o, { tMax: 0 }), RangeError, "tMax");
  assertThrows(() => new optim.CosineAnnealingWarmRestarts(o, { t0: 0 }), RangeError, "t0");
  assertThrows(() => new optim.CosineAnnealingWarmRestarts(o, { t0: 1, tMult: 1.5 }), RangeError, "tMult");
  assertThrows(() => new optim.CosineAnnealingWarmRestarts(o, { t0: 1 }).step(-1), RangeError, "epoch");
  assertThrows(
    () => new optim.LinearLR(o, { startFactor: 0 }),
    RangeError,
    "in (0, 1]: current startFactor is 0",
  );
  assertThrows(() => new optim.LinearLR(o, { endFactor: 2 }), RangeError, "endFactor");
  assertThrows(() => new optim.ConstantLR(o, { factor: 1.5 }), RangeError, "factor");
  assertThrows(() => new optim.PolynomialLR(o, { totalIters: -1 }), RangeError, "totalIters");
  assertThrows(() => new optim.LambdaLR(o, { lrLambda: [(t) => t] }), RangeError, "each of 2 groups");
  assertThrows(() => new optim.MultiplicativeLR(o, { lrLambda: [] }), RangeError, "current number is 0");
  assertThrows(() => new optim.OneCycleLR(o, { maxLr: 1 }), RangeError, "totalSteps");
  assertThrows(() => new optim.OneCycleLR(o, { maxLr: [1], totalSteps: 5 }), RangeError, "maxLr");
  assertThrows(
    () => new optim.OneCycleLR(o, { maxLr: 1, totalSteps: 5, pctStart: 2 }),
    RangeError,
    "pctStart",
  );
  assertThrows(() => new optim.CyclicLR(o, { baseLr: 0, maxLr: 1, stepSizeUp: 0 }), RangeError, "stepSizeUp");
  assertThrows(
    () => new optim.CyclicLR(o, { baseLr: 0, maxLr: 1, mode: "wave" as "triangular" }),
    RangeError,
    '"triangular" or "triangular2" or "expRange": current mode is wave',
  );
  assertThrows(() => new optim.SWALR(o, { swaLr: -1 }), RangeError, "swaLr");
  assertThrows(() => new optim.SWALR(o, { swaLr: 1, annealEpochs: -1 }), RangeError, "annealEpochs");
  assertThrows(() => new optim.ReduceLROnPlateau(o, { factor: 1 }), RangeError, "in [0, 1)");
  assertThrows(() => new optim.ReduceLROnPlateau(o, { minLr: [1] }), RangeError, "minLr");
  assertThrows(() => new optim.ReduceLROnPlateau(o, { patience: -1 }), RangeError, "patience");
});

Deno.test("SequentialLR and ChainedScheduler refuse what does not go together", () => {
  const [a, b] = [SCHEDULERS["StepLR"]!(one()), SCHEDULERS["ExponentialLR"]!(one())];
  const c = SCHEDULERS["ExponentialLR"]!(a.optimizer);
  assertThrows(() => new optim.SequentialLR([], { milestones: [] }), RangeError, "there must be schedulers");
  assertThrows(() => new optim.SequentialLR([a, b], { milestones: [1] }), TypeError, "one optimizer");
  assertThrows(
    () => new optim.SequentialLR([a, c], { milestones: [] }),
    RangeError,
    "current numbers are 0 and 2",
  );
  assertThrows(() => new optim.SequentialLR([a, c, a], { milestones: [3, 3] }), RangeError, "milestones[1]");
  assertThrows(() => new optim.ChainedScheduler([a, b]), TypeError, "Cannot make ChainedScheduler");
  const sequence = new optim.SequentialLR([a, c], { milestones: [2] });
  const { schedulers: [first], ...rest } = sequence.stateDict();
  assertThrows(
    () => sequence.loadStateDict({ ...rest, schedulers: [first!] }),
    RangeError,
    "of 2 schedulers",
  );
});

Deno.test("OneCycleLR ends with its cycle, and cycles the first of Adam's betas", () => {
  const optimizer = new Adam([tensor([1], { device })]);
  const scheduler = new optim.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 4, pctStart: 0.5 });
  assertEquals(optimizer.paramGroups[0]!.betas, [0.95, 0.999]);
  scheduler.step();
  assertEquals(optimizer.paramGroups[0]!.betas, [0.85, 0.999]);
  assertEquals(scheduler.getLastLr(), [1]);
  for (let i = 0; i < 3; i++) scheduler.step();
  assertThrows(() => scheduler.step(), RangeError, "it has 4 steps");
});

Deno.test("OneCycleLR goes on in a longer cycle where that one would be", () => {
  const make = (totalSteps: number) =>
    new optim.OneCycleLR(one(), { maxLr: 1, totalSteps, annealStrategy: "linear" });
  const short = make(4), long = make(8), resumed = make(8);
  for (let step = 0; step < 4; step++) {
    short.step();
    long.step();
  }
  // Done, at the end of the line and not beyond it.
  assertAlmostEquals(short.getLastLr()[0]!, 1 / 25 / 1e4, 1e-12);
  resumed.loadStateDict(short.stateDict());
  assertEquals(resumed.getLastLr(), long.getLastLr());
  assertEquals(resumed.optimizer.paramGroups, long.optimizer.paramGroups);
});

Deno.test("OneCycleLR and CyclicLR need momentum only if they cycle it", () => {
  const optimizer = new optim.Adagrad([tensor([1], { device })]);
  const [options, range] = [{ maxLr: 1, totalSteps: 4 }, { baseLr: 0, maxLr: 1 }];
  assertThrows(() => new optim.OneCycleLR(optimizer, options), TypeError, "OneCycleLR with Adagrad");
  assertThrows(() => new optim.CyclicLR(optimizer, range), TypeError, "set cycleMomentum to false");
  new optim.CyclicLR(optimizer, { ...range, cycleMomentum: false }).step();
  new optim.OneCycleLR(optimizer, { ...options, cycleMomentum: false }).step();
  assert(!("momentum" in optimizer.paramGroups[0]!));
});

Deno.test("CyclicLR scales its cycles by a function of cycle or step", () => {
  const options = { baseLr: 0, maxLr: 1, stepSizeUp: 1, cycleMomentum: false } as const;
  const byCycle = new optim.CyclicLR(one(), { ...options, scaleFn: (x) => 1 / x });
  assertEquals(follow(byCycle, 5).map(([lr]) => lr), [0, 1, 0, 1 / 2, 0, 1 / 3]);
  const byStep = new optim.CyclicLR(one(), { ...options, scaleFn: (x) => 1 / x, scaleMode: "iterations" });
  assertEquals(follow(byStep, 5).slice(1).map(([lr]) => lr), [1, 0, 1 / 3, 0, 1 / 5]);
});

Deno.test("linearWarmup() begins with a part of one more than its steps by default", () => {
  const optimizer = one(), after = new optim.ConstantLR(optimizer, { factor: 1, totalIters: 1 });
  const warmed = optim.linearWarmup(after, { totalIters: 4 });
  const rates = follow(warmed, 5).map(([lr]) => lr!);
  rates.forEach((lr, i) => assertAlmostEquals(lr, Math.min((i + 1) / 5, 1), 1e-12));
});

Deno.test("ReduceLROnPlateau without options is what it is by default", () => {
  const values = Array.from({ length: 80 }, (_, i) => 1 - 1.5e-4 * Math.min(i, 30));
  const rates = (options: optim.ReduceLROnPlateauOptions): number[] => {
    const scheduler = new optim.ReduceLROnPlateau(one(), options);
    return values.map((value) => (scheduler.step(value), scheduler.getLastLr()[0]!));
  };
  const defaults = {
    mode: "min",
    threshold: 1e-4,
    thresholdMode: "rel",
    cooldown: 0,
    minLr: 0,
    eps: 1e-8,
  } as const;
  assertEquals(rates({}), rates({ ...defaults, factor: 0.1, patience: 10 }));
  // Makes every option take effect.
  const hasty = { patience: 0, factor: 0.2 };
  assertEquals(rates(hasty), rates({ ...hasty, ...defaults }));
  const others = { mode: "max", threshold: 2e-4, cooldown: 1, minLr: 1e-3, eps: 2e-8 } as const;
  for (const [option, value] of Object.entries(others)) {
    assertEquals(String(rates(hasty)) === String(rates({ ...hasty, [option]: value })), false, option);
  }
});

Deno.test("ReduceLROnPlateau goes on from its state, which is plain data", () => {
  const values = [5, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3];
  const make = () =>
    new optim.ReduceLROnPlateau(two(), { patience: 1, cooldown: 1, factor: 0.5, minLr: [0.2, 0] });
  const run = (s: optim.ReduceLROnPlateau, part: number[]) => part.map((v) => (s.step(v), s.getLastLr()));
  const whole = run(make(), values);
  assertEquals(whole.at(-1), [0.2, 0.0625]);
  for (let k = 0; k < values.length; k++) {
    const [first, second] = [make(), make()];
    run(first, values.slice(0, k));
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())));
    assertEquals(run(second, values.slice(k)), whole.slice(k));
  }
  assertThrows(() => make().loadStateDict({ ...make().stateDict(), lastLr: [1] }), RangeError, "lastLr");
});

Deno.test("ReduceLROnPlateau takes NaN for no better than anything", () => {
  const scheduler = new optim.ReduceLROnPlateau(one(), { patience: 1, factor: 0.5 });
  for (const value of [NaN, NaN, 1, NaN, NaN]) scheduler.step(value);
  assertEquals([scheduler.best, ...scheduler.getLastLr()], [1, 0.25]);
});

Deno.test("CosineAnnealingLR from one step to the next is the cosine, through the bottom and up again", () => {
  const scheduler = new optim.CosineAnnealingLR(one(), { tMax: 5, etaMin: 0.25 });
  follow(scheduler, 23).forEach(([lr], t) => {
    assertAlmostEquals(lr!, 0.25 + 0.75 * (1 + Math.cos(Math.PI * t / 5)) / 2, 1e-12);
  });
});

/** Invalid options and states of schedulers. */
import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import * as optim from "../mod.ts";
import type { GroupOptions, LRScheduler, Optimizer } from "../mod.ts";
import {
  BELOW_0,
  NO_COUNT,
  NOT_ABOVE_0,
  NOT_FINITE,
  type Options,
  type OptionTable,
  refuses,
} from "../testdata/refusals.ts";

/**
 * Options with which each scheduler is created, invalid values of each option, and the most extreme valid
 * ones.
 */
const SCHEDULERS = {
  StepLR: [{ stepSize: 2 }, { stepSize: [NO_COUNT, 1], gamma: [NOT_FINITE, -1] }],
  MultiStepLR: [{ milestones: [2] }, {
    milestones: [[2, null, "23", [0], [1, 1.5], [1, NaN]], [], [1, 1]],
    gamma: [NOT_FINITE, -1],
  }],
  ExponentialLR: [{ gamma: 0.9 }, { gamma: [NOT_FINITE, -1] }],
  CosineAnnealingLR: [{ tMax: 6 }, { tMax: [NO_COUNT, 1], etaMin: [NOT_FINITE, -1] }],
  CosineAnnealingWarmRestarts: [{ t0: 2 }, {
    t0: [NO_COUNT, 1],
    tMult: [NO_COUNT, 1],
    etaMin: [NOT_FINITE, -1],
  }],
  LinearLR: [{}, {
    startFactor: [[...NOT_ABOVE_0, 1.01], 1e-9, 1],
    endFactor: [[...BELOW_0, 1.01], 0, 1],
    totalIters: [NO_COUNT, 1],
  }],
  ConstantLR: [{}, { factor: [[...NOT_ABOVE_0, 1.01], 1e-9, 1], totalIters: [NO_COUNT, 1] }],
  PolynomialLR: [{}, { totalIters: [NO_COUNT, 1], power: [NOT_FINITE, -1] }],
  LambdaLR: [{ lrLambda: () => 1 }, { lrLambda: [[[]], () => 2, [() => 2]] }],
  MultiplicativeLR: [{ lrLambda: () => 1 }, { lrLambda: [[[]], () => 2] }],
  OneCycleLR: [{ maxLr: 2, totalSteps: 9 }, {
    maxLr: [BELOW_0, 0, [1]],
    totalSteps: [NO_COUNT, 1],
    pctStart: [[...BELOW_0, 1.01], 0, 1],
    annealStrategy: [["sin", null], "linear"],
    baseMomentum: [[...BELOW_0, []], 0],
    maxMomentum: [BELOW_0, 0],
    divFactor: [NOT_ABOVE_0, 1e-9],
    finalDivFactor: [NOT_ABOVE_0, 1e-9],
  }],
  CyclicLR: [{ baseLr: 0.1, maxLr: 2 }, {
    baseLr: [BELOW_0, 0],
    stepSizeUp: [NOT_ABOVE_0, 0.5],
    stepSizeDown: [NOT_ABOVE_0, 0.5],
    mode: [["wave", null], "triangular2", "expRange"],
    gamma: [NOT_FINITE, -1],
    scaleMode: [["steps", null], "iterations"],
    baseMomentum: [[...BELOW_0, []], 0],
    maxMomentum: [BELOW_0, 0],
  }],
  SWALR: [{ swaLr: 1 }, {
    swaLr: [BELOW_0, 0, [1]],
    annealEpochs: [[-1, 1.5, ...NOT_FINITE], 0],
    annealStrategy: [["sin", null], "linear"],
  }],
} as const satisfies Readonly<Record<string, readonly [Options, OptionTable]>>;
const PLATEAU = {
  mode: [["low", null], "max"],
  factor: [[...BELOW_0, 1], 0],
  patience: [[-1, 1.5, ...NOT_FINITE], 0],
  threshold: [BELOW_0, 0],
  thresholdMode: [["relative", null], "abs"],
  cooldown: [[-1, 1.5, ...NOT_FINITE], 0],
  minLr: [[NaN, Infinity, "1", [], [1, 2], [NaN]], -1, [0.5]],
  eps: [BELOW_0, 0],
} as const satisfies OptionTable;

const device = new Device(new ReferenceBackend());
const sgd = (): Optimizer => new optim.SGD([tensor([[1, 2]], { device })], { lr: 1, momentum: 0.9 });

type AnyScheduler = LRScheduler | optim.ReduceLROnPlateau;

/** Creates a scheduler by name, with options of any type. */
function schedule(name: string, options: Options, on = sgd()): AnyScheduler {
  const base = name in SCHEDULERS ? SCHEDULERS[name as keyof typeof SCHEDULERS][0] : {};
  const Kind = optim[name as "StepLR"] as new (on: Optimizer<GroupOptions>, options: never) => LRScheduler;
  return new Kind(on, { ...base, ...options } as never);
}

for (
  const [name, [, table]] of Object.entries({ ...SCHEDULERS, ReduceLROnPlateau: [{}, PLATEAU] as const })
) {
  Deno.test(`${name} refuses options out of their range`, () => {
    for (const [option, [refused, ...taken]] of Object.entries(table)) {
      for (const value of refused) refuses(() => schedule(name, { [option]: value }), name, option);
      for (const value of taken) schedule(name, { [option]: value });
    }
    if (name === "ReduceLROnPlateau") return;
    for (const lastEpoch of [-2, 0.5, NaN]) {
      refuses(() => schedule(name, { lastEpoch }), name, "lastEpoch");
    }
  });
}

/** Makes a step: with a value for ReduceLROnPlateau, without one for the others. */
function step(scheduler: AnyScheduler): void {
  if (scheduler instanceof optim.ReduceLROnPlateau) scheduler.step(1);
  else scheduler.step();
}

/** Creates each scheduler and makes two steps. */
const STEPPED: Readonly<Record<string, () => AnyScheduler>> = {
  ...Object.fromEntries(
    [...Object.keys(SCHEDULERS), "ReduceLROnPlateau"].map((name) => [name, () => schedule(name, {})]),
  ),
  SequentialLR: () => {
    const on = sgd();
    const parts = [schedule("LinearLR", {}, on), schedule("StepLR", {}, on)] as LRScheduler[];
    return new optim.SequentialLR(parts, { milestones: [1] });
  },
  ChainedScheduler: () => {
    const on = sgd();
    return new optim.ChainedScheduler([schedule("ConstantLR", {}, on), schedule("StepLR", {}, on)] as never);
  },
};

for (const [name, make] of Object.entries(STEPPED)) {
  Deno.test(`${name}.loadStateDict() refuses what is no state of its own, and changes nothing`, () => {
    const scheduler = make(), other = make();
    for (const one of [scheduler, other]) for (let i = 0; i < 2; i++) step(one);
    const state: Record<string, unknown> = { ...scheduler.stateDict() };
    step(other);
    const numbers = (): string =>
      JSON.stringify([other.stateDict(), other.optimizer.paramGroups.map(({ params: _, ...rest }) => rest)]);
    const before = numbers();
    const refused = (change: Options, kind: typeof RangeError | typeof TypeError, message: string) => {
      const changed = { ...state, ...change };
      for (const [key, value] of Object.entries(changed)) if (value === undefined) delete changed[key];
      assertThrows(() => other.loadStateDict(changed as never), kind, message);
      assertEquals(numbers(), before);
    };
    for (const key of Object.keys(state)) {
      refused({ [key]: undefined }, TypeError, `Cannot load the state of ${name} as it must have`);
      if (key === "best" || key === "schedulers") continue;
      const isList = Array.isArray(state[key]),
        isCount = typeof state[key] === "number" && key !== "position";
      for (const bad of isCount ? [NaN, -1, 0.5, null, "1"] : [NaN, Infinity, null, "1"]) {
        refused({ [key]: isList ? [bad] : bad }, RangeError, `as ${key} must be`);
      }
      if (isList) refused({ [key]: [1, 1] }, RangeError, "group");
    }
    refused({ gamma: 0.1 }, TypeError, `Cannot load the state of ${name} as it must have`);
    if ("schedulers" in state) {
      const [first, second] = state["schedulers"] as [object, object];
      refused({ schedulers: [first] }, RangeError, "of 2 schedulers");
      refused({ schedulers: [first, { ...second, position: 1 }] }, TypeError, "StepLR as it must have");
      refused({ schedulers: [first, { ...second, lastEpoch: NaN }] }, RangeError, "StepLR as lastEpoch");
    }
    other.loadStateDict(state as never);
    assertEquals(other.stateDict(), scheduler.stateDict());
  });
}

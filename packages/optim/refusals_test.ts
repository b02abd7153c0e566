/** Invalid options and states of optimizers, for every way to set them. */
import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import * as optim from "./mod.ts";
import type { Optimizer } from "./mod.ts";
import {
  BELOW_0,
  NO_COUNT,
  NOT_FINITE,
  type Options,
  type OptionTable,
  refuses,
  type Values,
} from "./testdata/refusals.ts";

const BETAS: Values = [[-1e-9, 0.9], [0.9, -1e-9], [1, 0.9], [0.9, 1], [0.9], [0.9, 0.9, 0.9], 0.9, "ab"];

/** Invalid values of each option, followed by the most extreme valid ones. */
const OPTIONS = {
  SGD: {
    lr: [BELOW_0, 0],
    momentum: [BELOW_0, 0],
    dampening: [NOT_FINITE, -1],
    weightDecay: [BELOW_0, 0],
  },
  Adam: { lr: [BELOW_0, 0], betas: [BETAS, [0, 0]], eps: [BELOW_0, 0], weightDecay: [BELOW_0, 0] },
  AdamW: { lr: [BELOW_0, 0], betas: [BETAS, [0, 0]], eps: [BELOW_0, 0], weightDecay: [BELOW_0, 0] },
  RMSprop: {
    lr: [BELOW_0, 0],
    alpha: [BELOW_0, 0],
    eps: [BELOW_0, 0],
    weightDecay: [BELOW_0, 0],
    momentum: [BELOW_0, 0],
  },
  NAdam: {
    lr: [BELOW_0, 0],
    betas: [BETAS, [0, 0]],
    eps: [BELOW_0, 0],
    weightDecay: [BELOW_0, 0],
    momentumDecay: [BELOW_0, 0],
  },
  RAdam: { lr: [BELOW_0, 0], betas: [BETAS, [0, 0]], eps: [BELOW_0, 0], weightDecay: [BELOW_0, 0] },
  Adamax: { lr: [BELOW_0, 0], betas: [BETAS, [0, 0]], eps: [BELOW_0, 0], weightDecay: [BELOW_0, 0] },
  Adagrad: {
    lr: [BELOW_0, 0],
    lrDecay: [BELOW_0, 0],
    weightDecay: [BELOW_0, 0],
    initialAccumulatorValue: [BELOW_0, 0],
    eps: [BELOW_0, 0],
  },
  Adadelta: {
    lr: [BELOW_0, 0],
    rho: [[...BELOW_0, 1.01], 0, 1],
    eps: [BELOW_0, 0],
    weightDecay: [BELOW_0, 0],
  },
  Rprop: {
    lr: [BELOW_0, 0],
    etas: [[[0, 1.2], [1, 1.2], [0.5, 1], [0.5], [0.5, 1.2, 2], 0.5], [1e-9, 1.01]],
    stepSizes: [[[-1e-9, 50], [1, 0.9], [1], [0, 1, 2], 1], [0, 0], [1, 1]],
  },
  ASGD: {
    lr: [BELOW_0, 0],
    lambd: [BELOW_0, 0],
    alpha: [NOT_FINITE, -1],
    t0: [BELOW_0, 0],
    weightDecay: [BELOW_0, 0],
  },
  Muon: {
    lr: [BELOW_0, 0],
    weightDecay: [BELOW_0, 0],
    momentum: [[...BELOW_0, 1.01], 0, 1],
    nsCoefficients: [[[1, 2], [1, 2, NaN], [Infinity, 1, 2], [1, 2, 3, 4], 1], [0, 0, 0]],
    eps: [BELOW_0, 0],
    nsSteps: [[-1, 1.5, ...NOT_FINITE], 0],
    adjustLrFn: [["none", null, 1], "matchRmsAdamw"],
  },
  LBFGS: {
    lr: [BELOW_0, 0],
    maxIter: [NO_COUNT, 1],
    maxEval: [NO_COUNT, 1],
    toleranceGrad: [BELOW_0, 0],
    toleranceChange: [BELOW_0, 0],
    historySize: [NO_COUNT, 1],
    lineSearchFn: [["armijo", 1], null, "strongWolfe"],
  },
} as const satisfies Readonly<Record<string, OptionTable>>;

const device = new Device(new ReferenceBackend());
const matrix = (): Tensor => tensor([[1, 2]], { device });

/** Creates an optimizer by name, with options of any type. */
function make(name: keyof typeof OPTIONS, params: unknown = [matrix()], options: Options = {}): Optimizer {
  return new optim[name](params as never, options as never);
}

for (const name of Object.keys(OPTIONS) as (keyof typeof OPTIONS)[]) {
  Deno.test(`${name} refuses options out of their range: of all, of a group, of one that is added, of a state`, () => {
    const optimizer = make(name), { paramGroups: [group], state } = optimizer.stateDict();
    const before = JSON.stringify(optimizer.paramGroups);
    for (const [option, [refused, ...taken]] of Object.entries(OPTIONS[name])) {
      for (const value of refused) {
        const given = { [option]: value };
        refuses(() => make(name, undefined, given), name, option);
        refuses(() => make(name, [{ params: matrix(), ...given }]), name, option);
        if (name !== "LBFGS") {
          refuses(() => optimizer.addParamGroup({ params: matrix(), ...given }), name, option);
        }
        const paramGroups = [{ ...group!, ...given }];
        refuses(() => optimizer.loadStateDict({ state, paramGroups }), name, option);
        assertEquals(JSON.stringify(optimizer.paramGroups), before);
      }
      for (const value of taken) {
        const made = make(name, undefined, { [option]: value }), [wanted] = made.stateDict().paramGroups;
        assertEquals({ ...wanted }[option], value);
        const other = make(name);
        other.loadStateDict({ state, paramGroups: [wanted!] });
        assertEquals(other.stateDict().paramGroups, [wanted!]);
      }
    }
  });

  Deno.test(`${name}.loadStateDict() refuses groups with other options, and another number of parameters`, () => {
    const optimizer = make(name), { paramGroups: [group], state } = optimizer.stateDict();
    const before = JSON.stringify(optimizer.paramGroups);
    const load = (change: (group: Record<string, unknown>) => void) => {
      const changed: Record<string, unknown> = { ...group };
      change(changed);
      optimizer.loadStateDict({ state, paramGroups: [changed as unknown as NonNullable<typeof group>] });
    };
    const message = `Cannot load the state of ${name} as each group must have the options`;
    for (const option of Object.keys(group!)) {
      if (option === "params") continue;
      assertThrows(() => load((group) => delete group[option]), TypeError, message);
    }
    assertThrows(() => load((group) => group["weight_decay"] = 0), TypeError, message);
    assertThrows(() => load((group) => group["params"] = []), RangeError, "[1], those of the state [0]");
    assertThrows(() => load((group) => group["params"] = [0, 1]), RangeError, "those of the state [2]");
    assertThrows(() => optimizer.loadStateDict({ state, paramGroups: [] }), RangeError, "of the state []");
    assertEquals(JSON.stringify(optimizer.paramGroups), before);
    load((group) => group["initialLr"] = 0.25);
    assertEquals(optimizer.paramGroups[0]!.initialLr, 0.25);
  });
}

Deno.test("SGD refuses Nesterov's momentum without momentum, and with dampening, wherever it comes from", () => {
  const optimizer = make("SGD"), { paramGroups: [group], state } = optimizer.stateDict();
  for (const [momentum, dampening] of [[0, 0], [0.9, 0.1], [0.9, -0.1], [0, 0.1]]) {
    const given = { nesterov: true, momentum, dampening };
    const current = `it needs momentum and no dampening: current ones are ${momentum} and ${dampening}`;
    for (
      const act of [
        () => make("SGD", undefined, given),
        () => make("SGD", [{ params: matrix(), ...given }]),
        () => optimizer.addParamGroup({ params: matrix(), ...given }),
        () => optimizer.loadStateDict({ state, paramGroups: [{ ...group!, ...given }] }),
      ]
    ) assertThrows(act, RangeError, current);
  }
  make("SGD", undefined, { nesterov: true, momentum: 0.9 });
  make("SGD", undefined, { momentum: 0.9, dampening: 0.1 });
});

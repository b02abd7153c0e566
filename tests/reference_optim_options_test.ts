/** Every optimizer and scheduler, with its defaults and with each option alone, compared with PyTorch. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { cat, type Device, fromTypedArray, Scope, type Tensor, zeros } from "@troodon/core";
import * as optim from "@troodon/optim";
import { argumentsReader } from "./constructor_signatures.ts";
import { docSymbols } from "./doc_symbols.ts";
import { DEVICES } from "./reference/devices.ts";
import { numbers } from "./reference/numbers.ts";
import reference from "./reference/optim_options.json" with { type: "json" };

type Options = Readonly<Record<string, unknown>>;

interface OptimizerRow {
  readonly optimizer: string;
  readonly option: string | null;
  readonly options: Options;
  readonly parameters: readonly (readonly number[])[];
  readonly state?: readonly Readonly<Record<string, readonly number[]>>[];
  readonly losses?: readonly number[];
}

interface SchedulerRow {
  readonly scheduler: string;
  readonly option: string | null;
  readonly options: Options;
  readonly rates: readonly (readonly number[])[];
  readonly momenta: readonly (readonly number[])[];
}

const { shapes, steps, lrs, metrics } = reference;
const OPTIMIZERS = reference.optimizers as readonly OptimizerRow[];
const SCHEDULERS = reference.schedulers as readonly SchedulerRow[];

/** Tolerance for Muon, which PyTorch computes in bfloat16. */
const TOLERANCES: Readonly<Record<string, number>> = { Muon: 0.02 };

const FUNCTIONS: Readonly<Record<string, (n: number) => number>> = {
  halving: (n) => 0.5 ** n,
  growing: (n) => 1 + n / 10,
};

/** Replaces names of functions in a value with the functions. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  const name = (value as { readonly function?: string } | null)?.function;
  return name === undefined ? value : FUNCTIONS[name];
}

const optionsOf = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [name, revive(value)]));

const make = (name: string, ...args: readonly unknown[]): object =>
  Reflect.construct(Reflect.get(optim, name), args);

/** Numbers with four decimal places, as in the program that recorded the rows. */
function drawn(shape: readonly number[], salt: number, device: Device): Tensor {
  const values = numbers(shape, salt).map((v) => Math.round(1e4 * v) / 1e4);
  return fromTypedArray(values, shape, { device, dtype: "float64" });
}

function assertNear(
  what: string,
  found: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  assertEquals(found.length, expected.length, what);
  found.forEach((x, i) =>
    assertAlmostEquals(
      x,
      expected[i]!,
      tolerance * Math.max(1, Math.abs(expected[i]!)),
      `element ${i} of ${what}`,
    )
  );
}

const values = (t: Tensor | number): number[] =>
  typeof t === "number" ? [t] : Array.from(t.dataSync(), Number);

/** Objective function for LBFGS. */
function valley(parameters: readonly Tensor[]): Tensor {
  const flat = cat(parameters.map((p) => p.flatten()));
  return flat.square().div(2).add(flat.mul(3).sin()).add(flat.mul(2).cos()).sum().add(
    flat.sum().square().div(10),
  );
}

for (const device of DEVICES) {
  for (const { optimizer: name, options, ...row } of OPTIMIZERS) {
    Deno.test(`${name}(${JSON.stringify(options)}) on ${device.name} does what PyTorch's does, state included`, () => {
      using _ = new Scope();
      const parameters = shapes.map((shape, i) => drawn(shape, 5 + i, device).requiresGrad_());
      const optimizer = make(name, parameters, optionsOf(options)) as optim.Optimizer<optim.GroupOptions>;
      const tolerance = TOLERANCES[name] ?? 1e-6;
      for (let step = 0; step < steps; step++) {
        if (row.losses) {
          const loss = optimizer.step(() => {
            optimizer.zeroGrad();
            const loss = valley(parameters);
            loss.backward();
            return loss;
          });
          assertAlmostEquals(loss!.item(), row.losses[step]!, 1e-6, `loss of step ${step}`);
        } else {
          parameters.forEach((p, i) => p.grad = drawn(shapes[i]!, 30 + 3 * step + i, device));
          optimizer.step();
        }
      }
      parameters.forEach((p, i) => {
        assertNear(`parameter ${i}`, values(p), row.parameters[i]!, tolerance);
        const found = optimizer.stateDict().state[i] ?? {};
        for (const [key, expected] of Object.entries(row.state?.[i] ?? {})) {
          // Steps are counted only if their number matters.
          if (key === "step" && !(key in found)) continue;
          assert(key in found, `the state has no ${key}: ${Object.keys(found)}`);
          assertNear(`${key} of parameter ${i}`, values(found[key]!), expected, tolerance);
        }
      });
      optimizer.dispose();
    });
  }
}

for (const { scheduler: name, options, rates, momenta } of SCHEDULERS) {
  Deno.test(`${name}(${JSON.stringify(options)}) sets the learning rates and momenta that PyTorch's does`, () => {
    using _ = new Scope();
    const groups = lrs.map((lr) => ({ params: zeros([1], { device: DEVICES[0]! }), lr }));
    const optimizer = new optim.SGD(groups, { momentum: 0.9 });
    const scheduler = make(name, optimizer, optionsOf(options)) as
      | optim.LRScheduler
      | optim.ReduceLROnPlateau;
    rates.forEach((expected, epoch) => {
      assertNear(`rates of epoch ${epoch}`, scheduler.getLastLr(), expected, 1e-9);
      const found = optimizer.paramGroups.map(({ momentum }) => momentum);
      assertNear(`momenta of epoch ${epoch}`, found, momenta[epoch]!, 1e-9);
      if (scheduler instanceof optim.ReduceLROnPlateau) scheduler.step(metrics[epoch]!);
      else scheduler.step();
    });
  });
}

/** Optimizers and schedulers without a row, with the reason. */
const WITHOUT_ROWS: Readonly<Record<string, string>> = {
  "ChainedScheduler()": "packages/optim/torch_test.ts has its parts",
  "SequentialLR()": "packages/optim/torch_test.ts has its parts",
  "SequentialLR(milestones)": "packages/optim/torch_test.ts has its parts",
};

Deno.test("every optimizer and scheduler has a row with its defaults, and one with each option alone", async () => {
  const argumentsOf = argumentsReader(await docSymbols("packages/optim/mod.ts"));
  const isOne = (value: unknown) =>
    typeof value === "function" &&
    (value.prototype instanceof optim.Optimizer || value.prototype instanceof optim.LRScheduler ||
      value === optim.ReduceLROnPlateau);
  const names = Object.entries(optim).filter(([name, value]) =>
    isOne(value) && !argumentsOf(name)!.isAbstract
  )
    .map(([name]) => name);
  assert(names.length > 25, `${names.length} constructors`);
  const rows = [
    ...OPTIMIZERS.map((row) => ({ ...row, make: row.optimizer })),
    ...SCHEDULERS.map((row) => ({ ...row, make: row.scheduler })),
  ];
  const missing = names.flatMap((name) => {
    const own = rows.filter((row) => row.make === name);
    // packages/optim/schedulers/scheduler_test.ts resumes every scheduler from every epoch.
    return [null, ...argumentsOf(name)!.optional.filter((option) => option !== "lastEpoch")]
      .filter((option) => !own.some((row) => row.option === option))
      .map((option) => `${name}(${option ?? ""})`);
  });
  assertEquals(missing.sort(), Object.keys(WITHOUT_ROWS));
});

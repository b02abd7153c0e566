/** Every constructor of nn, with its defaults and with each option alone, compared with PyTorch. */
import { assert, assertEquals } from "@std/assert";
import {
  Device,
  fromTypedArray,
  ReferenceBackend,
  Scope,
  setDefaultDevice,
  type Tensor,
} from "@troodon/core";
import { tape } from "@troodon/autograd";
import * as nn from "@troodon/nn";
import { relative, SINGLE } from "./reference/compare.ts";
import {
  argumentsOf,
  argumentsOfCall,
  construct,
  revive,
  type Row,
  ROWS,
  type Step,
  tensorsIn,
} from "./reference/constructor_rows.ts";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { numbers } from "./reference/numbers.ts";
import { dtypeOf, numberOf, type TensorRecord } from "./reference/records.ts";

type Data = TensorRecord["data"];

const TOLERANCE = 1e-7;
/** Float32 tolerances for steep functions. */
const STEEP: Readonly<Record<string, number>> = {};

/** Rounds to four decimal places, as in the rows. */
const rounded = (v: number): number => Math.round(1e4 * v) / 1e4;

/** Formats the arguments of a row briefly, for messages. */
function describe({ make, args, options = {}, call = {} }: Row): string {
  const short = (_: string, value: unknown) =>
    value instanceof Object && "tensor" in value ? "tensor" : value;
  return `${make} of ${JSON.stringify([args, options, call], short)}`;
}

/** Calls `check` for each row, and throws a single error for all failures. */
function forEachRow(rows: readonly Row[], check: (row: Row) => void): void {
  const faults = rows.flatMap((row) => {
    try {
      using _ = new Scope();
      check(row);
      return [];
    } catch (error) {
      return [`${describe(row)}: ${error instanceof Error ? error.message : error}`];
    }
  });
  assert(faults.length === 0, faults.join("\n"));
}

function compareData(what: string, t: Tensor, data: Data, single: number): void {
  const dtype = t.dtype === "float32" ? "float64" : t.dtype;
  relative(TOLERANCE, single)(what, t, { shape: t.shape, dtype, data });
}

/** Returns the state as values, for comparison. */
const valuesOf = (layer: nn.AnyModule): Map<string, number[]> =>
  new Map([...layer.stateDict()].map(([name, t]) => [name, Array.from(t.dataSync(), Number)]));

function load(layer: nn.AnyModule, state: Readonly<Record<string, Data>>): void {
  const own = layer.stateDict();
  const tensors = Object.entries(state).map(([name, data]) => {
    const { shape, dtype, device } = own.get(name)!;
    return [name, fromTypedArray(Float64Array.from(data, numberOf), shape, { dtype, device })] as const;
  });
  layer.loadStateDict(new Map(tensors));
}

/** Returns true if the constructor is a class, rather than a function that takes or creates a module. */
const isClass = ({ make }: Row): boolean => Object.keys(nn).includes(make) && /^[A-Z]/.test(make);

/** Recreates a module from its description. */
function remade(layer: nn.AnyModule): nn.AnyModule {
  const again: nn.AnyModule = Reflect.construct(layer.constructor, layer.describe());
  return again.to("float64");
}

function checkStart(layer: nn.AnyModule, { shapes = {}, start = {} }: Row): void {
  const state = layer.stateDict();
  assertEquals(
    [...state].map(([name, t]) => [name, t.shape]),
    Object.entries(shapes).map(([k, v]) => [k, [...v]]),
  );
  for (const [name, t] of state) {
    const values = Array.from(t.dataSync(), Number), uniform = start[name];
    if (uniform !== undefined) {
      assert(
        values.every((v) => Math.abs(v - uniform) <= 1e-7),
        `${name} starts with ${values}, PyTorch's with ${uniform}`,
      );
    } else if (values.length > 1) assert(new Set(values).size > 1, `${name} starts with ${values[0]} alone`);
  }
}

function checkStep(layer: nn.AnyModule, row: Row, step: Step, device: Device): void {
  const single = STEEP[row.make] ?? SINGLE, { mode } = step;
  layer.train(mode === "train");
  layer.zeroGrad();
  const before = valuesOf(layer);
  const inputs = (step.inputs ?? row.inputs!).map((input) => revive(input, device));
  const result = Reflect.apply(layer, undefined, argumentsOfCall(row, inputs, device));
  const outputs = tensorsIn(result);
  assertEquals(outputs.length, step.outputs.length, `${mode}: number of outputs`);
  outputs.forEach((y, i) => relative(TOLERANCE, single)(`${mode}: output ${i}`, y, step.outputs[i]!));
  const flows = outputs.map((y, i) => [y, numbers(y.shape, 20 + i).map(rounded)] as const)
    .filter(([y]) => y.requiresGrad);
  if (flows.length > 0) {
    flows.map(([y, weights]) => y.mul(fromTypedArray(weights, y.shape, { device, dtype: y.dtype })).sum())
      .reduce((a, b) => a.add(b)).backward();
  }
  const check = (what: string, { grad }: Tensor, data: Data | null | undefined) => {
    if (grad !== null && data) compareData(what, grad, data, single);
    else if (grad !== null) assert(grad.dataSync().every((g) => Number(g) === 0), `${what} is there`);
    else assert(!data || data.every((g) => g === 0), `${what} is not there`);
  };
  tensorsIn(inputs).forEach((t, i) => check(`${mode}: gradient of input ${i}`, t, step.inputGrads?.[i]));
  for (const [name, p] of layer.namedParameters()) {
    check(`${mode}: gradient of ${name}`, p, step.parameterGrads?.[name]);
  }
  for (const [name, t] of layer.stateDict()) {
    const after = step.after?.[name];
    if (after) compareData(`${mode}: ${name} afterwards`, t, after, single);
    else assertEquals(Array.from(t.dataSync(), Number), before.get(name), `${mode}: ${name} afterwards`);
  }
}

/** Constructors without a row, with the reason. */
const WITHOUT_ROWS: Readonly<Record<string, string>> = {
  "Embedding(table)": "Embedding.fromPretrained() passes it",
  "EmbeddingBag(table)": "EmbeddingBag.fromPretrained() passes it",
  "Maxout()": "PyTorch has none: packages/nn/layers/maxout_test.ts",
  "Maxout(bias)": "PyTorch has none: packages/nn/layers/maxout_test.ts",
  "Upsample(antialias)": "PyTorch has it in interpolate() alone: packages/nn/layers/resampling_test.ts",
};
/** Options that all rows have, or that the last test covers. */
const EVERYWHERE: readonly string[] = ["dtype", "device"];

/** Returns true if a row covers the option, alone or with several values. */
const isAbout = (row: Row, option: string | undefined, at: number): boolean =>
  row.option === option || (at >= 0 && row.args.length > at);

Deno.test("every constructor of nn has a row with its defaults, and one with each option alone", () => {
  const isModule = (value: unknown) => typeof value === "function" && value.prototype instanceof nn.Module;
  const modules = Object.entries(nn).filter(([, value]) => isModule(value)).map(([name]) => name);
  const functions = ["weightNorm", "spectralNorm", "Embedding.fromPretrained", "EmbeddingBag.fromPretrained"];
  const constructors = [...modules, ...functions].filter((name) => !argumentsOf(name)!.isAbstract);
  assert(constructors.length > 130, `${constructors.length} constructors`);
  const missing = constructors.flatMap((name) => {
    const rows = groups.get(name) ?? [], { parameters, optional } = argumentsOf(name)!;
    return [undefined, ...optional.filter((option) => !EVERYWHERE.includes(option))]
      .filter((option) => !rows.some((row) => isAbout(row, option, parameters.indexOf(option ?? ""))))
      .map((option) => `${name}(${option ?? ""})`);
  });
  assertEquals(missing.sort(), Object.keys(WITHOUT_ROWS));
});

const groups = Map.groupBy(ROWS, ({ make }) => make);

for (const [name, rows] of groups) {
  Deno.test(`${name}() prints, names and starts what PyTorch does with defaults and each option alone`, () => {
    const device = DEVICES[0]!;
    setDefaultDevice(device);
    forEachRow(rows, (row) => {
      const layer = construct(row, device);
      assertEquals(layer.toString(), row.printed);
      checkStart(layer, row);
    });
  });
  for (const device of [...DEVICES, ...GPU_DEVICES]) {
    const computed = rows.filter(({ steps }) => steps);
    if (computed.length === 0) continue;
    // On the second device, modules are recreated from describe().
    Deno.test(`${name}() computes what PyTorch does with defaults and each option alone on ${device.name}`, () => {
      setDefaultDevice(device);
      const single = dtypeOf("float64", device) === "float32";
      forEachRow(computed.filter(({ exact }) => !(exact && single)), (row) => {
        const made = construct(row, device),
          layer = device === DEVICES[1] && isClass(row) ? remade(made) : made;
        load(layer, row.state ?? {});
        for (const step of row.steps!) checkStep(layer, row, step, device);
      });
    });
  }
}

Deno.test("what takes a device puts all state there", () => {
  const [device, other] = [new Device(new ReferenceBackend(), { tape }), DEVICES[1]!];
  setDefaultDevice(other);
  const rows = [...groups.values()].map((rows) => rows.at(-1)!).filter(({ make }) =>
    argumentsOf(make)!.optional.includes("device")
  );
  assert(rows.length > 25);
  forEachRow(rows, (row) => {
    const layer = construct(row, device);
    assertEquals([...layer.stateDict().values()].filter((t) => t.device !== device), []);
  });
  device[Symbol.dispose]();
});

/** Cases recorded from PyTorch, run again here: values, dtypes and gradients. */
import { assert, assertEquals } from "@std/assert";
import * as core from "@troodon/core";
import { type Device, type DType, Scope, type Tensor } from "@troodon/core";
import { NOT_COVERED } from "./not_covered.ts";

/** A tensor in a case. */
interface TensorRecord {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: readonly (number | boolean | string)[];
}

/** An argument in a case: a tensor, or a list, or what JSON has. */
type Argument = { readonly tensor: TensorRecord } | readonly Argument[] | number | string | boolean | null;

/** Gradients, arranged as the arguments are. */
type Gradients = TensorRecord | readonly Gradients[] | null;

/** A call of one function, and what PyTorch gave. */
export interface Case {
  readonly name: string;
  readonly op: string;
  readonly args: readonly Argument[];
  readonly kwargs: Readonly<Record<string, Argument>>;
  readonly outputs: readonly TensorRecord[];
  readonly grad_outputs?: readonly (TensorRecord | null)[];
  readonly grad_inputs?: readonly Gradients[];
}

/** What an argument becomes. */
type Value = Tensor | number | string | boolean | undefined | readonly Value[];

/** What a function gives. */
type Result = Tensor | readonly Tensor[] | { readonly values: Tensor; readonly indices: Tensor };

/** A function of this library, called with whatever a case holds. */
type Callee = (...args: never[]) => Result;

/** How to call the function that PyTorch calls by another name or with other keywords. */
export interface Spelling {
  /** The function, where it is not the export of core by the same name in camel case. */
  readonly call?: Callee;
  /** Keyword arguments that are given by position here, in order; others become options. */
  readonly positional?: readonly string[];
  /** How far results may be off, relative to the larger of 1 and the result; 1e-7 by default. */
  readonly tolerance?: number;
}

/** The cases of a file of this folder. */
export function loadCases(file: string): readonly Case[] {
  return JSON.parse(Deno.readTextFileSync(new URL(file, import.meta.url))).cases;
}

/**
 * Registers a test for each case of a file and each device, but for what {@linkcode NOT_COVERED} lists and what `wanted`,
 * where it is given, leaves out.
 */
export function replay(
  file: string,
  devices: readonly Device[],
  spellings: Readonly<Record<string, Spelling>>,
  wanted: (one: Case) => boolean = () => true,
): void {
  for (const one of loadCases(file)) {
    if (one.op in (NOT_COVERED[file] ?? {}) || !wanted(one)) continue;
    for (const device of devices) {
      Deno.test(`${one.op}() agrees with PyTorch on ${device.name}: ${one.name}`, () => {
        using _ = new Scope();
        check(one, device, spellings[one.op] ?? {});
      });
    }
  }
}

const camelCase = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function check(
  one: Case,
  device: Device,
  { call, positional = [], tolerance = 1e-7 }: Spelling,
): void {
  const differentiate = one.grad_inputs !== undefined;
  const args = one.args.map((a, i) => revive(a, device, one.grad_inputs?.[i] ?? null));
  const named = { ...one.kwargs };
  const placed = positional.map((name) => {
    const value = named[name];
    delete named[name];
    return value === undefined ? undefined : revive(value, device, null);
  });
  const options = Object.entries(named).map(([name, value]) => [camelCase(name), revive(value, device, null)]);
  const callee = call ?? (core as unknown as Record<string, Callee>)[camelCase(one.op)];
  assert(callee, `core has no ${camelCase(one.op)}()`);
  while (options.length === 0 && placed.length > 0 && placed.at(-1) === undefined) placed.pop();
  const rest = options.length > 0 ? [...placed, Object.fromEntries(options)] : placed;
  const outputs = listOf(callee(...[...args, ...rest] as never[]));

  assertEquals(outputs.length, one.outputs.length);
  outputs.forEach((y, i) => compare(`output ${i}`, y, one.outputs[i]!, tolerance));
  if (!differentiate) return;
  const losses = outputs.flatMap((y, i) => {
    const g = one.grad_outputs![i];
    return g ? [y.mul(make(g, device)).sum()] : [];
  });
  losses.reduce((a, b) => a.add(b)).backward();
  compareGradients("argument", args, one.grad_inputs!, tolerance);
}

function listOf(result: Result): readonly Tensor[] {
  if (result instanceof core.Tensor) return [result];
  return "values" in result && "indices" in result ? [result.values, result.indices] : result as readonly Tensor[];
}

function compareGradients(
  place: string,
  args: readonly Value[],
  expected: readonly Gradients[],
  tolerance: number,
): void {
  expected.forEach((gradient, i) => {
    const arg = args[i], where = `${place} ${i}`;
    if (gradient === null) return;
    if ("shape" in gradient) {
      assert(arg instanceof core.Tensor);
      // Steps and the like are flat: nothing is left in the leaf, where PyTorch leaves zeros.
      if (arg.grad === null) assert(gradient.data.every((n) => n === 0), `${where} has no gradient`);
      else compare(`gradient of ${where}`, arg.grad, gradient, tolerance);
    } else if (Array.isArray(arg)) compareGradients(where, arg, gradient, tolerance);
  });
}

const REVIVED: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN };

function numberOf(value: number | boolean | string): number {
  return typeof value === "string" ? REVIVED[value]! : Number(value);
}

/** int64 is int32 here, and float64 is float32 where a device has no other. */
function dtypeOf(name: string, { backend }: Device): DType {
  const dtype = (name === "int64" ? "int32" : name) as DType;
  return dtype === "float64" && !backend.limits.dtypes.includes(dtype) ? "float32" : dtype;
}

/** What float32 results of float64 cases may be off by. */
const SINGLE = 2e-5;

function make({ shape, dtype, data }: TensorRecord, device: Device): Tensor {
  const values = Float64Array.from(data, numberOf);
  return core.fromTypedArray(values, shape, { device, dtype: dtypeOf(dtype, device) });
}

/** The value of an argument; a leaf where a gradient is recorded for it. */
function revive(argument: Argument, device: Device, gradient: Gradients): Value {
  if (argument === null) return undefined;
  if (typeof argument === "string") return REVIVED[argument] ?? argument;
  if (typeof argument !== "object") return argument;
  if ("tensor" in argument) {
    const tensor = make(argument.tensor, device);
    return gradient ? tensor.requiresGrad_() : tensor;
  }
  const list: readonly Gradients[] = Array.isArray(gradient) ? gradient : [];
  return argument.map((item, i) => revive(item, device, list[i] ?? null));
}

function compare(what: string, actual: Tensor, expected: TensorRecord, tolerance: number): void {
  assertEquals(actual.shape, expected.shape, `shape of ${what}`);
  const dtype = dtypeOf(expected.dtype, actual.device);
  assertEquals(actual.dtype, dtype, `dtype of ${what}`);
  const values = actual.dataSync(), narrowed = dtype === "float32" && expected.dtype === "float64";
  const bound = narrowed ? Math.max(tolerance, SINGLE) : tolerance;
  expected.data.forEach((recorded, i) => {
    const exact = numberOf(recorded), found = values[i]!;
    const wanted = narrowed ? Math.fround(exact) : exact;
    const near = Object.is(wanted, found) || wanted === found ||
      Math.abs(found - wanted) <= bound * Math.max(Math.abs(wanted), 1);
    assert(near, `element ${i} of ${what} is ${found}: PyTorch has ${wanted}`);
  });
}

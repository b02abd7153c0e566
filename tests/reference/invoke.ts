/** Calls a recorded case on a device. */
import * as core from "@troodon/core";
import type { Device, Tensor } from "@troodon/core";
import { type Argument, type Case, dtypeOf, type Gradients, make, REVIVED, type TensorRecord } from "./records.ts";

/** An argument of a case after tensors were made on the device. */
export type Value = Tensor | number | string | boolean | undefined | readonly Value[];

/** The result of a called function: a tensor, a list or a record of tensors. */
export type Result = Tensor | readonly (Tensor | null)[] | Readonly<Record<string, Tensor>>;

/** A function of this library, called with whatever a case holds. */
export type Callee = (...args: never[]) => Result;

/** How to call the function that PyTorch calls by another name or with other keywords. */
export interface Spelling {
  /** The function, where it is not the export of core by the same name in camel case. */
  readonly call?: Callee;
  /** Makes the function from a case, for modules and whatever else a case sets up. */
  readonly prepare?: (one: Case, device: Device) => Callee;
  /** Keyword arguments that are given by position here, in order; others become options. */
  readonly positional?: readonly string[];
  /** How far results may be off, relative to the larger of 1 and the result; 1e-7 by default. */
  readonly tolerance?: number;
  /** How far float32 results of float64 cases may be off, likewise, where the function is steep; 2e-5 by default. */
  readonly single?: number;
  /** Why gradients are not compared with PyTorch's: differences show that they are right here. */
  readonly ownGradients?: string;
  /**
   * Why integer results are not compared: ties, where PyTorch chooses as it likes. Nor are gradients where it chose
   * otherwise.
   */
  readonly anyIndices?: string;
  /** Why gradients are not compared where the first argument is NaN. */
  readonly anyNanSlope?: string;
  /** Why there is no second derivative to compare. */
  readonly onceOnly?: string;
  /** Why a call is taken that PyTorch refuses. */
  readonly accepted?: string;
}

/** A tensor whose gradient is recorded. */
export interface Leaf {
  readonly place: string;
  readonly tensor: Tensor;
  readonly gradient: TensorRecord;
}

/** Outputs of a called case, and the leaves whose gradients are recorded. */
export interface Invocation {
  readonly outputs: readonly Tensor[];
  readonly leaves: readonly Leaf[];
}

const camelCase = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Calls a case; `shift` may put other values in the place of leaf `i`. */
export function invoke(
  one: Case,
  device: Device,
  { call, prepare, positional = [] }: Spelling,
  shift: (leaf: Tensor, i: number) => Tensor = (leaf) => leaf,
): Invocation {
  const leaves: Leaf[] = [];
  const args = one.args.map((a, i) => revive(a, one.grad_inputs?.[i] ?? null, `argument ${i}`));
  const named: Record<string, Value> = {};
  for (const [name, value] of Object.entries(one.kwargs)) {
    const revived = revive(value, one.grad_kwargs?.[name] ?? null, `argument ${name}`);
    named[name] = name === "dtype" && typeof revived === "string" ? dtypeOf(revived, device) : revived;
  }
  const placed = positional.map((name) => {
    const value = named[name];
    delete named[name];
    return value;
  });
  const options = Object.entries(named).map(([name, value]) => [camelCase(name), value]);
  const callee = prepare?.(one, device) ?? call ??
    (core as unknown as Record<string, Callee>)[camelCase(one.op)];
  if (!callee) throw new TypeError(`Cannot call ${camelCase(one.op)}() as core has none`);
  while (options.length === 0 && placed.length > 0 && placed.at(-1) === undefined) placed.pop();
  const rest = options.length > 0 ? [...placed, Object.fromEntries(options)] : placed;
  return { outputs: listOf(callee(...[...args, ...rest] as never[])), leaves };

  /** The value of an argument; a leaf where a gradient is recorded for it. */
  function revive(argument: Argument, gradient: Gradients, place: string): Value {
    if (argument === null) return undefined;
    if (typeof argument === "string") return REVIVED[argument] ?? argument;
    if (typeof argument !== "object") return argument;
    if ("tensor" in argument) {
      const made = make(argument.tensor, device);
      if (gradient === null || !("shape" in gradient)) return made;
      const tensor = shift(made, leaves.length).requiresGrad_();
      leaves.push({ place, tensor, gradient });
      return tensor;
    }
    const list: readonly Gradients[] = Array.isArray(gradient) ? gradient : [];
    return argument.map((item, i) => revive(item, list[i] ?? null, `${place}, item ${i}`));
  }
}

function listOf(result: Result): readonly Tensor[] {
  if (result instanceof core.Tensor) return [result];
  return (Array.isArray(result) ? result : Object.values(result)).filter((t) => t !== null);
}

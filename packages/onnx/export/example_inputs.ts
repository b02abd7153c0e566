/** Example inputs under names, and at other extents. */
import { type Tensor, tidySync } from "@troodon/core";
import type { SymbolPlace } from "./graph/builder.ts";
import { type Assignment, LEAST_SAMPLES } from "./graph/dim.ts";
import type { DynamicAxes } from "./options.ts";
import { tensorsIn, withTensors } from "./trace/tensors.ts";

/** A tensor that a module is called with. */
export interface ExampleInput {
  readonly name: string;
  readonly tensor: Tensor;
  /** The symbol of each axis; null for axes of fixed extents. */
  readonly axes: readonly (string | null)[];
}

/** The name of a tensor in arguments or results, of which there may be several. */
export function defaultName(kind: "input" | "output", path: string, count: number): string {
  if (count === 1) return kind;
  return /^\d/.test(path) ? `${kind}_${path.replaceAll(".", "_")}` : path.replaceAll(".", "_");
}

/** The tensors in `inputs`, with their names and dynamic axes. */
export function exampleInputs(
  inputs: readonly unknown[],
  names: readonly string[] | undefined,
  dynamicAxes: Readonly<Record<string, DynamicAxes>> | undefined,
): ExampleInput[] {
  const found = tensorsIn(inputs),
    own = names ?? found.map(([path]) => defaultName("input", path, found.length));
  if (found.length === 0 || own.length !== found.length || new Set(own).size !== own.length) {
    throw new RangeError(
      `Cannot export a module as there must be example inputs with a name each: current number of tensors is ` +
        `${found.length}, names are ${own.join(", ")}`,
    );
  }
  for (const name of Object.keys(dynamicAxes ?? {})) {
    if (!own.includes(name)) {
      throw new RangeError(
        `Cannot export a module as dynamicAxes must name inputs: there is no "${name}" among ${
          own.join(", ")
        }`,
      );
    }
  }
  return found.map(([, tensor], i) => {
    const name = own[i]!, asked = dynamicAxes === undefined ? { 0: "N" } : dynamicAxes[name] ?? [];
    const entries = Array.isArray(asked)
      ? asked.map((axis: number) => [axis, `${name}_dim_${axis}`] as const)
      : Object.entries(asked as Record<number, string>).map(([axis, symbol]) =>
        [Number(axis), symbol] as const
      );
    const axes = new Array<string | null>(tensor.ndim).fill(null);
    for (const [axis, symbol] of entries) {
      if (dynamicAxes === undefined && tensor.ndim === 0) continue;
      if (!Number.isInteger(axis) || axis < 0 || axis >= tensor.ndim) {
        throw new RangeError(
          `Cannot export a module as dynamicAxes must be axes of the input: ${name} of shape [${tensor.shape}] has no axis ${axis}`,
        );
      }
      axes[axis] = symbol;
    }
    return { name, tensor, axes };
  });
}

/** The smallest extent of each symbol that a module is run with: 2 for a batch, that of the example for other axes. */
export function leastExtents(inputs: readonly ExampleInput[]): Assignment {
  const least: Record<string, number> = {};
  for (const { tensor, axes } of inputs) {
    axes.forEach((symbol, axis) => {
      if (symbol !== null) {
        least[symbol] = Math.max(
          least[symbol] ?? LEAST_SAMPLES,
          axis === 0 ? LEAST_SAMPLES : tensor.shape[axis]!,
        );
      }
    });
  }
  return least;
}

/** The place that each symbol can be read from. */
export function symbolPlaces(inputs: readonly ExampleInput[]): Record<string, SymbolPlace> {
  const places: Record<string, SymbolPlace> = {};
  for (const { name, axes } of inputs) {
    axes.forEach((symbol, axis) => {
      if (symbol !== null) places[symbol] ??= { input: name, axis };
    });
  }
  return places;
}

/** The arguments with dynamic axes of the extents `at`: cut off, or repeated. */
export function resized(
  inputs: readonly unknown[],
  examples: readonly ExampleInput[],
  at: Assignment,
): unknown[] {
  let next = 0;
  return withTensors(inputs, (tensor) => {
    const { axes } = examples[next++]!;
    const make = (): Tensor =>
      axes.reduce<Tensor>(
        (x, symbol, axis) => symbol === null ? x : withExtent(x, axis, at[symbol]!),
        tensor.clone(),
      );
    return tidySync(make, false);
  }) as unknown[];
}

function withExtent(x: Tensor, axis: number, extent: number): Tensor {
  const own = x.shape[axis]!;
  if (own === 0) {
    throw new RangeError(
      `Cannot export a module as example inputs must not be empty: current shape is [${x.shape}]`,
    );
  }
  const index = Array.from({ length: extent }, (_, i) => i % own);
  return x.indexSelect(axis, x.newTensor(index, { dtype: "int32" }));
}

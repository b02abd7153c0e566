/** Modules beside what onnxruntime makes of their exports. */
import { assert, assertEquals } from "@std/assert";
import { manualSeed, type Tensor, tidy } from "@troodon/core";
import type { AnyModule } from "@troodon/nn";
import { exportOnnx, type ExportOptions, loadOnnx } from "@troodon/onnx";
import type { Load, Result } from "./session.ts";

/** The tensors in arguments or results, in order. */
export function tensorsIn(tree: unknown): Tensor[] {
  if (typeof tree !== "object" || tree === null) return [];
  if ("dtype" in tree && "device" in tree) return [tree as Tensor];
  return [...(tree instanceof Map ? tree.values() : Object.values(tree))].flatMap(tensorsIn);
}

/** A module to compare with its export. */
export interface Comparison {
  readonly module: AnyModule;
  readonly inputs: (n: number) => readonly unknown[];
  readonly options?: ExportOptions;
  /** The largest difference, relative to each number above 1, and to the largest if all are below; 1e-5 by default. */
  readonly tolerance?: number;
  /** Numbers of samples; 1, 5 and 64 by default. */
  readonly counts?: readonly number[];
}

/** Numbers and shape of an output. */
type Output = Omit<Result, "data"> & { readonly data: ArrayLike<number> };

/** The tensors of a result as numbers. */
const outputsOf = (make: () => unknown): Output[] =>
  tidy(() => tensorsIn(make()).map((y) => ({ shape: y.shape, data: y.dataSync() })));

/** Loads a model with `loadOnnx()`. */
export const imported: Load = async (bytes) => {
  const module = await loadOnnx<unknown>(bytes);
  return {
    run: (inputs) =>
      Promise.resolve(
        outputsOf(() => module(...inputs)).map(({ shape, data }) => ({ shape, data: Array.from(data) })),
      ),
    release: () => Promise.resolve(module.dispose()),
  };
};

/** Exports a module with one sample, and compares what `loads` make of the file at other numbers of samples. */
export async function compare(
  loads: readonly (Load | null)[],
  { module, inputs, options = {}, tolerance = 1e-5, counts = [1, 5, 64] }: Comparison,
): Promise<void> {
  manualSeed(1);
  const bytes = await exportOnnx(module, inputs(1), options);
  const call = module.eval() as unknown as (...inputs: readonly unknown[]) => unknown;
  for (const load of loads) {
    const session = await load?.(bytes);
    try {
      for (const n of session ? counts : []) {
        const given = inputs(n), expected = outputsOf(() => call(...given));
        assertNear(await session!.run(tensorsIn(given)), expected, tolerance, n);
      }
    } finally {
      await session?.release();
    }
  }
}

function assertNear(
  found: readonly Output[],
  expected: readonly Output[],
  tolerance: number,
  n: number,
): void {
  assertEquals(found.map(({ shape }) => [...shape]), expected.map(({ shape }) => [...shape]));
  expected.forEach(({ data }, i) => {
    // Numbers of untrained networks may all be tiny.
    let largest = 0;
    for (let j = 0; j < data.length; j++) if (Math.abs(data[j]!) > largest) largest = Math.abs(data[j]!);
    for (let j = 0; j < data.length; j++) {
      const own = found[i]!.data[j]!, value = data[j]!;
      const near = Math.abs(own - value) <= tolerance * Math.max(Math.min(1, largest), Math.abs(value)) ||
        Object.is(own, value);
      assert(near, `element ${j} of output ${i} is ${own} for ${n} samples, and ${value} here`);
    }
  });
}

/** Modules beside what onnxruntime makes of their exports. */
import { assert, assertEquals } from "@std/assert";
import { manualSeed, type Tensor, tidy } from "@troodon/core";
import type { AnyModule } from "@troodon/nn";
import { exportOnnx, type ExportOptions } from "@troodon/onnx";
import type { Load } from "./session.ts";

/** The tensors in arguments or results, in order. */
export function tensorsIn(tree: unknown): Tensor[] {
  if (typeof tree !== "object" || tree === null) return [];
  if ("dtype" in tree && "device" in tree) return [tree as Tensor];
  return Object.values(tree).flatMap(tensorsIn);
}

/** What to compare, and how. */
export interface Comparison {
  readonly module: AnyModule;
  readonly inputs: (n: number) => readonly unknown[];
  readonly options?: ExportOptions;
  /** The largest difference, relative to numbers above 1; 1e-5 by default. */
  readonly tolerance?: number;
  /** Numbers of samples; 1, 5 and 64 by default. */
  readonly counts?: readonly number[];
}

/** Exports a module with one sample and compares it in onnxruntime at other numbers of samples. */
export async function compare(
  load: Load,
  { module, inputs, options = {}, tolerance = 1e-5, counts = [1, 5, 64] }: Comparison,
): Promise<void> {
  manualSeed(1);
  const session = await load(await exportOnnx(module, inputs(1), options));
  const call = module.eval() as unknown as (...inputs: readonly unknown[]) => unknown;
  try {
    for (const n of counts) {
      const given = inputs(n), results = await session.run(tensorsIn(given));
      const expected = tidy(() =>
        tensorsIn(call(...given)).map((y) => ({ shape: y.shape, data: y.dataSync() }))
      );
      assertEquals(results.map(({ shape }) => shape), expected.map(({ shape }) => [...shape]));
      expected.forEach(({ data }, i) => {
        data.forEach((value, j) => {
          const found = results[i]!.data[j]!,
            near = Math.abs(found - value) <= tolerance * Math.max(1, Math.abs(value));
          assert(
            near || Object.is(found, value),
            `element ${j} of output ${i} is ${found} for ${n} samples, and ${value} here`,
          );
        });
      });
    }
  } finally {
    await session.release();
  }
}

/** Comparison of classifiers with PyTorch's logits for the weights of the rule, in files of the form of `models.json`. */
import { assert, assertEquals } from "@std/assert";
import { type Device, noGrad, Scope, setDefaultDevice, tensor } from "@troodon/troodon";
import { getModel } from "@troodon/models";
import { ruledWeight } from "./rule.ts";

interface Logits {
  readonly first_200_of_each_row?: readonly (readonly number[])[];
  readonly sum?: number;
  readonly sum_of_squares?: number;
  readonly argmax: readonly number[];
  readonly largest_magnitude?: number;
}

/** A classifier in a file. */
export interface ModelReference {
  readonly name: string;
  readonly input: { readonly shape: readonly number[] };
  readonly state_dict: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly parameters: number;
  readonly logits_float64: Logits;
  readonly logits_float32: Logits;
}

/** File with classifiers and their logits. */
export interface ModelsFile {
  readonly rule: { readonly salt: number };
  readonly models: readonly ModelReference[];
}

/** Reads a file; `models.json` by default. */
export async function readModels(
  file: string | URL = new URL("models.json", import.meta.url),
): Promise<ModelsFile> {
  return JSON.parse(await Deno.readTextFile(file));
}

/**
 * Checks names and shapes of a classifier, and its logits: in float32 to 1e-4 of the largest one, in float64 to 1e-8.
 *
 * @returns The largest difference in parts of the tolerance.
 */
export function checkModel(
  { name, input, state_dict, parameters, logits_float32, logits_float64 }: ModelReference,
  { device, dtype, salt }: {
    readonly device: Device;
    readonly dtype: "float32" | "float64";
    readonly salt: number;
  },
): number {
  setDefaultDevice(device);
  using _ = new Scope();
  using _no = noGrad();
  const model = getModel(name).eval();
  assertEquals([...model.stateDict()].map(([name, { shape }]) => [name, shape]), state_dict as unknown);
  assertEquals([...model.parameters()].reduce((sum, p) => sum + p.numel(), 0), parameters);
  model.to(dtype);
  for (const [k, [name, t]] of [...model.stateDict()].entries()) {
    if (name.endsWith("num_batches_tracked")) continue;
    using values = tensor(ruledWeight(k, name, t.shape, salt), { dtype: t.dtype });
    t.copy_(values.view(t.shape));
  }
  const size = input.shape.reduce((a, b) => a * b, 1);
  const x = tensor(Float64Array.from({ length: size }, (_, i) => Math.sin(0.01 * i)), { dtype });
  const y = model(x.view(input.shape)), rows = y.tolist() as number[][];
  const { largest_magnitude = 1 } = logits_float32, { argmax, sum, sum_of_squares } = logits_float64;
  const tolerance = dtype === "float64" ? 1e-8 : 1e-4, scale = Math.max(1, largest_magnitude);
  let worst = 0;
  const close = (got: number, wanted: number, scale: number, what: string): void => {
    const off = Math.abs(got - wanted) / (tolerance * scale);
    assert(off <= 1, `${what} is ${got} and not ${wanted}`);
    worst = Math.max(worst, off);
  };
  assertEquals(y.argmax(1).tolist(), [...argmax]);
  for (const [r, row] of logits_float64.first_200_of_each_row!.entries()) {
    for (const [i, wanted] of row.entries()) close(rows[r]![i]!, wanted, scale, `logit ${i} of row ${r}`);
  }
  const all = rows.flat(), squares = all.reduce((a, b) => a + b * b, 0);
  if (sum_of_squares !== undefined) close(squares, sum_of_squares, sum_of_squares, "the sum of squares");
  if (sum !== undefined) close(all.reduce((a, b) => a + b), sum, scale * all.length, "the sum");
  return worst;
}

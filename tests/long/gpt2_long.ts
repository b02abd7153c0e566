/** GPT-2 of 124 million parameters has the logits of PyTorch code with the same weights, with a cache and without. */
import { assert, assertEquals } from "@std/assert";
import { noGrad, Scope, setDefaultDevice, tensor } from "@troodon/troodon";
import { GPT2LMHeadModel, KVCache, parseGPT2Config } from "@troodon/models";
import { DEVICES } from "../reference/devices.ts";
import { ruledWeight } from "../reference/rule.ts";

interface Reference {
  readonly config: Readonly<Record<string, number>>;
  readonly ids: readonly (readonly number[])[];
  readonly first_200_of_each_row: readonly (readonly number[])[];
  readonly sum_of_squares: number;
  readonly argmax: readonly number[];
}

const reference: Reference = JSON.parse(
  await Deno.readTextFile(new URL("../reference/gpt2_smallest.json", import.meta.url)),
);

Deno.test("GPT2LMHeadModel() of 124 million parameters has PyTorch's logits to 1e-4, in pieces too", () => {
  setDefaultDevice(DEVICES[1]!);
  using _ = new Scope();
  using _no = noGrad();
  const model = new GPT2LMHeadModel(parseGPT2Config(JSON.stringify(reference.config))).eval();
  assertEquals([...model.parameters()].reduce((sum, p) => sum + p.numel(), 0), 124_439_808);
  for (const [k, [name, t]] of [...model.stateDict()].entries()) {
    using values = tensor(ruledWeight(k, name, t.shape), { dtype: t.dtype });
    t.copy_(values.view(t.shape));
  }
  const ids = tensor(reference.ids.map((row) => [...row]), { dtype: "int32" }), [, length = 0] = ids.shape;
  using cache = new KVCache(length);
  const first = model(ids.narrow(1, 0, length - 2), { cache });
  const rest = [length - 2, length - 1].map((at) => model(ids.narrow(1, at, 1), { cache }));
  for (const [what, parts] of [["whole", [model(ids)]], ["in pieces", [first, ...rest]]] as const) {
    const rows = parts.flatMap((part) => (part.tolist() as number[][][])[0]!);
    assertEquals(rows.map((row) => row.indexOf(Math.max(...row))), [...reference.argmax]);
    let worst = 0;
    for (const [r, row] of reference.first_200_of_each_row.entries()) {
      for (const [i, wanted] of row.entries()) worst = Math.max(worst, Math.abs(rows[r]![i]! - wanted));
    }
    const squares = rows.flat().reduce((a, b) => a + b * b, 0) / reference.sum_of_squares;
    console.log(`${what}: largest difference ${worst.toExponential(2)}`);
    assert(worst < 1e-4, `${what}: ${worst}`);
    assert(Math.abs(squares - 1) < 1e-5, `${what}: sum of squares ${squares}`);
  }
});

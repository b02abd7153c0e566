/**
 * GPT-2 compared with PyTorch code that uses the same weights, and tokenizers compared with Hugging Face's.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  crossEntropy,
  type Device,
  type DType,
  Generator,
  Scope,
  setDefaultDevice,
  StateDict,
  type Tensor,
  tensor,
} from "@troodon/core";
import {
  generate,
  GPT2LMHeadModel,
  KVCache,
  loadGPT2,
  loadTokenizer,
  parseGPT2Config,
} from "@troodon/models";
import { load, save, serialize } from "@troodon/troodon";
import { DEVICES } from "./reference/devices.ts";
import { ruledWeight } from "./reference/rule.ts";

interface Reference {
  readonly config: Readonly<Record<string, number>>;
  readonly state_dict: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly ids: readonly (readonly number[])[];
  readonly logits: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly greedy: readonly (readonly number[])[];
}

const folder = new URL("./reference/", import.meta.url);
const reference: Reference = JSON.parse(await Deno.readTextFile(new URL("gpt2.json", folder)));

/** Creates the reference model in evaluation mode, with weights from the rule shared with PyTorch. */
function makeModel(device: Device, dtype: DType): GPT2LMHeadModel {
  setDefaultDevice(device);
  const model = new GPT2LMHeadModel(parseGPT2Config(JSON.stringify(reference.config))).eval();
  if (dtype === "float64") model.to("float64");
  const state = [...model.stateDict()];
  model.loadStateDict(
    new Map(
      state.map((
        [name, { shape }],
        k,
      ) => [name, tensor(ruledWeight(k, name, shape), { dtype: "float64" }).view(shape)]),
    ),
  );
  return model;
}

const idsOf = (rows: readonly (readonly number[])[]): Tensor =>
  tensor(rows.map((row) => [...row]), { dtype: "int32" });

function assertNear(found: Tensor, wanted: readonly number[], tolerance: number): void {
  const values = found.detach().flatten().tolist() as number[];
  assertEquals(values.length, wanted.length);
  const scale = Math.max(1, ...wanted.map(Math.abs));
  for (const [i, value] of values.entries()) {
    assert(Math.abs(value - wanted[i]!) <= tolerance * scale, `element ${i} is ${value}, not ${wanted[i]}`);
  }
}

for (const device of DEVICES) {
  for (const [dtype, tolerance] of [["float32", 1e-5], ["float64", 1e-10]] as const) {
    Deno.test(`GPT2LMHeadModel() has PyTorch's logits and gradients on ${device.name} in ${dtype}`, () => {
      const model = makeModel(device, dtype), ids = idsOf(reference.ids);
      assertEquals(
        [...model.stateDict()].map(([name, { shape }]) => [name, shape]),
        reference.state_dict as unknown,
      );
      const logits = model(ids);
      assertNear(logits, reference.logits, tolerance);
      crossEntropy(logits.narrow(1, 0, 11).reshape(-1, 61), ids.narrow(1, 1, 11).reshape(-1)).backward();
      const parameters = new Map(model.namedParameters());
      for (const [name, wanted] of Object.entries(reference.gradients)) {
        assertNear(parameters.get(name)!.grad!, wanted, tolerance);
      }
    });
  }
}

Deno.test("generate() takes the likeliest tokens as PyTorch does, with a cache and without", async () => {
  const device = DEVICES[1]!, model = makeModel(device, "float64");
  const start = idsOf(reference.greedy.map((row) => row.slice(0, 5)));
  for (const useCache of [true, false]) {
    const seen: (readonly number[])[] = [];
    const found = await generate(model, start, {
      maxNewTokens: 15,
      useCache,
      onTokens: (ids) => seen.push(ids),
    });
    assertEquals(found.tolist(), reference.greedy as unknown);
    assertEquals(seen.map(([first]) => first), reference.greedy[0]!.slice(5));
  }
  // At most as many tokens as positions.
  assertEquals((await generate(model, start, { maxNewTokens: 100 })).shape, [2, 32]);
});

Deno.test("KVCache() gives the logits of the whole sequence, whatever pieces it comes in", () => {
  const device = DEVICES[1]!, model = makeModel(device, "float64"), ids = idsOf(reference.ids);
  const whole = model(ids), buffers = device.memory.buffers;
  {
    using _ = new Scope();
    using cache = new KVCache(12);
    let from = 0;
    for (const t of [3, 1, 5, 2, 1]) {
      const logits = model(ids.narrow(1, from, t), { cache });
      assertNear(logits, whole.narrow(1, from, t).flatten().tolist() as number[], 1e-12);
      from += t;
    }
    assertThrows(() => model(ids.narrow(1, 0, 1), { cache }), RangeError, "it has 12 of 12");
  }
  assertEquals(device.memory.buffers, buffers);
});

Deno.test("generate() draws among the likeliest tokens, and ends texts", async () => {
  const device = DEVICES[1]!, model = makeModel(device, "float32"), start = idsOf([[1, 2, 3]]);
  const last = (model(start).select(1, -1).tolist() as number[][])[0]!;
  const order = last.map((_, i) => i).toSorted((a, b) => last[b]! - last[a]!);
  const drawn = async (options: object): Promise<Set<number>> => {
    const found = new Set<number>(), generator = new Generator(1);
    for (let i = 0; i < 60; i++) {
      const ids = await generate(model, start, { maxNewTokens: 1, doSample: true, generator, ...options });
      found.add((ids.tolist() as number[][])[0]![3]!);
    }
    return found;
  };
  const among = (found: Set<number>, ids: readonly number[]) =>
    assert([...found].every((id) => ids.includes(id)), `${[...found]}`);
  const three = await drawn({ topK: 3, temperature: 5 });
  among(three, order.slice(0, 3));
  assertEquals(three.size, 3);
  assertEquals([...await drawn({ topK: 1 })], [order[0]]);
  const exponentials = order.map((id) => Math.exp(last[id]! - last[order[0]!]!)),
    sum = exponentials.reduce((a, b) => a + b);
  let kept = 0;
  for (let p = 0; p < 0.6; kept++) p += exponentials[kept]! / sum;
  among(await drawn({ topP: 0.6 }), order.slice(0, kept));
  assertEquals([...await drawn({ topP: 1e-9 })], [order[0]]);
  assert((await drawn({ temperature: 20 })).size > 20);
  const [end] = order;
  const rows = (await generate(model, idsOf([[1, 2, 3], [3, 2, 1]]), { maxNewTokens: 6, eosTokenId: end! }))
    .tolist() as number[][];
  assertEquals(rows[0]!.slice(3).every((id) => id === end), true);
  for (
    const [options, wanted] of [
      [{ temperature: 0 }, "temperature must be above 0"],
      [{ topK: 0 }, "topK must be"],
      [{ topP: 1.5 }, "topP must be"],
      [{ maxNewTokens: -1 }, "maxNewTokens must be"],
      [{ topk: 3 } as object, "did you mean topK?"],
    ] as const
  ) await assertRejects(() => generate(model, start, options), Error, wanted);
});

Deno.test("loadGPT2() reads the hub's names, and refuses what is built otherwise", async () => {
  const device = DEVICES[1]!, model = makeModel(device, "float32"), ids = idsOf(reference.ids);
  const path = await Deno.makeTempDir();
  await Deno.writeTextFile(
    join(path, "config.json"),
    JSON.stringify({ model_type: "gpt2", ...reference.config }),
  );
  await assertRejects(() => loadGPT2(path), Deno.errors.NotFound, "pytorch_model.bin");
  // Files in the form of the hub: without the prefix and the head, with masks.
  const state = [...model.transformer.stateDict()];
  await save(new StateDict([...state, ["h.0.attn.bias", tensor([[1]])]]), join(path, "model.safetensors"));
  const again = await loadGPT2(path);
  assertEquals(again.eval()(ids).tolist(), model(ids).tolist());
  // Sizes that the weights do not have are refused before memory is taken for them.
  const { peakBytes } = device.memory;
  for (
    const [change, wanted] of [
      [
        { vocab_size: 4_000_000, n_embd: 4_000_000, n_head: 1 },
        "wte.weight must be [4000000, 4000000]: it is [61, 24]",
      ],
      [{ n_positions: 33 }, "wpe.weight must be [33, 24]"],
      [{ n_inner: 4_000_000 }, "c_fc.weight must be [24, 4000000]"],
      [{ n_layer: 4_000_000 }, "it must have 4000000 blocks: it has 3"],
    ] as const
  ) {
    await Deno.writeTextFile(join(path, "config.json"), JSON.stringify({ ...reference.config, ...change }));
    await assertRejects(() => loadGPT2(path), RangeError, wanted);
  }
  assertEquals(device.memory.peakBytes, peakBytes);
  const saved = await load<GPT2LMHeadModel>(await serialize(model, { format: "pth" }));
  assertEquals(saved(ids).tolist(), model(ids).tolist());
  assert(saved.lm_head.weight === saved.transformer.wte.weight);
  for (
    const [text, wanted] of [
      ['{"model_type": "llama"}', 'model_type must be "gpt2"'],
      ['{"activation_function": "relu"}', "activation_function must be"],
      ['{"n_head": "4"}', "n_head must be a whole number from 1"],
      ["[]", "must hold an object"],
      ["{", "must be JSON"],
    ] as const
  ) assertThrows(() => parseGPT2Config(text), TypeError, wanted);
  assertThrows(() => new GPT2LMHeadModel({ nEmbd: 10, nHead: 3 }), RangeError, "nHead must divide nEmbd");
  assertThrows(() => model(idsOf([Array(33).fill(0)])), RangeError, "at most 32 tokens");
  await Deno.remove(path, { recursive: true });
});

Deno.test("loadTokenizer() gives the ids of Hugging Face's tokenizers", async () => {
  const path = new URL("tokenizer/", folder).pathname, tokenizer = await loadTokenizer(path);
  const cases: readonly (readonly [string, number[]])[] = JSON.parse(
    await Deno.readTextFile(join(path, "ids.json")),
  );
  assertEquals(cases.length, 20);
  for (const [text, ids] of cases) {
    assertEquals(tokenizer.encode(text), ids, text);
  }
  assertEquals(tokenizer.decode(tokenizer.encode("The quick brown fox")), "The quick brown fox");
  await assertRejects(() => loadTokenizer("none"), Deno.errors.NotFound, "tokenizer.json");
});

/**
 * Tokens a second of a GPT-2 of 124 million parameters, with a cache and without, beside PyTorch where a Python is named:
 *
 *     deno run -A bench/gpt2.ts --python python3 [--tokens 32] [--turns 5]
 *
 * The two take turns, so that what else the machine does falls on both.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { chooseDevice, manualSeed, tensor } from "@troodon/troodon";
import { generate, GPT2LMHeadModel } from "@troodon/models";
import { median } from "./measure.ts";
import { TorchGenerator } from "./gpt2/torch_generator.ts";

const options = parseArgs(Deno.args, {
  string: ["python", "tokens", "turns", "device", "threads"],
  default: { tokens: "32", turns: "5", device: "cpu", threads: "2" },
});
/** Tokens that are there already. */
const PROMPT = 32;

const device = await chooseDevice(options.device), turns = Number(options.turns);
manualSeed(0);
const model = new GPT2LMHeadModel().eval();
const prompt = Array.from({ length: PROMPT }, (_, i) => (7919 * i + 31) % 50257);
const ids = tensor([prompt], { dtype: "int32" });

/** Continues the prompt, and returns the tokens a second. */
async function here(maxNewTokens: number, useCache: boolean): Promise<number> {
  const start = performance.now();
  using made = await generate(model, ids, { maxNewTokens, useCache });
  await device.finish();
  return maxNewTokens * made.shape[0]! / ((performance.now() - start) / 1000);
}

await using torch = options.python === undefined ? null : new TorchGenerator(options.python, options.threads);
console.log(`${PROMPT} tokens continued by ${options.tokens}, the median of ${turns} turns, on ${device}`);
for (const useCache of [true, false]) {
  const tokens = Number(options.tokens), ours: number[] = [], theirs: number[] = [];
  // The first run compiles and warms up.
  for (let turn = -1; turn < turns; turn++) {
    const [a, b] = [await here(tokens, useCache), await torch?.generate(prompt, tokens, useCache)];
    if (turn < 0) continue;
    ours.push(a);
    if (b !== undefined) theirs.push(b);
  }
  const said = [`${useCache ? "with" : "without"} a cache: ${median(ours).toFixed(1)} tokens/s`];
  if (theirs.length > 0) {
    const ratio = median(ours.map((own, i) => own / theirs[i]!));
    said.push(`PyTorch ${median(theirs).toFixed(1)} tokens/s`, `ratio ${ratio.toFixed(2)}`);
  }
  console.log(said.join(", "));
}

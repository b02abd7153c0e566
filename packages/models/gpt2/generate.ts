/** Text generation with a language model. */
import { noGrad } from "@troodon/autograd";
import { cat, type Generator, multinomial, Scope, type Tensor, where } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { GPT2LMHeadModel } from "./gpt2.ts";
import { KVCache } from "./kv_cache.ts";

/** Options of {@linkcode generate}. */
export interface GenerateOptions {
  /** Maximum number of tokens to add (default 20). */
  readonly maxNewTokens?: number;
  /** If true, samples tokens by their probabilities; otherwise takes the most likely one (default false). */
  readonly doSample?: boolean;
  /** Temperature by which the logits are divided before sampling (default 1). */
  readonly temperature?: number;
  /** Samples only among the k most likely tokens (default: all). */
  readonly topK?: number;
  /** Samples only among the most likely tokens whose probabilities sum to p (default 1). */
  readonly topP?: number;
  /** Token that ends a text: all later tokens of the same text are set to it (default: none). */
  readonly eosTokenId?: number;
  /** If true, caches keys and values, which saves time but takes memory (default true). */
  readonly useCache?: boolean;
  /** Random number generator (default: the generator of the device). */
  readonly generator?: Generator;
  /** Called after each step with the new token of each text. */
  readonly onTokens?: (ids: readonly number[]) => void;
}
const GENERATE_OPTIONS: OptionKeys<GenerateOptions> = {
  maxNewTokens: true,
  doSample: true,
  temperature: true,
  topK: true,
  topP: true,
  eosTokenId: true,
  useCache: true,
  generator: true,
  onTokens: true,
};

function checkRange(name: string, value: number, fits: boolean, wanted: string): void {
  if (!fits) {
    throw new RangeError(`Cannot apply generate() as ${name} must be ${wanted}: current one is ${value}`);
  }
}

/** Sets all logits [n, v] except the k largest to -Infinity. */
function amongK(logits: Tensor, k: number): Tensor {
  const [values] = logits.topk(Math.min(k, logits.shape[1]!), 1);
  return where(logits.lt(values.narrow(1, -1, 1)), -Infinity, logits);
}

/**
 * Sets all logits [n, v] to -Infinity except the fewest whose probabilities sum to p, at least the largest
 * one.
 */
function amongP(logits: Tensor, p: number): Tensor {
  const [sorted] = logits.sort(1, { descending: true }), probabilities = sorted.softmax(1);
  const before = probabilities.cumsum(1).sub(probabilities);
  const least = where(before.lt(p), sorted, Infinity).amin(1, { keepdim: true });
  return where(logits.lt(least), -Infinity, logits);
}

/** Returns the next token of each text [n, 1] from logits [n, v]. */
function nextTokens(logits: Tensor, options: GenerateOptions): Tensor {
  const { doSample = false, temperature = 1, topK, topP = 1, generator } = options;
  if (!doSample) return logits.argmax(1, { keepdim: true });
  let kept = logits.div(temperature);
  if (topK !== undefined) kept = amongK(kept, topK);
  if (topP < 1) kept = amongP(kept, topP);
  return multinomial(kept.softmax(1), 1, generator === undefined ? {} : { generator });
}

/**
 * Continues texts token by token: ids [n, t] to ids [n, t + new], at most as many as the model has positions.
 * Uses greedy decoding by default.
 *
 * @throws {RangeError} If an option is out of range, or no position is left.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice, tensor } from "@troodon/core";
 * import { generate, GPT2LMHeadModel } from "@troodon/models";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const model = new GPT2LMHeadModel({ vocabSize: 10, nPositions: 8, nEmbd: 4, nLayer: 1, nHead: 2 }).eval();
 * const ids = await generate(model, tensor([[1, 2, 3]], { dtype: "int32" }), { maxNewTokens: 4 });
 * assertEquals(ids.shape, [1, 7]);
 * ```
 */
export async function generate(
  model: GPT2LMHeadModel,
  ids: Tensor,
  options: GenerateOptions = {},
): Promise<Tensor> {
  options = readOptions("generate()", options, GENERATE_OPTIONS);
  const { maxNewTokens = 20, temperature = 1, topK = 1, topP = 1, eosTokenId, useCache = true, onTokens } =
    options;
  checkRange(
    "maxNewTokens",
    maxNewTokens,
    Number.isInteger(maxNewTokens) && maxNewTokens >= 0,
    "a whole number",
  );
  checkRange("temperature", temperature, temperature > 0, "above 0");
  checkRange("topK", topK, Number.isInteger(topK) && topK >= 1, "a whole number above 0");
  checkRange("topP", topP, topP > 0 && topP <= 1, "above 0 and at most 1");
  const [, t = 0] = ids.shape, end = Math.min(t + maxNewTokens, model.config.nPositions);
  checkRange(
    "the number of ids",
    t,
    t >= 1 && (t < model.config.nPositions || maxNewTokens === 0),
    `1 to ${model.config.nPositions - 1}`,
  );
  using cache = useCache ? new KVCache(end) : null;
  let all = ids.clone(), ended: boolean[] = [];
  all.adopt();
  for (let length = t; length < end && !(ended.length > 0 && ended.every(Boolean)); length++) {
    const next = newTokens(model, all, cache, options);
    let found: readonly number[] | null = null;
    if (eosTokenId !== undefined || onTokens !== undefined) {
      found = Array.from(await next.dataAsync(), Number).map((id, i) => ended[i] ? eosTokenId! : id);
      if (ended.some(Boolean)) found.forEach((id, i) => void next.narrow(0, i, 1).fill_(id));
      ended = found.map((id) => id === eosTokenId);
    }
    const longer = joined(all, next);
    all.dispose();
    next.dispose();
    all = longer;
    if (found !== null) onTokens?.(found);
  }
  // Clone outside of any scope of this function, so that the result belongs to the scope of the caller.
  const result = all.clone();
  all.dispose();
  return result;
}

/** Returns the tokens that follow `all`; the caller must dispose of them. */
function newTokens(
  model: GPT2LMHeadModel,
  all: Tensor,
  cache: KVCache | null,
  options: GenerateOptions,
): Tensor {
  using scope = new Scope();
  using _ = noGrad();
  const seen = cache?.length ?? 0, given = all.narrow(1, seen, all.shape[1]! - seen);
  const logits = model(given, cache === null ? {} : { cache });
  const next = nextTokens(logits.select(1, -1), options).to(all.dtype);
  return scope.keep(next);
}

function joined(all: Tensor, next: Tensor): Tensor {
  using _ = noGrad();
  const longer = cat([all, next], 1);
  longer.adopt();
  return longer;
}

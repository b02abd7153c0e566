/** Texts by a language model. */
import { noGrad } from "@troodon/autograd";
import { cat, type Generator, multinomial, Scope, type Tensor, where } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { GPT2LMHeadModel } from "./gpt2.ts";
import { KVCache } from "./kv_cache.ts";

/** Options of {@linkcode generate}. */
export interface GenerateOptions {
  /** Most tokens to add (default 20). */
  readonly maxNewTokens?: number;
  /** Whether tokens are drawn by their probabilities, rather than the likeliest taken (default false). */
  readonly doSample?: boolean;
  /** Divides the logits before tokens are drawn (default 1). */
  readonly temperature?: number;
  /** Draw among the k likeliest tokens alone (default: all). */
  readonly topK?: number;
  /** Draw among the fewest likeliest tokens whose probabilities reach p alone (default 1). */
  readonly topP?: number;
  /** The token that ends a text: later ones of the same text are this one as well (default: none). */
  readonly eosTokenId?: number;
  /** Whether keys and values are kept, which saves time and takes memory (default true). */
  readonly useCache?: boolean;
  /** Where draws come from (default: the generator of the device). */
  readonly generator?: Generator;
  /** Called with the new token of each text, as they come. */
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

/** Logits [n, v] with all but the k likeliest at -Infinity. */
function amongK(logits: Tensor, k: number): Tensor {
  const [values] = logits.topk(Math.min(k, logits.shape[1]!), 1);
  return where(logits.lt(values.narrow(1, -1, 1)), -Infinity, logits);
}

/** Logits [n, v] with all at -Infinity but the fewest whose probabilities reach p: the likeliest one at least. */
function amongP(logits: Tensor, p: number): Tensor {
  const [sorted] = logits.sort(1, { descending: true }), probabilities = sorted.softmax(1);
  const before = probabilities.cumsum(1).sub(probabilities);
  const least = where(before.lt(p), sorted, Infinity).amin(1, { keepdim: true });
  return where(logits.lt(least), -Infinity, logits);
}

/** The next token of each text [n, 1], from logits [n, v]. */
function nextTokens(logits: Tensor, options: GenerateOptions): Tensor {
  const { doSample = false, temperature = 1, topK, topP = 1, generator } = options;
  if (!doSample) return logits.argmax(1, { keepdim: true });
  let kept = logits.div(temperature);
  if (topK !== undefined) kept = amongK(kept, topK);
  if (topP < 1) kept = amongP(kept, topP);
  return multinomial(kept.softmax(1), 1, generator === undefined ? {} : { generator });
}

/**
 * Goes on with texts, one token after the other: ids [n, t] to ids [n, t + new], at most as many as the model has positions.
 * Without options each token is the likeliest one.
 *
 * @throws {RangeError} If an option is out of range, or there is no position left.
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
  // Belongs to the caller's scope, as any result.
  const result = all.clone();
  all.dispose();
  return result;
}

/** The token after those of `all`, which no scope frees. */
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

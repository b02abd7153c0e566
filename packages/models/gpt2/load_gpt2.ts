/** Loading of GPT-2 from the files of Hugging Face. */
import { reword, showArgument } from "@troodon/core/kernel";
import { fileErrors, isNotFound, openBytes } from "@troodon/io";
import { openTensors } from "@troodon/serialization";
import { GPT2LMHeadModel } from "./gpt2.ts";
import { type CompleteGPT2Config, completeGPT2Config, type GPT2Config } from "./gpt2_config.ts";
import { loadWeights } from "../weights/load_weights.ts";

/** Keys of `config.json` that determine the architecture, with the names used here. */
const NUMBERS: Readonly<Record<string, keyof GPT2Config>> = {
  vocab_size: "vocabSize",
  n_positions: "nPositions",
  n_embd: "nEmbd",
  n_layer: "nLayer",
  n_head: "nHead",
  n_inner: "nInner",
  resid_pdrop: "residPdrop",
  embd_pdrop: "embdPdrop",
  attn_pdrop: "attnPdrop",
  layer_norm_epsilon: "layerNormEpsilon",
};

/** Keys whose numbers need not be whole. */
const FRACTIONS: ReadonlySet<string> = new Set([
  "resid_pdrop",
  "embd_pdrop",
  "attn_pdrop",
  "layer_norm_epsilon",
]);

/** Upper bound for the numbers of a network that fits in memory. */
const LARGEST = 2 ** 22;

/** Required values of other keys, because only these variants are supported. */
const FIXED: Readonly<Record<string, readonly unknown[]>> = {
  model_type: ["gpt2"],
  activation_function: ["gelu_new", "gelu_pytorch_tanh"],
  scale_attn_weights: [true],
  scale_attn_by_inverse_layer_idx: [false],
  reorder_and_upcast_attn: [false],
  add_cross_attention: [false],
  tie_word_embeddings: [true],
};

/**
 * Reads the configuration of a GPT-2 from the text of a `config.json`.
 *
 * @param file Name of the file in errors.
 * @throws {TypeError} If the model is not a GPT-2, or is an unsupported variant.
 */
export function parseGPT2Config(text: string, file = "config.json"): GPT2Config {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new TypeError(`Cannot read ${file} as it must be JSON`);
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new TypeError(`Cannot read ${file} as it must hold an object`);
  }
  const given = data as Readonly<Record<string, unknown>>;
  for (const [key, values] of Object.entries(FIXED)) {
    if (given[key] !== undefined && !values.includes(given[key])) {
      throw new TypeError(
        `Cannot read ${file} as its ${key} must be ${
          values.map((value) => JSON.stringify(value)).join(" or ")
        }: ` +
          `current value is ${showArgument(given[key])}`,
      );
    }
  }
  const config: Partial<Record<keyof GPT2Config, number>> = {};
  for (const [key, name] of Object.entries(NUMBERS)) {
    const value = given[key];
    if (value === undefined || value === null) continue;
    const isWhole = !FRACTIONS.has(key), least = isWhole ? 1 : 0;
    if (
      typeof value !== "number" || !(value >= least && value < LARGEST) || isWhole && !Number.isInteger(value)
    ) {
      throw new TypeError(
        `Cannot read ${file} as its ${key} must be a ${
          isWhole ? "whole " : ""
        }number from ${least} to ${LARGEST}: it is ${showArgument(value)}`,
      );
    }
    config[name] = value;
  }
  return config;
}

/**
 * Renames a tensor of a file from the hub, which lacks the prefix of the model with its head; returns null
 * for masks.
 */
export function renameGPT2(name: string): string | null {
  if (/\.attn\.(masked_)?bias$/.test(name)) return null;
  return /^(transformer|lm_head)\./.test(name) ? name : `transformer.${name}`;
}

/**
 * Loads a GPT-2 from a Hugging Face folder: `config.json`, and `model.safetensors` or `pytorch_model.bin`.
 *
 * @throws {TypeError} If a file is damaged, or the model is an unsupported variant.
 * @throws {RangeError} If the weights do not match the configuration; no memory is taken for a network then.
 */
export async function loadGPT2(folder: string): Promise<GPT2LMHeadModel> {
  using source = await openBytes(`${folder}/config.json`);
  const text = new TextDecoder().decode(await source.read(0, source.size));
  const config = parseGPT2Config(text, source.name);
  let model: GPT2LMHeadModel | undefined;
  try {
    const weights = await weightsIn(source, folder);
    await checkSizes(weights, completeGPT2Config(config));
    model = new GPT2LMHeadModel(config);
    return await loadWeights(model, { weights }, renameGPT2);
  } catch (error) {
    model?.dispose();
    const isOther =
      !(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError);
    if (isOther || error.message.includes(source.name)) throw error;
    throw reword(error, `${error.message} (loading the network of ${source.name})`);
  }
}

/**
 * Checks by the names and shapes of a file of weights that it holds a network of the sizes of a configuration: a network
 * may be larger by far than the files that describe it.
 */
async function checkSizes(
  weights: string,
  { vocabSize, nPositions, nEmbd, nLayer, nInner }: CompleteGPT2Config,
): Promise<void> {
  using file = await openTensors(weights);
  const shapes = new Map<string, string>(), layers = new Set<string>();
  for (const key of file.keys()) {
    const name = renameGPT2(
      key.replace(/^(model|state_dict|model_state_dict)\.(?=transformer\.|h\.|wte\.|wpe\.)/, ""),
    );
    if (name === null) continue;
    shapes.set(name, `[${file.info(key).shape.join(", ")}]`);
    const [, layer] = name.match(/^transformer\.h\.(\d+)\./) ?? [];
    if (layer !== undefined) layers.add(layer);
  }
  const wanted = [
    ["transformer.wte.weight", [vocabSize, nEmbd]],
    ["transformer.wpe.weight", [nPositions, nEmbd]],
    ["transformer.h.0.mlp.c_fc.weight", [nEmbd, nInner]],
  ] as const;
  for (const [name, shape] of wanted) {
    const found = shapes.get(name), text = `[${shape.join(", ")}]`;
    if (found === text) continue;
    throw new RangeError(
      `Cannot load ${weights} as its ${name} must be ${text}: ${
        found === undefined ? "there is none" : `it is ${found}`
      }`,
    );
  }
  if (layers.size !== nLayer) {
    throw new RangeError(`Cannot load ${weights} as it must have ${nLayer} blocks: it has ${layers.size}`);
  }
}

/** Returns the path of the weights in a folder with a configuration. */
async function weightsIn(source: Awaited<ReturnType<typeof openBytes>>, folder: string): Promise<string> {
  for (const name of ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"]) {
    try {
      (await source.beside(name))[Symbol.dispose]();
      return `${folder}/${name}`;
    } catch (error) {
      if (!(isNotFound(error))) throw error;
    }
  }
  throw new (fileErrors().NotFound)(
    `Cannot load ${folder} as there must be model.safetensors, model.safetensors.index.json or pytorch_model.bin`,
  );
}

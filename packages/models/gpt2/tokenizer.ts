/** Conversion between texts and token ids. */
import { fileErrors, isNotFound, joinPath, runtimeFiles } from "@troodon/io";

/** Converts texts to token ids and back. */
export interface TextTokenizer {
  /** Returns the token ids of a text. */
  encode(text: string): number[];
  /** Returns the text of token ids. */
  decode(ids: readonly number[]): string;
}

async function readJson(path: string): Promise<object | null> {
  let text: string;
  try {
    text = new TextDecoder().decode(await runtimeFiles().read(path));
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === "object" && data !== null) return data;
  } catch (error) {
    throw new TypeError(`Cannot read ${path} as it must be JSON: ${(error as Error).message}`);
  }
  throw new TypeError(`Cannot read ${path} as it must hold an object`);
}

/**
 * Loads the tokenizer of a Hugging Face folder: `tokenizer.json`, and `tokenizer_config.json` if it exists.
 * Uses `@huggingface/tokenizers`, which is imported on first use.
 *
 * @throws {Deno.errors.NotFound} If there is no `tokenizer.json`.
 * @throws {TypeError} If a file is damaged.
 */
export async function loadTokenizer(folder: string): Promise<TextTokenizer> {
  const path = joinPath(folder, "tokenizer.json"), tokenizer = await readJson(path);
  if (tokenizer === null) {
    throw new (fileErrors().NotFound)(`Cannot load a tokenizer as there must be ${path}`);
  }
  const config = await readJson(joinPath(folder, "tokenizer_config.json")) ?? {};
  const { Tokenizer } = await import("@huggingface/tokenizers");
  let made: InstanceType<typeof Tokenizer>;
  try {
    made = new Tokenizer(tokenizer, config);
  } catch (error) {
    throw new TypeError(`Cannot read ${path} as it must be that of a tokenizer: ${(error as Error).message}`);
  }
  return {
    encode: (text) => made.encode(text).ids,
    decode: (ids) => made.decode([...ids]),
  };
}

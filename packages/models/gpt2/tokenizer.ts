/** Texts as ids of tokens. */
import { join } from "@std/path";

/** Texts to ids of tokens and back. */
export interface TextTokenizer {
  /** The ids of the tokens of a text. */
  encode(text: string): number[];
  /** The text of tokens. */
  decode(ids: readonly number[]): string;
}

async function readJson(path: string): Promise<object | null> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
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
 * The tokenizer of a folder as Hugging Face has them: `tokenizer.json`, and `tokenizer_config.json` where there is one. Read by
 * `@huggingface/tokenizers`, which is loaded for that.
 *
 * @throws {Deno.errors.NotFound} If there is no `tokenizer.json`.
 * @throws {TypeError} If a file is damaged.
 */
export async function loadTokenizer(folder: string): Promise<TextTokenizer> {
  const path = join(folder, "tokenizer.json"), tokenizer = await readJson(path);
  if (tokenizer === null) throw new Deno.errors.NotFound(`Cannot load a tokenizer as there must be ${path}`);
  const config = await readJson(join(folder, "tokenizer_config.json")) ?? {};
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

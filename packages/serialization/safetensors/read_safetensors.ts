/** Safetensors files of which single tensors are read, in one file or several. */
import type { ByteSource } from "@troodon/io";
import { showArgument, type Stack } from "@troodon/core/kernel";
import type { Budget } from "../contents/budget.ts";
import type { Contents, StoredState } from "../contents/contents.ts";
import { FileTensor } from "../contents/stored_tensor.ts";
import { FILE_TYPES } from "./dtypes.ts";
import { headerEnd, readHeader } from "./header.ts";

/** The metadata that holds the architecture of a saved module. */
export const ARCHITECTURE_KEY = "troodon";

/** Bytes that the list of several files may have. */
const LONGEST_INDEX = 2 ** 26;

/**
 * The tensors of a safetensors file by name; each is read when it is asked for.
 *
 * @throws {RangeError} If a length, an offset, or a shape does not fit.
 * @throws {SyntaxError} If the header is not JSON in UTF-8, or a name comes twice.
 * @throws {TypeError} If a part of the header is not of the kind it must be.
 */
export async function readSafetensors(source: ByteSource, budget: Budget): Promise<Contents> {
  const { name: file, size } = source;
  const end = headerEnd(await source.read(0, Math.min(size, 8)), size, file);
  const { entries, metadata } = readHeader(await source.read(0, end), size, file);
  const value: StoredState = new Map();
  for (const { name, type, shape, start, end } of entries) {
    const read = (): Promise<Uint8Array> => {
      budget.take(end - start, `"${name}"`);
      return source.read(start, end);
    };
    value.set(name, new FileTensor(FILE_TYPES[type]!.dtype ?? type, shape, read));
  }
  const { [ARCHITECTURE_KEY]: architecture = null, ...texts } = metadata;
  return { value, metadata: texts, architecture };
}

/**
 * The tensors of several safetensors files by name, from the list of them: `model.safetensors.index.json`. The files must
 * lie beside it.
 *
 * @param opened Receives the files, which stay open.
 * @throws {TypeError} If the list or a file is damaged, or a file has not the tensors that the list says.
 */
export async function readShards(
  source: ByteSource,
  budget: Budget,
  opened: Stack,
): Promise<Contents> {
  const { name: file, size } = source;
  const fail = (why: string): TypeError =>
    new TypeError(`Cannot read ${file} as it must be a list of safetensors files: ${why}`);
  if (size > LONGEST_INDEX) throw fail(`it may have ${LONGEST_INDEX} bytes and has ${size}`);
  const files = weightMap(new TextDecoder().decode(await source.read(0, size)), fail);
  const shards = new Map<string, StoredState>(), value: StoredState = new Map();
  for (const [name, shard] of files) {
    if (!shards.has(shard)) {
      const part = opened.use(await openBeside(source, shard, fail));
      shards.set(shard, (await readSafetensors(part, budget)).value as StoredState);
    }
    const found = shards.get(shard)!.get(name);
    if (found === undefined) throw fail(`${shard} must have "${name}" and has not`);
    value.set(name, found);
  }
  return { value, metadata: {}, architecture: null };
}

/** Opens a file named in an index; a missing file is an error of the index. */
async function openBeside(
  list: ByteSource,
  shard: string,
  fail: (why: string) => TypeError,
): Promise<ByteSource> {
  try {
    return await list.beside(shard);
  } catch (error) {
    const { name, message } = error as Error;
    const isOther = name === "NotCapable" || name === "PermissionDenied" || message.includes(list.name);
    throw isOther ? error : fail(`${showArgument(shard)} beside it cannot be opened: ${message}`);
  }
}

/** The file of each tensor. */
function weightMap(text: string, fail: (why: string) => TypeError): readonly (readonly [string, string])[] {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    throw fail("it is no JSON");
  }
  const map = typeof index === "object" && index !== null && "weight_map" in index ? index.weight_map : null;
  if (typeof map !== "object" || map === null) throw fail("it has no weight_map");
  return Object.entries(map).map(([name, shard]) => {
    // A name with a folder in it could be that of any file on the computer.
    if (typeof shard !== "string" || !/^[^/\\:]+\.safetensors$/.test(shard)) {
      throw fail(
        `"${name}" must lie in a safetensors file of the same folder: current file is ${showArgument(shard)}`,
      );
    }
    return [name, shard];
  });
}

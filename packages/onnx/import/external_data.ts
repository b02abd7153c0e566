/** Elements of stored tensors in files beside the model. */
import {
  type ByteSource,
  type FileLike,
  folderOf,
  isNotFound,
  joinPath,
  pathOf,
  runtimeFiles,
} from "@troodon/io";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from "../model/types.ts";
import { countOf, storedBytes } from "./stored_tensor.ts";

/** Bytes that external data may take whatever the sizes of its files are, and how many times these beside that. */
const ALWAYS = 2 ** 30, TIMES_SIZE = 16;

/** The part of a file that holds the elements of a tensor. */
interface Place {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads external data of one model. Names of files are relative and lead to no other folder, neither by `..` nor by a link:
 * a model must not be able to read what its user did not mean to give it.
 */
class ExternalData implements Disposable {
  readonly #source: ByteSource;
  readonly #folder: string | null;
  readonly #files = new Map<string, ByteSource>();
  #taken = 0;

  constructor(source: ByteSource, file: FileLike) {
    this.#source = source;
    const path = file instanceof URL ? file.protocol === "file:" ? pathOf(file) : null : file;
    this.#folder = typeof path === "string" && !/^(https?|data|blob):/i.test(path) ? folderOf(path) : null;
  }

  /** The tensor with its elements. */
  async complete(tensor: OnnxTensor): Promise<OnnxTensor> {
    if ((tensor.dataLocation ?? 0) === 0) return tensor;
    const { externalData: _, dataLocation: __, ...rest } = tensor;
    const what = `"${tensor.name ?? ""}" of ${this.#source.name}`;
    const { location, offset, length } = this.#placeOf(tensor, what);
    const file = await this.#open(location, what), end = offset + length;
    if (!(end <= file.size)) {
      throw new RangeError(
        `Cannot read ${what} as ${location} must have ${end} bytes: current size is ${file.size}`,
      );
    }
    const most = ALWAYS + TIMES_SIZE * [...this.#files.values()].reduce((sum, { size }) => sum + size, 0);
    if ((this.#taken += length) > most) {
      throw new RangeError(
        `Cannot read ${what} as tensors share so many bytes of ${location} that they take over ${most}`,
      );
    }
    return { ...rest, rawData: await file.read(offset, end) };
  }

  #placeOf(tensor: OnnxTensor, what: string): Place {
    const entries = new Map(tensor.externalData?.map(({ key, value }) => [key, value]));
    const location = entries.get("location") ?? "", bytes = storedBytes(tensor.dataType) ?? 0;
    if (!isPlainName(location)) {
      throw new TypeError(
        `Cannot read ${what} as its elements must be in a file of the same folder: current name is ${
          JSON.stringify(location)
        }`,
      );
    }
    const needed = countOf(tensor, what) * bytes;
    const offset = Number(entries.get("offset") ?? 0), length = Number(entries.get("length") ?? needed);
    const fits = Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) &&
      length === needed;
    if (fits) return { location, offset, length };
    throw new RangeError(
      `Cannot read ${what} as it takes ${needed} bytes of ${location}: offset is ${
        entries.get("offset")
      }, length ${entries.get("length")}`,
    );
  }

  async #open(location: string, what: string): Promise<ByteSource> {
    const known = this.#files.get(location);
    if (known !== undefined) return known;
    try {
      if (this.#folder !== null) requireOwnFile(this.#folder, location, what);
      const file = await this.#source.beside(location);
      this.#files.set(location, file);
      return file;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      throw new TypeError(
        `Cannot read ${what} as its elements must be in ${location}: there is no such file`,
        {
          cause: error,
        },
      );
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
  }
}

/** Checks that a file lies in the folder itself, and is no link to another. */
function requireOwnFile(folder: string, location: string, what: string): void {
  const files = runtimeFiles(), path = joinPath(files.realPathSync(folder), location);
  if (files.realPathSync(path).replaceAll("\\", "/") === path.replaceAll("\\", "/")) return;
  throw new TypeError(`Cannot read ${what} as its file must be no link: ${location} is one`);
}

/** Returns true for names of files that stay within their folder. */
function isPlainName(name: string): boolean {
  return name !== "" && !/[\\:\0]/.test(name) && !name.startsWith("/") &&
    name.split("/").every((part) => part !== ".." && part !== "." && part !== "");
}

/**
 * The model with all its elements in memory.
 *
 * @param source The file of the model, beside which the others are.
 * @param file The place of that, as the caller has it.
 * @throws {TypeError} If a name leads out of the folder.
 * @throws {RangeError} If a file is too short.
 */
export async function withExternalData(
  model: OnnxModel,
  source: ByteSource,
  file: FileLike,
): Promise<OnnxModel> {
  using data = new ExternalData(source, file);
  const inAttribute = async (attribute: OnnxAttribute): Promise<OnnxAttribute> =>
    attribute.t === undefined ? attribute : { ...attribute, t: await data.complete(attribute.t) };
  const inNode = async (node: OnnxNode): Promise<OnnxNode> => {
    if (!node.attribute.some(({ t }) => t?.dataLocation === 1)) return node;
    return { ...node, attribute: await inOrder(node.attribute, inAttribute) };
  };
  const graph: OnnxGraph = {
    ...model.graph,
    initializer: await inOrder(model.graph.initializer, (tensor) => data.complete(tensor)),
    node: await inOrder(model.graph.node, inNode),
  };
  return { ...model, graph };
}

/** Applies a function to one item after the other. */
async function inOrder<T>(items: readonly T[], f: (item: T) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (const item of items) done.push(await f(item));
  return done;
}

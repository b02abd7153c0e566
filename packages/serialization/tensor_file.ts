/** Files of which single tensors are read. */
import type { Device, Tensor } from "@troodon/core";
import { deviceNamed, disposableStack, type OptionKeys, readOptions, type Stack } from "@troodon/core/kernel";
import { type FileLike, openBytes } from "@troodon/io";
import { Budget } from "./contents/budget.ts";
import { DEEPEST } from "./contents/contents.ts";
import { FileTensor, isDType, tensorOf } from "./contents/stored_tensor.ts";
import type { LoadOptions } from "./load.ts";
import { readContents } from "./read_contents.ts";

/**
 * An open file of whose tensors each is read when it is asked for: of a file of gigabytes, one layer. See
 * {@linkcode openTensors}.
 */
export class TensorFile implements Disposable {
  /** The name of the file. */
  readonly name: string;
  /** Texts that travel with the tensors. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly #tensors: ReadonlyMap<string, FileTensor>;
  readonly #device: Device | undefined;
  readonly #budget: Budget;
  readonly #opened: Stack;

  /** Made by {@linkcode openTensors}. */
  constructor(
    name: string,
    tensors: ReadonlyMap<string, FileTensor>,
    metadata: Readonly<Record<string, string>>,
    device: Device | undefined,
    { budget, opened }: { readonly budget: Budget; readonly opened: Stack },
  ) {
    this.name = name;
    this.metadata = metadata;
    this.#tensors = tensors;
    this.#device = device;
    this.#budget = budget;
    this.#opened = opened;
  }

  /** Names of the tensors, in the order of the file; those within records of others have dots: `model.fc.weight`; one by itself has "". */
  keys(): IterableIterator<string> {
    return this.#tensors.keys();
  }

  /** Returns true if the file has a tensor of this name. */
  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /**
   * The extents and the dtype of a tensor, which is not read for that. The dtype may be one that there are no tensors of
   * here: "complex64".
   *
   * @throws {RangeError} If there is no tensor of this name.
   */
  info(name: string): { readonly shape: readonly number[]; readonly dtype: string } {
    const { shape, dtype } = this.#find(name);
    return { shape, dtype };
  }

  /**
   * Reads a tensor.
   *
   * @throws {RangeError} If there is no tensor of this name.
   * @throws {TypeError} If its bytes are damaged, or there are no tensors of its dtype here.
   */
  async get(name: string): Promise<Tensor> {
    const { dtype, shape, read } = this.#find(name);
    this.#budget.renew();
    if (isDType(dtype)) return tensorOf(await read(), dtype, shape, this.#device);
    throw new TypeError(
      `Cannot read "${name}" of ${this.name} as there are no tensors of its dtype: current dtype is ${dtype}`,
    );
  }

  #find(name: string): FileTensor {
    const found = this.#tensors.get(name);
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot read "${name}" of ${this.name} as there is no tensor of that name: names are ${
        [...this.#tensors.keys()].slice(0, 20).join(", ")
      }`,
    );
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#opened.dispose();
  }
}

const OPEN_TENSORS_OPTIONS: OptionKeys<Pick<LoadOptions, "device" | "limit">> = { device: true, limit: true };

/**
 * Opens a file of PyTorch, safetensors (in one file or in several) or NumPy to read single tensors by their names. Files of
 * PyTorch of before version 1.6 are read as a whole all the same.
 *
 * @param file A path, a URL, a Blob or bytes.
 * @throws {TypeError} If the file is damaged, of another format, or holds what may not be read, which the error names.
 *
 * @example One tensor of several
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, StateDict, tensor, zeros } from "@troodon/core";
 * import { openTensors, serialize } from "@troodon/serialization";
 *
 * const device = new Device(new ReferenceBackend());
 * const state = new StateDict([["fc.weight", zeros([2, 3], { device })], ["fc.bias", tensor([1, 2], { device })]]);
 * using file = await openTensors(await serialize(state, { format: "safetensors" }), { device });
 * assertEquals([...file.keys()].sort(), ["fc.bias", "fc.weight"]);
 * assertEquals(file.info("fc.weight"), { shape: [2, 3], dtype: "float32" });
 * assertEquals((await file.get("fc.bias")).tolist(), [1, 2]);
 * ```
 */
export async function openTensors(
  file: FileLike,
  options?: Pick<LoadOptions, "device" | "limit">,
): Promise<TensorFile> {
  const { device: wanted, limit } = readOptions("openTensors()", options, OPEN_TENSORS_OPTIONS);
  const device = typeof wanted === "string" ? deviceNamed(wanted) : wanted;
  using opened = disposableStack();
  const source = opened.use(await openBytes(file)), { name, size } = source;
  const budget = new Budget(name, size, limit);
  const { value, metadata } = await readContents({ source, opened, budget });
  const tensors = new Map<string, FileTensor>();
  collect(value, [], tensors, new Set());
  return new TensorFile(name, tensors, metadata, device, { budget, opened: opened.move() });
}

/**
 * Puts the tensors of a value into `found` by their paths. Containers that were seen already are passed over, as are those
 * that lie deeper than any that a file is loaded with.
 */
function collect(
  value: unknown,
  path: readonly string[],
  found: Map<string, FileTensor>,
  seen: Set<unknown>,
): void {
  if (value instanceof FileTensor) found.set(path.join("."), value);
  if (!(value instanceof Map || Array.isArray(value)) || seen.has(value) || path.length > DEEPEST) return;
  seen.add(value);
  for (const [key, item] of (value as Map<unknown, unknown>).entries()) {
    collect(item, [...path, String(key)], found, seen);
  }
}

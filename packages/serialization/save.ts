/** Saving to files. */
import { Tensor } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { writeAtomically } from "@troodon/io";
import { DEEPEST } from "./contents/contents.ts";
import { architectureText, recordOf } from "./modules/describe_modules.ts";
import { isModule, type ModuleClasses, type PlacedModule } from "./modules/module_record.ts";
import { writeNpy, writeNpz } from "./numpy/write_npy.ts";
import { ARCHITECTURE_KEY } from "./safetensors/read_safetensors.ts";
import { encodeSafetensors } from "./safetensors/safetensors.ts";
import { writeTorch } from "./torch/write_torch.ts";

/** Formats to save in: PyTorch's (`.pth` or `.pt`), safetensors, and NumPy's for one array or several. */
export type SaveFormat = "pth" | "safetensors" | "npy" | "npz";

/** Options of {@linkcode save}. */
export interface SaveOptions {
  /** The format; by default the one that the ending of the file says. */
  readonly format?: SaveFormat;
  /** Texts that travel with the tensors; safetensors alone. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * The classes whose `describe()` says what their constructors take: those of `@troodon/nn`, which `@troodon/troodon` knows.
   * Their subclasses with constructors of their own have to say it themselves.
   */
  readonly modules?: ModuleClasses;
}
const SAVE_OPTIONS: OptionKeys<SaveOptions> = { format: true, metadata: true, modules: true };

const ENDINGS: Readonly<Record<string, SaveFormat>> = {
  pth: "pth",
  pt: "pth",
  safetensors: "safetensors",
  npy: "npy",
  npz: "npz",
};

/**
 * Writes a value to a file, whole or not at all: whoever reads it meanwhile sees the old file or the new one. Files of
 * PyTorch's format hold tensors, state dicts, numbers, strings, booleans, null, modules, and lists and records of these;
 * `torch.load(file)` reads them. Files of the other formats hold tensors by name. A module is saved with its class and the
 * arguments of its constructor, so that {@linkcode load} makes it again.
 *
 * @param file A path, or a URL of one; its ending says the format: `.pth`, `.pt`, `.safetensors`, `.npy`, `.npz`.
 * @throws {TypeError} If the value holds something else, or a module does not say what it is made with.
 *
 * @example A checkpoint
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, StateDict, tensor } from "@troodon/core";
 * import { load, save } from "@troodon/serialization";
 *
 * const device = new Device(new ReferenceBackend());
 * const path = await Deno.makeTempFile({ suffix: ".pth" });
 * await save({ epoch: 3, model: new StateDict([["bias", tensor([1, 2], { device })]]) }, path);
 * const { epoch, model } = await load<{ epoch: number; model: StateDict }>(path, { device });
 * assertEquals([epoch, model.get("bias")?.tolist()], [3, [1, 2]]);
 * await Deno.remove(path);
 * ```
 */
export async function save(value: unknown, file: string | URL, options: SaveOptions = {}): Promise<void> {
  options = readOptions("save()", options, SAVE_OPTIONS);
  const ending = String(file).match(/\.(\w+)$/)?.[1]?.toLowerCase() ?? "";
  const format = options.format ?? ENDINGS[ending];
  if (format === undefined) {
    throw new TypeError(
      `Cannot save to ${file} as its name must end with ${
        Object.keys(ENDINGS).map((name) => `.${name}`).join(", ")
      }, ` +
        "or { format } must be given",
    );
  }
  await writeAtomically(file, await serialize(value, { ...options, format }, String(file)));
}

/**
 * Encodes a value as the bytes of a file of {@linkcode save}: for a page, which offers them as a download.
 *
 * @param file The name of the file, for errors.
 * @throws {TypeError} If the value holds what a file of the format cannot, or a module does not say what it is made with.
 */
export async function serialize(
  value: unknown,
  options: SaveOptions & { readonly format: SaveFormat },
  file = "the file",
): Promise<Uint8Array<ArrayBuffer>> {
  const { format, metadata = {}, modules: library = {} } = readOptions("serialize()", options, SAVE_OPTIONS);
  try {
    const modules: PlacedModule[] = [], plain = await new Separator(library, modules).plain(value, []);
    const architecture = architectureText(modules);
    switch (format) {
      case "pth":
        return await writeTorch(plain, architecture);
      case "safetensors": {
        const said = architecture === null ? metadata : { ...metadata, [ARCHITECTURE_KEY]: architecture };
        return await encodeSafetensors(namedTensors(plain, format), { metadata: said });
      }
      case "npz":
        return await writeNpz(namedTensors(plain, format));
      case "npy":
        if (plain instanceof Tensor) return await writeNpy(plain);
        throw new TypeError("Cannot save as .npy as the value must be one tensor: save several as .npz");
    }
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) error.message += ` (saving ${file})`;
    throw error;
  }
}

/** Takes modules out of a value. */
class Separator {
  readonly #open = new Set<object>();

  /** @param found Receives the modules. */
  constructor(readonly library: ModuleClasses, readonly found: PlacedModule[]) {}

  /** The value with the states of modules in their place. */
  async plain(value: unknown, path: readonly (string | number)[]): Promise<unknown> {
    if (isModule(value)) {
      this.found.push({ path, module: await recordOf(value, this.library) });
      return value.stateDict();
    }
    // The writer refuses values that lie deeper, or within themselves.
    if (
      typeof value !== "object" || value === null || value instanceof Tensor || path.length > DEEPEST ||
      this.#open.has(value)
    ) {
      return value;
    }
    this.#open.add(value);
    const plain = await this.#container(value, path);
    this.#open.delete(value);
    return plain;
  }

  async #container(value: object, path: readonly (string | number)[]): Promise<unknown> {
    if (Array.isArray(value)) return (await this.#entries(value.entries(), path)).map(([, item]) => item);
    if (value instanceof Map) return new Map(await this.#entries(value as Map<string, unknown>, path));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return value;
    return Object.fromEntries(await this.#entries(Object.entries(value), path));
  }

  async #entries<K extends string | number>(
    entries: Iterable<readonly [K, unknown]>,
    path: readonly (string | number)[],
  ): Promise<[K, unknown][]> {
    const plain: [K, unknown][] = [];
    for (const [key, item] of entries) plain.push([key, await this.plain(item, [...path, key])]);
    return plain;
  }
}

function namedTensors(value: unknown, format: SaveFormat): ReadonlyMap<string, Tensor> {
  const isRecord = typeof value === "object" && value !== null && !(value instanceof Tensor) &&
    !Array.isArray(value);
  const named = new Map<unknown, unknown>(
    value instanceof Map ? value : isRecord ? Object.entries(value) : [],
  );
  if (isRecord && [...named].every(([key, item]) => typeof key === "string" && item instanceof Tensor)) {
    return named as Map<string, Tensor>;
  }
  throw new TypeError(
    `Cannot save as .${format} as the value must be tensors by name, such as a state dict: save other values as .pth`,
  );
}

/** Tensors and values of what readers found. */
import { type Device, StateDict, Tensor } from "@troodon/core";
import { DEEPEST, showPath } from "./contents.ts";
import { Global, globalValue } from "../torch/global.ts";
import { PlainDict } from "../torch/unpickle.ts";
import { ReadTensors } from "./read_tensors.ts";
import { FileTensor, isDType, tensorOf } from "./stored_tensor.ts";

/** Options of {@linkcode materialize}. */
export interface MaterializeOptions {
  /** Device that the tensors live on (default: the chosen device). */
  readonly device: Device | undefined;
  /** The name of the file, for errors. */
  readonly file: string;
  /** Called for each tensor of a dtype that there are no tensors of here. */
  readonly onSkipped: (name: string, dtype: string) => void;
}

/** A value with a name that cannot be read. */
class Skipped {
  constructor(readonly name: string, readonly dtype: string) {}
}

/**
 * The value of a file with its tensors: dictionaries with names or numbers as keys become records, others maps; what is
 * shared stays shared. Tensors of dtypes that there are none of here are left out of their dictionaries, and an error only
 * for who asks for them.
 *
 * @throws {RangeError} If containers lie too deep within each other.
 * @throws {TypeError} If a container holds itself, or the value is one tensor that cannot be read.
 */
export async function materialize(value: unknown, options: MaterializeOptions): Promise<unknown> {
  const maker = new Materializer(options);
  try {
    const made = await maker.make(value, []);
    if (made instanceof Skipped) throw unreadable(options.file, made);
    return made;
  } catch (error) {
    maker.disposeAll();
    throw error;
  }
}

class Materializer {
  readonly #options: MaterializeOptions;
  readonly #made = new Map<object, unknown>();
  readonly #open = new Set<object>();
  readonly #tensors: Tensor[] = [];

  constructor(options: MaterializeOptions) {
    this.#options = options;
  }

  disposeAll(): void {
    for (const tensor of this.#tensors) tensor.dispose();
  }

  async make(value: unknown, path: readonly string[]): Promise<unknown> {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
    if (value instanceof Global) return globalValue(value, this.#options.file);
    if (value instanceof FileTensor) return await this.#tensor(value, path.join("."));
    if (this.#made.has(value)) return this.#made.get(value);
    if (this.#open.has(value) || path.length > DEEPEST) {
      throw new RangeError(
        `Cannot read ${this.#options.file} as values may lie ${DEEPEST} deep: ` +
          (this.#open.has(value) ? `"${showPath(path)}" holds itself` : "its values lie deeper"),
      );
    }
    this.#open.add(value);
    const made = await this.#container(value, path);
    this.#open.delete(value);
    this.#made.set(value, made);
    return made;
  }

  async #container(value: object, path: readonly string[]): Promise<unknown> {
    if (value instanceof Map) {
      const entries: [unknown, unknown][] = [];
      for (const [key, item] of value as Map<unknown, unknown>) {
        entries.push([this.#key(key), await this.make(item, [...path, String(key)])]);
      }
      return value instanceof PlainDict && isRecord(value) ? this.#record(entries) : this.#map(entries);
    }
    const isSet = value instanceof Set;
    if (!isSet && !Array.isArray(value)) {
      throw new TypeError(
        `Cannot read ${this.#options.file} as it may hold tensors and plain values alone: it holds a storage itself`,
      );
    }
    const items: unknown[] = [];
    for (const item of value as Iterable<unknown>) {
      if (isSet && (item instanceof Map || item instanceof Set)) {
        throw new TypeError(
          `Cannot read ${this.#options.file} as items of its sets must be names or numbers: one is a dictionary`,
        );
      }
      const made = await this.make(item, [...path, `${items.length}`]);
      items.push(made instanceof Skipped ? null : made);
    }
    return isSet ? new Set(items) : items;
  }

  #key(key: unknown): unknown {
    if (key === null || typeof key !== "object") return key;
    throw new TypeError(
      `Cannot read ${this.#options.file} as keys of its dictionaries must be names or numbers: one is a list`,
    );
  }

  #record(entries: readonly [unknown, unknown][]): unknown {
    const record = Object.fromEntries(entries.filter(([, item]) => !(item instanceof Skipped)));
    for (const [key, item] of entries) {
      if (!(item instanceof Skipped)) continue;
      const get = (): never => {
        throw unreadable(this.#options.file, item);
      };
      Object.defineProperty(record, String(key), { get, enumerable: false, configurable: true });
    }
    return record;
  }

  #map(entries: readonly [unknown, unknown][]): unknown {
    const skipped = entries.filter(([, item]) => item instanceof Skipped) as [string, Skipped][];
    if (skipped.length === 0) {
      const isState = entries.every(([key, item]) => typeof key === "string" && item instanceof Tensor);
      return isState ? new StateDict(entries as [string, Tensor][]) : new Map(entries);
    }
    const unread = new Map(skipped.map(([key, { dtype }]) => [key, dtype]));
    const map = new ReadTensors(this.#options.file, unread);
    for (const [key, item] of entries) if (!(item instanceof Skipped)) map.set(key as string, item as Tensor);
    return map;
  }

  async #tensor(stored: FileTensor, name: string): Promise<Tensor | Skipped> {
    const known = this.#made.get(stored);
    if (known !== undefined) return known as Tensor | Skipped;
    const { dtype, shape } = stored;
    let made: Tensor | Skipped;
    if (isDType(dtype)) {
      made = tensorOf(await stored.read(), dtype, shape, this.#options.device);
      this.#tensors.push(made);
    } else {
      made = new Skipped(name, dtype);
      if (name !== "") this.#options.onSkipped(name, dtype);
    }
    this.#made.set(stored, made);
    return made;
  }
}

/** Returns true if a record keeps the keys of a Python dictionary in order: names, or ascending whole numbers. */
function isRecord(value: ReadonlyMap<unknown, unknown>): boolean {
  const keys = [...value.keys()];
  return keys.every((key) => typeof key === "string" && !/^\d+$/.test(key)) ||
    keys.every((key, i) =>
      Number.isSafeInteger(key) && Number(key) >= 0 && (i === 0 || Number(key) > Number(keys[i - 1]))
    );
}

function unreadable(file: string, { name, dtype }: Skipped): TypeError {
  const what = name === "" ? file : `"${name}" of ${file}`;
  return new TypeError(`Cannot read ${what} as there are no tensors of its dtype: current dtype is ${dtype}`);
}

/** Values as pickles that PyTorch reads with `weights_only=True`. */
import { type DType, Tensor } from "@troodon/core";
import { rowMajor } from "@troodon/core/kernel";
import { DEEPEST, showPath } from "../contents/contents.ts";
import { STORAGE_OF } from "./dtypes.ts";

/** Instructions of protocol 2. */
const MARK = 0x28, REDUCE = 0x52, TUPLE = 0x74, EMPTY_TUPLE = 0x29, SET_ITEMS = 0x75, APPENDS = 0x65;

/** A tensor whose elements lie beside the pickle. */
export interface PickledStorage {
  /** The name of its storage. */
  readonly key: string;
  /** The tensor. */
  readonly tensor: Tensor;
}

/** Writes one value; what it finds of tensors is in {@linkcode Pickler.storages} afterwards. */
export class Pickler {
  /** The tensors that the value holds; one that it holds under several names comes once. */
  readonly storages: PickledStorage[] = [];
  readonly #storageOf = new Map<string, string>();
  readonly #open = new Set<object>();
  readonly #identities = new Map<object, number>();
  #bytes = new Uint8Array(1024);
  #size = 0;

  /**
   * The pickle of a value: tensors, maps as ordered dictionaries, records as dictionaries, arrays as lists, sets, bytes,
   * strings, numbers, bigints, booleans and null.
   *
   * @throws {TypeError} If it holds something else.
   * @throws {RangeError} If containers lie too deep within each other.
   */
  pickle(value: unknown): Uint8Array {
    this.#put(0x80, 2);
    this.#value(value, []);
    this.#put(0x2e);
    return this.#bytes.slice(0, this.#size);
  }

  #value(value: unknown, path: readonly string[]): void {
    if (value === null) this.#put(0x4e);
    else if (typeof value === "boolean") this.#put(value ? 0x88 : 0x89);
    else if (typeof value === "string") this.#text(value);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#integer(value);
    else if (value instanceof Tensor) this.#tensor(value);
    else if (value instanceof Uint8Array) this.#blob(value);
    else if (typeof value === "object" && value !== undefined) this.#container(value, path);
    else throw this.#refused(value, path);
  }

  #container(value: object, path: readonly string[]): void {
    if (this.#open.has(value) || path.length > DEEPEST) {
      throw new RangeError(
        `Cannot save "${showPath(path)}" as values may lie ${DEEPEST} deep: ` +
          (this.#open.has(value) ? "it holds itself" : "it lies deeper"),
      );
    }
    this.#open.add(value);
    if (Array.isArray(value)) {
      this.#put(0x5d, MARK);
      value.forEach((item, i) => this.#value(item, [...path, `${i}`]));
      this.#put(APPENDS);
    } else if (value instanceof Set) {
      this.#global("__builtin__", "set");
      this.#put(0x5d, MARK);
      for (const item of value) this.#value(item, [...path, "of the set"]);
      this.#put(APPENDS, 0x85, REDUCE);
    } else if (value instanceof Map) {
      this.#global("collections", "OrderedDict");
      this.#put(EMPTY_TUPLE, REDUCE);
      this.#items([...value], path);
    } else {
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) throw this.#refused(value, path);
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      const numbered = entries.every(([key]) => /^(0|[1-9]\d{0,14})$/.test(key));
      this.#put(0x7d);
      this.#items(numbered ? entries.map(([key, item]) => [Number(key), item]) : entries, path);
    }
    this.#open.delete(value);
  }

  #items(entries: readonly (readonly [unknown, unknown])[], path: readonly string[]): void {
    this.#put(MARK);
    for (const [key, item] of entries) {
      if (typeof key === "object" && key !== null) throw this.#refused(key, [...path, "a key"]);
      this.#value(key, path);
      this.#value(item, [...path, String(key)]);
    }
    this.#put(SET_ITEMS);
  }

  #tensor(tensor: Tensor): void {
    const { dtype, shape } = tensor;
    this.#global("torch._utils", "_rebuild_tensor_v2");
    this.#put(MARK, MARK);
    this.#text("storage");
    this.#global("torch", STORAGE_OF[dtype as DType]);
    this.#text(this.#keyOf(tensor));
    this.#text("cpu");
    this.#number(tensor.numel());
    this.#put(TUPLE, 0x51);
    this.#number(0);
    this.#tuple(shape);
    this.#tuple(rowMajor(shape));
    this.#put(0x89);
    this.#global("collections", "OrderedDict");
    this.#put(EMPTY_TUPLE, REDUCE, TUPLE, REDUCE);
  }

  /** The storage of a tensor: one for all that look at the same elements in the same way. */
  #keyOf(tensor: Tensor): string {
    const { storage, offset, shape, strides, dtype } = tensor;
    const identity = this.#identities.get(storage) ?? this.#identities.size;
    this.#identities.set(storage, identity);
    const look = JSON.stringify([identity, offset, shape, strides, dtype]);
    const known = this.#storageOf.get(look);
    if (known !== undefined) return known;
    const key = `${this.storages.length}`;
    this.#storageOf.set(look, key);
    this.storages.push({ key, tensor });
    return key;
  }

  #tuple(values: readonly number[]): void {
    this.#put(MARK);
    for (const value of values) this.#number(value);
    this.#put(TUPLE);
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.#integer(BigInt(value));
    this.#put(0x47);
    this.#view(8, (view) => view.setFloat64(0, value));
  }

  #integer(value: bigint): void {
    if (value === BigInt.asUintN(8, value)) return this.#put(0x4b, Number(value));
    if (value === BigInt.asIntN(32, value)) {
      this.#put(0x4a);
      return this.#view(4, (view) => view.setInt32(0, Number(value), true));
    }
    const bytes: number[] = [];
    for (
      let rest = value;
      bytes.length === 0 || BigInt.asIntN(8 * bytes.length, value) !== value;
      rest >>= 8n
    ) {
      bytes.push(Number(rest & 0xffn));
    }
    if (bytes.length > 255) {
      throw new RangeError(`Cannot save a whole number of ${bytes.length} bytes: 255 at most`);
    }
    this.#put(0x8a, bytes.length, ...bytes);
  }

  /** Bytes as Python writes them in protocol 2: a text of as many letters, and how to read it. */
  #blob(bytes: Uint8Array): void {
    this.#global("_codecs", "encode");
    this.#text(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    this.#text("latin1");
    this.#put(0x86, REDUCE);
  }

  #text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#put(0x58);
    this.#view(4, (view) => view.setUint32(0, bytes.length, true));
    this.#append(bytes);
  }

  #global(module: string, name: string): void {
    this.#put(0x63);
    this.#append(new TextEncoder().encode(`${module}\n${name}\n`));
  }

  #view(size: number, set: (view: DataView) => void): void {
    const view = new DataView(new ArrayBuffer(size));
    set(view);
    this.#append(new Uint8Array(view.buffer));
  }

  #put(...bytes: readonly number[]): void {
    this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): void {
    if (this.#size + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#size + bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  #refused(value: unknown, path: readonly string[]): TypeError {
    const what = typeof value === "object" && value !== null
      ? `a ${value.constructor?.name}`
      : `a ${typeof value}`;
    return new TypeError(
      `Cannot save "${
        showPath(path)
      }" as it must be a tensor, a module, a plain value, or a list or record of such: it is ${what}`,
    );
  }
}

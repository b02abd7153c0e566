/** Elements of stored tensors in the lists of protobuf. */
import { type BinaryReader, type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { FieldValues } from "./field.ts";

/** Kinds of fields that hold the elements of a tensor. */
export type ElementsKind = "floats" | "doubles" | "int32s" | "int64s" | "uint64s";

type Elements = FieldValues[ElementsKind];

/** Encoding of the elements of a list. */
interface Storage {
  readonly wire: WireType;
  /** Bytes of an element, or of the shortest. */
  readonly least: number;
  make(length: number): Elements;
  /** Reads one element and puts it at `i`. */
  read(reader: BinaryReader, into: Elements, i: number): void;
  write(writer: BinaryWriter, from: Elements, i: number): void;
}

function storage<A extends Elements>(
  wire: WireType,
  least: number,
  make: (length: number) => A,
  read: (reader: BinaryReader) => A[number],
  write: (writer: BinaryWriter, value: A[number]) => void,
): Storage {
  return {
    wire,
    least,
    make,
    read: (reader, into, i) => void ((into as A)[i] = read(reader)),
    write: (writer, from, i) => write(writer, from[i] as A[number]),
  };
}

const STORAGES: Readonly<Record<ElementsKind, Storage>> = {
  floats: storage(WireType.Bit32, 4, (n) => new Float32Array(n), (r) => r.float(), (w, x) => w.float(x)),
  doubles: storage(WireType.Bit64, 8, (n) => new Float64Array(n), (r) => r.double(), (w, x) => w.double(x)),
  int32s: storage(WireType.Varint, 1, (n) => new Int32Array(n), (r) => r.int32(), (w, x) => w.int32(x)),
  int64s: storage(
    WireType.Varint,
    1,
    (n) => new BigInt64Array(n),
    (r) => BigInt(r.int64()),
    (w, x) => w.int64(x),
  ),
  uint64s: storage(
    WireType.Varint,
    1,
    (n) => new BigUint64Array(n),
    (r) => BigInt(r.uint64()),
    (w, x) => w.uint64(x),
  ),
};

/** Returns true for kinds that hold the elements of a tensor. */
export function isElementsKind(kind: unknown): kind is ElementsKind {
  return typeof kind === "string" && Object.hasOwn(STORAGES, kind);
}

/** A list that is being read: files may have its elements in several parts, or one by one. */
export class ElementList {
  readonly #storage: Storage;
  #elements: Elements;
  #length = 0;

  /** An empty list. */
  constructor(kind: ElementsKind) {
    this.#storage = STORAGES[kind];
    this.#elements = this.#storage.make(0);
  }

  /** The elements that were read. */
  get elements(): Elements {
    return this.#elements.slice(0, this.#length);
  }

  /**
   * Reads one element, or all of a part of the file.
   *
   * @param end The end of the part, which lies within the file; null for one element.
   * @throws {TypeError} If the field is of another wire type.
   * @throws {RangeError} If the part ends within an element.
   */
  read(reader: BinaryReader, wire: WireType, end: number | null): void {
    const { least, wire: wanted, read } = this.#storage;
    if (end === null) {
      if (wire !== wanted) {
        throw new TypeError(`a list must be of wire type ${wanted}: current type is ${wire}`);
      }
      this.#reserve(1);
      read(reader, this.#elements, this.#length++);
      return;
    }
    this.#reserve(Math.floor((end - reader.pos) / least));
    while (reader.pos < end) {
      if (end - reader.pos < least) throw new RangeError("a list ends within an element");
      read(reader, this.#elements, this.#length++);
    }
    if (reader.pos > end) throw new RangeError("a list ends within an element");
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#elements.length) return;
    const grown = this.#storage.make(this.#length === 0 ? needed : Math.max(needed, 2 * this.#length));
    grown.set(this.#elements.subarray(0, this.#length) as never);
    this.#elements = grown;
  }
}

/** Writes the elements one behind the other. */
export function writeElements(writer: BinaryWriter, kind: ElementsKind, elements: Elements): void {
  const { write } = STORAGES[kind];
  for (let i = 0; i < elements.length; i++) write(writer, elements, i);
}

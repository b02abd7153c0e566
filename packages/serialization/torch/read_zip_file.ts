/** PyTorch's files since version 1.6: zip archives of a pickle and the storages. */
import { showArgument } from "@troodon/core/kernel";
import type { ByteSource, ZipReader } from "@troodon/io";
import type { Budget } from "../contents/budget.ts";
import type { Contents } from "../contents/contents.ts";
import { ELEMENT_BYTES } from "./dtypes.ts";
import { TorchStorage } from "./storage.ts";
import { type StorageSource, TorchHost } from "./torch_host.ts";
import { Unpickler } from "./unpickle.ts";

/** Bytes that the pickle may have, which has no elements of tensors in it. */
const LONGEST_PICKLE = 2 ** 26;

/** Bytes of records that are checked though they are not needed. */
const SHORT_RECORD = 256;

/** Accepted contents of short records, which some files have: PyTorch reads versions 1 to 10. */
const RECORDS: Readonly<Record<string, RegExp>> = {
  version: /^([1-9]|10)\s*$/,
  byteorder: /^(little|big)$/,
  ".format_version": /^\d{1,9}$/,
  ".storage_alignment": /^\d{1,9}$/,
  ".data/serialization_id": /^\w*$/,
};

/** The record that holds the architecture of saved modules, which PyTorch passes over. */
export const ARCHITECTURE_RECORD = "troodon.json";

/** The storages of an archive. */
class ZippedStorages implements StorageSource {
  readonly storageParts = 5;
  readonly #storages = new Map<string, TorchStorage>();
  /** The one that was read last: views of one storage mostly come one after the other. */
  #last: { readonly key: string; readonly bytes: Promise<Uint8Array> } | null = null;

  constructor(
    readonly zip: ZipReader,
    readonly root: string,
    readonly bigEndian: boolean,
    readonly budget: Budget,
  ) {}

  get file(): string {
    return this.zip.name;
  }

  storage(key: string, dtype: string | null, elements: number): TorchStorage {
    const known = this.#storages.get(key);
    const bytes = elements * (dtype === null ? 1 : ELEMENT_BYTES[dtype]!), name = `${this.root}data/${key}`;
    const size = this.zip.entries.get(name)?.size;
    if (size === undefined || size !== bytes || (known !== undefined && known.dtype !== dtype)) {
      throw new TypeError(
        `Cannot read ${this.file} as its storage "${key}" must have ${bytes} bytes: it ${
          size === undefined ? "is missing" : `has ${size}`
        }`,
      );
    }
    const made = known ?? new TorchStorage(dtype, bytes, () => this.#bytes(key, name));
    this.#storages.set(key, made);
    return made;
  }

  #bytes(key: string, name: string): Promise<Uint8Array> {
    if (this.#last?.key !== key) this.#last = { key, bytes: this.zip.read(name) };
    return this.#last.bytes;
  }
}

/** The folder of an archive that `data.pkl` lies in, with a slash; null if there is none. */
function rootOf(zip: ZipReader): string | null {
  for (const name of zip.entries.keys()) {
    const root = name.match(/^((?:[^/]+\/)?)data\.pkl$/)?.[1];
    if (root !== undefined) return root;
  }
  return null;
}

/**
 * Reads the short records beside the pickle and the storages. Most contain nothing that is needed, but an
 * invalid one means that the file is damaged. Returns the byte order.
 */
async function checkRecords(zip: ZipReader, root: string): Promise<string> {
  let byteOrder = "little";
  for (const { name, size } of zip.entries.values()) {
    if (!name.startsWith(root)) {
      throw new TypeError(
        `Cannot read ${zip.name} as all of its files must lie in ${root}: one is ${showArgument(name)}`,
      );
    }
    const record = name.slice(root.length),
      wanted = Object.hasOwn(RECORDS, record) ? RECORDS[record] : undefined;
    const short = size <= SHORT_RECORD && !record.startsWith("data/")
      ? new TextDecoder().decode(await zip.read(name))
      : null;
    if (wanted !== undefined && !wanted.test(short ?? "?")) {
      throw new TypeError(
        `Cannot read ${zip.name} as its record ${record} must match ${wanted}: it does not`,
      );
    }
    if (record === "byteorder") byteOrder = short!;
  }
  if (!zip.entries.has(`${root}version`)) {
    throw new TypeError(`Cannot read ${zip.name} as it must have the record version: it has none`);
  }
  return byteOrder;
}

/** Returns true for archives of PyTorch, which hold a `data.pkl`. */
export function isTorchArchive(zip: ZipReader): boolean {
  return rootOf(zip) !== null;
}

/**
 * The value of a file of `torch.save()`. The storages of its tensors are read one by one, when the tensors are.
 *
 * @throws {TypeError} If it is damaged, a TorchScript archive, or holds more than tensors and plain values.
 */
export async function readTorchArchive(
  zip: ZipReader,
  source: ByteSource,
  budget: Budget,
): Promise<Contents> {
  const { name: file } = source, root = rootOf(zip)!;
  if (zip.entries.has(`${root}constants.pkl`)) {
    throw new TypeError(
      `Cannot read ${file} as it is a TorchScript archive, a program; save the state dict of the model in PyTorch, ` +
        "torch.save(torch.jit.load(path).state_dict(), newPath), and load that",
    );
  }
  const bigEndian = await checkRecords(zip, root) === "big",
    described = zip.entries.get(root + ARCHITECTURE_RECORD);
  const pickle = `${root}data.pkl`, { size } = zip.entries.get(pickle)!;
  if (size > LONGEST_PICKLE) {
    throw new RangeError(
      `Cannot read ${file} as its pickle may have ${LONGEST_PICKLE} bytes: it has ${size}`,
    );
  }
  budget.take(size, "its pickle");
  const storages = new ZippedStorages(zip, root, bigEndian, budget);
  const value = new Unpickler(await zip.read(pickle), new TorchHost(storages), file).next();
  if (described === undefined) return { value, metadata: {}, architecture: null };
  budget.take(described.size, "what it says of its modules");
  return { value, metadata: {}, architecture: new TextDecoder().decode(await zip.read(described.name)) };
}

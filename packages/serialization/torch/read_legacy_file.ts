/** PyTorch's files before version 1.6: pickles one after the other, and then the storages. */
import type { ByteSource } from "@troodon/io";
import type { Budget } from "../contents/budget.ts";
import type { Contents } from "../contents/contents.ts";
import { ELEMENT_BYTES } from "./dtypes.ts";
import { TorchStorage } from "./storage.ts";
import { type StorageSource, TorchHost } from "./torch_host.ts";
import { Unpickler } from "./unpickle.ts";

/** The first two values of such a file. */
const MAGIC = 0x1950a86a20f9469cfc6cn, VERSION = 1001;

/** Storages whose place in the file is known only when the pickle has been read. */
class LaterStorages implements StorageSource {
  readonly bigEndian: boolean = false;
  readonly storageParts = 6;
  readonly storages: Map<string, { readonly storage: TorchStorage; readonly elements: number }> = new Map();
  readonly places: Map<string, number> = new Map();

  constructor(readonly file: string, readonly bytes: Uint8Array, readonly budget: Budget) {}

  storage(key: string, dtype: string | null, elements: number): TorchStorage {
    const known = this.storages.get(key);
    if (known !== undefined) {
      if (known.elements === elements && known.storage.dtype === dtype) return known.storage;
      throw new TypeError(
        `Cannot read ${this.file} as its storage "${key}" must have one size and dtype: it has two`,
      );
    }
    const size = elements * (dtype === null ? 1 : ELEMENT_BYTES[dtype]!);
    if (size > this.bytes.length) {
      throw new TypeError(
        `Cannot read ${this.file} as its storage "${key}" must have ${size} bytes: the whole file has ${this.bytes.length}`,
      );
    }
    const read = (): Promise<Uint8Array> => {
      const start = this.places.get(key)!;
      return Promise.resolve(this.bytes.subarray(start, start + size));
    };
    const storage = new TorchStorage(dtype, size, read);
    this.storages.set(key, { storage, elements });
    return storage;
  }
}

/**
 * The value of a file of `torch.save()` in the format of before version 1.6. The file is read as a whole.
 *
 * @throws {TypeError} If it is damaged, cut short, no such file, or holds more than tensors and plain values.
 */
export async function readLegacyTorchFile(source: ByteSource, budget: Budget): Promise<Contents> {
  const { name: file, size } = source;
  budget.take(size, "the file");
  const bytes = await source.read(0, size);
  const storages = new LaterStorages(file, bytes, budget);
  const pickles = new Unpickler(bytes, new TorchHost(storages), file);
  if (pickles.next() !== MAGIC) {
    throw new TypeError(
      `Cannot read ${file} as it must be of torch.save(): it is a pickle of something else; save it by torch.save()`,
    );
  }
  const version = pickles.next(), system = pickles.next();
  if (version !== VERSION || !(system instanceof Map)) {
    throw new TypeError(
      `Cannot read ${file} as its version must be ${VERSION}: current one is ${String(version)}`,
    );
  }
  if (system.get("little_endian") !== true) {
    throw new TypeError(
      `Cannot read ${file} as it must be of a little-endian computer: save it again on one`,
    );
  }
  const value = pickles.next(), keys = pickles.next();
  placeStorages(storages, keys, pickles.position);
  return { value, metadata: {}, architecture: null };
}

/** Finds where each storage lies: after its number of elements, in the order of `keys`, behind the pickles. */
function placeStorages({ file, bytes, storages, places }: LaterStorages, keys: unknown, start: number): void {
  const fail = (why: string): TypeError =>
    new TypeError(`Cannot read ${file} as its storages must be whole: ${why}`);
  if (!Array.isArray(keys)) throw fail("their list is missing");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (const key of keys as unknown[]) {
    const found = storages.get(String(key));
    if (found === undefined) throw fail(`no tensor has the storage "${String(key)}"`);
    const end = at + 8 + found.storage.bytes;
    if (end > bytes.length) throw fail(`the file breaks off within "${String(key)}"`);
    if (view.getBigInt64(at, true) !== BigInt(found.elements)) {
      throw fail(`the size of "${String(key)}" is wrong`);
    }
    places.set(String(key), at + 8);
    at = end;
  }
  if (at !== bytes.length) throw fail(`they end at byte ${at} of ${bytes.length}`);
  for (const key of storages.keys()) if (!places.has(key)) throw fail(`"${key}" is missing`);
}

/** Arrays of NumPy. */
import type { ByteSource, ZipReader } from "@troodon/io";
import type { Budget } from "../contents/budget.ts";
import type { Contents } from "../contents/contents.ts";
import { packed, swapBytes } from "../contents/elements.ts";
import { FileTensor } from "../contents/stored_tensor.ts";
import { LONGEST_NPY_HEADER, type NpyHeader, readNpyHeader } from "./npy_header.ts";

/** A tensor of an array with a header; `read` gives its bytes from the first element on. */
function arrayTensor(
  header: NpyHeader,
  budget: Budget,
  read: () => Promise<Uint8Array>,
): FileTensor {
  const { dtype, shape, fortranOrder, elementBytes, bigEndian } = header;
  return new FileTensor(dtype, shape, async () => {
    budget.take(bytesOf(header), `an array of shape [${shape.join(", ")}]`);
    const bytes = await read();
    if (!bigEndian && !fortranOrder) return bytes;
    const elements = packed(bytes, { offset: 0, shape, strides: stridesOf(header) }, elementBytes);
    if (bigEndian) swapBytes(elements, elementBytes);
    return elements;
  });
}

const bytesOf = ({ shape, elementBytes }: NpyHeader): number =>
  shape.reduce((n, extent) => n * extent, elementBytes);

function stridesOf({ shape, fortranOrder }: NpyHeader): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = 0; i < shape.length; i++) {
    const axis = fortranOrder ? i : shape.length - 1 - i;
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

function checkSize(header: NpyHeader, size: number, file: string): void {
  const end = header.start + bytesOf(header);
  if (end !== size) {
    throw new TypeError(
      `Cannot read ${file} as it must end with its array, at byte ${end}: its size is ${size}`,
    );
  }
}

/**
 * The array in an `.npy` file; its elements are read when they are asked for.
 *
 * @throws {TypeError} If it is damaged, cut short, or of something else than numbers.
 */
export async function readNpy(source: ByteSource, budget: Budget): Promise<Contents> {
  const { name, size } = source;
  const header = readNpyHeader(await source.read(0, Math.min(size, LONGEST_NPY_HEADER)), name);
  checkSize(header, size, name);
  const value = arrayTensor(header, budget, () => source.read(header.start, size));
  return { value, metadata: {}, architecture: null };
}

/** Returns true for archives of NumPy, which hold `.npy` files alone. */
export function isNumpyArchive(zip: ZipReader): boolean {
  return [...zip.entries.keys()].every((name) => name.endsWith(".npy"));
}

/**
 * The arrays in an `.npz` file, by their names; each is read when it is asked for.
 *
 * @throws {TypeError} If it is damaged, cut short, or of something else than numbers.
 */
export async function readNpz(zip: ZipReader, budget: Budget): Promise<Contents> {
  const value = new Map<string, FileTensor>();
  for (const { name, size } of zip.entries.values()) {
    const file = `"${name}" of ${zip.name}`,
      header = readNpyHeader(await zip.readStart(name, LONGEST_NPY_HEADER), file);
    checkSize(header, size, file);
    const read = async (): Promise<Uint8Array> => (await zip.read(name)).subarray(header.start);
    value.set(name.slice(0, -".npy".length), arrayTensor(header, budget, read));
  }
  return { value, metadata: {}, architecture: null };
}

/** Arrays for NumPy. */
import type { DType, Tensor } from "@troodon/core";
import { writeZip, type ZipFile } from "@troodon/io";
import { elementsOf } from "../contents/stored_tensor.ts";
import { NPY_MAGIC } from "./npy_header.ts";

/** NumPy's names of element types; it has none for bfloat16. */
const DESCRIPTIONS: Readonly<Record<DType, string | null>> = {
  float64: "<f8",
  float32: "<f4",
  float16: "<f2",
  bfloat16: null,
  int64: "<i8",
  int32: "<i4",
  uint8: "|u1",
  bool: "|b1",
};

/**
 * The bytes of an `.npy` file, version 1.0.
 *
 * @param name The name of the tensor for errors.
 * @throws {TypeError} If NumPy has no such dtype.
 */
export async function writeNpy(tensor: Tensor, name = "a tensor"): Promise<Uint8Array<ArrayBuffer>> {
  const { dtype, shape } = tensor, description = DESCRIPTIONS[dtype];
  if (description === null) {
    throw new TypeError(`Cannot save ${name} for NumPy as it has no ${dtype}: use to("float32")`);
  }
  const extents = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${description}', 'fortran_order': False, 'shape': ${extents}, }`;
  // Elements begin at a multiple of 64 bytes, after a newline.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const data = await elementsOf(tensor), bytes = new Uint8Array(10 + length + data.length);
  bytes.set([...NPY_MAGIC, 1, 0, length & 0xff, length >> 8]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  bytes.set(data, 10 + length);
  return bytes;
}

/**
 * The bytes of an `.npz` file of tensors by name, which are not compressed.
 *
 * @throws {TypeError} If NumPy has no dtype for one of them.
 */
export async function writeNpz(tensors: ReadonlyMap<string, Tensor>): Promise<Uint8Array<ArrayBuffer>> {
  const files: ZipFile[] = [];
  for (const [name, tensor] of tensors) {
    files.push({ name: `${name}.npy`, data: await writeNpy(tensor, `"${name}"`) });
  }
  return writeZip(files);
}

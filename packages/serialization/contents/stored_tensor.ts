/** Tensors in files. */
import { type Device, type DType, DTYPES, fromTypedArray, type Tensor, type TypedArray } from "@troodon/core";
import { decodedNumbers, encoded, isHalf, typedView } from "@troodon/core/kernel";

/** A tensor in a file, which is read when it is asked for. The same object stands under every name of a tied tensor. */
export interface StoredTensor {
  /** Its dtype by PyTorch's name, which may be one that there are no tensors of here: "complex64". */
  readonly dtype: string;
  /** Its extents. */
  readonly shape: readonly number[];
  /** Its elements in row-major order, little-endian. */
  read(): Promise<Uint8Array>;
}

/** A tensor in a file, told from the values beside it by its class. */
export class FileTensor implements StoredTensor {
  /** A tensor whose elements `read` gives. */
  constructor(
    readonly dtype: string,
    readonly shape: readonly number[],
    readonly read: () => Promise<Uint8Array>,
  ) {}
}

/** Returns true for names of dtypes that tensors of this library can have. */
export function isDType(name: string): name is DType {
  return (DTYPES as readonly string[]).includes(name);
}

/** A tensor of elements as files have them: in row-major order, little-endian. */
export function tensorOf(
  bytes: Uint8Array,
  dtype: DType,
  shape: readonly number[],
  device: Device | undefined,
): Tensor {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const data = isHalf(dtype) ? decodedNumbers(aligned, dtype) : typedView(dtype, aligned);
  return fromTypedArray(data, shape, { dtype, ...(device && { device }) });
}

/** The elements of a tensor as files have them: in row-major order, little-endian. */
export async function elementsOf(tensor: Tensor): Promise<Uint8Array> {
  const { dtype } = tensor;
  const data: TypedArray | BigInt64Array =
    await (dtype === "int64" ? tensor.dataAsync({ bigint: true }) : tensor.dataAsync());
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (dtype === "float16" && data instanceof Float32Array) return encoded("save a tensor", data, dtype);
  if (dtype !== "bfloat16") return raw;
  // The upper half of each float32.
  const words = new Uint16Array(raw.buffer, raw.byteOffset, data.length * 2);
  return new Uint8Array(Uint16Array.from({ length: data.length }, (_, i) => words[2 * i + 1]!).buffer);
}

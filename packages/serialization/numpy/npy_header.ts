/** The header of NumPy's files: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */

/** Shape, dtype and layout in the header of an array. */
export interface NpyHeader {
  /** The dtype by PyTorch's name, which may be one that there are no tensors of here: "int16". */
  readonly dtype: string;
  /** Bytes of an element. */
  readonly elementBytes: number;
  /** Big-endian byte order: the highest byte of each element comes first. */
  readonly bigEndian: boolean;
  /** Column-major (Fortran) order: the first axis is the innermost one. */
  readonly fortranOrder: boolean;
  /** The extents. */
  readonly shape: readonly number[];
  /** Offset in bytes at which the elements begin. */
  readonly start: number;
}

/** Bytes that every `.npy` file begins with. */
export const NPY_MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Bytes that the longest header may have: those of plain arrays have some hundred. */
export const LONGEST_NPY_HEADER: number = 2 ** 16;

/** Maximum number of axes of a NumPy array. */
const MOST_AXES = 64;

/** Names of kinds of elements with their bytes. */
const DTYPES: Readonly<Record<string, string>> = {
  b1: "bool",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
  c8: "complex64",
  c16: "complex128",
};

/** Why arrays of other kinds are refused. */
const REFUSED: Readonly<Record<string, string>> = {
  O: "Python objects, which are a pickle",
  U: "strings",
  S: "strings",
  a: "strings",
  M: "dates",
  m: "spans of time",
  V: "records",
};

/** A header as Python writes it: three keys, whatever their order. */
const KEYS = ["descr", "fortran_order", "shape"] as const;

/**
 * Reads the header of a file.
 *
 * @param bytes The beginning of the file, as long as {@linkcode LONGEST_NPY_HEADER} if the file is.
 * @param file The name of the file, for errors.
 * @throws {TypeError} If it is none, damaged, of another version, or of an array that is not one of numbers.
 */
export function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  const fail = (why: string): TypeError =>
    new TypeError(`Cannot read ${file} as it must be an array of NumPy: ${why}`);
  if (bytes.length < 12 || NPY_MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw fail("it does not begin like one");
  }
  const version = bytes[6]!, view = new DataView(bytes.buffer, bytes.byteOffset);
  if (version < 1 || version > 3 || bytes[7] !== 0) {
    throw fail(`its version must be 1.0, 2.0 or 3.0: current one is ${version}.${bytes[7]}`);
  }
  const begin = version === 1 ? 10 : 12;
  const start = begin + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > LONGEST_NPY_HEADER) {
    throw fail(`its header may have ${LONGEST_NPY_HEADER} bytes: it ends at byte ${start}`);
  }
  if (start > bytes.length) throw fail("it breaks off within its header");
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(bytes.subarray(begin, start));
  const { descr, fortran_order: order, shape } = parsed(text, fail);
  const extents = shape!.match(/\d+/g)?.map(Number) ?? [];
  if (extents.length > MOST_AXES) throw fail(`it may have ${MOST_AXES} axes: it has ${extents.length}`);
  if (!Number.isSafeInteger(extents.reduce((n, extent) => n * Math.max(extent, 1), 16))) {
    throw fail(`its shape is ${shape}`);
  }
  return { ...element(descr!, fail), fortranOrder: order === "True", shape: extents, start };
}

/** The texts of the three values of a header. */
function parsed(text: string, fail: (why: string) => TypeError): Record<typeof KEYS[number], string> {
  const found = new Map<string, string>();
  let rest = text.match(/^[ \t\r\n\f]*\{(.*)\}[ \t\r\n\f]*$/s)?.[1];
  if (rest === undefined) throw fail("its header must be a dictionary");
  const values =
    /^[ ]*'(\w+)'[ ]*:[ ]*('[^'\\]*'|True|False|\([ ]*(?:\d+[ ]*(?:,[ ]*\d+[ ]*)*,?)?[ ]*\)|\[[^\]]*\])[ ]*(?:,|$)/;
  while (/[^ ]/.test(rest)) {
    const item: RegExpMatchArray | null = rest.match(values);
    if (item === null || found.has(item[1]!)) throw fail("its header must have plain values, each once");
    found.set(item[1]!, item[2]!);
    rest = rest.slice(item[0].length);
  }
  const [descr, order, shape] = KEYS.map((key) => found.get(key));
  if (
    found.size !== 3 || !/^['[]/.test(descr ?? "") || !/^[TF]/.test(order ?? "") || !/^\(/.test(shape ?? "")
  ) {
    throw fail(`its header must say ${KEYS.join(", ")}`);
  }
  return { descr: descr!, fortran_order: order!, shape: shape! };
}

function element(
  descr: string,
  fail: (why: string) => TypeError,
): Pick<NpyHeader, "dtype" | "elementBytes" | "bigEndian"> {
  if (descr.startsWith("[")) throw fail("its elements are records");
  const [, order, kind, bytes] = descr.match(/^'([<>|=])?([a-zA-Z])(\d*)(?:\[\w+\])?'$/) ?? [];
  if (kind !== undefined && Object.hasOwn(REFUSED, kind)) throw fail(`its elements are ${REFUSED[kind]}`);
  const name = `${kind}${bytes}`;
  if (!Object.hasOwn(DTYPES, name)) throw fail(`there is no element type ${descr}`);
  return { dtype: DTYPES[name]!, elementBytes: Number(bytes), bigEndian: order === ">" };
}

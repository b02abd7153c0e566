/** How tensors are written: as PyTorch does (torch/_tensor_str.py), to the letter. */
import { type DType, isFloating } from "./dtype.ts";
import { type Shape, sizeOf } from "./shape.ts";

/** An element; of int64 a bigint. */
type Element = number | bigint;

/** What is to be written. */
export interface Printed {
  /** Elements in row-major order. */
  readonly data: ArrayLike<number | bigint>;
  /** Positions that are visited. */
  readonly shape: Shape;
  /** Type of the elements. */
  readonly dtype: DType;
  /** Where the tensor is, if that is to be said. */
  readonly device?: string | undefined;
  /** What else is to be said: `requires_grad=True`, `grad_fn=<AddBackward0>`. */
  readonly suffixes?: readonly string[];
}

/** Digits after the point. */
const PRECISION = 4;
/** Larger tensors are summarized. */
const THRESHOLD = 1000;
/** How many elements a summary shows at either end of an axis. */
const EDGE = 3;
const LINE_WIDTH = 80;
const PREFIX = "tensor(";
/** Types that an element's looks tell. */
const EVIDENT: readonly DType[] = ["float32", "int32", "bool"];

/**
 * Writes a tensor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTensor } from "@troodon/core/kernel";
 *
 * const text = formatTensor({ data: [1, 2.5, -3, 0], shape: [2, 2], dtype: "float32" });
 * assertEquals(text, "tensor([[ 1.0000,  2.5000],\n        [-3.0000,  0.0000]])");
 * ```
 */
export function formatTensor({ data, shape, dtype, device, suffixes = [] }: Printed): string {
  const all = device === undefined ? [] : [`device='${device}'`];
  if (sizeOf(shape) === 0) {
    if (shape.length !== 1) all.push(`size=(${shape.join(", ")})`);
    if (dtype !== "float32") all.push(`dtype=${dtype}`);
    return withSuffixes(`${PREFIX}[]`, [...all, ...suffixes]);
  }
  if (!EVIDENT.includes(dtype)) all.push(`dtype=${dtype}`);
  const shown = new Shown(data, shape);
  const format = formatterOf(Array.from(shown.elements(0, 0)), dtype);
  return withSuffixes(PREFIX + shown.write(0, 0, PREFIX.length, format), [...all, ...suffixes]);
}

/** Writes an element, and how wide most are. */
interface Formatter {
  readonly width: number;
  write(value: Element): string;
}

/** The form that suits all of `values`. */
function formatterOf(values: readonly Element[], dtype: DType): Formatter {
  const write = plainFormat(values, dtype);
  // The others do not count: they may stick out.
  const counted = isFloating(dtype) ? values.filter((x) => Number.isFinite(x) && x !== 0) : values;
  const width = counted.reduce<number>((most, x) => Math.max(most, write(x).length), 1);
  return { width, write: (value) => write(value).padStart(width) };
}

function plainFormat(values: readonly Element[], dtype: DType): (value: Element) => string {
  if (dtype === "bool") return (x) => x ? "True" : "False";
  if (!isFloating(dtype)) return String;
  const write = floatFormat(values.map(Number));
  return (x) => write(Number(x));
}

function floatFormat(values: readonly number[]): (value: number) => string {
  let least = Infinity, most = 0, whole = true;
  for (const x of values) {
    if (!Number.isFinite(x) || x === 0) continue;
    least = Math.min(least, Math.abs(x));
    most = Math.max(most, Math.abs(x));
    whole &&= Number.isInteger(x);
  }
  const finite = most === 0 || (most / least <= 1000 && most <= 1e8 && (whole || least >= 1e-4));
  const digits = !finite
    ? exponential
    : whole
    ? (x: number) => `${fixed(x, 0)}.`
    : (x: number) => fixed(x, PRECISION);
  return (x) => Number.isFinite(x) ? digits(x) : Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
}

/** Decimals enough to see whether a number lies exactly between two that are written. */
const BEYOND = 50;

/** Like `toFixed`, but halves go to the even digit, and -0 has a sign. */
function fixed(value: number, digits: number): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "", magnitude = Math.abs(value);
  const exact = magnitude.toFixed(digits + BEYOND);
  const [kept, rest] = [exact.slice(0, -BEYOND), exact.slice(-BEYOND)];
  return sign + (isEvenHalf(kept, rest) ? kept : magnitude.toFixed(digits));
}

/** Like `toExponential`, but halves go to the even digit, and exponents have two. */
function exponential(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "", magnitude = Math.abs(value);
  const [exact] = magnitude.toExponential(PRECISION + BEYOND).split("e") as [string];
  const [kept, rest] = [exact.slice(0, -BEYOND), exact.slice(-BEYOND)];
  const [rounded, exponent] = magnitude.toExponential(PRECISION).split("e") as [string, string];
  const power = exponent.slice(1).padStart(2, "0");
  return `${sign}${isEvenHalf(kept, rest) ? kept : rounded}e${exponent[0]}${power}`;
}

function isEvenHalf(kept: string, rest: string): boolean {
  return /^50*$/.test(rest) && /[02468]\.?$/.test(kept);
}

/** Elements in rows within rows, or those of them that a summary shows. */
class Shown {
  readonly #data: ArrayLike<Element>;
  readonly #shape: Shape;
  readonly #summary: boolean;

  constructor(data: ArrayLike<Element>, shape: Shape) {
    this.#data = data;
    this.#shape = shape;
    this.#summary = sizeOf(shape) > THRESHOLD;
  }

  /** What is shown of the part that begins at element `start` and has the axes from `axis` on. */
  *elements(axis: number, start: number): Generator<Element> {
    if (axis === this.#shape.length) return yield this.#data[start]!;
    for (const part of this.#parts(axis, start)) if (part !== null) yield* this.elements(axis + 1, part);
  }

  /** The same as text, whose first line begins at column `indent`. */
  write(axis: number, start: number, indent: number, format: Formatter): string {
    const left = this.#shape.length - axis;
    if (left === 0) return format.write(this.#data[start]!);
    const parts = this.#parts(axis, start), margin = " ".repeat(indent + 1);
    if (left > 1) {
      const texts = parts.map((part) =>
        part === null ? "..." : this.write(axis + 1, part, indent + 1, format)
      );
      return `[${texts.join("," + "\n".repeat(left - 1) + margin)}]`;
    }
    const texts = parts.map((part) => part === null ? " ..." : format.write(this.#data[part]!));
    const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / (format.width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < texts.length; i += perLine) lines.push(texts.slice(i, i + perLine).join(", "));
    return `[${lines.join(",\n" + margin)}]`;
  }

  /** Where the parts along `axis` begin; null where some are left out. */
  #parts(axis: number, start: number): (number | null)[] {
    const extent = this.#shape[axis]!, size = sizeOf(this.#shape.slice(axis + 1));
    const at = (i: number): number => start + i * size;
    if (!this.#summary || extent <= 2 * EDGE) return Array.from({ length: extent }, (_, i) => at(i));
    const edge = Array.from({ length: EDGE }, (_, i) => i);
    return [...edge.map(at), null, ...edge.map((i) => at(extent - EDGE + i))];
  }
}

/** Appends what goes on the last line, or on one of its own. */
function withSuffixes(text: string, suffixes: readonly string[]): string {
  let result = text, length = text.length - text.lastIndexOf("\n") + 1;
  for (const suffix of suffixes) {
    if (length + suffix.length + 2 > LINE_WIDTH) {
      result += `,\n${" ".repeat(PREFIX.length)}${suffix}`;
      length = PREFIX.length + suffix.length;
    } else {
      result += `, ${suffix}`;
      length += suffix.length + 2;
    }
  }
  return `${result})`;
}

/** Compact form of programs and their outcomes in PyTorch. */
import { decodeFloats, decodeIntegers, encodeBase64 } from "./base64.ts";
import type { TorchTrace } from "./compare.ts";
import { isFloat } from "./numbers.ts";
import {
  isShownTensor,
  type Outcome,
  type Program,
  type Shown,
  type ShownTensor,
  type Trace,
} from "./program.ts";

/** Program and its outcomes in PyTorch. */
export interface Recorded {
  readonly program: Program;
  /** Outcomes of the statements. */
  readonly steps: readonly (Packed | Refusal)[];
  readonly end: Readonly<Record<string, Packed>>;
}

/** Refusal by PyTorch. */
interface Refusal {
  readonly e: 1;
}

/** Value; tensors hold float32 values or integers. */
type Packed =
  | number
  | boolean
  | string
  | null
  | readonly Packed[]
  | { readonly [key: string]: unknown };

/** Tensor: float32 values in base64 (`f`) or integers (`i`), and the largest error against float64 (`t`). */
interface PackedTensor {
  readonly s: readonly number[];
  readonly d: string;
  readonly f?: string;
  readonly i?: readonly number[];
  readonly t?: number;
  readonly r?: 1;
}

/** Packs a program and its outcomes for recording. */
export function pack(program: Program, { run, wide }: TorchTrace): Recorded {
  const steps = run.steps.map((step, i) => {
    const exact = wide.steps[i];
    return "e" in step
      ? { e: 1 } as const
      : packShown(step.y, exact !== undefined && "y" in exact ? exact.y : undefined);
  });
  const end = Object.entries(run.end).map(([key, shown]) => [key, packShown(shown, wide.end[key])] as const);
  return { program, steps, end: Object.fromEntries(end) };
}

function packShown(shown: Shown, exact: Shown | undefined): Packed {
  if (shown instanceof Array) {
    return shown.map((one, i) =>
      packShown(one as Shown, exact instanceof Array ? exact[i] as Shown : undefined)
    );
  }
  if (!isShownTensor(shown)) return shown as Packed;
  const { s, d, b, r } = shown, marked = r === undefined ? {} : { r };
  if (!isFloat(d)) return { s, d, i: [...decodeIntegers(b)].map(Number), ...marked };
  const values = decodeFloats(b),
    precise = isShownTensor(exact) && isFloat(exact.d) ? decodeFloats(exact.b) : null;
  const single = Float32Array.from(values), bytes = new Uint8Array(single.buffer);
  let t = 0;
  values.forEach((x, i) => {
    const off = Math.max(Math.abs(x - (precise?.[i] ?? x)), Math.abs(x - single[i]!));
    if (Number.isFinite(off)) t = Math.max(t, off);
  });
  return { s, d, f: bytes.toBase64(), ...(t > 0 ? { t: Number(t.toPrecision(2)) } : {}), ...marked };
}

/** Returns true if a recorded outcome is a refusal. */
export const isRefusal = (step: Packed | Refusal): step is Refusal =>
  typeof step === "object" && step !== null && "e" in step;

/** Restores the outcomes given to {@linkcode pack}, as far as they are recorded. */
export function unpack({ steps, end }: Recorded): TorchTrace {
  const run: Trace = {
    steps: steps.map((step): Outcome => isRefusal(step) ? { e: "refused" } : { y: unpackShown(step, 0) }),
    end: Object.fromEntries(Object.entries(end).map(([key, shown]) => [key, unpackShown(shown, 0)])),
  };
  const wide: Trace = {
    steps: steps.map((step): Outcome => isRefusal(step) ? { e: "refused" } : { y: unpackShown(step, 1) }),
    end: Object.fromEntries(Object.entries(end).map(([key, shown]) => [key, unpackShown(shown, 1)])),
  };
  return { run, wide };
}

/** Unpacks a value; if `off` is 1, adds the recorded error to each element. */
function unpackShown(packed: Packed, off: 0 | 1): Shown {
  if (packed instanceof Array) return packed.map((one) => unpackShown(one as Packed, off));
  if (typeof packed !== "object" || packed === null || !("s" in packed)) return packed as Shown;
  const { s, d, f, i, t = 0, r } = packed as unknown as PackedTensor;
  const marked: Pick<ShownTensor, "r"> = r === undefined ? {} : { r };
  if (f === undefined) return { s, d, b: encodeBase64(BigInt64Array.from(i ?? [], BigInt)), ...marked };
  const values = new Float32Array(Uint8Array.fromBase64(f).buffer);
  return { s, d, b: encodeBase64(Float64Array.from(values, (x) => x + off * t)), ...marked };
}

/** Behavior of single operations on floats on a GPU, without the kernels' precautions. */
import { runShader } from "@troodon/testing";

/** Findings about a GPU's arithmetic. */
export interface Arithmetic {
  /** Truth of each of {@linkcode FACTS}. */
  readonly facts: Readonly<Record<string, boolean>>;
  /** Largest errors of `a / b` and `sqrt(a)` in units of the last place; 0.5 where they are rounded correctly. */
  readonly division: number;
  readonly sqrt: number;
}

/** Numbers that no compiler knows, by their names in {@linkcode FACTS}. */
const GIVEN = {
  nan: NaN,
  inf: Infinity,
  one: 1,
  tiny: 2 ** -24,
  p: 1 + 2 ** -12,
  square: 1 + 2 ** -11,
  root: 2 ** -70,
  subnormal: 2 ** -140,
};

const truth = (condition: string): string => `select(0f, 1f, ${condition})`;

/** Possible findings: expressions, and the value that all of them have if it holds. */
export const FACTS: Readonly<Record<string, readonly (readonly [expression: string, value: number])[]>> = {
  "fma() is fused": [["fma(p, p, -square)", 2 ** -24]],
  "a * b + c is fused": [["p * p - square", 2 ** -24]],
  "sums keep their order": [
    ["(one + tiny) - one", 0],
    ["one - (one + tiny)", 0],
    ["((one + tiny) + tiny) - one", 0],
  ],
  "comparisons honor NaN": [
    ...["nan < one", "nan >= one", "nan == nan", "nan == one"].map((text) => [truth(text), 0] as const),
    ...["nan != nan", "nan != one", "!(nan < one)"].map((text) => [truth(text), 1] as const),
  ],
  "comparisons honor infinities": [
    ...["inf > one", "inf == inf", "-inf < one", "inf >= inf"].map((text) => [truth(text), 1] as const),
    ...["inf < one", "inf != inf", "inf == -inf"].map((text) => [truth(text), 0] as const),
  ],
  "min() and max() give NaN": [["max(nan, one)", NaN], ["max(one, nan)", NaN], ["min(nan, one)", NaN]],
  "inf - inf, 0 * inf and inf / inf are NaN": [["inf - inf", NaN], ["0f * inf", NaN], ["inf / inf", NaN]],
  "subnormal operands are kept": [["subnormal * 1.329227995784916e36f", 2 ** -20]],
  "subnormal results are kept": [["root * root", 2 ** -140], ["subnormal + subnormal", 2 ** -139]],
};

const BINDINGS = `
@group(0) @binding(0) var<storage, read_write> b0: array<f32>;
@group(0) @binding(1) var<uniform> numbers: array<vec4u, 2>;`;

/** Quotients and roots that are tried. */
const PAIRS = 2 ** 14;
const THREADS = 64;

/** Tries the arithmetic of a device. */
export async function measureArithmetic(device: GPUDevice): Promise<Arithmetic> {
  return { facts: await findFacts(device), ...await findErrors(device) };
}

/** The arithmetic of the adapter that a backend described so; null where it is gone. */
export async function arithmeticOf(description: string): Promise<Arithmetic | null> {
  const requests: GPURequestAdapterOptions[] = [
    { powerPreference: "high-performance" },
    { powerPreference: "low-power" },
    { forceFallbackAdapter: true },
  ];
  for (const request of requests) {
    const adapter = await navigator.gpu?.requestAdapter(request);
    if (!adapter || !description.includes(adapter.info.description)) continue;
    const device = await adapter.requestDevice();
    try {
      return await measureArithmetic(device);
    } finally {
      device.destroy();
    }
  }
  return null;
}

async function findFacts(device: GPUDevice): Promise<Record<string, boolean>> {
  const names = Object.keys(GIVEN), tried = Object.values(FACTS).flat();
  const words = new Float32Array(names.length + tried.length);
  words.set(Object.values(GIVEN));
  const code = `
${BINDINGS}
@compute @workgroup_size(1) fn main() {
  ${names.map((name, i) => `let ${name} = b0[${i}];`).join("\n")}
  ${tried.map(([text], i) => `b0[${names.length + i}] = ${text};`).join("\n")}
}`;
  const found = new Float32Array((await runShader(device, code, new Uint32Array(words.buffer))).buffer);
  let at = names.length;
  return Object.fromEntries(
    Object.entries(FACTS).map(([name, all]) => [
      name,
      all.map(([, value]) => Object.is(found[at++]! + 0, value + 0)).every((same) => same),
    ]),
  );
}

async function findErrors(device: GPUDevice): Promise<{ division: number; sqrt: number }> {
  const words = new Float32Array(4 * PAIRS);
  // From 2^-20 to 2^20, without a pattern.
  for (let i = 0; i < 2 * PAIRS; i++) words[i] = 2 ** (((i + 1) * 0.6180339887498949) % 1 * 40 - 20);
  const code = `
${BINDINGS}
@compute @workgroup_size(${THREADS}) fn main(@builtin(local_invocation_index) local: u32) {
  for (var i = local; i < ${PAIRS}u; i += ${THREADS}u) {
    b0[i + ${2 * PAIRS}u] = b0[i] / b0[i + ${PAIRS}u];
    b0[i + ${3 * PAIRS}u] = sqrt(b0[i]);
  }
}`;
  const found = new Float32Array((await runShader(device, code, new Uint32Array(words.buffer))).buffer);
  let division = 0, sqrt = 0;
  for (let i = 0; i < PAIRS; i++) {
    const a = words[i]!, b = words[i + PAIRS]!;
    division = Math.max(division, errorIn(found[i + 2 * PAIRS]!, a / b));
    sqrt = Math.max(sqrt, errorIn(found[i + 3 * PAIRS]!, Math.sqrt(a)));
  }
  return { division, sqrt };
}

/** The distance of `y` from a positive number, in units of its last place. */
function errorIn(y: number, exact: number): number {
  return Math.abs(y - exact) / 2 ** (Math.floor(Math.log2(exact)) - 23);
}

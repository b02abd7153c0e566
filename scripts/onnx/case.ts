/** Cases of ONNX's backend test: a model with inputs and the outputs that it must give. */
import { type Device, type DType, isFloating, type Tensor } from "@troodon/core";
import { onnx } from "@troodon/troodon";

/** Differences that a case allows. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** A case: the bytes of its files. */
export interface Case {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
  readonly tolerance: Tolerance;
}

/** Result of a case. */
export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** The tensor of a file, as a model that has it as its initializer gives it. */
export async function caseTensor(bytes: Uint8Array, device: Device): Promise<Tensor> {
  const stored = onnx.decodeOnnxTensor(bytes), name = "value";
  const value = { dims: stored.dims, dataType: stored.dataType };
  const net = await onnx.loadOnnx(
    onnx.encodeOnnx({
      irVersion: 8,
      opsetImport: [{ domain: "", version: 17 }],
      graph: {
        name,
        node: [{ opType: "Identity", input: [name], output: ["output"], attribute: [] }],
        initializer: [{ ...stored, ...value, name }],
        input: [],
        output: [{ name: "output" }],
      },
    }),
    { device },
  );
  return net().detach();
}

const isNear = (x: number, y: number, { rtol, atol }: Tolerance): boolean =>
  Object.is(x, y) || x === y || Math.abs(x - y) <= atol + rtol * Math.abs(y);

/** Half precision cannot be nearer than it has digits. */
function toleranceFor(dtype: DType, tolerance: Tolerance): Tolerance {
  if (dtype === "float16") {
    return { rtol: Math.max(tolerance.rtol, 2e-3), atol: Math.max(tolerance.atol, 1e-4) };
  }
  if (dtype === "bfloat16") {
    return { rtol: Math.max(tolerance.rtol, 1.6e-2), atol: Math.max(tolerance.atol, 1e-3) };
  }
  return tolerance;
}

/** Allows any difference of elements. */
const ANY: Tolerance = { rtol: Infinity, atol: Infinity };

/** Why `got` is not `wanted`; undefined if it is. */
async function difference(
  name: string,
  got: Tensor,
  wanted: Tensor,
  tolerance: Tolerance,
): Promise<string | undefined> {
  if (`${got.shape}` !== `${wanted.shape}`) return `${name} has shape [${got.shape}], not [${wanted.shape}]`;
  if (got.dtype !== wanted.dtype) return `${name} is of ${got.dtype}, not ${wanted.dtype}`;
  if (tolerance === ANY) return undefined;
  const whole = wanted.dtype === "int64",
    read = (x: Tensor) => whole ? x.dataAsync({ bigint: true }) : x.dataAsync();
  const [a, b] = await Promise.all([read(got), read(wanted)]);
  const allowed = isFloating(wanted.dtype) ? toleranceFor(wanted.dtype, tolerance) : { rtol: 0, atol: 0 };
  for (let i = 0; i < b.length; i++) {
    const same = whole ? a[i] === b[i] : isNear(Number(a[i]), Number(b[i]), allowed);
    if (!same) return `${name} at ${i} is ${a[i]}, not ${b[i]}`;
  }
  return undefined;
}

/** Forms of messages about what the import refuses as it is not there, by its form: everything else is a failure. */
const REFUSALS =
  /as it needs operators that are not there|as inputs and outputs must be tensors|as no dtype of tensors holds its elements/;

/** Operators whose results are drawn: their shapes and dtypes alone can be compared. */
const DRAWN = new Set([
  "Bernoulli",
  "Multinomial",
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
]);

/** Returns true if a model's results are random: its name tells whether dropout is active. */
function isDrawn(name: string, { graph }: onnx.OnnxModel): boolean {
  const drops = graph.node.some(({ opType }) => opType === "Dropout") &&
    /training_dropout(?!.*zero_ratio)/.test(name);
  return drops || graph.node.some(({ opType }) => DRAWN.has(opType));
}

/** Runs a case on a device. */
export async function runCase(given: Case, device: Device): Promise<Outcome> {
  try {
    const net = await onnx.loadOnnx<Tensor | onnx.OnnxOutputs>(given.model, { device });
    const inputs: Tensor[] = [];
    for (const bytes of given.inputs) inputs.push(await caseTensor(bytes, device));
    const drawn = isDrawn(given.name, onnx.decodeOnnx(given.model));
    const names = net.outputNames, results = net(...inputs);
    const outputs = names.length === 1 ? { [names[0]!]: results as Tensor } : results as onnx.OnnxOutputs;
    for (const [i, bytes] of given.outputs.entries()) {
      const name = names[i]!, wanted = await caseTensor(bytes, device);
      const reason = await difference(name, outputs[name]!, wanted, drawn ? ANY : given.tolerance);
      if (reason !== undefined) return { kind: "failed", reason };
    }
    return { kind: "passed" };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return { kind: REFUSALS.test(error.message) ? "refused" : "failed", reason: error.message };
  }
}

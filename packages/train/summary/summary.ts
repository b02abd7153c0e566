import { noGrad } from "@troodon/autograd";
import {
  defaultDevice,
  type Device,
  type DType,
  isFloating,
  ones,
  Tensor,
  tidySync,
  zeros,
} from "@troodon/core";
import { bytesOf, checkCall, type OptionKeys, readOptions, showArgument } from "@troodon/core/kernel";
import { type AnyModule, Module } from "@troodon/nn";
import { CallLog } from "./call_log.ts";
import { leftAsItWas } from "./left_as_it_was.ts";
import { ModelSummary, type ModelTotals } from "./model_summary.ts";
import { moduleRows } from "./module_rows.ts";

/** Options of {@linkcode summary}. */
export interface ModelSummaryOptions {
  /**
   * Type of the inputs that are given by their shape, or a list with the type of each input; by default that of the
   * first floating parameter.
   */
  readonly dtype?: DType | readonly DType[];
  /** Depth of the listed modules, 0 being the network alone; 3 by default. Deeper modules count in the row above them. */
  readonly depth?: number;
}
const MODEL_SUMMARY_OPTIONS: OptionKeys<ModelSummaryOptions> = { dtype: true, depth: true };

/** The inputs of a network for {@linkcode summary}: tensors, or shapes with the axis of the batch, one or a list of them. */
export type SummaryInputs =
  | Tensor
  | readonly number[]
  | readonly (Tensor | readonly number[])[];

/**
 * Lists the layers of a network with their output shapes, parameters and multiply-adds, as torchinfo does. The network is
 * called once in evaluation mode, without gradients; its mode, fields and buffers and the random numbers to come are left as
 * they were. Inputs that are given by their shape are ones, of integer types zeros.
 *
 * @param inputs The shape of the input with the axis of the batch, as `[1, 3, 224, 224]`; the input itself; or a list of
 * shapes and inputs.
 * @throws {TypeError} If the model is no module, or an input is neither a shape nor a tensor.
 * @throws {RangeError} If the option `depth` is no nonnegative integer.
 *
 * @example A small network
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, ReLU, Sequential } from "@troodon/nn";
 * import { summary } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const model = new Sequential(new Linear(8, 16), new ReLU(), new Linear(16, 2));
 * const table = summary(model, [1, 8]);
 * assertEquals(table.totals.parameters, 178);
 * assertEquals(table.layers[1], {
 *   name: "0",
 *   type: "Linear",
 *   depth: 1,
 *   calls: 1,
 *   outputs: [[1, 16]],
 *   parameters: 144,
 *   multiplyAdds: 128,
 *   shared: false,
 * });
 * console.log(table);
 * ```
 *
 * @example Two inputs, one of integers
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice, type Tensor } from "@troodon/core";
 * import { Embedding, Linear, Module } from "@troodon/nn";
 * import { summary } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * class Net extends Module<[words: Tensor, x: Tensor]> {
 *   embedding = new Embedding(100, 8);
 *   fc = new Linear(4, 8);
 *
 *   override forward(words: Tensor, x: Tensor): Tensor {
 *     return this.embedding(words).sum(1).add(this.fc(x));
 *   }
 * }
 * const { layers } = summary(new Net(), [[2, 5], [2, 4]], { dtype: ["int64", "float32"] });
 * assertEquals(layers.map(({ outputs }) => outputs[0]), [[2, 8], [2, 5, 8], [2, 8]]);
 * ```
 */
export function summary(
  model: AnyModule,
  inputs: SummaryInputs,
  options?: ModelSummaryOptions,
): ModelSummary {
  const { dtype, depth = 3 } = readOptions("summary()", options, MODEL_SUMMARY_OPTIONS);
  checkCall("summary", arguments, "...");
  if (!(model instanceof Module)) {
    throw new TypeError(
      `Cannot apply summary() as the model must be a module: current one is ${showArgument(model)}`,
    );
  }
  if (!Number.isInteger(depth) || depth < 0) {
    throw new RangeError(
      `Cannot apply summary() as depth must be a nonnegative integer: current depth is ${
        showArgument(depth)
      }`,
    );
  }
  const list = listInputs(inputs), first = list.find((input) => input instanceof Tensor);
  const parameters = [...model.parameters()];
  const device = parameters[0]?.device ?? first?.device ?? defaultDevice();
  const floating = parameters.find((parameter) => isFloating(parameter.dtype))?.dtype ?? "float32";
  const types = list.map((_, i) => (typeof dtype === "string" ? dtype : dtype?.[i]) ?? floating);
  return tidySync(() => {
    const given = list.map((input, i) => input instanceof Tensor ? input : filled(input, types[i]!, device));
    const calls = new CallLog();
    runOnce(model, given, calls, device);
    const layers = moduleRows(model, calls, depth);
    return new ModelSummary(layers, totalsOf(model, given, calls));
  });
}

function runOnce(model: AnyModule, inputs: readonly Tensor[], calls: CallLog, device: Device): void {
  using _left = leftAsItWas(model, device);
  using _log = calls.listen(model, device);
  using _free = noGrad();
  model.eval();
  (model as unknown as Module)(...inputs);
}

/** Inputs as a list of tensors and shapes. */
function listInputs(inputs: unknown): readonly (Tensor | readonly number[])[] {
  if (inputs instanceof Tensor || isShape(inputs)) return [inputs];
  if (Array.isArray(inputs) && inputs.every((input) => input instanceof Tensor || isShape(input))) {
    return inputs;
  }
  throw new TypeError(
    "Cannot apply summary() as inputs must be a shape, a tensor or a list of them, as [1, 3, 224, 224]: current ones are " +
      showArgument(inputs),
  );
}

const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((size) => Number.isSafeInteger(size) && size >= 0);

function filled(shape: readonly number[], dtype: DType, device: Device): Tensor {
  return isFloating(dtype) ? ones(shape, { dtype, device }) : zeros(shape, { dtype, device });
}

function totalsOf(model: AnyModule, inputs: readonly Tensor[], calls: CallLog): ModelTotals {
  const parameters = [...model.parameters()], modules = [...model.modules()];
  const buffers = [...model.namedBuffers()].map(([, buffer]) => buffer);
  const layers = modules.filter((module) => [...module.children()].length === 0);
  return {
    parameters: sumOf(parameters, (x) => x.numel()),
    trainable: sumOf(parameters, (x) => x.requiresGrad ? x.numel() : 0),
    buffers: sumOf(buffers, (x) => x.numel()),
    multiplyAdds: sumOf(modules, (module) => calls.of(module).multiplyAdds),
    parameterBytes: sumOf(parameters, bytesIn),
    bufferBytes: sumOf(buffers, bytesIn),
    inputBytes: sumOf(inputs, bytesIn),
    outputBytes: sumOf(layers, (module) => calls.of(module).bytes),
  };
}

const bytesIn = (x: Tensor): number => x.numel() * bytesOf(x.dtype);

const sumOf = <T>(values: readonly T[], f: (value: T) => number): number =>
  values.reduce((sum, value) => sum + f(value), 0);

/** Modules as ONNX. */
import { Tensor } from "@troodon/core";
import { checkCall, disposableStack, readOptions } from "@troodon/core/kernel";
import { writeAtomically } from "@troodon/io";
import type { AnyModule } from "@troodon/nn";
import { encodeOnnx } from "../model/encode.ts";
import type { OnnxModel } from "../model/types.ts";
import { assemble } from "./assemble.ts";
import { checkArguments } from "./check_arguments.ts";
import { checkNames } from "./check_names.ts";
import { Constants, StateNames, stored } from "./constants.ts";
import { defaultName, exampleInputs, symbolPlaces } from "./example_inputs.ts";
import { alike } from "./graph/alike.ts";
import { GraphBuilder } from "./graph/builder.ts";
import { join } from "./graph/join.ts";
import { EXPORT_OPTIONS, type ExportOptions } from "./options.ts";
import { checkSingle, runAll } from "./runs.ts";
import { StateVersions } from "./state_versions.ts";
import { checkTensorsFound } from "./trace/tensors.ts";
import { chosen, Translator } from "./translate.ts";

/** Example inputs: a tensor, or the arguments of `forward`, which may be lists, records and maps of tensors too. */
export type ExampleInputs = Tensor | readonly unknown[];

/** Versions of the operators that can be exported to. */
const OPSETS = [17, 20] as const;

/** The graph of a module as plain objects; see {@linkcode exportOnnx}. */
export async function exportOnnxModel(
  module: AnyModule,
  inputs: ExampleInputs,
  options: ExportOptions = {},
): Promise<OnnxModel> {
  const read = readOptions("exportOnnxModel()", options, EXPORT_OPTIONS);
  checkArguments(module, inputs, read);
  const { inputNames, outputNames, dynamicAxes, opsetVersion = 18, metadata = {} } = read;
  if (!Number.isInteger(opsetVersion) || opsetVersion < OPSETS[0] || opsetVersion > OPSETS[1]) {
    throw new RangeError(
      `Cannot export a module as opsetVersion must be from ${OPSETS[0]} to ${
        OPSETS[1]
      }: current version is ${opsetVersion}`,
    );
  }
  const given = inputs instanceof Tensor ? [inputs] : inputs;
  checkTensorsFound(given, "inputs");
  const examples = exampleInputs(given, inputNames, dynamicAxes);
  using stack = disposableStack();
  const versions = new StateVersions(module);
  const runs = inEvaluation(module, () => runAll(module, given, examples, stack));
  const traces = runs.all.map(({ trace }) => trace);
  versions.check();
  const [{ trace: { outputPaths } }] = runs.all;
  if (!traces.every((other) => alike(other.outputPaths, outputPaths))) {
    throw new RangeError(
      "Cannot export a module as forward() must return as many tensors whatever the extents of dynamic axes are: current " +
        `numbers are ${traces.map((other) => other.outputPaths.length).join(", ")}`,
    );
  }
  const constants = await Constants.of(traces);
  const joint = join(traces, runs.all.map(({ at }) => at), {
    chosen,
    isFixed: (values) => constants.isFixed(values),
  });
  checkSingle(runs, joint);

  const graph = new GraphBuilder(opsetVersion, symbolPlaces(examples));
  const state = new StateNames(module);
  for (const name of [...examples.map(({ name }) => name), ...state.all]) graph.unique(name);
  const used = new Map<string, Tensor>();
  const translator = new Translator(graph, (tensor, layer, own) => {
    const known = state.of(tensor), name = known ?? graph.unique(`${layer && `${layer}.`}${own}`);
    used.set(name, known === undefined ? stack.use(tensor.detach(null)) : tensor);
    return name;
  });
  joint.inputs.forEach((value, i) => translator.name(value, examples[i]!.name));
  const results = inEvaluation(module, () => translator.run(joint));
  for (const [name, tensor] of used) graph.store(await stored(name, tensor));
  const names = outputNames ??
    outputPaths.map((path) => defaultName("output", path, results.length));
  if (names.length !== results.length || results.length === 0 || new Set(names).size !== names.length) {
    throw new RangeError(
      `Cannot export a module as forward() must return tensors with a name each: current number is ${results.length}, ` +
        `names are ${names.join(", ")}`,
    );
  }
  checkNames({
    inputs: examples.map(({ name }) => name),
    outputs: names,
    others: new Set([...graph.initializers.keys(), ...graph.nodes.flatMap(({ output }) => output)]),
  });
  return assemble({
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: joint.inputs.map((value, i) => ({ name: examples[i]!.name, value })),
    outputs: joint.outputs.map((value, i) => ({ name: names[i]!, value, from: results[i]! })),
    opset: opsetVersion,
    name: module.constructor.name,
    metadata,
  });
}

/** Runs `f` with all modules in evaluation mode, and has them as they were afterwards. */
function inEvaluation<T>(module: AnyModule, f: () => T): T {
  const modes = [...module.modules()].map((part) => [part, part.training] as const);
  module.eval();
  try {
    return f();
  } finally {
    for (const [part, training] of modes) part.training = training;
  }
}

/**
 * Encodes a module as the bytes of an ONNX file, which other runtimes run: onnxruntime in pages, on servers and phones.
 * The module is run with example inputs, in evaluation mode and without gradients, and what it does to them becomes the
 * graph. Weights keep their names of the state dict.
 *
 * @param inputs A tensor such as the module is called with, or the list of its arguments. The number of samples does not
 * matter: the first axis of each input may have any extent when the graph runs, unless `dynamicAxes` says otherwise.
 * @throws {RangeError} If the graph would depend on the elements of inputs, or ONNX has no operator for what is done.
 *
 * @example A classifier
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice, zeros } from "@troodon/core";
 * import { Linear, ReLU, Sequential } from "@troodon/nn";
 * import { decodeOnnx, exportOnnx } from "@troodon/onnx";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const net = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 3));
 * const { graph } = decodeOnnx(await exportOnnx(net, zeros([1, 4])));
 * assertEquals(graph.node.map(({ opType }) => opType), ["Gemm", "Relu", "Gemm"]);
 * assertEquals(graph.initializer.map(({ name }) => name), ["0.weight", "0.bias", "2.weight", "2.bias"]);
 * ```
 */
export async function exportOnnx(
  module: AnyModule,
  inputs: ExampleInputs,
  options?: ExportOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  checkCall("exportOnnx", arguments, "...");
  return encodeOnnx(await exportOnnxModel(module, inputs, options));
}

/**
 * Writes a module to an ONNX file, whole or not at all; see {@linkcode exportOnnx}.
 *
 * @param file A path, or a URL of one.
 */
export async function saveOnnx(
  module: AnyModule,
  inputs: ExampleInputs,
  file: string | URL,
  options?: ExportOptions,
): Promise<void> {
  checkCall("saveOnnx", arguments, "....");
  await writeAtomically(file, await exportOnnx(module, inputs, options));
}

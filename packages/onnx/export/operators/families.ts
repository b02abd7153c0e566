/** Kernels as nodes, by their family: what no operator of its own name stands for. */
import {
  type CallOf,
  computeType,
  type KernelOp,
  type MandatoryCall,
  type MutatingOp,
} from "@troodon/core/kernel";
import { int, ints, text } from "../graph/attributes.ts";
import type { Name } from "../graph/builder.ts";
import type { Dim } from "../graph/dim.ts";
import { evaluate, type Operands } from "./evaluate.ts";
import { NUMBER_FUNCTIONS } from "./scalar_functions.ts";
import { type Context, extentAlong, outputDims, sameShapes, type Translation } from "./translation.ts";

/** The kernel call of each run. */
function kernels<K extends MandatoryCall["kernel"]>({ call }: Context): readonly CallOf<K>[] {
  return call.calls.map(({ action, inputs, outputs }) => {
    const { op, params } = action as { op: KernelOp | MutatingOp; params: unknown };
    return op.kernel(inputs.map((v) => v.spec), outputs.map((v) => v.spec), params) as CallOf<K>;
  });
}

/** Returns the operands of the expression of a call. */
function operandsOf(
  context: Context,
  all: readonly (CallOf<"map"> | CallOf<"reduce">)[],
  over: Context["call"]["inputs"][number],
): Operands {
  const { call, graph, inputs } = context, [first] = all;
  return {
    graph,
    compute: first!.compute,
    inputs: inputs.map((name, i) => [name, call.inputs[i]!.dtype] as const),
    scalar: (index) =>
      call.number((c) => {
        const kernel = all[call.calls.indexOf(c)]!;
        return kernel.body.hostScalars(kernel.scalars)[index]!;
      }),
    extent: (axis) => extentAlong(context, over, axis),
    rank: over.rank,
  };
}

const map: Translation = (context) => {
  const { call, graph, inputs } = context,
    all = kernels<"map">(context),
    [{ body, random }] = all as [CallOf<"map">];
  if (random !== undefined) throw noRandomness(call.place);
  const y = call.spec(0), { program: { steps, outputs } } = body, result = steps[outputs[0]!]!;
  if (outputs.length > 1) {
    const operands = operandsOf(context, all, y);
    return outputs.map((_, i) => evaluate(body, operands, call.spec(i).dtype, i));
  }
  if (result.kind === "input") {
    const x = call.inputs[result.index]!;
    const cast = graph.cast(inputs[result.index]!, x.dtype, y.dtype);
    return sameShapes(x, y) ? cast : graph.node("Expand", [cast, graph.shape(outputDims(context))]);
  }
  const name = evaluate(body, operandsOf(context, all, y), y.dtype);
  // All axes of the result must come from somewhere.
  const read = steps.flatMap((step) => step.kind === "input" ? [call.inputs[step.index]!] : []);
  const ranked = new Set(steps.flatMap((step) => step.kind === "coordinate" ? [step.axis] : []));
  const whole = y.shapes.every((shape, run) =>
    shape.every((n, axis) =>
      n === 1 && shape.length <= Math.max(0, ...read.map((x) => x.rank)) || ranked.has(axis) ||
      read.some((x) => x.shapes[run]!.at(axis - shape.length) === n && x.rank >= shape.length - axis)
    )
  );
  return whole ? name : graph.node("Expand", [name, graph.shape(outputDims(context))]);
};

const noRandomness = (place: string): RangeError =>
  new RangeError(
    `Cannot export ${place} as its graph must give the same results each time: numbers are drawn there, take them as an input`,
  );

const REDUCERS = { sum: "ReduceSum", prod: "ReduceProd", max: "ReduceMax", min: "ReduceMin" } as const;

/** A reduction over axes, which are a list or, before version 18 of most operators, a setting. */
export function reduced(
  { graph }: Pick<Context, "graph">,
  type: string,
  x: Name,
  axes: readonly number[],
  keep: boolean,
): Name {
  const keepdims = int(keep ? 1 : 0);
  if (axes.length === 0) return graph.node("Identity", [x]);
  return graph.opset >= 18 || type === "ReduceSum"
    ? graph.node(type, [x, graph.ints(axes)], { keepdims })
    : graph.node(type, [x], { keepdims, axes: ints(axes) });
}

const reduce: Translation = (context) => {
  const { call, graph } = context, all = kernels<"reduce">(context), x = call.inputs[0]!, y = call.spec(0);
  const [{ op, body, post, compute, axes }] = all as [CallOf<"reduce">];
  const operands = operandsOf(context, all, x);
  const mapped = evaluate(body, operands, compute), keep = y.rank === x.rank;
  const result = reduced(context, REDUCERS[op], mapped, axes, keep);
  if (post === undefined) return graph.cast(result, compute, y.dtype);
  const scalar = (index: number): Dim =>
    call.number((c) => {
      const kernel = all[call.calls.indexOf(c)]!;
      return post.hostScalars(kernel.scalars)[index]!;
    });
  return evaluate(post, { ...operands, inputs: [[result, compute]], scalar }, y.dtype);
};

const argreduce: Translation = (context) => {
  const { call, graph, inputs } = context,
    [{ op, axis }] = kernels<"argreduce">(context) as [CallOf<"argreduce">];
  const keepdims = int(call.spec(0).rank === call.inputs[0]!.rank ? 1 : 0);
  const x = graph.cast(inputs[0]!, call.inputs[0]!.dtype, arithmetic(call.inputs[0]!.dtype));
  const found = graph.node(op === "max" ? "ArgMax" : "ArgMin", [x], { axis: int(axis), keepdims });
  return graph.cast(found, "int64", call.spec(0).dtype);
};

/** A dtype that operators calculate in. */
function arithmetic(dtype: Parameters<Context["graph"]["cast"]>[1]): typeof dtype {
  return dtype === "bool" || dtype === "uint8" ? "int32" : dtype === "bfloat16" ? "float32" : dtype;
}

const scan: Translation = (context) => {
  const { call, graph, inputs } = context,
    [{ op, axis, reverse }] = kernels<"scan">(context) as [CallOf<"scan">];
  const y = call.spec(0), x = graph.cast(inputs[0]!, call.inputs[0]!.dtype, y.dtype);
  if (op !== "sum") return unrolled(context, x, op, axis, reverse);
  return graph.node("CumSum", [x, graph.scalar(axis, "int64")], { reverse: int(reverse ? 1 : 0) });
};

/** Running products and extremes step by step: ONNX has an operator for running sums alone. */
function unrolled(
  { call, graph }: Context,
  x: Name,
  op: Exclude<CallOf<"scan">["op"], "sum">,
  axis: number,
  reverse: boolean,
): Name {
  const y = call.spec(0), count = y.fixedExtent(axis, call.place), compute = computeType(y.dtype);
  if (count < 2) return x;
  const combine = NUMBER_FUNCTIONS[op === "prod" ? "mul" : op]!;
  const parts = graph.nodeOf("Split", [x, graph.ints(new Array<number>(count).fill(1))], count, {
    axis: int(axis),
  });
  const order = reverse ? parts.toReversed() : parts;
  for (let i = 1; i < count; i++) order[i] = combine({ graph, compute }, order[i - 1]!, order[i]!);
  return graph.node("Concat", reverse ? order.toReversed() : order, { axis: int(axis) });
}

/** The error of what ONNX has no operator for. */
export function missing(place: string, what: string): RangeError {
  return new RangeError(
    `Cannot export ${place} as ONNX must have an operator for it: there is none for ${what}`,
  );
}

const matmul: Translation = (context) => {
  const { call, graph, inputs } = context,
    all = kernels<"matmul">(context),
    [{ epilogue }] = all as [CallOf<"matmul">];
  return epilogued(
    context,
    graph.node("MatMul", inputs.slice(0, 2)),
    inputs.slice(2),
    call.inputs.slice(2),
    all,
    epilogue,
  );
};

/** Applies the epilogue of a matrix product. */
export function epilogued(
  context: Context,
  product: Name,
  rest: readonly Name[],
  values: Context["call"]["inputs"],
  all: readonly CallOf<"matmul">[],
  epilogue: CallOf<"matmul">["epilogue"],
): Name {
  if (epilogue === undefined) return product;
  const { call, graph } = context;
  const y = call.spec(0),
    compute = y.dtype === "float64" ? "float64" : y.dtype === "int64" ? "int64" : "float32";
  const inputs = [[product, y.dtype] as const, ...rest.map((name, i) => [name, values[i]!.dtype] as const)];
  return evaluate(epilogue, {
    graph,
    compute,
    inputs,
    scalar: (index) =>
      call.number((c) => {
        const { scalars } = all[call.calls.indexOf(c)]!;
        return epilogue.hostScalars(scalars)[index]!;
      }),
    extent: (axis) => extentAlong(context, y, axis),
    rank: y.rank,
  }, y.dtype);
}

/** The kernel calls of products. */
export const products: (context: Context) => readonly CallOf<"matmul">[] = kernels<"matmul">;

const gather: Translation = (context) => {
  const { inputs, graph } = context, [{ axis }] = kernels<"gather">(context) as [CallOf<"gather">];
  return graph.node("GatherElements", [inputs[0]!, inputs[1]!], { axis: int(axis) });
};

const scatter: Translation = (context) => {
  const { call, inputs, graph } = context,
    [{ axis, mode }] = kernels<"scatter">(context) as [CallOf<"scatter">];
  const target = call.inputs[0]!.dtype, source = graph.cast(inputs[2]!, call.inputs[2]!.dtype, target);
  const reduction = mode === "set" ? undefined : text(mode);
  return graph.node("ScatterElements", [inputs[0]!, inputs[1]!, source], { axis: int(axis), reduction });
};

const sort: Translation = (context) => {
  const { call, inputs, graph } = context, x = call.inputs[0]!;
  const [{ axis, descending }] = kernels<"sort">(context) as [CallOf<"sort">];
  const type = arithmetic(x.dtype), given = graph.cast(inputs[0]!, x.dtype, type);
  const [values, indices] = graph.nodeOf("TopK", [given, graph.extent(call.extent(x, axis))], 2, {
    axis: int(axis),
    largest: int(descending ? 1 : 0),
  });
  return [graph.cast(values!, type, x.dtype), graph.cast(indices!, "int64", call.spec(1).dtype)];
};

/** Windows [.., windows at axis, .., size] added up where they overlap. */
const fold: Translation = (context) => {
  const { call, inputs, graph } = context, x = call.inputs[0]!, y = call.spec(0);
  const [{ axis, step, dilation }] = kernels<"fold">(context) as [CallOf<"fold">], last = x.rank - 1;
  const count = x.fixedExtent(axis, call.place), size = x.fixedExtent(last, call.place);
  const order = Array.from({ length: last }, (_, i) => i).toSpliced(axis + 1, 0, last);
  const moved = graph.transpose(inputs[0]!, order), shape = outputDims(context).with(axis, count * size);
  const flat = graph.reshape(moved, shape),
    places = Array.from(
      { length: count * size },
      (_, i) => Math.floor(i / size) * step + (i % size) * dilation,
    );
  const along = graph.list(places, "int64", y.first.spec.shape.map((_, i) => i === axis ? places.length : 1));
  const index = graph.node("Expand", [along, graph.shape(shape)]);
  const zeros = graph.node("Expand", [graph.scalar(0, y.dtype), graph.shape(outputDims(context))]);
  return graph.node("ScatterElements", [zeros, index, flat], { axis: int(axis), reduction: text("add") });
};

const FAMILIES: Readonly<Record<MandatoryCall["kernel"], Translation>> = {
  map,
  reduce,
  argreduce,
  scan,
  matmul,
  gather,
  scatter,
  sort,
  fold,
};

/** The nodes of any kernel that sees its inputs as they are. */
export const byFamily: Translation = (context) => {
  const { call } = context, { op } = call.action as { op: KernelOp | MutatingOp };
  if (op.arrange !== undefined) throw missing(call.place, "how it looks at its inputs");
  return FAMILIES[kernels(context)[0]!.kernel](context);
};

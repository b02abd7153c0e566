/** Merges ReLU and max pooling, in either order, into one kernel. */
import type { MaxPool2dCall } from "@troodon/core";
import {
  type Body,
  body,
  expr,
  isContiguous,
  type LaunchProgram,
  type ProgramLaunch,
  type ProgramView,
  sameShape,
} from "@troodon/core/kernel";
import { Draft, type Entry } from "./draft.ts";
import { sameView } from "./layout/regions.ts";
import { isMap } from "./merge/parts.ts";

const X = expr.input(0), Y = expr.input(1);
const COPY: Body = body(X);
/** relu(x). */
const RELU: Body = body(expr.where(expr.lessEqual(X, 0), 0, X));
/** Gradient of relu: input 0 where the result of relu, input 1, is not 0. */
const SLOPE: Body = body(expr.where(expr.lessEqual(Y, 0), 0, X));

/**
 * Lets maxPool2d compute a ReLU before or after it. Positions are then -1 where the result is 0, and the mask of the
 * gradient becomes a copy, which {@linkcode fuse} removes.
 */
export function joinReluAndPool(program: LaunchProgram): LaunchProgram {
  const draft = new Draft(program);
  for (const pool of draft.entries) {
    const { call, outputs } = pool.launch;
    if (call.kernel !== "maxPool2d" || call.relu) continue;
    // Positions may be used outside the program.
    if (outputs[1] !== undefined && !draft.isOwn(outputs[1].slot)) continue;
    if (!joinFollowing(draft, pool, call)) joinPreceding(draft, pool, call);
  }
  return draft.program;
}

/** Merges relu(maxPool2d(x)); requires all gradients that use the positions to be masked by the result. */
function joinFollowing(draft: Draft, pool: Entry, call: MaxPool2dCall): boolean {
  const [values, positions] = pool.launch.outputs as [ProgramView, ProgramView?];
  const [relu, ...others] = draft.readers(pool, values);
  if (relu === undefined || others.length > 0 || !draft.isOwn(values.slot)) return false;
  const result = resultOf(relu.launch, values);
  if (result === null || draft.isBetween(pool.at, relu.at, [], [result])) return false;
  const slopes: Entry[] = [];
  for (const grad of gradsBy(draft, pool, positions)) {
    const slope = grad && definitionOf(draft, grad, 0);
    if (!slope || !isSlope(draft, slope, relu, result)) return false;
    if (!sameView(slope.launch.outputs[0]!, grad.launch.inputs[0]!)) return false;
    slopes.push(slope);
  }
  slopes.forEach((slope) => unmask(draft, slope));
  draft.remove(relu);
  draft.replace(pool, {
    ...pool.launch,
    call: { ...call, relu: true },
    outputs: [result, ...pool.launch.outputs.slice(1)],
  });
  return true;
}

/** Merges maxPool2d(relu(x)); requires that only the pooling and the masks of its gradients read the result of relu. */
function joinPreceding(draft: Draft, pool: Entry, call: MaxPool2dCall): boolean {
  const read = pool.launch.inputs[0]!, relu = definitionOf(draft, pool, 0);
  if (relu === null || !draft.isOwn(read.slot) || !isMap(relu.launch)) return false;
  const x = relu.launch.inputs[0]!, result = resultOf(relu.launch, x);
  if (result === null || !sameView(result, read) || draft.isBetween(relu.at, pool.at, [x], [])) return false;
  const grads = gradsBy(draft, pool, pool.launch.outputs[1]);
  const slopes = draft.readers(relu, result).filter((reader) => reader !== pool);
  for (const slope of slopes) {
    const grad = definitionOf(draft, slope, 0);
    if (grad === null || !grads.includes(grad) || !isSlope(draft, slope, relu, result)) return false;
    if (!sameView(slope.launch.inputs[0]!, grad.launch.outputs[0]!)) return false;
  }
  for (const grad of grads) {
    if (grad === null) return false;
    const made = grad.launch.outputs[0]!;
    if (!draft.isOwn(made.slot) || draft.readers(grad, made).some((one) => !slopes.includes(one))) {
      return false;
    }
  }
  slopes.forEach((slope) => unmask(draft, slope));
  draft.remove(relu);
  draft.replace(pool, { ...pool.launch, call: { ...call, relu: true }, inputs: [x] });
  return true;
}

/** Output of a launch that writes relu of `x` with the same layout; null for other launches. */
function resultOf(launch: ProgramLaunch, x: ProgramView): ProgramView | null {
  if (!isMap(launch) || launch.call.body !== RELU || launch.together !== undefined) return null;
  const [input] = launch.inputs, [result] = launch.outputs;
  if (!sameView(input!, x) || input!.dtype !== result!.dtype || !sameShape(input!.shape, result!.shape)) {
    return null;
  }
  return isContiguous(input!) && isContiguous(result!) ? result! : null;
}

/** Launches that read the positions; null in place of one that is not a gradient of the pooling. */
function gradsBy(draft: Draft, pool: Entry, positions: ProgramView | undefined): (Entry | null)[] {
  if (positions === undefined) return [];
  return draft.readers(pool, positions).map((reader) =>
    reader.launch.call.kernel === "maxPool2dGrad" && definitionOf(draft, reader, 1) === pool ? reader : null
  );
}

/** Launch that wrote an input. */
function definitionOf(draft: Draft, entry: Entry, input: number): Entry | null {
  return draft.definition(entry, entry.launch.inputs[input]!)?.entry ?? null;
}

/** Returns true if a map masks a gradient by the result of `relu` in `result`. */
function isSlope(draft: Draft, { at, launch }: Entry, relu: Entry, result: ProgramView): boolean {
  if (!isMap(launch) || launch.call.body !== SLOPE || launch.together !== undefined) return false;
  const [g, y] = launch.inputs as [ProgramView, ProgramView], out = launch.outputs[0]!;
  return sameView(y, result) && g.dtype === out.dtype && draft.definition({ at, launch }, y)?.entry === relu;
}

function unmask(draft: Draft, slope: Entry): void {
  if (!draft.has(slope) || !isMap(slope.launch)) return;
  const { call, inputs } = slope.launch;
  draft.replace(slope, { ...slope.launch, call: { ...call, body: COPY, scalars: [] }, inputs: [inputs[0]!] });
}

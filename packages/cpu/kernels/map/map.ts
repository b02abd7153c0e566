/** Elementwise kernels. */
import type { Body, ComputeType, DType, MapCall, Shape } from "@troodon/core";
import { bytesOf, coalesce, pickAxes, rowMajor, sizeOf, type Space } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import { atLeastOne, byDistance, cut } from "../../lower/cut.ts";
import { canBeWide } from "../../lower/halves.ts";
import { indicesOf, keyOf, laneOf, type OperandSpec } from "../../lower/leaves.ts";
import type { Parameters } from "../../lower/parameters.ts";
import type { Address } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import { PlannedKernel } from "../../plan/planned_kernel.ts";
import type { Planner } from "../../plan/planner.ts";
import { call as runs } from "../../threads/task.ts";
import type { WasmFunction } from "../../targets/wasm/wasm_function.ts";
import { elementDuration } from "./duration.ts";
import { emitMap } from "./map_code.ts";
import { layoutOf, type MapSpec } from "./map_spec.ts";
import { tiles } from "./tiles.ts";

/** The code of a call, and the parts that it is cut into. */
export interface MapCode {
  readonly body: Body;
  readonly run: WasmFunction;
  /** Runs several parameter blocks: see {@linkcode emitMap}. */
  readonly each: WasmFunction;
  readonly layout: Parameters;
  /** Loops, with strides in bytes, and how many bytes each operand has moved where they begin. */
  readonly parts: readonly { readonly space: Space; readonly shifts: readonly number[] }[];
  /** What all parts take. */
  readonly nanoseconds: number;
}

/** Elementwise calls, one at a time. What it keeps of a plan is null if there is nothing to do. */
export const MAP: PlannedKernel<MapCall, MapCode | null> = new PlannedKernel({
  key(key, { body, compute, shape }, inputs, outputs) {
    key.add(body.id).type(compute).list(shape).layouts(inputs).layouts(outputs);
  },
  plan: planMap,
  numbers: (call) => call,
});

/** Runs a {@linkcode MapCall}. */
export const map: Kernel<MapCall> = (context, call, inputs, outputs) => {
  MAP.run(context, call, inputs, outputs);
};

/** Plans a call, alone or as a part of another; null if there is nothing to do. */
export function planMap(
  planner: Planner,
  call: MapCall,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): MapCode | null {
  const code = codeOf(planner, call, inputs, outputs);
  if (code === null) return null;
  const blocks = blocksOf(planner, code, [...inputs, ...outputs]);
  planner.run(blocks.map((block) => [runs(code.run, block)]), code.nanoseconds);
  return code;
}

/** A parameter block for each part, of operands in memory and then positions. */
export function blocksOf(
  planner: Planner,
  { body, layout, parts }: MapCode,
  views: readonly PlanView[],
): Address[] {
  return parts.map(({ space, shifts }) => {
    const operands = shifts.map((shift, t) => views[t]?.address.plus(shift) ?? shift);
    return planner.block({ layout, space, operands, bodies: [body] });
  });
}

function codeOf(
  planner: Planner,
  { body, compute, shape }: MapCall,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): MapCode | null {
  if (shape.includes(0)) return null;
  const views = [...inputs, ...outputs];
  const positions = positionStrides(body, shape);
  const dtypes: DType[] = [...views.map((v) => v.dtype), ...positions.map((): DType => "uint8")];
  const given: Space = { extents: shape, strides: [...views.map((v) => v.strides), ...positions] };
  // The first output says in which order elements are best visited.
  const last = inputs.length + outputs.length - 1;
  const ordered = byDistance({ extents: shape, strides: [given.strides[last]!, ...given.strides] });
  const space = atLeastOne(coalesce(pickAxes(given, ordered)));
  const nanoseconds = sizeOf(shape) * elementDuration([body], views.length);
  const whole = tiles(space), cuts = Math.ceil(planner.cuts(nanoseconds) / whole.length);
  const regions = cuts === 1
    ? whole
    : whole.flatMap(({ space, offsets }) =>
      cut(space, space.extents.length, cuts).map((part) => ({
        space: part.space,
        offsets: part.offsets.map((n, t) => n + offsets[t]!),
      }))
    );
  const levels = regions[0]!.space.extents.length;
  const operands = space.strides.map((s, t) => ({ dtype: dtypes[t]!, lane: laneOf(s.at(-1)!) }));
  const turned = body.usesRandom ? [] : turnedInputs(compute, operands, inputs.length, regions[0]!.space);
  const spec: MapSpec = { body, compute, inputs: inputs.length, operands, levels, turned };
  const key = `map/${body.key}/${keyOf(compute, operands)}${inputs.length}/${levels}/${turned}`;
  const wide = canBeWide(compute, dtypes);
  const { run, each } = planner.instance(key, (module) => emitMap(module, spec), { wide });
  const bytes = dtypes.map(bytesOf);
  const parts = regions.map(({ space: { extents, strides }, offsets }) => ({
    space: { extents, strides: strides.map((s, t) => s.map((n) => n * bytes[t]!)) },
    shifts: offsets.map((n, t) => n * bytes[t]!),
  }));
  return { body, run: run!, each: each!, layout: layoutOf(spec), parts, nanoseconds };
}

/** Returns the inputs that are transposed in the last two loops, if these are long enough. */
function turnedInputs(
  compute: ComputeType,
  operands: readonly OperandSpec[],
  inputs: number,
  { extents, strides }: Space,
): number[] {
  const words = compute === "float32" || compute === "int32";
  if (!words || extents.length < 2 || extents.at(-2)! < 4 || extents.at(-1)! < 4) return [];
  return operands.flatMap(({ dtype, lane }, t) =>
    t < inputs && lane === "strided" && bytesOf(dtype) === 4 && strides[t]!.at(-2) === 1 ? [t] : []
  );
}

/** Positions as operands: the element's number, then the coordinates that are asked for. */
function positionStrides(body: Body, shape: Shape): number[][] {
  const { element, axes } = indicesOf(body.program);
  const coordinates = axes.map((axis) => shape.map((_, a) => a === axis ? 1 : 0));
  return element ? [rowMajor(shape), ...coordinates] : coordinates;
}

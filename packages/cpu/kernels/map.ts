/** Elementwise kernels. */
import {
  type Body,
  bytesOf,
  type DType,
  type Leaf,
  lower,
  type MapCall,
  rowMajor,
  type Shape,
  sizeOf,
} from "@troodon/core";
import type { CpuView, Kernel, KernelContext, WasmFunction } from "../kernel.ts";
import { store } from "../lower/lanes.ts";
import { indicesOf, keyOf, laneOf, Leaves, type OperandSpec } from "../lower/leaves.ts";
import { Interleaved } from "../lower/interleaved.ts";
import type { Value } from "../lower/machine.ts";
import { hostFunctions } from "../lower/own.ts";
import {
  atLeastOne,
  Block,
  byDistance,
  coalesce,
  cut,
  Nest,
  Parameters,
  pick,
  type Space,
} from "../lower/nest.ts";
import { HostImports, WasmMachine } from "../lower/wasm_machine.ts";
import { call as runs, type Task } from "../threads/task.ts";
import type { ModuleBuilder } from "../wasm/assembler.ts";
import { elementDuration } from "./duration.ts";
import { PlanCache } from "./plan_cache.ts";
import { tiles } from "./tiles.ts";

/** A kernel's code depends on this. Operands: inputs, outputs, then positions. */
interface MapSpec {
  readonly body: Body;
  readonly compute: MapCall["compute"];
  readonly operands: readonly OperandSpec[];
  readonly inputs: number;
  /** Number of nested loops. */
  readonly levels: number;
}

/** The code of a call, and the parts that it is cut into. */
export interface MapCode {
  readonly run: WasmFunction;
  /** Runs as many parameter blocks as the second argument says, whose addresses are listed where the first does. */
  readonly each: WasmFunction;
  readonly layout: Parameters;
  /** Loops, in elements and bytes, and how many bytes each operand has moved where they begin. */
  readonly parts: readonly { readonly space: Space; readonly shifts: readonly number[] }[];
  /** What all parts take. */
  readonly nanoseconds: number;
}

/** What a repeated call needs. */
interface MapPlan extends Pick<MapCode, "run" | "nanoseconds"> {
  readonly blocks: readonly Block[];
  /** A task for each block. */
  readonly tasks: readonly Task[];
}

/** Programs of more steps than this work on two vectors at once, others on four: long code takes long to compile. */
const LONG = 20;

const cache = new PlanCache<MapPlan>((context, plan) => plan.blocks.forEach((b) => b.release(context)));

/** Runs a {@linkcode MapCall}. */
export const map: Kernel<MapCall> = (context, call, inputs, outputs) => {
  const { body } = call;
  const plan = cache.get(context, body.id, call.compute, call.shape, inputs, outputs) ??
    cache.set(
      context,
      body.id,
      call.compute,
      call.shape,
      inputs,
      outputs,
      planOf(context, call, inputs, outputs),
    );
  if (plan.blocks.length === 0) return;
  checkRandom(call);
  const pointers: number[] = [];
  for (const view of inputs) pointers.push(view.buffer.pointer + view.offset * bytesOf(view.dtype));
  for (const view of outputs) pointers.push(view.buffer.pointer + view.offset * bytesOf(view.dtype));
  const words = context.memory.i32;
  const scalars = body.hostScalarCount > 0 ? body.hostScalars(call.scalars) : [];
  for (const block of plan.blocks) {
    if (scalars.length > 0) block.setScalars(context, scalars);
    if (call.random !== undefined) block.setRandom(context, call.random);
    block.at(words, pointers);
  }
  if (plan.blocks.length === 1) plan.run(plan.blocks[0]!.address);
  else context.run(plan.tasks, plan.nanoseconds);
};

/** Throws a TypeError if a call draws random numbers without saying where from. */
export function checkRandom({ body, random }: MapCall): void {
  if (body.usesRandom && random === undefined) {
    throw new TypeError("Cannot run a map that draws random numbers as its call has no random state");
  }
}

function planOf(
  context: KernelContext,
  call: MapCall,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
): MapPlan {
  const code = codeOf(context, call, inputs, outputs);
  if (code === null) return { run: () => 0, blocks: [], tasks: [], nanoseconds: 0 };
  const { run, nanoseconds } = code, blocks = blocksOf(context, code);
  return { run, blocks, tasks: blocks.map(({ address }) => [runs(run, address)]), nanoseconds };
}

/** The code of a call; null if there is nothing to do. */
export function codeOf(
  context: KernelContext,
  { body, compute, shape }: MapCall,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
): MapCode | null {
  if (shape.includes(0)) return null;
  const views = [...inputs, ...outputs];
  const positions = positionStrides(body, shape);
  const dtypes: DType[] = [...views.map((v) => v.dtype), ...positions.map((): DType => "uint8")];
  const given: Space = { extents: shape, strides: [...views.map((v) => v.strides), ...positions] };
  // The first output says in which order elements are best visited.
  const last = inputs.length + outputs.length - 1;
  const ordered = byDistance({ extents: shape, strides: [given.strides[last]!, ...given.strides] });
  const space = atLeastOne(coalesce(pick(given, ordered)));
  const nanoseconds = sizeOf(shape) * elementDuration([body], views.length);
  const whole = tiles(space), cuts = Math.ceil(context.cuts(nanoseconds) / whole.length);
  const regions = cuts === 1
    ? whole
    : whole.flatMap(({ space, offsets }) =>
      cut(space, space.extents.length, cuts).map((part) => ({
        space: part.space,
        offsets: part.offsets.map((n, t) => n + offsets[t]!),
      }))
    );
  const levels = regions[0]!.space.extents.length;
  const spec: MapSpec = {
    body,
    compute,
    inputs: inputs.length,
    operands: space.strides.map((s, t) => ({ dtype: dtypes[t]!, lane: laneOf(s.at(-1)!) })),
    levels,
  };
  const key = `map/${body.key}/${keyOf(compute, spec.operands)}${inputs.length}/${levels}`;
  const { run, each } = context.instance(key, (module) => emitMap(module, spec));
  const bytes = dtypes.map(bytesOf);
  const parts = regions.map(({ space: { extents, strides }, offsets }) => ({
    space: { extents, strides: strides.map((s, t) => s.map((n) => n * bytes[t]!)) },
    shifts: offsets.map((n, t) => n * bytes[t]!),
  }));
  return { run: run!, each: each!, layout: layoutOf(spec), parts, nanoseconds };
}

/** A parameter block for each part, of operands that begin at address 0. */
export function blocksOf(context: KernelContext, { layout, parts }: MapCode): readonly Block[] {
  return parts.map(({ space, shifts }) => {
    const block = new Block(context, layout, space, shifts);
    block.at(context.memory.i32, new Array<number>(shifts.length).fill(0));
    return block;
  });
}

/** Positions as operands: the element's number, then the coordinates that are asked for. */
function positionStrides(body: Body, shape: Shape): number[][] {
  const { element, axes } = indicesOf(body.program);
  const coordinates = axes.map((axis) => shape.map((_, a) => a === axis ? 1 : 0));
  return element ? [rowMajor(shape), ...coordinates] : coordinates;
}

function layoutOf({ body, operands, levels }: MapSpec): Parameters {
  return new Parameters(operands.length, levels, body.hostScalarCount);
}

function emitMap(module: ModuleBuilder, spec: MapSpec): void {
  const { body, compute, operands, inputs, levels } = spec;
  const { program } = body;
  const imports = new HostImports(module, hostFunctions(program, compute), compute);
  const code = module.function({ params: ["i32"], export: "run" });
  const machine = new WasmMachine(code, compute, imports);
  const layout = layoutOf(spec);
  const nest = new Nest(code, layout, operands.length);
  const inner = levels - 1;
  const strides = operands.map((_, t) => nest.stride(inner, t));
  const { element, axes } = indicesOf(program);
  const first = inputs + body.outputs.length;
  const index = (axis: number | "element"): number =>
    axis === "element" ? first : first + Number(element) + axes.indexOf(axis);
  const leaves = new Leaves(
    code,
    machine,
    layout,
    operands,
    index,
    (axis) => operands[index(axis)]!.lane,
    strides,
  );
  const vectors = new Interleaved(machine);
  const { lanes } = machine;
  const leaf = (leaf: Leaf): Value =>
    vectors.join(Array.from({ length: vectors.copies }, (_, copy) => {
      leaves.skip = copy * lanes;
      return leaves.emit(leaf);
    }));
  const lowering = new lower.Lowering(program, compute, vectors, leaf, (leaf) => leaves.varies(leaf));
  lowering.emit(0);
  const unroll = program.steps.length > LONG ? 2 : 4;
  const outer = Array.from({ length: inner }, (_, level) => level);
  nest.all(outer, nest.start(), (from) => {
    const pointers = nest.copy(from);
    leaves.pointers = pointers;
    const left = nest.extent(inner);
    machine.scope(() =>
      lowering.scope(() => {
        lowering.emit(1);
        for (const width of [unroll * lanes, lanes, 1]) {
          code.block((exit) =>
            code.loop((again) => {
              code.get(left).i32(width).op("i32.lt_s").brIf(exit);
              leaves.lanes = Math.min(width, lanes);
              vectors.copies = Math.max(1, width / lanes);
              machine.scope(() => lowering.scope(() => emitElements(lowering)));
              vectors.copies = 1;
              operands.forEach(({ dtype, lane }, t) => {
                if (lane === "dense") code.increase(pointers[t]!, width * bytesOf(dtype));
                else if (lane === "strided") {
                  code.get(pointers[t]!).get(strides[t]!).i32(width).op("i32.mul", "i32.add").set(
                    pointers[t]!,
                  );
                }
              });
              code.increase(left, -width).br(again);
            })
          );
        }
      })
    );
  });

  const table = module.function({ params: ["i32", "i32"], export: "each" });
  table.repeat(1, () => table.get(0).memory("i32.load").call(code).increase(0, 4));

  /** Stores last: an output may lie in the memory of an input. */
  function emitElements(lowering: lower.Lowering): void {
    lowering.emit(2);
    const stored = body.outputs.map((_, o) => ({
      value: operands[inputs + o]!.dtype === "bool" ? 0 : lowering.output(o),
      mask: operands[inputs + o]!.dtype === "bool" ? lowering.outputMask(o) : 0,
    }));
    stored.forEach(({ value, mask }, o) => {
      const operand = leaves.operand(inputs + o, operands[inputs + o]!);
      for (let copy = 0; copy < vectors.copies; copy++) {
        const own = operand.dtype === "bool" ? mask : value;
        const vector = vectors.vector(own, copy);
        store(code, machine, operand, leaves.lanes, copy * lanes, vector, () => vector);
      }
    });
  }
}

/** Running results along an axis. */
import { type ComputeType, computeType, ReferenceBackend, type ScanCall } from "@troodon/core";
import type { CpuView, KernelContext } from "../kernel.ts";
import type { Code, ModuleBuilder, ValueType } from "../wasm/assembler.ts";
import type { MemoryOp, ScalarOp } from "../wasm/opcodes.ts";
import type { VectorOp } from "../wasm/vector_opcodes.ts";
import {
  addressOf,
  emitLoops,
  type Loop,
  loopArguments,
  loopParameters,
  loopsOver,
  stepOf,
} from "./loops.ts";
import { intoStaged, staged } from "./stage.ts";

type Op = Exclude<ScanCall["op"], "logaddexp">;

/** Float32 is added up in float64, as PyTorch does: long sums stay exact. */
interface Running {
  readonly type: ValueType;
  readonly load: MemoryOp;
  readonly widen: readonly ScalarOp[];
  readonly narrow: readonly ScalarOp[];
  readonly store: MemoryOp;
  /** Bytes of an element, and of a running result. */
  readonly bytes: number;
  readonly wide: number;
  readonly vector: "f64x2" | "i32x4";
}

const RUNNING: Readonly<Record<ComputeType, Running>> = {
  float32: {
    type: "f64",
    load: "f32.load",
    widen: ["f64.promote_f32"],
    narrow: ["f32.demote_f64"],
    store: "f32.store",
    bytes: 4,
    wide: 8,
    vector: "f64x2",
  },
  float64: {
    type: "f64",
    load: "f64.load",
    widen: [],
    narrow: [],
    store: "f64.store",
    bytes: 8,
    wide: 8,
    vector: "f64x2",
  },
  int32: {
    type: "i32",
    load: "i32.load",
    widen: [],
    narrow: [],
    store: "i32.store",
    bytes: 4,
    wide: 4,
    vector: "i32x4",
  },
};

const INTEGER_IDENTITIES: Readonly<Record<Op, number>> = {
  sum: 0,
  prod: 1,
  max: -0x80000000,
  min: 0x7fffffff,
};
const IDENTITIES: Readonly<Record<Op, number>> = { sum: 0, prod: 1, max: -Infinity, min: Infinity };
const INSTRUCTIONS = { sum: "add", prod: "mul", max: "max", min: "min" } as const;

function pushIdentity(code: Code, { type }: Running, op: Op): void {
  if (type === "i32") code.i32(INTEGER_IDENTITIES[op]);
  else code.f64(IDENTITIES[op]);
}

/** Pops two running results, pushes one. */
function combine(code: Code, { type }: Running, op: Op, next: number, running: number): void {
  code.get(running).get(next);
  if (type === "f64") code.op(`f64.${INSTRUCTIONS[op]}`);
  else if (op === "sum") code.op("i32.add");
  else if (op === "prod") code.op("i32.mul");
  else code.get(running).get(next).op(op === "max" ? "i32.gt_s" : "i32.lt_s", "select");
  code.set(running);
}

/** Line after line, for any strides. Parameters: x, output, length, their steps, loops. */
function emitLines(module: ModuleBuilder, compute: ComputeType, op: Op, depth: number): void {
  const [x, output, length, stepX, stepOutput, first] = [0, 1, 2, 3, 4, 5];
  const running = RUNNING[compute];
  const params = [...new Array<ValueType>(first).fill("i32"), ...loopParameters(depth, 2)];
  const code = module.function({ params, export: "run" });
  const [from, to, count] = code.locals("i32", 3) as [number, number, number];
  const result = code.local(running.type), next = code.local(running.type);
  emitLoops(code, depth, first, [x, output], () => {
    code.get(x).set(from).get(output).set(to).get(length).set(count);
    pushIdentity(code, running, op);
    code.set(result).repeat(count, () => {
      code.get(from).memory(running.load).op(...running.widen).set(next);
      combine(code, running, op, next, result);
      code.get(to).get(result).op(...running.narrow).memory(running.store);
      code.advance(from, stepX).advance(to, stepOutput);
    });
  });
}

/**
 * Whole rows at once, where the elements across the lines follow one another. Parameters: x, output, length,
 * their steps, elements of a row, address of running results, loops.
 */
function emitRows(module: ModuleBuilder, compute: ComputeType, op: Op, depth: number): void {
  const [x, output, length, stepX, stepOutput, width, results, first] = [0, 1, 2, 3, 4, 5, 6, 7];
  const running = RUNNING[compute], { bytes, wide, vector } = running;
  const lanes = 16 / bytes;
  const params = [...new Array<ValueType>(first).fill("i32"), ...loopParameters(depth, 2)];
  const code = module.function({ params, export: "run" });
  const [fromRow, toRow, count, from, to, at, column] = code.locals("i32", 7) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const loaded = code.local("v128"), low = code.local("v128"), high = code.local("v128");
  const result = code.local(running.type), next = code.local(running.type);
  const instruction: VectorOp = vector === "f64x2"
    ? `f64x2.${INSTRUCTIONS[op]}`
    : `i32x4.${op === "sum" || op === "prod" ? INSTRUCTIONS[op] : (`${op}_s` as const)}`;
  const update = (offset: number): void => {
    code.op(instruction).set(low).get(at).get(low).memory("v128.store", offset).get(low);
  };
  emitLoops(code, depth, first, [x, output], () => {
    code.get(results).set(at).get(width).set(count).repeat(count, () => {
      code.get(at);
      pushIdentity(code, running, op);
      code.memory(running.type === "i32" ? "i32.store" : "f64.store").increase(at, wide);
    });
    code.get(x).set(fromRow).get(output).set(toRow).get(length).set(count).repeat(count, () => {
      code.get(fromRow).set(from).get(toRow).set(to).get(results).set(at).i32(0).set(column);
      code.countTo(column, width, lanes, () => {
        code.get(from).memory("v128.load", 0, 2).set(loaded);
        if (compute === "float32") {
          code.get(at).memory("v128.load").get(loaded).op("f64x2.promote_low_f32x4");
          update(0);
          code.op("f32x4.demote_f64x2_zero").set(high);
          code.get(at).memory("v128.load", 16).get(loaded).get(loaded).shuffle32(2, 3, 2, 3);
          code.op("f64x2.promote_low_f32x4");
          update(16);
          code.op("f32x4.demote_f64x2_zero").set(low).get(to).get(high).get(low).shuffle64(0, 2);
        } else {
          code.get(at).memory("v128.load").get(loaded);
          update(0);
          code.set(low).get(to).get(low);
        }
        code.memory("v128.store", 0, 2).increase(from, 16).increase(to, 16).increase(at, lanes * wide);
      });
      code.countTo(column, width, 1, () => {
        code.get(from).memory(running.load).op(...running.widen).set(next);
        code.get(at).memory(running.type === "i32" ? "i32.load" : "f64.load").set(result);
        combine(code, running, op, next, result);
        code.get(at).get(result).memory(running.type === "i32" ? "i32.store" : "f64.store");
        code.get(to).get(result).op(...running.narrow).memory(running.store);
        code.increase(from, bytes).increase(to, bytes).increase(at, wide);
      });
      code.advance(fromRow, stepX).advance(toRow, stepOutput);
    });
  });
}

/** See {@linkcode ScanCall}. */
export function scan(
  context: KernelContext,
  call: ScanCall,
  [x]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const { op } = call;
  if (op === "logaddexp") return scanByReference(context, call, x!, output!);
  const compute = computeType(output!.dtype);
  const from = staged(context, x!, compute);
  intoStaged(context, output!, (to) => scanStaged(context, call, op, compute, from, to));
}

function scanStaged(
  context: KernelContext,
  { axis, reverse }: ScanCall,
  op: Op,
  compute: ComputeType,
  x: CpuView,
  output: CpuView,
): void {
  const { bytes, wide } = RUNNING[compute];
  const length = x.shape[axis] ?? 1;
  const steps = [stepOf(x, axis), stepOf(output, axis)] as const;
  const loops: Loop[] = loopsOver(x.shape.toSpliced(axis, 1, 1), [x, output]);
  const [fromEnd, toEnd, stepX, stepOutput] = reverse
    ? [steps[0] * (length - 1), steps[1] * (length - 1), -steps[0], -steps[1]]
    : [0, 0, ...steps];
  const numbers = [addressOf(x) + fromEnd, addressOf(output) + toEnd, length, stepX, stepOutput];
  const inner = loops.at(-1);
  if (inner && inner.extent >= 4 && inner.steps.every((step) => step === bytes)) {
    loops.pop();
    const depth = loops.length, results = context.scratch(inner.extent * wide);
    const { run } = context.instance(
      `scan/rows/${op}/${compute}/${depth}`,
      (module) => emitRows(module, compute, op, depth),
    );
    run!(...numbers, inner.extent, results, ...loopArguments(loops));
  } else {
    const depth = loops.length;
    const { run } = context.instance(
      `scan/lines/${op}/${compute}/${depth}`,
      (module) => emitLines(module, compute, op, depth),
    );
    run!(...numbers, ...loopArguments(loops));
  }
}

/** What is rare and needs logarithms runs in plain TypeScript on the same bytes. */
function scanByReference({ memory }: KernelContext, call: ScanCall, ...views: [CpuView, CpuView]): void {
  const [x, output] = views.map((view) => {
    const { pointer, bytes } = view.buffer;
    return {
      ...view,
      buffer: { bytes: new Uint8Array(memory.memory.buffer, pointer, Math.ceil(bytes / 8) * 8) },
    };
  });
  new ReferenceBackend().launch(call, [x!], [output!]);
}

/** Code of running results. */
import type { ComputeType, ScanCall } from "@troodon/core";
import { identityOf, toInt64 } from "@troodon/core/kernel";
import type { Code, Local, ModuleBuilder, ValueType } from "../../targets/wasm/assembler.ts";
import type { MemoryOp, ScalarOp } from "../../targets/wasm/opcodes.ts";
import { instructionOf } from "./combination.ts";
import { emitLoops, loopParameters } from "../map/loops.ts";

/** What is calculated here. */
export type ScanOp = Exclude<ScanCall["op"], "logaddexp">;

/** Type and instructions of running results. */
interface Running {
  readonly type: "f32" | "f64" | "i32" | "i64";
  readonly load: MemoryOp;
  readonly widen: readonly ScalarOp[];
  readonly narrow: readonly ScalarOp[];
  readonly store: MemoryOp;
  /** Bytes of an element, and of a running result. */
  readonly bytes: number;
  readonly wide: number;
  readonly vector: "f32x4" | "f64x2" | "i32x4" | "i64x2";
}

/** Float32 is added up in float64, as PyTorch does: long sums stay exact. */
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
  int64: {
    type: "i64",
    load: "i64.load",
    widen: [],
    narrow: [],
    store: "i64.store",
    bytes: 8,
    wide: 8,
    vector: "i64x2",
  },
};

/** The least and greatest of float32 need no float64. */
const SINGLE: Running = {
  ...{ type: "f32", load: "f32.load", widen: [], narrow: [], store: "f32.store" },
  ...{ bytes: 4, wide: 4, vector: "f32x4" },
};

/** Returns how running results of an operation are calculated. */
export function runningOf(compute: ComputeType, op: ScanOp): Running {
  return compute === "float32" && (op === "max" || op === "min") ? SINGLE : RUNNING[compute];
}

function pushIdentity(code: Code, { type }: Running, op: ScanOp): void {
  if (type === "i32") code.i32(identityOf(op, "int32"));
  else if (type === "i64") code.i64(toInt64(identityOf(op, "int64")));
  else if (type === "f32") code.f32(identityOf(op, "float32"));
  else code.f64(identityOf(op, "float64"));
}

/** Pops two running results, pushes one. */
function combine(code: Code, { type }: Running, op: ScanOp, next: number, running: number): void {
  code.get(running).get(next);
  if (type === "f32" || type === "f64") code.op(`${type}.${instructionOf(op)}`);
  else if (op === "sum") code.op(`${type}.add`);
  else if (op === "prod") code.op(`${type}.mul`);
  else code.get(running).get(next).op(op === "max" ? `${type}.gt_s` : `${type}.lt_s`, "select");
  code.set(running);
}

/** Line after line, for any strides. Parameters: x, output, length, their steps, loops. */
export function emitLines(module: ModuleBuilder, compute: ComputeType, op: ScanOp, depth: number): void {
  const [x, output, length, stepX, stepOutput, first] = [0, 1, 2, 3, 4, 5];
  const running = runningOf(compute, op);
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
export function emitRows(module: ModuleBuilder, compute: ComputeType, op: ScanOp, depth: number): void {
  const [x, output, length, stepX, stepOutput, width, results, first] = [0, 1, 2, 3, 4, 5, 6, 7];
  const running = runningOf(compute, op), { bytes, wide, vector } = running;
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
  const name = instructionOf(op);
  const pushed = code.local("v128"), before = code.local("v128");
  /** Pops two vectors of running results, pushes one. */
  const combined = (): Code => {
    if (vector === "f32x4" || vector === "f64x2") return code.op(`${vector}.${name}`);
    if (name === "add" || name === "mul") return code.op(`${vector}.${name}`);
    if (vector === "i32x4") return code.op(`i32x4.${name}_s`);
    code.set(pushed).set(before).get(before).get(pushed).get(before).get(pushed);
    return code.op(name === "max" ? "i64x2.gt_s" : "i64x2.lt_s", "v128.bitselect");
  };
  const update = (offset: number): void => {
    combined().set(low).get(at).get(low).memory("v128.store", offset).get(low);
  };
  emitLoops(code, depth, first, [x, output], () => {
    code.get(results).set(at).get(width).set(count).repeat(count, () => {
      code.get(at);
      pushIdentity(code, running, op);
      code.memory(`${running.type}.store`).increase(at, wide);
    });
    code.get(x).set(fromRow).get(output).set(toRow).get(length).set(count).repeat(count, () => {
      code.get(fromRow).set(from).get(toRow).set(to).get(results).set(at).i32(0).set(column);
      code.countTo(column, width, lanes, () => {
        code.get(from).memory("v128.load", 0, 2).set(loaded);
        if (wide !== bytes) {
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
        code.get(at).memory(`${running.type}.load`).set(result);
        combine(code, running, op, next, result);
        code.get(at).get(result).memory(`${running.type}.store`);
        code.get(to).get(result).op(...running.narrow).memory(running.store);
        code.increase(from, bytes).increase(to, bytes).increase(at, wide);
      });
      code.advance(fromRow, stepX).advance(toRow, stepOutput);
    });
  });
}

/** Parameters of {@linkcode emitSums}: x, output, elements, where the sum of what comes before is, loops. */
const [FROM, TO, COUNT, SUM, FIRST] = [0, 1, 2, 3, 4] as const;

/**
 * Running sums of float32 along memory, four at a time: only one addition of each four has to wait for the one
 * before. Exports "run", for all lines, and "total", which adds up one.
 */
export function emitSums(module: ModuleBuilder, depth: number): void {
  const params = [...new Array<ValueType>(FIRST).fill("i32"), ...loopParameters(depth, 2)];
  const code = module.function({ params, export: "run" });
  const [at, from, to] = code.locals("i32", 3) as [Local, Local, Local], sum = code.local("f64");
  const [loaded, low, high, carry, zero] = code.locals("v128", 5) as [Local, Local, Local, Local, Local];
  emitLoops(code, depth, FIRST, [FROM, TO], () => {
    code.get(FROM).set(from).get(TO).set(to).i32(0).set(at);
    code.get(SUM).memory("v128.load64_splat").set(carry);
    code.countTo(at, COUNT, 4, () => {
      code.get(from).memory("v128.load", 0, 2).tee(loaded).op("f64x2.promote_low_f32x4").set(low);
      code.get(loaded).get(loaded).shuffle64(1, 1).op("f64x2.promote_low_f32x4").set(high);
      code.get(low).get(zero).get(low).shuffle64(0, 2).op("f64x2.add").set(low);
      code.get(high).get(zero).get(high).shuffle64(0, 2).op("f64x2.add");
      code.get(low).get(low).shuffle64(1, 1).op("f64x2.add").set(high);
      code.get(to).get(carry).get(low).op("f64x2.add", "f32x4.demote_f64x2_zero");
      code.get(carry).get(high).op("f64x2.add", "f32x4.demote_f64x2_zero").shuffle64(0, 2);
      code.memory("v128.store", 0, 2);
      code.get(carry).get(high).get(high).shuffle64(1, 1).op("f64x2.add").set(carry);
      code.increase(from, 16).increase(to, 16);
    });
    code.get(carry).lane("f64x2.extract_lane", 0).set(sum);
    code.countTo(at, COUNT, 1, () => {
      code.get(to).get(from).memory("f32.load").op("f64.promote_f32").get(sum).op("f64.add").tee(sum);
      code.op("f32.demote_f64").memory("f32.store").increase(from, 4).increase(to, 4);
    });
  });
  emitTotal(module.function({ params: ["i32", "i32", "i32"], export: "total" }));
}

/** Parameters: x, elements, address of the sum. */
function emitTotal(code: Code): void {
  const at = code.local("i32"), loaded = code.local("v128"), sum = code.local("f64");
  const sums = code.locals("v128", 4) as [Local, Local, Local, Local];
  code.countTo(at, 1, 8, () => {
    for (const [i, part] of sums.entries()) {
      if (i % 2 === 0) code.get(0).memory("v128.load", 8 * i, 2).set(loaded);
      else code.get(loaded).get(loaded).shuffle64(1, 1).set(loaded);
      code.get(loaded).op("f64x2.promote_low_f32x4").get(part).op("f64x2.add").set(part);
    }
    code.increase(0, 32);
  });
  const [a, b, c, d] = sums;
  code.get(a).get(b).op("f64x2.add").get(c).get(d).op("f64x2.add", "f64x2.add").tee(a);
  code.lane("f64x2.extract_lane", 0).get(a).lane("f64x2.extract_lane", 1).op("f64.add").set(sum);
  code.countTo(at, 1, 1, () => {
    code.get(0).memory("f32.load").op("f64.promote_f32").get(sum).op("f64.add").set(sum).increase(0, 4);
  });
  code.get(2).get(sum).memory("f64.store");
}

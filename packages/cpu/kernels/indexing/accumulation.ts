/** Elements combined with those at another address. */
import type { ComputeType } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";
import { accessOf } from "../../lower/halves.ts";
import type { Code, Local } from "../../targets/wasm/assembler.ts";

const TYPES = { float32: "f32", float64: "f64", int32: "i32", int64: "i64" } as const;
const VECTORS = { float32: "f32x4", float64: "f64x2", int32: "i32x4", int64: "i64x2" } as const;

/** The operation that accumulates one element into another. */
export type AccumulateOp = "add" | "mul" | "max" | "min";

/** Combines the element at `from` with the one at `to`. */
export function emitAccumulate(
  code: Code,
  op: AccumulateOp,
  compute: ComputeType,
  from: Local,
  to: Local,
): void {
  const type = TYPES[compute];
  code.get(to).get(to).memory(`${type}.load`);
  if ((op === "max" || op === "min") && (type === "i32" || type === "i64")) {
    const [before, next] = code.locals(type, 2) as [Local, Local];
    code.tee(before).get(from).memory(`${type}.load`).tee(next);
    code.get(before).get(next).op(op === "max" ? `${type}.gt_s` : `${type}.lt_s`, "select");
  } else {
    const combine = `${type}.${op}` as "f32.add";
    code.get(from).memory(`${type}.load`).op(combine);
  }
  code.memory(`${type}.store`);
}

/** Combines two vectors on the stack. */
function emitVector(code: Code, op: AccumulateOp, compute: ComputeType, scratch: readonly Local[]): void {
  if (op === "add" || op === "mul") code.op(`${VECTORS[compute]}.${op}`);
  else if (compute === "int32") code.op(`i32x4.${op}_s`);
  else if (compute === "int64") {
    const [before, next] = scratch as [Local, Local];
    code.set(next).tee(before).get(next).get(before).get(next);
    code.op(op === "max" ? "i64x2.gt_s" : "i64x2.lt_s", "v128.bitselect");
  } else code.op(`${VECTORS[compute] as "f32x4"}.${op}`);
}

/** Combines `bytes` bytes of elements, of whole elements, at `from` with those at `to`; both stay where they are. */
export function emitAccumulateRun(
  code: Code,
  op: AccumulateOp,
  compute: ComputeType,
  from: Local,
  to: Local,
  bytes: Local,
): void {
  const [source, target, done] = code.locals("i32", 3) as [Local, Local, Local];
  const scratch = code.locals("v128", compute === "int64" ? 2 : 0), size = bytesOf(compute);
  code.get(from).set(source).get(to).set(target).i32(0).set(done);
  for (const step of [64, 16]) {
    code.countTo(done, bytes, step, () => {
      const vector = Math.min(step, code.vectorBytes), [load, store] = accessOf(code, vector);
      for (let at = 0; at < step; at += vector) {
        code.get(target).get(target).memory(load, at, 2).get(source).memory(load, at, 2);
        emitVector(code, op, compute, scratch);
        code.memory(store, at, 2);
      }
      code.increase(source, step).increase(target, step);
    });
  }
  code.countTo(done, bytes, size, () => {
    emitAccumulate(code, op, compute, source, target);
    code.increase(source, size).increase(target, size);
  });
}

/** Elements added to those at another address. */
import { bytesOf, type ComputeType } from "@troodon/core";
import type { Code, Local } from "../wasm/assembler.ts";

const TYPES = { float32: "f32", float64: "f64", int32: "i32", int64: "i64" } as const;
const VECTORS = { float32: "f32x4", float64: "f64x2", int32: "i32x4", int64: "i64x2" } as const;

/** Adds the element at `from` to the one at `to`. */
export function emitAdd(code: Code, compute: ComputeType, from: Local, to: Local): void {
  const type = TYPES[compute];
  code.get(to).get(to).memory(`${type}.load`).get(from).memory(`${type}.load`);
  code.op(`${type}.add`).memory(`${type}.store`);
}

/** Adds `bytes` bytes of elements, of whole elements, at `from` to those at `to`; both stay where they are. */
export function emitAddRun(code: Code, compute: ComputeType, from: Local, to: Local, bytes: Local): void {
  const [source, target, done] = code.locals("i32", 3) as [Local, Local, Local];
  const size = bytesOf(compute);
  code.get(from).set(source).get(to).set(target).i32(0).set(done);
  for (const step of [64, 16]) {
    code.countTo(done, bytes, step, () => {
      for (let at = 0; at < step; at += 16) {
        code.get(target).get(target).memory("v128.load", at, 2).get(source).memory("v128.load", at, 2);
        code.op(`${VECTORS[compute]}.add`).memory("v128.store", at, 2);
      }
      code.increase(source, step).increase(target, step);
    });
  }
  code.countTo(done, bytes, size, () => {
    emitAdd(code, compute, source, target);
    code.increase(source, size).increase(target, size);
  });
}

/** Code of argreduce: one line after another, or neighboring lines at once. */
import type { ArgReduceCall, ComputeType } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";
import type { Code, Local } from "../../targets/wasm/assembler.ts";
import { laneSelect } from "../../targets/wasm/features.ts";
import { emitLoops } from "../map/loops.ts";

const TYPES = { float32: "f32", float64: "f64", int32: "i32", int64: "i64" } as const;
const VECTORS = { float32: "f32x4", float64: "f64x2", int32: "i32x4", int64: "i64x2" } as const;

/** Vectors that are worked on at once. */
const SLOTS = 4;

/** Parameters of all: x, output, length, step of x, width of a row, address of running results, loops. */
const [X, OUTPUT, LENGTH, STEP, WIDTH, BESTS] = [0, 1, 2, 3, 4, 5] as const;

/** How many parameters come before the loops. */
export const FIRST = 6;

type Op = ArgReduceCall["op"];

type NumberType = typeof TYPES[ComputeType];

const isFloat = (type: NumberType): type is "f32" | "f64" => type === "f32" || type === "f64";

/** One element after the other, for any strides. */
export function emitScalar(code: Code, compute: ComputeType, op: Op, depth: number): void {
  const type = TYPES[compute];
  const [from, position] = code.locals("i32", 2) as [Local, Local];
  const best = code.local(type), next = code.local(type);
  emitLoops(code, depth, FIRST, [X, OUTPUT], () => {
    code.get(X).tee(from).memory(`${type}.load`).set(best);
    code.get(OUTPUT).i32(0).memory("i32.store").i32(1).set(position);
    code.block((exit) =>
      code.loop((again) => {
        code.get(position).get(LENGTH).op("i32.ge_s").brIf(exit);
        if (isFloat(type)) code.get(best).get(best).op(`${type}.ne`).brIf(exit);
        code.advance(from, STEP).get(from).memory(`${type}.load`).tee(next).get(best);
        if (!isFloat(type)) code.op(op === "max" ? `${type}.gt_s` : `${type}.lt_s`);
        else {
          code.op(op === "max" ? `${type}.gt` : `${type}.lt`);
          code.get(next).get(next).op(`${type}.ne`, "i32.or");
        }
        code.if(() => {
          code.get(next).set(best).get(OUTPUT).get(position).memory("i32.store");
        });
        code.increase(position, 1).br(again);
      })
    );
  });
}

/**
 * Contiguous lines of at least a vector: first what the result is, then where it is. Both passes are of vectors, the
 * last of which may overlap the one before; the second pass ends early.
 */
export function emitVector(code: Code, compute: ComputeType, op: Op, depth: number): void {
  const type = TYPES[compute],
    vector = VECTORS[compute],
    floats = type === "f32" ? "f32x4" : "f64x2",
    bytes = bytesOf(compute),
    lanes = code.vectorBytes / bytes;
  const [position, last, at] = code.locals("i32", 3) as [Local, Local, Local];
  const bests = code.locals("v128", SLOTS), [first] = bests as [Local];
  const [loaded, nan, other] = code.locals("v128", 3) as [Local, Local, Local];
  // This instruction passes NaN by, which is noted apart: those that let it win are slower.
  /** Replaces the vector in `best` by the better of each lane and that in `other`. */
  const combine = (best: Local, other: Local): void => {
    code.get(best).get(other);
    if (vector === "i64x2") {
      code.get(best).get(other).op(op === "max" ? "i64x2.gt_s" : "i64x2.lt_s", "v128.bitselect");
    } else code.op(vector === "i32x4" ? `i32x4.${op}_s` : `${vector}.p${op}`);
    code.set(best);
  };
  const load = (offset: number): void => {
    code.get(at).memory("v128.load", offset, 2).set(loaded);
  };
  const take = (slot: number): void => {
    combine(bests[slot]!, loaded);
    if (isFloat(type)) code.get(nan).get(loaded).get(loaded).op(`${floats}.ne`, "v128.or").set(nan);
  };
  /** Pushes in which lanes the result is; if NaN is the result, nothing else is equal to it. */
  const found = (): void => {
    code.get(loaded).get(first).op(`${vector}.eq`);
    if (isFloat(type)) code.get(loaded).get(loaded).op(`${floats}.ne`, "v128.or");
  };
  const restart = (): void => {
    code.get(X).set(at).i32(0).set(position);
  };
  const overlap = (): void => {
    code.get(last).set(position).get(X).get(last).i32(bytes).op("i32.mul", "i32.add").set(at);
  };
  emitLoops(code, depth, FIRST, [X, OUTPUT], () => {
    code.get(LENGTH).i32(lanes).op("i32.sub").set(last);
    for (const local of bests) code.get(X).memory("v128.load", 0, 2).set(local);
    code.i32x4(0).set(nan);
    restart();
    for (const slots of [SLOTS, 1]) {
      code.countTo(position, LENGTH, slots * lanes, () => {
        for (let slot = 0; slot < slots; slot++) {
          load(code.vectorBytes * slot);
          take(slot);
        }
        code.increase(at, code.vectorBytes * slots);
      });
    }
    overlap();
    load(0);
    take(0);
    for (const local of bests.slice(1)) combine(first, local);
    if (code.vectorBytes === 32) {
      code.get(first).op("half.high").set(other);
      combine(first, other);
    }
    code.get(first).get(first).shuffle64(1, 1).set(other);
    combine(first, other);
    if (bytes === 4) {
      code.get(first).get(first).shuffle32(1, 1, 1, 1).set(other);
      combine(first, other);
    }
    code.get(first).lane(`${vector}.extract_lane`, 0).op(`${vector}.splat`).set(first);
    if (isFloat(type)) {
      // As large as can be, and no number: equal to none.
      code.get(nan).op("v128.any_true").if(() => code.i32x4(-1).set(first));
    }
    restart();
    code.block((near) => {
      code.countTo(position, LENGTH, SLOTS * lanes, () => {
        for (let slot = 0; slot < SLOTS; slot++) {
          load(code.vectorBytes * slot);
          found();
          if (slot > 0) code.op("v128.or");
        }
        code.op("v128.any_true").brIf(near).increase(at, code.vectorBytes * SLOTS);
      });
    });
    code.block((here) => {
      const look = (): void => {
        load(0);
        found();
        code.tee(loaded).op("v128.any_true").brIf(here);
      };
      code.countTo(position, LENGTH, lanes, () => {
        look();
        code.increase(at, code.vectorBytes);
      });
      overlap();
      look();
    });
    code.get(OUTPUT).get(loaded).op(bytes === 4 ? "i32x4.bitmask" : "i64x2.bitmask", "i32.ctz");
    code.get(position).op("i32.add").memory("i32.store");
  });
}

/**
 * Rows of at least a vector, whose elements belong to neighboring lines and results: the best so far lie in memory.
 * What is taken twice, where the last vector overlaps, changes nothing.
 */
export function emitRows(code: Code, compute: ComputeType, op: Op, depth: number): void {
  const vector = compute === "int32" ? "i32x4" : "f32x4";
  const [row, from, position, offset, bytes, last] = code.locals("i32", 6) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const [next, best, taken, positions] = code.locals("v128", 4) as [Local, Local, Local, Local];
  const at = (base: Local): Code => code.get(base).get(offset).op("i32.add");
  const step = (): void => {
    at(row).memory("v128.load", 0, 2).set(next);
    at(BESTS).memory("v128.load", 0, 2).set(best);
    if (vector === "i32x4") code.get(next).get(best).op(op === "max" ? "i32x4.gt_s" : "i32x4.lt_s");
    else {
      code.get(best).get(best).op("f32x4.eq");
      code.get(next).get(best).op(op === "max" ? "f32x4.le" : "f32x4.ge", "v128.andnot");
    }
    code.set(taken);
    at(BESTS).get(next).get(best).get(taken).op(laneSelect()).memory("v128.store", 0, 2);
    at(OUTPUT).get(positions);
    at(OUTPUT).memory("v128.load", 0, 2).get(taken).op(laneSelect()).memory("v128.store", 0, 2);
  };
  emitLoops(code, depth, FIRST, [X, OUTPUT], () => {
    code.get(WIDTH).i32(2).op("i32.shl").tee(bytes).i32(code.vectorBytes).op("i32.sub").set(last);
    code.get(BESTS).get(X).get(bytes).memoryCopy().get(OUTPUT).i32(0).get(bytes).memoryFill();
    code.get(X).tee(from).set(row).i32(1).set(position);
    code.countTo(position, LENGTH, 1, () => {
      code.advance(from, STEP).get(from).set(row);
      code.get(position).op("i32x4.splat").set(positions).i32(0).set(offset);
      code.countTo(offset, bytes, code.vectorBytes, step);
      code.get(last).set(offset);
      step();
    });
  });
}

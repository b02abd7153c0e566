/** Positions of the largest or smallest elements along an axis. */
import { type ArgReduceCall, bytesOf, type ComputeType, computeType } from "@troodon/core";
import type { CpuView, KernelContext } from "../kernel.ts";
import type { Code, Local, ModuleBuilder, ValueType } from "../wasm/assembler.ts";
import type { VectorOp } from "../wasm/vector_opcodes.ts";
import { addressOf, emitLoops, loopArguments, loopParameters, loopsOver, stepOf } from "./loops.ts";
import { staged } from "./stage.ts";

const TYPES = { float32: "f32", float64: "f64", int32: "i32" } as const;
const VECTORS = { float32: "f32x4", float64: "f64x2", int32: "i32x4" } as const;

/** Shorter lines are not worth two passes. */
const VECTOR_LENGTH = 16;

/** Parameters: x, output, length, step of x, loops. */
const [X, OUTPUT, LENGTH, STEP, FIRST] = [0, 1, 2, 3, 4] as const;

type Op = ArgReduceCall["op"];

/** One element after the other, for any strides. */
function emitScalar(code: Code, compute: ComputeType, op: Op, depth: number): void {
  const type = TYPES[compute];
  const [from, position] = code.locals("i32", 2) as [Local, Local];
  const best = code.local(type), next = code.local(type);
  emitLoops(code, depth, FIRST, [X, OUTPUT], () => {
    code.get(X).tee(from).memory(`${type}.load`).set(best);
    code.get(OUTPUT).i32(0).memory("i32.store").i32(1).set(position);
    code.block((exit) =>
      code.loop((again) => {
        code.get(position).get(LENGTH).op("i32.ge_s").brIf(exit);
        if (type !== "i32") code.get(best).get(best).op(`${type}.ne`).brIf(exit);
        code.advance(from, STEP).get(from).memory(`${type}.load`).tee(next).get(best);
        if (type === "i32") code.op(op === "max" ? "i32.gt_s" : "i32.lt_s");
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

/** Contiguous lines: first what the result is, then where it is. Both passes are of vectors; the second ends early. */
function emitVector(code: Code, compute: ComputeType, op: Op, depth: number): void {
  const type = TYPES[compute], vector = VECTORS[compute], bytes = bytesOf(compute), lanes = 16 / bytes;
  const [from, position] = code.locals("i32", 2) as [Local, Local];
  const best = code.local(type),
    next = code.local(type),
    bests = code.local("v128"),
    loaded = code.local("v128");
  const combine: VectorOp = vector === "i32x4" ? `i32x4.${op}_s` : `${vector}.${op}`;
  const combineScalar = (): void => {
    code.get(best).get(next);
    if (type === "i32") code.get(best).get(next).op(op === "max" ? "i32.gt_s" : "i32.lt_s", "select");
    else code.op(`${type}.${op}`);
    code.set(best);
  };
  emitLoops(code, depth, FIRST, [X, OUTPUT], () => {
    code.get(X).tee(from).memory(`v128.load`, 0, 2).set(bests).i32(0).set(position);
    code.countTo(position, LENGTH, lanes, () => {
      code.get(bests).get(from).memory("v128.load", 0, 2).op(combine).set(bests).increase(from, 16);
    });
    code.get(bests).lane(`${vector}.extract_lane`, 0).set(best);
    for (let lane = 1; lane < lanes; lane++) {
      code.get(bests).lane(`${vector}.extract_lane`, lane).set(next);
      combineScalar();
    }
    code.countTo(position, LENGTH, 1, () => {
      code.get(from).memory(`${type}.load`).set(next).increase(from, bytes);
      combineScalar();
    });
    code.get(best).op(`${vector}.splat`).set(bests).get(X).set(from).i32(0).set(position);
    code.block((found) => {
      code.countTo(position, LENGTH, lanes, () => {
        code.get(from).memory("v128.load", 0, 2).tee(loaded).get(bests).op(`${vector}.eq`);
        // NaN is in the line only if it is the result.
        if (type !== "i32") code.get(loaded).get(loaded).op(`${vector}.ne`, "v128.or");
        code.tee(loaded).op("v128.any_true").if(() => {
          code.get(loaded).op(lanes === 4 ? "i32x4.bitmask" : "i64x2.bitmask", "i32.ctz");
          code.get(position).op("i32.add").set(position).br(found);
        });
        code.increase(from, 16);
      });
      code.countTo(position, LENGTH, 1, () => {
        code.get(from).memory(`${type}.load`).tee(next).get(best).op(`${type}.eq`);
        if (type !== "i32") code.get(next).get(next).op(`${type}.ne`, "i32.or");
        code.brIf(found).increase(from, bytes);
      });
    });
    code.get(OUTPUT).get(position).memory("i32.store");
  });
}

/** See {@linkcode ArgReduceCall}. */
export function argreduce(
  context: KernelContext,
  { op, axis }: ArgReduceCall,
  [input]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const compute = computeType(input!.dtype), x = staged(context, input!, compute);
  const length = x.shape[axis] ?? 1, step = stepOf(x, axis);
  const loops = loopsOver(x.shape.toSpliced(axis, 1, 1), [x, output!]), depth = loops.length;
  const vectors = step === bytesOf(compute) && length >= VECTOR_LENGTH;
  const emit = vectors ? emitVector : emitScalar;
  const { run } = context.instance(
    `argreduce/${emit.name}/${op}/${compute}/${depth}`,
    (module: ModuleBuilder) => {
      const params: ValueType[] = ["i32", "i32", "i32", "i32", ...loopParameters(depth, 2)];
      emit(module.function({ params, export: "run" }), compute, op, depth);
    },
  );
  run!(addressOf(x), addressOf(output!), length, step, ...loopArguments(loops));
}

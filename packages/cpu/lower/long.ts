/** Scalar functions of int64 that have no vector instructions: calculated lane by lane. */
import type { ScalarFunction } from "@troodon/core";
import type { Code, Local } from "../targets/wasm/assembler.ts";

/** Appends code that sets `result` to a function of `a` and `b`, all i64. */
type Emitter = (code: Code, a: Local, b: Local, result: Local) => void;

/** Dividing by 0 gives 0; the quotient of the least number and -1 would not fit, and is the number turned over. */
function divided(code: Code, a: Local, b: Local, result: Local): void {
  code.i64(0n).set(result).get(b).op("i64.eqz", "i32.eqz").if(() => {
    code.get(b).i64(-1n).op("i64.eq").if(
      () => code.i64(0n).get(a).op("i64.sub").set(result),
      () => code.get(a).get(b).op("i64.div_s").set(result),
    );
  });
}

function rest(code: Code, a: Local, b: Local, result: Local): void {
  code.i64(0n).set(result).get(b).op("i64.eqz", "i32.eqz").if(() => {
    code.get(a).get(b).op("i64.rem_s").set(result);
  });
}

/** Runs `then` where a rest is not 0 and has another sign than `b`. */
function ifOpposite(code: Code, found: Local, b: Local, then: () => void): void {
  code.get(found).i64(0n).op("i64.ne").get(found).get(b).op("i64.xor").i64(0n).op("i64.lt_s", "i32.and").if(
    then,
  );
}

/** Powers by squaring; below 0 only those of 1 and -1 are integers. */
function power(code: Code, a: Local, b: Local, result: Local): void {
  const base = code.local("i64"), left = code.local("i64");
  code.get(b).i64(0n).op("i64.lt_s").if(() => {
    // (1 - 2 (b & 1)) for -1, 1 for 1, 0 for others.
    code.i64(1n).get(b).i64(1n).op("i64.and").i64(1n).op("i64.shl", "i64.sub");
    code.get(a).i64(1n).op("i64.eq", "i64.extend_i32_u").get(a).i64(-1n).op("i64.eq", "select").set(result);
  }, () => {
    code.i64(1n).set(result).get(a).set(base).get(b).set(left);
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).op("i64.eqz").brIf(exit);
        code.get(left).i64(1n).op("i64.and", "i32.wrap_i64").if(() => {
          code.get(result).get(base).op("i64.mul").set(result);
        });
        code.get(base).get(base).op("i64.mul").set(base);
        code.get(left).i64(1n).op("i64.shr_u").set(left).br(again);
      })
    );
  });
}

/** Pushes whether a shift is by 0 to 63 bits. */
const within = (code: Code, by: Local): Code => code.get(by).i64(64n).op("i64.lt_u");

const EMITTERS: Readonly<Partial<Record<ScalarFunction, Emitter>>> = {
  div: divided,
  fmod: rest,
  floorDiv(code, a, b, result) {
    const found = code.local("i64");
    divided(code, a, b, result);
    rest(code, a, b, found);
    ifOpposite(code, found, b, () => code.get(result).i64(1n).op("i64.sub").set(result));
  },
  remainder(code, a, b, result) {
    rest(code, a, b, result);
    ifOpposite(code, result, b, () => code.get(result).get(b).op("i64.add").set(result));
  },
  pow: power,
  shiftLeft: (code, a, b, result) =>
    within(code.get(a).get(b).op("i64.shl").i64(0n), b).op("select").set(result),
  shiftRight: (code, a, b, result) =>
    within(code.get(a).get(b).op("i64.shr_s").get(a).i64(63n).op("i64.shr_s"), b).op("select").set(result),
};

/** The functions that {@linkcode emitLong} knows. */
export const LONG_FUNCTIONS: ReadonlySet<ScalarFunction> = new Set(Object.keys(EMITTERS) as ScalarFunction[]);

/** Sets `result` to `fn` of vectors of int64, if it is one of {@linkcode LONG_FUNCTIONS}; whether it is. */
export function emitLong(code: Code, fn: ScalarFunction, args: readonly Local[], result: Local): boolean {
  const emit = EMITTERS[fn];
  if (emit === undefined) return false;
  const [a, b, one] = code.locals("i64", 3) as [Local, Local, Local];
  for (const lane of [0, 1]) {
    code.get(args[0]!).lane("i64x2.extract_lane", lane).set(a);
    code.get(args[1]!).lane("i64x2.extract_lane", lane).set(b);
    emit(code, a, b, one);
    code.get(result).get(one).lane("i64x2.replace_lane", lane).set(result);
  }
  return true;
}

/** The largest elements of windows and their positions, window by window. */
import type { Window2d } from "@troodon/core";
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { laneSelect } from "../targets/wasm/features.ts";
import { everySecond, loadPairs } from "./pairs.ts";
import {
  type Corner,
  elementAt,
  elementLocals,
  emitElements,
  emitFours,
  emitPairwise,
  emitWindows,
  type FourWindows,
  nextPlane,
  planeExtents,
} from "./windows.ts";

/** Parameters: x, values, positions, extents. */
const [X, VALUES, POSITIONS] = [0, 1, 2] as const;
const EXTENTS = planeExtents(3);
/** The bits of -Infinity. */
const FLOOR = 0xff800000;

/** Emits "run" for any windows. */
export function emitMaxWindows(module: ModuleBuilder, window: Window2d, relu: boolean): void {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32"), export: "run" });
  const best = code.local("f32"), value = code.local("f32"), found = code.local("i32");
  const locals = elementLocals(code);
  emitWindows(
    code,
    window,
    EXTENTS,
    (corner) => {
      code.f32(relu ? 0 : -Infinity).set(best).i32(-1).set(found);
      emitElements(code, window, EXTENTS, corner, locals, (position) => {
        elementAt(code, X, position).memory("f32.load").set(value);
        // The first one, a larger one, or NaN unless there is one.
        code.get(value).get(best).op("f32.le", "i32.eqz").get(best).get(best).op("f32.eq", "i32.and");
        if (!relu) code.get(found).i32(0).op("i32.lt_s", "i32.or");
        code.if(() => code.get(value).set(best).get(position).set(found));
      });
      code.get(VALUES).get(best).memory("f32.store").increase(VALUES, 4);
      code.get(POSITIONS).get(found);
      if (!relu) code.i32(0).get(found).i32(0).op("i32.ge_s", "select");
      code.memory("i32.store");
      code.increase(POSITIONS, 4);
    },
    () => nextPlane(code, X, EXTENTS),
    fourMaxima(code, window, relu),
  );
}

/** Four neighboring windows: the best of each row of elements, then of the rows, as one window alone has it. */
function fourMaxima(code: Code, window: Window2d, relu: boolean): FourWindows {
  const [best, found, own, position, next, taken] = code.locals("v128", 6) as [
    ...[Local, Local, Local],
    ...[Local, Local, Local],
  ];
  const s = window.stride[1], step = constant(code, window.dilation[1]), none = constant(code, -1);
  const spread = constant(code, 0, s, 2 * s, 3 * s),
    least = constant(code, relu ? 0 : FLOOR),
    zero = constant(code, 0);
  /** Pushes where `b`, which comes later, is better than `a`. */
  const compare = (a: Local, b: Local): Code =>
    code.get(a).get(a).op("f32x4.eq").get(a).get(b).op("f32x4.ge", "v128.andnot");
  const emit = (corner: Corner): void => {
    code.get(least).set(best).get(none).set(found);
    emitFours(code, window, EXTENTS, corner, X, ([first, ...rest], start) => {
      code.get(start).op("i32x4.splat").get(spread).op("i32x4.add").tee(position).set(next);
      code.get(first!).set(own);
      for (const elements of rest) {
        code.get(next).get(step).op("i32x4.add").set(next);
        compare(own, elements).set(taken);
        code.get(elements).get(own).get(taken).op(laneSelect()).set(own);
        code.get(next).get(position).get(taken).op(laneSelect()).set(position);
      }
      // Until there is an element, the first one is it.
      compare(best, own);
      if (!relu) code.get(found).i32(31).op("i32x4.shr_s", "v128.or");
      code.set(taken);
      code.get(own).get(best).get(taken).op(laneSelect()).set(best);
      code.get(position).get(found).get(taken).op(laneSelect()).set(found);
    });
    code.get(VALUES).get(best).memory("v128.store", 0, 2).increase(VALUES, 16);
    code.get(POSITIONS).get(found);
    if (!relu) code.get(zero).op("i32x4.max_s");
    code.memory("v128.store", 0, 2);
    code.increase(POSITIONS, 16);
  };
  return { outputs: [VALUES, POSITIONS], emit };
}

/** Emits "run" for windows of 2 by 2 side by side. */
export function emitMaxPairwise(module: ModuleBuilder, relu: boolean): void {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32"), export: "run" });
  const at = code.local("i32"), base = code.local("i32"), { width } = EXTENTS;
  const [low, high, even, odd, best, below, place, placeBelow, taken, line] = code.locals("v128", 10) as [
    ...[Local, Local, Local, Local, Local],
    ...[Local, Local, Local, Local, Local],
  ];
  const lefts = constant(code, ...everySecond(code)), rights = constant(code, ...everySecond(code, 1));
  const none = constant(code, 0);
  code.get(width).op("i32x4.splat").set(line);
  /** Where the second of two, of which the first comes first, is the better. */
  const compare = (a: Local, b: Local): void => {
    code.get(a).get(a).op("f32x4.eq").get(a).get(b).op("f32x4.ge", "v128.andnot").set(taken);
  };
  /** The better of neighbors in a row, and its column, from that of the first window on. */
  const across = (value: Local, column: Local): void => {
    loadPairs(code, at, low, high);
    code.get(low).get(high).shuffle32(0, 2, 4, 6).set(even);
    code.get(low).get(high).shuffle32(1, 3, 5, 7).set(odd);
    compare(even, odd);
    code.get(odd).get(even).get(taken).op(laneSelect()).set(value);
    code.get(rights).get(lefts).get(taken).op(laneSelect()).set(column);
  };
  emitPairwise(code, EXTENTS, { wide: [X], narrow: [VALUES, POSITIONS] }, (x, y) => {
    code.get(X).get(x).i32(3).op("i32.shl", "i32.add").set(at);
    code.get(y).get(width).op("i32.mul").get(x).op("i32.add").i32(1).op("i32.shl").set(base);
    across(best, place);
    code.get(at).get(width).i32(2).op("i32.shl", "i32.add").set(at);
    across(below, placeBelow);
    compare(best, below);
    code.get(below).get(best).get(taken).op(laneSelect()).set(best);
    code.get(placeBelow).get(line).op("i32x4.add").get(place).get(taken).op(laneSelect());
    code.get(base).op("i32x4.splat", "i32x4.add").set(place);
    if (relu) {
      compare(none, best);
      code.get(best).get(taken).op("v128.and").set(best);
      code.get(place).get(taken).op("v128.not", "v128.or").set(place);
    }
    elementAt(code, VALUES, x).get(best).memory("v128.store", 0, 2);
    elementAt(code, POSITIONS, x).get(place).memory("v128.store", 0, 2);
  });
}

/** Sets a constant vector before all loops: words repeated until they fill it. */
function constant(code: Code, ...words: number[]): Local {
  const local = code.local("v128");
  code.first(local, new Uint8Array(Int32Array.from(words).buffer));
  return local;
}

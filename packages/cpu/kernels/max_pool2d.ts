/** The largest elements of sliding windows. */
import type { MaxPool2dCall, Window2d } from "@troodon/core";
import { addressOf, type CpuView, type KernelContext } from "../kernel.ts";
import {
  elementAt,
  elementLocals,
  emitElements,
  emitPairwise,
  emitWindows,
  isPairwise,
  nextPlane,
  planeExtents,
  runPlanes,
} from "../pool/windows.ts";
import { type Call, call } from "../threads/task.ts";
import type { Local, ModuleBuilder } from "../wasm/assembler.ts";

/** Parameters: x, values, positions, extents. */
const [X, VALUES, POSITIONS] = [0, 1, 2] as const;
const EXTENTS = planeExtents(3);

/** See {@linkcode MaxPool2dCall}. Float32 alone. */
export function maxPool2d(
  context: KernelContext,
  { window }: MaxPool2dCall,
  [x]: readonly CpuView[],
  [values, positions]: readonly CpuView[],
): void {
  const [n, c, height, width] = x!.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = values!.shape as [number, number, number, number];
  const pairwise = isPairwise(window, outWidth);
  const { run } = context.instance(
    pairwise ? "maxPool2d/pairwise" : `maxPool2d/${JSON.stringify(window)}`,
    (w) => pairwise ? emitMaxPairwise(w) : emitMaxWindows(w, window),
  );
  const windows = outHeight * outWidth, planeBytes = [4 * height * width, 4 * windows, 4 * windows];
  const calls = (pointers: readonly number[], planes: number): Call[] => [
    call(run!, ...pointers, planes, height, width, outHeight, outWidth),
  ];
  const pointers = [x!, values!, positions!].map(addressOf);
  runPlanes(context, { window, pairwise, calls, planeBytes, windows }, n * c, pointers);
}

function emitMaxWindows(module: ModuleBuilder, window: Window2d): void {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32"), export: "run" });
  const best = code.local("f32"), value = code.local("f32"), found = code.local("i32");
  const locals = elementLocals(code);
  emitWindows(code, window, EXTENTS, (corner) => {
    code.f32(-Infinity).set(best).i32(-1).set(found);
    emitElements(code, window, EXTENTS, corner, locals, (position) => {
      elementAt(code, X, position).memory("f32.load").set(value);
      // The first one, a larger one, or NaN unless there is one.
      code.get(value).get(best).op("f32.le", "i32.eqz").get(best).get(best).op("f32.eq", "i32.and");
      code.get(found).i32(0).op("i32.lt_s", "i32.or").if(() => {
        code.get(value).set(best).get(position).set(found);
      });
    });
    code.get(VALUES).get(best).memory("f32.store").increase(VALUES, 4);
    code.get(POSITIONS).get(found).i32(0).get(found).i32(0).op("i32.ge_s", "select").memory("i32.store");
    code.increase(POSITIONS, 4);
  }, () => nextPlane(code, X, EXTENTS));
}

function emitMaxPairwise(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32"), export: "run" });
  const at = code.local("i32"), base = code.local("i32"), taken = code.local("v128");
  const v = code.locals("v128", 4),
    p = code.locals("v128", 4),
    [low, high] = code.locals("v128", 2) as [Local, Local];
  const { width } = EXTENTS;
  /** The better of two, of which the first comes first. */
  const merge = (a: number, b: number): void => {
    code.get(v[a]!).get(v[a]!).op("f32x4.eq").get(v[a]!).get(v[b]!).op("f32x4.ge", "v128.andnot").set(taken);
    for (const list of [v, p]) code.get(list[b]!).get(list[a]!).get(taken).op("v128.bitselect").set(list[a]!);
  };
  emitPairwise(code, EXTENTS, { wide: [X], narrow: [VALUES, POSITIONS] }, (x, y) => {
    code.get(X).get(x).i32(3).op("i32.shl", "i32.add").set(at);
    code.get(y).get(width).op("i32.mul").get(x).op("i32.add").i32(1).op("i32.shl").set(base);
    for (const row of [0, 1]) {
      code.get(at).memory("v128.load", 0, 2).set(low).get(at).memory("v128.load", 16, 2).set(high);
      code.get(low).get(high).shuffle32(0, 2, 4, 6).set(v[2 * row]!);
      code.get(low).get(high).shuffle32(1, 3, 5, 7).set(v[2 * row + 1]!);
      code.get(base).op("i32x4.splat").i32x4(0, 2, 4, 6).op("i32x4.add").set(p[2 * row]!);
      code.get(p[2 * row]!).i32x4(1).op("i32x4.add").set(p[2 * row + 1]!);
      if (row === 1) continue;
      code.get(at).get(width).i32(2).op("i32.shl", "i32.add").set(at).advance(base, width);
    }
    merge(0, 1);
    merge(2, 3);
    merge(0, 2);
    for (const [to, from] of [[VALUES, v[0]!], [POSITIONS, p[0]!]] as const) {
      elementAt(code, to, x).get(from).memory("v128.store", 0, 2);
    }
  });
}

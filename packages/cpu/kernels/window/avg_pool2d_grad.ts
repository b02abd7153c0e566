/** Gradient of the means of windows. */
import type { AvgPool2dGradCall } from "@troodon/core";
import type { KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import { storePairs, WIDE_WINDOWS } from "../../pool/pairs.ts";
import {
  durationOf,
  elementAt,
  elementLocals,
  emitElements,
  emitPairwise,
  emitWindows,
  isPairwise,
  nextPlane,
  planeExtents,
  runPlanes,
} from "../../pool/windows.ts";
import { type Call, call as makeCall } from "../../threads/task.ts";
import type { Local, ModuleBuilder } from "../../targets/wasm/assembler.ts";
import { filler } from "../../zero.ts";

/** Parameters: gradients of the elements, gradients of the means, extents. */
const [X, MEANS] = [0, 1] as const;
const EXTENTS = planeExtents(2);

/** See {@linkcode AvgPool2dGradCall}. Float32 alone. */
export function avgPool2dGrad(
  context: KernelContext,
  call: AvgPool2dGradCall,
  [g]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const [n, c, height, width] = output!.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = g!.shape as [number, number, number, number];
  const pairwise = isPairwise(call.window, outWidth);
  const wide = pairwise && outWidth >= WIDE_WINDOWS;
  const { run } = context.instance(
    pairwise ? `avgPool2dGrad/pairwise/${wide}` : `avgPool2dGrad/${JSON.stringify(call)}`,
    (w) => pairwise ? emitShares(w) : emitSharesOfWindows(w, call),
    { wide },
  );
  const windows = outHeight * outWidth,
    planeBytes = [4 * height * width, 4 * windows],
    fill = filler(context);
  const covered = pairwise && height === 2 * outHeight && width === 2 * outWidth;
  const calls = (pointers: readonly number[], planes: number): Call[] => {
    const shares = makeCall(run!, ...pointers, planes, height, width, outHeight, outWidth);
    return covered ? [shares] : [makeCall(fill, pointers[0]!, planes * planeBytes[0]!), shares];
  };
  const pointers = [output!, g!].map(addressOf);
  const cost = durationOf(call.window, windows, pairwise);
  runPlanes(context, { cost, calls, planeBytes }, n * c, pointers);
}

function emitSharesOfWindows(module: ModuleBuilder, { window, countIncludePad }: AvgPool2dGradCall): void {
  const code = module.function({ params: Array.from({ length: 7 }, () => "i32"), export: "run" });
  const share = code.local("f32"), count = code.local("i32"), at = code.local("i32");
  const locals = elementLocals(code);
  emitWindows(code, window, EXTENTS, (corner) => {
    if (!countIncludePad) {
      code.i32(0).set(count);
      emitElements(code, window, EXTENTS, corner, locals, () => code.increase(count, 1));
    }
    code.get(MEANS).memory("f32.load");
    if (countIncludePad) code.f32(window.size[0] * window.size[1]);
    else code.get(count).op("f32.convert_i32_s");
    code.op("f32.div").set(share).increase(MEANS, 4);
    emitElements(code, window, EXTENTS, corner, locals, (position) => {
      elementAt(code, X, position).tee(at);
      code.get(at).memory("f32.load").get(share).op("f32.add").memory("f32.store");
    });
  }, () => nextPlane(code, X, EXTENTS));
}

function emitShares(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 7 }, () => "i32"), export: "run" });
  const at = code.local("i32"), [share, low, high] = code.locals("v128", 3) as [Local, Local, Local];
  emitPairwise(code, EXTENTS, { wide: [X], narrow: [MEANS] }, (x) => {
    elementAt(code, MEANS, x).memory("v128.load", 0, 2).f32x4(0.25).op("f32x4.mul").set(share);
    code.get(share).get(share).shuffle32(0, 0, 1, 1).set(low);
    code.get(share).get(share).shuffle32(2, 2, 3, 3).set(high);
    code.get(X).get(x).i32(3).op("i32.shl", "i32.add").set(at);
    for (const row of [0, 1]) {
      if (row === 1) code.get(at).get(EXTENTS.width).i32(2).op("i32.shl", "i32.add").set(at);
      storePairs(code, at, low, high);
    }
  });
}

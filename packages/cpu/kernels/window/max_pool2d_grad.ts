/** Gradient of the largest elements of windows. */
import type { MaxPool2dGradCall } from "@troodon/core";
import type { KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import { everySecond, storePairs, WIDE_WINDOWS } from "../../pool/pairs.ts";
import { elementAt, emitPairwise, isPairwise, planeExtents } from "../../pool/windows.ts";
import { type Call, call, pieces } from "../../threads/task.ts";
import type { Local, ModuleBuilder } from "../../targets/wasm/assembler.ts";
import { filler } from "../../zero.ts";

/** Nanoseconds to clear a byte, to add to the element of a window, and to write those of one in a row of others. */
const [CLEAR, WINDOW, PAIRWISE] = [0.04, 0.9, 0.5] as const;
/** Parameters: gradients, positions, output; planes, then their extents or windows and bytes. */
const [G, POSITIONS, OUTPUT, PLANES] = [0, 1, 2, 3] as const;

/** See {@linkcode MaxPool2dGradCall}. Float32 alone. */
export function maxPool2dGrad(
  context: KernelContext,
  { window }: MaxPool2dGradCall,
  [g, positions]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const [n, c, height, width] = output!.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = g!.shape as [number, number, number, number];
  const bytes = 4 * height * width, windows = outHeight * outWidth, pairwise = isPairwise(window, outWidth);
  const filled = pairwise && 2 * outHeight === height && 2 * outWidth === width, fill = filler(context);
  const wide = pairwise && outWidth >= WIDE_WINDOWS;
  const { run } = context.instance(
    `maxPool2dGrad/${pairwise}/${wide}`,
    (w) => pairwise ? emitPairwiseGrad(w) : emitMaxGrad(w),
    { wide },
  );
  const extents = pairwise ? [height, width, outHeight, outWidth] : [windows, bytes];
  const nanoseconds = n * c *
    (windows * (pairwise ? PAIRWISE : WINDOW) + bytes * (filled ? 0 : CLEAR));
  const tasks = pieces(n * c, context.parts(nanoseconds)).map(({ start, size }): Call[] => {
    const to = addressOf(output!) + start * bytes, first = 4 * start * windows;
    const add = call(run!, addressOf(g!) + first, addressOf(positions!) + first, to, size, ...extents);
    return filled ? [add] : [call(fill, to, size * bytes), add];
  });
  context.run(tasks, nanoseconds);
}

function emitMaxGrad(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 6 }, () => "i32"), export: "run" });
  const [windows, planeBytes] = [4, 5] as const;
  const left = code.local("i32"), at = code.local("i32"), position = code.local("i32");
  code.repeat(PLANES, () => {
    code.get(windows).set(left);
    code.repeat(left, () => {
      code.get(POSITIONS).memory("i32.load").tee(position).i32(0).op("i32.ge_s").if(() => {
        elementAt(code, OUTPUT, position).tee(at);
        code.get(at).memory("f32.load").get(G).memory("f32.load").op("f32.add").memory("f32.store");
      });
      code.increase(G, 4).increase(POSITIONS, 4);
    });
    code.advance(OUTPUT, planeBytes);
  });
}

/** Windows of 2 by 2 without overlap: each writes all of its elements. */
function emitPairwiseGrad(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32"), export: "run" });
  const extents = planeExtents(PLANES), { width } = extents, at = code.local("i32");
  const [g, place, next, below, nextBelow, zero] = code.locals("v128", 6) as [
    ...[Local, Local, Local],
    ...[Local, Local, Local],
  ];
  const [even, odd, low, high] = code.locals("v128", 4) as [Local, Local, Local, Local];
  code.i32(1).op("i32x4.splat").set(next).get(width).op("i32x4.splat").set(below);
  code.get(width).i32(1).op("i32.add", "i32x4.splat").set(nextBelow);
  emitPairwise(code, extents, { wide: [OUTPUT], narrow: [G, POSITIONS] }, (x, y) => {
    // As if added to 0: -0 becomes 0.
    elementAt(code, G, x).memory("v128.load", 0, 2).get(zero).op("f32x4.add").set(g);
    elementAt(code, POSITIONS, x).memory("v128.load", 0, 2);
    code.get(y).get(width).op("i32.mul").get(x).op("i32.add").i32(1).op("i32.shl", "i32x4.splat");
    code.i32x4(...everySecond(code)).op("i32x4.add", "i32x4.sub").set(place);
    code.get(OUTPUT).get(x).i32(3).op("i32.shl", "i32.add").set(at);
    for (const [first, second] of [[zero, next], [below, nextBelow]] as const) {
      code.get(g).get(place).get(first).op("i32x4.eq", "v128.and").set(even);
      code.get(g).get(place).get(second).op("i32x4.eq", "v128.and").set(odd);
      code.get(even).get(odd).shuffle32(0, 4, 1, 5).set(low);
      code.get(even).get(odd).shuffle32(2, 6, 3, 7).set(high);
      storePairs(code, at, low, high);
      if (first === zero) code.get(at).get(width).i32(2).op("i32.shl", "i32.add").set(at);
    }
  });
}

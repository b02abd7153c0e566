/** Gradient of the largest elements of windows. */
import type { MaxPool2dGradCall } from "@troodon/core";
import { addressOf, type CpuView, type KernelContext } from "../kernel.ts";
import { elementAt } from "../pool/windows.ts";
import { call, pieces } from "../threads/task.ts";
import type { ModuleBuilder } from "../wasm/assembler.ts";
import { filler } from "../zero.ts";

/** Nanoseconds to clear a byte, and to add to the element of a window. */
const [CLEAR, WINDOW] = [0.04, 0.9] as const;

/** See {@linkcode MaxPool2dGradCall}. Float32 alone. */
export function maxPool2dGrad(
  context: KernelContext,
  _call: MaxPool2dGradCall,
  [g, positions]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const [n, c, height, width] = output!.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = g!.shape as [number, number, number, number];
  const bytes = 4 * height * width, windows = outHeight * outWidth;
  const { run } = context.instance("maxPool2dGrad", emitMaxGrad), fill = filler(context);
  const nanoseconds = n * c * (bytes * CLEAR + windows * WINDOW);
  const tasks = pieces(n * c, context.parts(nanoseconds)).map(({ start, size }) => {
    const to = addressOf(output!) + start * bytes, first = 4 * start * windows;
    return [
      call(fill, to, size * bytes),
      call(run!, addressOf(g!) + first, addressOf(positions!) + first, to, size, windows, bytes),
    ];
  });
  context.run(tasks, nanoseconds);
}

function emitMaxGrad(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 6 }, () => "i32"), export: "run" });
  const [g, positions, output, planes, windows, planeBytes] = [0, 1, 2, 3, 4, 5] as const;
  const left = code.local("i32"), at = code.local("i32"), position = code.local("i32");
  code.repeat(planes, () => {
    code.get(windows).set(left);
    code.repeat(left, () => {
      code.get(positions).memory("i32.load").set(position);
      elementAt(code, output, position).tee(at);
      code.get(at).memory("f32.load").get(g).memory("f32.load").op("f32.add").memory("f32.store");
      code.increase(g, 4).increase(positions, 4);
    });
    code.advance(output, planeBytes);
  });
}

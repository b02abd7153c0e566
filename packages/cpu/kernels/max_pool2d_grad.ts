/** Gradient of the largest elements of windows. */
import type { MaxPool2dGradCall } from "@troodon/core";
import { addressOf, type CpuView, type KernelContext } from "../kernel.ts";
import { elementAt } from "../pool/windows.ts";
import type { ModuleBuilder } from "../wasm/assembler.ts";
import { zero } from "../zero.ts";

/** See {@linkcode MaxPool2dGradCall}. Float32 alone. */
export function maxPool2dGrad(
  context: KernelContext,
  _call: MaxPool2dGradCall,
  [g, positions]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const [n, c, height, width] = output!.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = g!.shape as [number, number, number, number];
  const to = addressOf(output!), planeBytes = 4 * height * width;
  zero(context, to, n * c * planeBytes);
  const { run } = context.instance("maxPool2dGrad", emitMaxGrad);
  run!(addressOf(g!), addressOf(positions!), to, n * c, outHeight * outWidth, planeBytes);
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

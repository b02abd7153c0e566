/** Patches of images as the columns of a matrix, and back. */
import type { ModuleBuilder } from "../wasm/assembler.ts";

/**
 * "gather": the patches of an image, a row for each tap and a column for each pixel of the result; "scatter": adds
 * such a matrix to the image. Parameters: addresses of the offsets of the taps, how many, image, bytes between the
 * rows of the image that the window steps to, height and width of the result, matrix.
 */
export function emitPatches(module: ModuleBuilder): void {
  emitPass(module, "gather");
  emitPass(module, "scatter");
}

function emitPass(module: ModuleBuilder, direction: "gather" | "scatter"): void {
  const code = module.function({ params: Array.from({ length: 7 }, () => "i32"), export: direction });
  const [taps, count, image, rowBytes, height, width, matrix] = [0, 1, 2, 3, 4, 5, 6] as const;
  const row = code.local("i32"), left = code.local("i32"), x = code.local("i32"), at = code.local("i32");
  const run = (step: 1 | 4): void => {
    const load = step === 4 ? "v128.load" : "f32.load", store = step === 4 ? "v128.store" : "f32.store";
    code.countTo(x, width, step, () => {
      if (direction === "gather") {
        code.get(matrix);
        code.get(at).memory(load, 0, 2).memory(store, 0, 2);
      } else {
        code.get(at);
        code.get(at).memory(load, 0, 2).get(matrix).memory(load, 0, 2);
        code.op(step === 4 ? "f32x4.add" : "f32.add").memory(store, 0, 2);
      }
      code.increase(at, 4 * step).increase(matrix, 4 * step);
    });
  };
  code.repeat(count, () => {
    code.get(image).get(taps).memory("i32.load").op("i32.add").set(row).get(height).set(left);
    code.repeat(left, () => {
      code.get(row).set(at).i32(0).set(x);
      run(4);
      run(1);
      code.advance(row, rowBytes);
    });
    code.increase(taps, 4);
  });
}

/** "spread" repeats each of `count` numbers `length` times. Parameters: from, count, to, length. */
export function emitSpread(module: ModuleBuilder): void {
  const code = module.function({ params: ["i32", "i32", "i32", "i32"], export: "spread" });
  const [from, count, to, length] = [0, 1, 2, 3] as const, x = code.local("i32");
  code.repeat(count, () => {
    code.i32(0).set(x);
    code.countTo(x, length, 4, () => {
      code.get(to).get(from).memory("v128.load32_splat").memory("v128.store", 0, 2).increase(to, 16);
    });
    code.countTo(x, length, 1, () => {
      code.get(to).get(from).memory("f32.load").memory("f32.store").increase(to, 4);
    });
    code.increase(from, 4);
  });
}

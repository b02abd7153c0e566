/** The largest elements of windows, along rows and then down. */
import type { Window2d } from "@troodon/core";
import type { Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { laneSelect } from "../targets/wasm/features.ts";
import { emitSeparable, type Lines, placeOf, type Windows } from "./separable.ts";
import { nextPlane, planeExtents } from "./windows.ts";

/** Parameters: x, values, positions (0 for none), extents, buffer. */
const [X, VALUES, POSITIONS, BUFFER] = [0, 1, 2, 8] as const;
const EXTENTS = planeExtents(3);

/** Emits "run(x, values, positions, planes, height, width, outHeight, outWidth, buffer)"; positions if lines hold two numbers. */
export function emitMaxSeparable(module: ModuleBuilder, window: Window2d, lines: Lines, relu: boolean): void {
  const code = module.function({ params: new Array<"i32">(9).fill("i32"), export: "run" });
  const taken = code.local("v128"), outputs = [VALUES, POSITIONS].slice(0, lines.numbers);
  /** The larger one, the first of equals, or NaN. */
  const take = ([a, at]: readonly Local[], [b, next]: readonly Local[]): void => {
    if (lines.numbers === 1) {
      // The pseudo-maximum keeps NaN in its first operand alone; all bits set are one too.
      code.get(a!).get(b!).op("f32x4.pmax").get(b!).get(b!).op("f32x4.ne", "v128.or").set(a!);
      return;
    }
    code.get(a!).get(a!).op("f32x4.eq").get(a!).get(b!).op("f32x4.ge", "v128.andnot").set(taken);
    code.get(b!).get(a!).get(taken).op(laneSelect()).set(a!);
    code.get(next!).get(at!).get(taken).op(laneSelect()).set(at!);
  };
  const finish = (found: readonly Local[], windows: Windows): void => {
    if (relu) code.get(found[0]!).f32x4(0).op("f32x4.le").set(taken);
    found.forEach((vector, i) => {
      const [to, offset] = placeOf(code, windows, outputs[i]!, 4);
      code.get(to).get(vector);
      if (relu) code.get(taken).op(i === 0 ? "v128.andnot" : "v128.or");
      code.memory("v128.store", offset, 2);
    });
  };
  const nextLine = (): void => {
    for (const output of outputs) {
      code.get(output).get(EXTENTS.outWidth).i32(2).op("i32.shl", "i32.add").set(output);
    }
  };
  code.repeat(EXTENTS.planes, () => {
    emitSeparable(code, window, lines, { x: X, buffer: BUFFER, ...EXTENTS }, {
      nothing: -Infinity,
      take,
      finish,
      nextLine,
    });
    nextPlane(code, X, EXTENTS);
  });
}

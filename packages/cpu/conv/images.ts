/** Copies of images in the layouts that convolutions read and write. */
import type { Code, Local, ModuleBuilder } from "../wasm/assembler.ts";

/**
 * "place": images into a staged copy; "take": back. Parameters: images, copy,
 * planes, rows, columns, bytes between rows and planes of the images, bytes
 * between planes and rows of the copy, phases, bytes between phases, phase of the
 * first column. Column x of the copy lies in phase `x mod phases`, so that a
 * stride over columns becomes a run.
 */
export function emitImages(module: ModuleBuilder): void {
  emitCopy(module, "place");
  emitCopy(module, "take");
}

function emitCopy(module: ModuleBuilder, direction: "place" | "take"): void {
  const code = module.function({ params: Array.from({ length: 12 }, () => "i32"), export: direction });
  const [images, copy, planes, rows, columns, imageRow] = [0, 1, 2, 3, 4, 5] as const;
  const [imagePlane, copyPlane, copyRow, phases, phaseBytes, first] = [6, 7, 8, 9, 10, 11] as const;
  const row = code.local("i32"), staged = code.local("i32"), left = code.local("i32");
  const at = code.local("i32"), cell = code.local("i32"), phase = code.local("i32"), x = code.local("i32");
  const place = direction === "place";
  /** Copies what lies at the addresses that the functions push. */
  const move = (image: () => Code, copied: () => Code, vector: boolean): void => {
    const [to, from] = place ? [copied, image] : [image, copied];
    to();
    from();
    if (vector) code.memory("v128.load", 0, 2).memory("v128.store", 0, 2);
    else code.memory("f32.load").memory("f32.store");
  };
  const push = (local: Local) => (): Code => code.get(local);
  const run = (step: number): void => {
    code.countTo(x, columns, step, () => {
      move(push(at), push(cell), step === 4);
      code.increase(at, 4 * step).increase(cell, 4 * step);
    });
  };
  code.repeat(planes, () => {
    code.get(images).set(row).get(copy).set(staged).get(rows).set(left);
    code.repeat(left, () => {
      code.get(row).set(at).get(staged).set(cell).i32(0).set(x);
      code.get(phases).i32(1).op("i32.eq").if(
        () => {
          // Rows are short: loops beat `memory.copy`.
          run(4);
          run(1);
        },
        () => {
          code.get(first).set(phase);
          code.countTo(x, columns, 1, () => {
            const inPhase = (): Code => code.get(cell).get(phase).get(phaseBytes).op("i32.mul", "i32.add");
            move(push(at), inPhase, false);
            code.increase(at, 4).increase(phase, 1);
            code.get(phase).get(phases).op("i32.eq").if(() => code.i32(0).set(phase).increase(cell, 4));
          });
        },
      );
      code.advance(row, imageRow).advance(staged, copyRow);
    });
    code.advance(images, imagePlane).advance(copy, copyPlane);
  });
}

/** Copies of images in the layouts that convolutions read and write. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";

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
  const [a, b] = code.locals("v128", 2) as [Local, Local], place = direction === "place";
  const wide = code.vectorBytes === 32, load = wide ? "half.load" : "v128.load";
  const store = wide ? "half.store" : "v128.store";
  /** Copies some columns that lie at the addresses that the functions push. */
  const move = (image: () => Code, copied: () => Code, columns: number): void => {
    const [to, from] = place ? [copied, image] : [image, copied];
    to();
    from();
    if (columns === 1) code.memory("f32.load").memory("f32.store");
    else if (columns === 4) code.memory(load, 0, 2).memory(store, 0, 2);
    else code.memory("v128.load", 0, 2).memory("v128.store", 0, 2);
  };
  const push = (local: Local) => (): Code => code.get(local);
  const run = (step: number): void => {
    code.countTo(x, columns, step, () => {
      move(push(at), push(cell), step);
      code.increase(at, 4 * step).increase(cell, 4 * step);
    });
  };
  /** Eight columns of two phases. */
  const pairs = (): void => {
    const odd = (): Code => code.get(cell).get(phaseBytes).op("i32.add");
    if (place) {
      code.get(at).memory(load, 0, 2).set(a).get(at).memory(load, 16, 2).set(b);
      code.get(cell).get(a).get(b).shuffle32(0, 2, 4, 6).memory(store, 0, 2);
      odd().get(a).get(b).shuffle32(1, 3, 5, 7).memory(store, 0, 2);
    } else {
      code.get(cell).memory(load, 0, 2).set(a);
      odd().memory(load, 0, 2).set(b);
      code.get(at).get(a).get(b).shuffle32(0, 4, 1, 5).memory(store, 0, 2);
      code.get(at).get(a).get(b).shuffle32(2, 6, 3, 7).memory(store, 16, 2);
    }
    code.increase(at, 32).increase(cell, 16);
  };
  code.repeat(planes, () => {
    code.get(images).set(row).get(copy).set(staged).get(rows).set(left);
    code.repeat(left, () => {
      code.get(row).set(at).get(staged).set(cell).i32(0).set(x);
      code.get(phases).i32(1).op("i32.eq").if(
        () => {
          // Rows are short: loops beat `memory.copy`.
          if (wide) run(8);
          run(4);
          run(1);
        },
        () => {
          code.get(first).set(phase);
          const one = (): void => {
            const inPhase = (): Code => code.get(cell).get(phase).get(phaseBytes).op("i32.mul", "i32.add");
            move(push(at), inPhase, 1);
            code.increase(at, 4).increase(phase, 1).increase(x, 1);
            code.get(phase).get(phases).op("i32.eq").if(() => code.i32(0).set(phase).increase(cell, 4));
          };
          code.get(phases).i32(2).op("i32.eq").if(() => {
            code.get(phase).get(columns).i32(0).op("i32.gt_s", "i32.and").if(one);
            code.countTo(x, columns, 8, pairs);
          });
          code.block((done) =>
            code.loop((again) => {
              code.get(x).get(columns).op("i32.ge_s").brIf(done);
              one();
              code.br(again);
            })
          );
        },
      );
      code.advance(row, imageRow).advance(staged, copyRow);
    });
    code.advance(images, imagePlane).advance(copy, copyPlane);
  });
}

/** Copies of images in the layouts that convolutions read and write. */
import type { Code, ModuleBuilder } from "../wasm/assembler.ts";

/**
 * "place": planes into larger ones. Parameters: from, to, planes, rows, columns,
 * bytes between rows and planes, bytes between planes and rows of the copy,
 * phases, bytes between phases, phase of the first column. Column x of the copy
 * lies in phase `x mod phases`, so that a stride over columns becomes a run.
 *
 * "spread": rows of planes to every `columnBytes`. Parameters: from, to, planes,
 * rows, columns, bytes between planes, rows and columns of the copy.
 *
 * "taps": weights at the offsets of a table, as panels. Parameters: to, bytes
 * between steps, from, bytes between lanes, lanes, lanes of the panel, offsets,
 * steps.
 */
export function emitImages(module: ModuleBuilder): void {
  emitPlace(module);
  emitSpread(module);
  emitTaps(module);
}

function emitPlace(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 12 }, () => "i32"), export: "place" });
  const [from, to, planes, rows, columns, fromRow] = [0, 1, 2, 3, 4, 5] as const;
  const [fromPlane, planeBytes, rowBytes, phases, phaseBytes, first] = [6, 7, 8, 9, 10, 11] as const;
  const source = code.local("i32"), target = code.local("i32"), left = code.local("i32");
  const at = code.local("i32"), cell = code.local("i32"), phase = code.local("i32"), x = code.local("i32");
  code.repeat(planes, () => {
    code.get(from).set(source).get(to).set(target).get(rows).set(left);
    code.repeat(left, () => {
      code.get(phases).i32(1).op("i32.eq").if(
        () => {
          // Rows are short: a loop beats `memory.copy`.
          code.get(source).set(at).get(target).set(cell).i32(0).set(x);
          code.countTo(x, columns, 4, () => {
            code.get(cell).get(at).memory("v128.load", 0, 2).memory("v128.store", 0, 2);
            code.increase(at, 16).increase(cell, 16);
          });
          code.countTo(x, columns, 1, () => {
            code.get(cell).get(at).memory("f32.load").memory("f32.store");
            code.increase(at, 4).increase(cell, 4);
          });
        },
        () => {
          code.get(source).set(at).get(target).set(cell).get(first).set(phase).get(columns).set(x);
          code.repeat(x, () => {
            code.get(cell).get(phase).get(phaseBytes).op("i32.mul", "i32.add");
            code.get(at).memory("f32.load").memory("f32.store");
            code.increase(at, 4).increase(phase, 1);
            code.get(phase).get(phases).op("i32.eq").if(() => code.i32(0).set(phase).increase(cell, 4));
          });
        },
      );
      code.advance(source, fromRow).advance(target, rowBytes);
    });
    code.advance(from, fromPlane).advance(to, planeBytes);
  });
}

function emitSpread(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32"), export: "spread" });
  const [from, to, planes, rows, columns, planeBytes, rowBytes, columnBytes] = [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
  ] as const;
  const row = code.local("i32"), cell = code.local("i32"), y = code.local("i32"), x = code.local("i32");
  code.repeat(planes, () => {
    code.get(to).set(row).get(rows).set(y);
    code.repeat(y, () => {
      code.get(row).set(cell).get(columns).set(x);
      code.repeat(x, () => {
        code.get(cell).get(from).memory("f32.load").memory("f32.store");
        code.increase(from, 4).advance(cell, columnBytes);
      });
      code.advance(row, rowBytes);
    });
    code.advance(to, planeBytes);
  });
}

function emitTaps(module: ModuleBuilder): Code {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32"), export: "taps" });
  const [to, stepBytes, from, laneBytes, lanes, width, offsets, steps] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const at = code.local("i32"), lane = code.local("i32");
  return code.repeat(steps, () => {
    code.get(from).get(offsets).memory("i32.load").op("i32.add").set(at);
    code.i32(0).set(lane);
    code.countTo(lane, width, 1, () => {
      code.get(to).get(lane).i32(2).op("i32.shl", "i32.add").get(at).memory("f32.load").memory("f32.store");
      // Lanes beyond the last repeat it.
      code.get(lane).i32(1).op("i32.add").get(lanes).op("i32.lt_s").if(() => code.advance(at, laneBytes));
    });
    code.advance(to, stepBytes).increase(offsets, 4);
  });
}

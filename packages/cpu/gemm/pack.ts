/** Panels: the elements of a matrix in the order in which the micro-kernel reads them. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import type { NumberType } from "./number_type.ts";

/** Vectors of 64 bytes: what a processor fetches at once. */
const LINE = 4;

/**
 * A panel holds, step after step, the elements of a few lanes (rows of A,
 * columns of B) next to each other. Lanes that a panel has beyond the last one
 * repeat it: their products are never stored.
 *
 * Parameters of "pack": panels, vectors of a panel, first element, bytes between
 * lanes, bytes between steps, lanes, steps.
 */
export function emitPack(module: ModuleBuilder, type: NumberType): Code {
  const vector = emitPackVector(module, type), line = emitPackLine(module);
  const code = module.function({ params: ["i32", "i32", "i32", "i32", "i32", "i32", "i32"], export: "pack" });
  const [to, vectors, from, laneBytes, stepBytes, lanes, steps] = [0, 1, 2, 3, 4, 5, 6] as const;
  const column = code.local("i32"), panelBytes = code.local("i32"), valid = code.local("i32");
  const apart = code.local("i32"), pairs = code.local("i32");
  code.get(vectors).i32(4).op("i32.shl").set(panelBytes);
  // Dense lanes are read a line at a time, for four panels of one vector or two panels of two.
  code.get(laneBytes).i32(type.bytes).op("i32.eq").get(vectors).i32(2).op("i32.le_u", "i32.and").if(() => {
    code.get(panelBytes).get(steps).op("i32.mul").set(pairs);
    code.i32(16).get(pairs).get(vectors).i32(2).op("i32.eq", "select").set(apart);
    code.get(pairs).get(pairs).i32(1).op("i32.shl").get(vectors).i32(2).op("i32.eq", "select").set(pairs);
    code.block((exit) =>
      code.loop((again) => {
        code.get(lanes).i32(LINE * type.lanes).op("i32.lt_s").brIf(exit);
        code.get(to).get(apart).get(pairs).get(panelBytes).get(from).get(stepBytes).get(steps).call(line);
        code.get(to).get(pairs).i32(1).op("i32.shl", "i32.add").set(to);
        code.increase(from, 16 * LINE).increase(lanes, -LINE * type.lanes).br(again);
      })
    );
    code.get(lanes).op("i32.eqz").if(() => code.op("return"));
  });
  code.loop((again) => {
    code.get(lanes).i32(type.lanes).get(lanes).i32(type.lanes).op("i32.lt_s", "select").set(valid);
    code.get(to).get(column).i32(4).op("i32.shl", "i32.add").get(panelBytes);
    code.get(from).get(laneBytes).get(stepBytes).get(valid).get(steps).call(vector);
    code.get(from).get(laneBytes).i32(type.lanes).op("i32.mul", "i32.add").set(from);
    code.increase(column, 1).get(column).get(vectors).op("i32.eq").if(() => {
      code.get(to).get(panelBytes).get(steps).op("i32.mul", "i32.add").set(to);
      code.i32(0).set(column);
    });
    code.increase(lanes, -type.lanes).get(lanes).i32(0).op("i32.gt_s").brIf(again);
  });
  return code;
}

/**
 * Packs a line of dense lanes. Parameters: to, bytes to where the second vector goes, bytes to where the third and
 * fourth go, bytes between steps there, from, bytes between steps here, steps.
 */
function emitPackLine(module: ModuleBuilder): Code {
  const code = module.function({ params: ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] });
  const [to, apart, pairs, toBytes, from, stepBytes, steps] = [0, 1, 2, 3, 4, 5, 6] as const;
  const others = code.locals("i32", LINE - 1), [second, third, fourth] = others as [Local, Local, Local];
  code.get(to).get(apart).op("i32.add").set(second);
  code.get(to).get(pairs).op("i32.add").set(third);
  code.get(second).get(pairs).op("i32.add").set(fourth);
  return code.repeat(steps, () => {
    [to, ...others].forEach((target, i) => {
      code.get(target).get(from).memory("v128.load", 16 * i, 2).memory("v128.store", 0, 2);
      code.advance(target, toBytes);
    });
    code.advance(from, stepBytes);
  });
}

/** Packs as many lanes as a vector holds. Parameters: to, bytes between vectors, from, laneBytes, stepBytes, valid lanes, steps. */
function emitPackVector(module: ModuleBuilder, type: NumberType): Code {
  const code = module.function({ params: ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] });
  const [to, toBytes, from, laneBytes, stepBytes, valid, steps] = [0, 1, 2, 3, 4, 5, 6] as const;
  const { lanes, bytes } = type;
  const rows = code.locals("i32", lanes), i = code.local("i32");
  rows.forEach((row, lane) => {
    code.get(from).get(laneBytes);
    code.i32(lane).get(valid).i32(1).op("i32.sub").i32(lane).get(valid).op("i32.lt_s", "select");
    code.op("i32.mul", "i32.add").set(row);
  });
  code.get(laneBytes).i32(bytes).op("i32.eq").if(() => {
    code.repeat(steps, () => {
      code.get(to).get(from).memory("v128.load", 0, 2).memory("v128.store", 0, 2);
      code.advance(from, stepBytes).advance(to, toBytes);
    }).op("return");
  });
  code.get(stepBytes).i32(bytes).op("i32.eq").if(() => {
    code.countTo(i, steps, lanes, () => transpose(code, type, rows, to, toBytes));
    code.get(steps).get(i).op("i32.sub").set(steps);
  });
  code.repeat(steps, () => {
    rows.forEach((row, lane) => {
      code.get(to).get(row).memory(type.load).memory(type.store, lane * bytes);
      code.advance(row, stepBytes);
    });
    code.advance(to, toBytes);
  });
  return code;
}

/** Turns a square of rows into columns, and moves on. */
function transpose(code: Code, type: NumberType, rows: readonly Local[], to: Local, toBytes: Local): void {
  const { lanes } = type;
  const v = code.locals("v128", lanes),
    store = (): void => {
      code.memory("v128.store", 0, 2).advance(to, toBytes);
    };
  rows.forEach((row, lane) => {
    code.get(row).memory("v128.load", 0, 2).set(v[lane]!);
    code.increase(row, 16);
  });
  if (lanes === 2) {
    for (const half of [0, 1]) {
      code.get(to).get(v[0]!).get(v[1]!).shuffle64(half, half + 2);
      store();
    }
    return;
  }
  const w = code.locals("v128", 4);
  const pair = (a: number, b: number, high: number, result: Local): void => {
    code.get(a).get(b).shuffle32(high, high + 4, high + 1, high + 5).set(result);
  };
  pair(v[0]!, v[1]!, 0, w[0]!);
  pair(v[0]!, v[1]!, 2, w[1]!);
  pair(v[2]!, v[3]!, 0, w[2]!);
  pair(v[2]!, v[3]!, 2, w[3]!);
  for (const half of [0, 1]) {
    for (const part of [0, 1]) {
      code.get(to).get(w[half]!).get(w[half + 2]!).shuffle64(part, part + 2);
      store();
    }
  }
}

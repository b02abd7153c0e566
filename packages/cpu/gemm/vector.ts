/** Products of one row and a matrix. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { multiplyAdd, type NumberType } from "./number_type.ts";
import { lanesOf } from "./wide_type.ts";

/** Vectors of the result that are calculated together. */
const WIDE = 8;

/** Rows that "stream" adds together: each is read from its first column to its last. */
export const STREAMS = 4;

/**
 * "combine": a sum of rows, where the columns of B lie next to each other.
 * Parameters: row a, bytes between its elements, B, bytes between its rows,
 * result, columns, steps. "dots": an inner product for each column, where the
 * rows of B and the elements of a lie next to each other. Parameters: row a, B,
 * bytes between its columns, result, columns, steps. Steps are at least 1.
 *
 * "stream" adds to a result of whole vectors what "combine" sums up, in the same
 * order, of STREAMS rows at a time: a large matrix is then read as it lies, and
 * a few columns of each row would be read at half the speed. It has the
 * parameters of "combine"; steps are a multiple of STREAMS. "plus": adds an
 * addend to a row. Parameters: result, addend, elements.
 */
export function emitVector(module: ModuleBuilder, type: NumberType): void {
  emitCombine(module, type);
  emitDots(module, type);
  emitStream(module, type);
  emitPlus(module, type);
}

function emitStream(module: ModuleBuilder, type: NumberType): void {
  const params = Array.from({ length: 7 }, () => "i32" as const);
  const code = module.function({ params, export: "stream" });
  const [a, aBytes, b, bBytes, c, columns, steps] = [0, 1, 2, 3, 4, 5, 6] as const;
  const { bytes } = type, lanes = lanesOf(code, type);
  const spreads = code.locals("v128", STREAMS), rows = code.locals("i32", STREAMS);
  const sum = code.local("v128"), right = code.local("v128");
  const k = code.local("i32"), j = code.local("i32"), to = code.local("i32");
  code.countTo(k, steps, STREAMS, () => {
    spreads.forEach((spread, i) => {
      code.get(a).memory(type.loadSplat).set(spread).get(b).set(rows[i]!);
      code.advance(a, aBytes).advance(b, bBytes);
    });
    code.get(c).set(to).i32(0).set(j);
    code.countTo(j, columns, lanes, () => {
      code.get(to).memory("v128.load", 0, 2).set(sum);
      rows.forEach((row, i) => {
        code.get(row).memory("v128.load", 0, 2).set(right);
        multiplyAdd(code, type, spreads[i]!, right, sum);
        code.increase(row, lanes * bytes);
      });
      code.get(to).get(sum).memory("v128.store", 0, 2).increase(to, lanes * bytes);
    });
  });
}

function emitPlus(module: ModuleBuilder, type: NumberType): void {
  const code = module.function({ params: ["i32", "i32", "i32"], export: "plus" });
  const [c, addend, columns] = [0, 1, 2] as const, { bytes } = type, j = code.local("i32");
  const lanes = lanesOf(code, type);
  const move = (by: number): void => void code.increase(c, by).increase(addend, by);
  code.countTo(j, columns, lanes, () => {
    code.get(c).get(c).memory("v128.load", 0, 2).get(addend).memory("v128.load", 0, 2).op(type.add);
    code.memory("v128.store", 0, 2);
    move(lanes * bytes);
  });
  code.countTo(j, columns, 1, () => {
    code.get(c).get(c).memory(type.load).get(addend).memory(type.load).op(type.scalarAdd).memory(type.store);
    move(bytes);
  });
}

function emitCombine(module: ModuleBuilder, type: NumberType): void {
  const params = Array.from({ length: 7 }, () => "i32" as const);
  const code = module.function({ params, export: "combine" });
  const [a, aBytes, b, bBytes, c, columns, steps] = [0, 1, 2, 3, 4, 5, 6] as const;
  const { bytes } = type, lanes = lanesOf(code, type), { vectorBytes } = code;
  const sums = code.locals("v128", WIDE), spread = code.local("v128"), right = code.local("v128");
  const sum = code.local(type.scalar);
  const j = code.local("i32"), left = code.local("i32"), from = code.local("i32"), by = code.local("i32");
  /** Columns from `j` on, as long as there are `width` more. */
  const strip = (width: number, clear: () => void, step: () => void, store: () => void): void => {
    code.countTo(j, columns, width, () => {
      clear();
      code.get(a).set(by).get(b).get(j).i32(bytes).op("i32.mul", "i32.add").set(from);
      code.get(steps).set(left).repeat(left, () => {
        step();
        code.advance(by, aBytes).advance(from, bBytes);
      });
      store();
    });
  };
  const address = (): Code => code.get(c).get(j).i32(bytes).op("i32.mul", "i32.add");
  for (const vectors of [WIDE, 1]) {
    const used = sums.slice(0, vectors);
    strip(
      lanes * vectors,
      () => used.forEach((v) => code.i32x4(0).set(v)),
      () => {
        code.get(by).memory(type.loadSplat).set(spread);
        used.forEach((v, i) => {
          code.get(from).memory("v128.load", vectorBytes * i, 2).set(right);
          multiplyAdd(code, type, spread, right, v);
        });
      },
      () => used.forEach((v, i) => address().get(v).memory("v128.store", vectorBytes * i, 2)),
    );
  }
  // For any width, columns that fill 16 bytes use multiplyAdd() and the rest do not, so that all widths give the same
  // bits.
  if (vectorBytes === 32) {
    const v = sums[0]!;
    strip(
      type.lanes,
      () => code.i32x4(0).set(v),
      () => {
        code.get(by).memory(type.loadSplat).set(spread).get(from).memory("half.load", 0, 2).set(right);
        multiplyAdd(code, type, spread, right, v);
      },
      () => address().get(v).memory("half.store", 0, 2),
    );
  }
  strip(
    1,
    () => zero(code, type).set(sum),
    () => {
      code.get(by).memory(type.load).get(from).memory(type.load).op(type.scalarMul);
      code.get(sum).op(type.scalarAdd).set(sum);
    },
    () => address().get(sum).memory(type.store),
  );
}

function emitDots(module: ModuleBuilder, type: NumberType): void {
  const params = Array.from({ length: 6 }, () => "i32" as const);
  const code = module.function({ params, export: "dots" });
  const [a, b, bBytes, c, columns, steps] = [0, 1, 2, 3, 4, 5] as const;
  const { lanes, bytes } = type, load = code.vectorBytes === 32 ? "half.load" : "v128.load";
  const j = code.local("i32"), k = code.local("i32"), by = code.local("i32");
  const left = code.local("v128"), right = code.local("v128");
  // Sums wait for one another: 8 of them keep the processor busy in machine code.
  for (const width of code.vectorBytes === 32 ? [8, 4, 1] : [4, 1]) {
    const rows = code.locals("i32", width), sums = code.locals("v128", width);
    const rest = Array.from({ length: width }, () => code.local(type.scalar));
    code.countTo(j, columns, width, () => {
      rows.forEach((row, i) => {
        if (i === 0) code.get(b).set(row);
        else code.get(rows[i - 1]!).get(bBytes).op("i32.add").set(row);
        code.i32x4(0).set(sums[i]!);
        zero(code, type).set(rest[i]!);
      });
      code.get(a).set(by).i32(0).set(k);
      code.countTo(k, steps, lanes, () => {
        code.get(by).memory(load, 0, 2).set(left);
        rows.forEach((row, i) => {
          code.get(row).memory(load, 0, 2).set(right);
          multiplyAdd(code, type, left, right, sums[i]!);
          code.increase(row, 16);
        });
        code.increase(by, 16);
      });
      code.countTo(k, steps, 1, () => {
        rows.forEach((row, i) => {
          code.get(by).memory(type.load).get(row).memory(type.load).op(type.scalarMul);
          code.get(rest[i]!).op(type.scalarAdd).set(rest[i]!);
          code.increase(row, bytes);
        });
        code.increase(by, bytes);
      });
      rows.forEach((_, i) => {
        code.get(c);
        addLanes(code, type, sums[i]!);
        code.get(rest[i]!).op(type.scalarAdd).memory(type.store, i * bytes);
      });
      code.get(b).get(bBytes).i32(width).op("i32.mul", "i32.add").set(b);
      code.increase(c, width * bytes);
    });
  }
}

function zero(code: Code, { scalar }: NumberType): Code {
  switch (scalar) {
    case "f32":
      return code.f32(0);
    case "f64":
      return code.f64(0);
    default:
      return scalar === "i64" ? code.i64(0n) : code.i32(0);
  }
}

/** Pushes the sum of all lanes. */
function addLanes(code: Code, type: NumberType, v: Local): void {
  for (let lane = 0; lane < type.lanes; lane++) {
    code.get(v).lane(type.extract, lane);
    if (lane > 0) code.op(type.scalarAdd);
  }
}

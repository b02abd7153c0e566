/** Images as strips: what the columns of a window see of them, with which a convolution is a few dense products. */
import type { Geometry } from "../conv/geometry.ts";
import type { Address, Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call, type Piece } from "../threads/task.ts";
import type { Code, ModuleBuilder } from "../targets/wasm/assembler.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";

/** Longest rows that are copied without a loop. */
const UNROLLED = 32;

/**
 * A matrix with a row for each channel and column of the window: what that
 * column of the window sees, as it goes over some rows of the result, of all rows
 * of the image that the window reaches. What row ky of the window sees is then a
 * part of each row of the matrix, the same for all, so that the sum over the
 * window is one over products of such parts, and the image is copied as often as
 * the window has columns, not elements. With strides the rows of the image are
 * sorted by their phase first.
 *
 * There is room for one more row in front of the others.
 */
export class Strips {
  /** Rows of the matrix, and elements of each. */
  readonly rows: number;
  readonly length: number;
  /** Elements of a row that one row of the window sees. */
  readonly pixels: number;
  /** Where each row of the window sees it: elements in front. */
  readonly offsets: readonly number[];
  /** Whether some elements are padding. */
  readonly padded: boolean;
  readonly #cut: WasmFunction;
  readonly #paste: WasmFunction;
  /** Where the first row that is seen is, in bytes; what follows the addresses. */
  readonly #image: number;
  readonly #matrix: number;
  readonly #rest: readonly Argument[];

  /** Strips of what is seen for the rows `block` of the result. */
  constructor(planner: Planner, shapes: Geometry, { start, size }: Piece) {
    const { channels, height, width, outWidth, window } = shapes;
    const [kh, kw] = window.size, [sh, sw] = window.stride, [dh, dw] = window.dilation;
    const [top, , left] = window.padding, reached = (size - 1) * sh + (kh - 1) * dh + 1;
    const phaseRows = Math.ceil(reached / sh), phaseBytes = 4 * phaseRows * outWidth;
    const place = (row: number): number => ((row % sh) * phaseRows + Math.floor(row / sh)) * outWidth;
    /** Of steps of `stride` from `at` on, the first inside of `extent`, and the first behind. */
    const inside = (at: number, stride: number, steps: number, extent: number): [number, number] => {
      const begin = Math.min(steps, Math.max(0, Math.ceil(-at / stride)));
      return [begin, Math.max(begin, Math.min(steps, Math.floor((extent - 1 - at) / stride) + 1))];
    };
    const above = start * sh - top, [first, last] = inside(above, 1, reached, height);
    const seen = Array.from({ length: kw }, (_, kx) => inside(kx * dw - left, sw, outWidth, width));
    const whole = seen.every(([begin, end]) => end - begin === outWidth);
    const table = planner.constants(
      seen.flatMap(([begin, end], kx) => [4 * (kx * dw - left + begin * sw), 4 * begin, end - begin]),
    );
    this.rows = channels * kw;
    this.length = sh * phaseRows * outWidth;
    this.pixels = size * outWidth;
    this.offsets = Array.from({ length: kh }, (_, ky) => place(ky * dh));
    this.padded = !whole || last - first < reached;
    this.#image = 4 * (above + first) * width;
    this.#matrix = 4 * place(first);
    const count = whole && outWidth <= UNROLLED ? outWidth : null;
    const { cut, paste } = planner.instance(`blas/strips/${sw}/${count}`, (w) => emitStrips(w, sw, count));
    this.#cut = cut!;
    this.#paste = paste!;
    this.#rest = [
      4 * height * width,
      4 * width,
      4 * this.length,
      phaseBytes,
      4 * outWidth - sh * phaseBytes,
      first % sh,
      sh,
      channels,
      last - first,
      table,
      kw,
    ];
  }

  /** The call that fills the matrix whose first row is at `matrix` from images, but for the padding. */
  cut(images: Address, matrix: Address): Call<Argument> {
    return call(this.#cut, images.plus(this.#image), matrix.plus(this.#matrix), ...this.#rest);
  }

  /** The call that adds the matrix to the images. */
  paste(images: Address, matrix: Address): Call<Argument> {
    return call(this.#paste, images.plus(this.#image), matrix.plus(this.#matrix), ...this.#rest);
  }
}

/**
 * "cut": images to strips; "paste": adds strips to images. Parameters: images, strips; bytes between planes and rows
 * of images; bytes between strips, between phases, and from behind the last phase to the next row of the first; phase
 * of the first row, phases; channels, rows; for each column of the window: bytes into the rows of images and strips,
 * columns; how many the window has. `count` is the number of columns where it is always the same.
 */
function emitStrips(module: ModuleBuilder, stride: number, count: number | null): void {
  emitPass(module, "cut", stride, count);
  emitPass(module, "paste", stride, count);
}

function emitPass(module: ModuleBuilder, name: "cut" | "paste", stride: number, count: number | null): void {
  const code = module.function({ params: Array.from({ length: 13 }, () => "i32"), export: name });
  const [images, strips, planeBytes, imageRow, stripBytes, phaseBytes, back] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [first, phases, channels, rows, table, stripCount] = [7, 8, 9, 10, 11, 12] as const;
  const row = code.local("i32"), strip = code.local("i32"), at = code.local("i32"), cell = code.local("i32");
  const left = code.local("i32"), column = code.local("i32"), entry = code.local("i32");
  const phase = code.local("i32"), seen = code.local("i32"), x = code.local("i32");
  const vectors = stride === 1 || (stride === 2 && name === "cut");
  /** One element or four, `offset` elements on. */
  const move = (step: 1 | 4, offset: number): void => {
    const load = step === 4 ? "v128.load" : "f32.load", store = step === 4 ? "v128.store" : "f32.store";
    const image = 4 * stride * offset;
    if (name === "paste") {
      code.get(at).get(at).memory(load, image, 2).get(cell).memory(load, 4 * offset, 2);
      code.op(step === 4 ? "f32x4.add" : "f32.add").memory(store, image, 2);
      return;
    }
    code.get(cell).get(at).memory(load, image, 2);
    if (step === 4 && stride === 2) code.get(at).memory(load, image + 16, 2).shuffle32(0, 2, 4, 6);
    code.memory(store, 4 * offset, 2);
  };
  const run = (step: 1 | 4): Code =>
    code.countTo(x, seen, step, () => {
      move(step, 0);
      code.increase(at, 4 * stride * step).increase(cell, 4 * step);
    });
  const copy = (): void => {
    if (count === null) {
      code.i32(0).set(x);
      if (vectors) run(4);
      run(1);
      return;
    }
    let done = 0;
    for (; vectors && done + 4 <= count; done += 4) move(4, done);
    // Copied twice is copied as well.
    if (done > 0 && done < count && name === "cut") move(4, count - 4);
    else for (; done < count; done++) move(1, done);
  };
  code.repeat(channels, () => {
    code.get(table).set(entry).get(stripCount).set(column);
    code.repeat(column, () => {
      code.get(images).get(entry).memory("i32.load").op("i32.add").set(row);
      code.get(strips).get(entry).memory("i32.load", 4).op("i32.add").set(strip);
      code.get(entry).memory("i32.load", 8).set(seen);
      code.get(first).set(phase).get(rows).set(left);
      code.repeat(left, () => {
        code.get(row).set(at).get(strip).set(cell);
        copy();
        code.advance(row, imageRow).advance(strip, phaseBytes).increase(phase, 1);
        code.get(phase).get(phases).op("i32.eq").if(() => code.i32(0).set(phase).advance(strip, back));
      });
      code.increase(entry, 12).advance(strips, stripBytes);
    });
    code.advance(images, planeBytes);
  });
}

/**
 * Windows in two steps: along rows first, into lines of a buffer, then down these lines. Windows that overlap share the
 * first step, and of equals the first in row-major order stays the first.
 */
import type { Window2d } from "@troodon/core";
import type { Code, Local } from "../targets/wasm/assembler.ts";
import { loadColumns, windowKey } from "./windows.ts";

/** Bytes of a buffer at most. */
const LARGEST = 2 ** 20;
/** Longer windows are walked by a loop, as are lines of more windows. */
const [UNROLLED, STRAIGHT] = [12, 64] as const;

/** The lines of a buffer: how many numbers stand for an element, and bytes from each to the next, and of a line. */
export interface Lines {
  readonly numbers: number;
  readonly pitch: number;
  /** Bytes of the buffer: its lines, and a row of the plane with its padding. */
  readonly bytes: number;
  /** Whether there is that row, or rows are read as they are. */
  readonly isPadded: boolean;
  /** Windows of a line if their code is without a loop. */
  readonly windows: number | undefined;
}

/** Text that is equal where code for windows and lines is. */
export function linesKey(window: Window2d, { numbers, pitch, isPadded, windows }: Lines): string {
  return `${windowKey(window)}/${numbers}/${pitch}/${isPadded}/${windows}`;
}

/** The buffer for windows on planes of these extents; null where they are not done in two steps. */
export function linesOf(
  { stride, padding, size, dilation }: Window2d,
  [height, width]: readonly [number, number],
  outWidth: number,
  numbers: number,
): Lines | null {
  // What the code depends on must not be of too many kinds.
  const pitch = 4 * 2 ** Math.max(4, Math.ceil(Math.log2(outWidth)));
  const last = (outWidth - 1) * stride[1] + (size[1] - 1) * dilation[1] - padding[2];
  const isPadded = padding[2] > 0 || last >= width;
  // Vectors may reach beyond the last window.
  const padded = isPadded ? 4 * (padding[2] + Math.max(width, last + 1) + 8) : 0;
  const windows = outWidth <= STRAIGHT ? outWidth : undefined;
  const bytes = height * pitch * numbers + padded;
  return outWidth < 4 || width < 4 || bytes > LARGEST ? null : { numbers, pitch, bytes, isPadded, windows };
}

/** Parameters of a function for one plane: x, outputs, then these. */
export interface PlaneLocals {
  readonly x: Local;
  readonly buffer: Local;
  readonly height: Local;
  readonly width: Local;
  readonly outHeight: Local;
  readonly outWidth: Local;
}

/** Code for a vector of windows. */
export interface Pooling {
  /** What padding holds, as does a window of nothing else. */
  readonly nothing: number;
  /** Combines elements with those after them. */
  take(before: readonly Local[], after: readonly Local[]): void;
  /** Writes the results of windows to the outputs, which begin at the first window of the line. */
  finish(found: readonly Local[], windows: Windows): void;
  /** Moves the outputs to the next line. */
  nextLine(): void;
}

/** Emits all windows of a plane. */
export function emitSeparable(
  code: Code,
  window: Window2d,
  lines: Lines,
  plane: PlaneLocals,
  pooling: Pooling,
): void {
  emitAlong(code, window, lines, plane, pooling);
  emitDown(code, window, lines, plane, pooling);
}

/** A vector of neighboring windows of a line: the first one, if it is known, and in a local if not. */
export interface Windows {
  readonly known: number | undefined;
  readonly first: Local;
}

/** The place of a vector of windows that are `bytes` apart and begin at `base`: an address, and bytes after it. */
export function placeOf(
  code: Code,
  { known, first }: Windows,
  base: Local,
  bytes: number,
): readonly [Local, number] {
  if (known !== undefined) return [base, bytes * known];
  const at = code.local("i32");
  code.get(base).get(first).i32(bytes).op("i32.mul", "i32.add").set(at);
  return [at, 0];
}

/** Runs `body` for every vector of windows of a line; the last vector overlaps the one before if it is not full. */
function everyVector(
  code: Code,
  { windows }: Lines,
  count: Local,
  body: (windows: Windows) => void,
): void {
  const x = code.local("i32"), lanes = code.vectorBytes / 4;
  if (windows !== undefined) {
    for (let known = 0; known < windows; known += lanes) {
      body({ known: Math.min(known, windows - lanes), first: x });
    }
    return;
  }
  code.i32(0).set(x).loop((again) => {
    body({ known: undefined, first: x });
    code.get(x).i32(lanes).op("i32.add").get(count).op("i32.lt_s").if(() => {
      code.get(x).i32(lanes).op("i32.add").get(count).i32(lanes).op("i32.sub");
      code.get(x).i32(2 * lanes).op("i32.add").get(count).op("i32.le_s", "select").set(x).br(again);
    });
  });
}

function emitAlong(
  code: Code,
  window: Window2d,
  lines: Lines,
  { x: plane, buffer, height, width, outWidth }: PlaneLocals,
  { nothing, take }: Pooling,
): void {
  const { numbers, pitch, isPadded } = lines;
  const [row, line, y, source, own] = code.locals("i32", 5) as [Local, Local, Local, Local, Local];
  const elements = code.locals("v128", window.size[1]), s = window.stride[1];
  const [start, position, next, step] = code.locals("v128", 4) as [Local, Local, Local, Local];
  if (numbers > 1) code.first(step, new Uint8Array(Int32Array.of(window.dilation[1]).buffer));
  code.get(plane).set(row).get(buffer).set(line).i32(0).set(y);
  if (isPadded) {
    // After the lines: padding that stays, and between it each row.
    code.get(height).i32(pitch * numbers).op("i32.mul").get(buffer).op("i32.add").set(own);
    emitPadding(code, window, [own, width, outWidth], nothing);
    code.get(own).set(source).increase(own, 4 * window.padding[2]);
  }
  code.countTo(y, height, 1, () => {
    if (isPadded) code.get(own).get(row).get(width).i32(2).op("i32.shl").memoryCopy();
    if (numbers > 1) code.get(y).get(width).op("i32.mul", "i32x4.splat").set(start);
    everyVector(code, lines, outWidth, (windows) => {
      const [at, offset] = placeOf(code, windows, isPadded ? source : row, 4 * s);
      loadColumns(code, window, at, elements, offset);
      const [first, ...rest] = elements as [Local, ...Local[]];
      if (numbers > 1) {
        const x = s * (windows.known ?? 0);
        const places = Array.from({ length: code.vectorBytes / 4 }, (_, i) => x + i * s);
        code.get(start).i32x4(...places).op("i32x4.add");
        if (windows.known === undefined) {
          code.get(windows.first).i32(s).op("i32.mul", "i32x4.splat", "i32x4.add");
        }
        code.tee(position).set(next);
      }
      for (const element of rest) {
        if (numbers > 1) code.get(next).get(step).op("i32x4.add").set(next);
        take([first, position], [element, next]);
      }
      const [to, from] = placeOf(code, windows, line, 4);
      [first, position].slice(0, numbers).forEach((vector, i) => {
        code.get(to).get(vector).memory("v128.store", from + i * pitch, 2);
      });
    });
    code.get(row).get(width).i32(2).op("i32.shl", "i32.add").set(row).increase(line, pitch * numbers);
  });
}

/** Fills the row of a buffer with what padding holds. */
function emitPadding(
  code: Code,
  { stride, padding, size, dilation }: Window2d,
  [own, width, outWidth]: readonly [Local, Local, Local],
  nothing: number,
): void {
  const [at, left, reach] = code.locals("i32", 3) as [Local, Local, Local];
  // The longer of the plane's row and of what windows see, and vectors beyond it.
  code.get(outWidth).i32(1).op("i32.sub").i32(stride[1]).op("i32.mul").i32((size[1] - 1) * dilation[1] + 1);
  code.op("i32.add").set(reach).get(width).i32(padding[2]).op("i32.add").tee(left);
  code.get(reach).get(left).get(reach).op("i32.gt_s", "select").i32(8).op("i32.add").set(left);
  code.get(own).set(at);
  code.repeat(left, () => {
    code.get(at).f32(nothing).memory("f32.store").increase(at, 4);
  });
}

function emitDown(
  code: Code,
  { size, stride, padding, dilation }: Window2d,
  lines: Lines,
  { buffer, height, outHeight, outWidth }: PlaneLocals,
  { nothing, take, finish, nextLine }: Pooling,
): void {
  const { numbers, pitch } = lines;
  const [top, skip, count, line, at, rest, y] = code.locals("i32", 7) as [
    ...[Local, Local, Local, Local],
    ...[Local, Local, Local],
  ];
  const found = code.locals("v128", numbers), more = code.locals("v128", numbers);
  const [k, d] = [size[0], dilation[0]], bytes = pitch * numbers;
  const load = (vectors: readonly Local[], from: Local, offset: number): void =>
    vectors.forEach((vector, i) => code.get(from).memory("v128.load", offset + i * pitch, 2).set(vector));
  /** Runs `down` for every vector of a line of windows, with the place of their first element. */
  const windows = (down: (from: Local, offset: number) => void): void =>
    everyVector(code, lines, outWidth, (windows) => {
      down(...placeOf(code, windows, line, 4));
      finish(found, windows);
    });
  const some = (): void =>
    windows((from, offset) => {
      code.get(count).i32(0).op("i32.gt_s").if(() => {
        load(found, from, offset);
        code.get(from).set(at).get(count).i32(1).op("i32.sub").set(rest).repeat(rest, () => {
          code.increase(at, d * bytes);
          load(more, at, offset);
          take(found, more);
        });
      }, () => found.forEach((vector, i) => code.f32x4(i === 0 ? nothing : 0).set(vector)));
    });
  code.i32(-padding[0]).set(top).i32(0).set(y);
  code.countTo(y, outHeight, 1, () => {
    // Rows of the window above the plane, and those in it.
    code.i32(d - 1).get(top).op("i32.sub").i32(d).op("i32.div_s").tee(skip);
    code.i32(0).get(skip).i32(0).op("i32.gt_s", "select").set(skip);
    code.get(height).get(top).op("i32.sub").i32(d - 1).op("i32.add").i32(d).op("i32.div_s").tee(count).i32(k);
    code.get(count).i32(k).op("i32.lt_s", "select").get(skip).op("i32.sub").set(count);
    code.get(skip).i32(d).op("i32.mul").get(top).op("i32.add").i32(bytes).op("i32.mul").get(buffer);
    code.op("i32.add").set(line);
    if (k > UNROLLED) some();
    else {
      code.get(count).i32(k).op("i32.eq").if(() =>
        windows((from, offset) => {
          load(found, from, offset);
          for (let i = 1; i < k; i++) {
            load(more, from, offset + i * d * bytes);
            take(found, more);
          }
        }), some);
    }
    nextLine();
    code.increase(top, stride[0]);
  });
}

/** Loops over the windows of planes, and over what of the plane lies in a window. */
import type { Window2d } from "@troodon/core";
import type { KernelContext } from "../kernel.ts";
import { type Call, pieces } from "../threads/task.ts";
import type { Code, Local } from "../wasm/assembler.ts";

/** Nanoseconds for an element of a window. */
const [PAIRWISE, VISIT] = [0.2, 1.5] as const;

/** Extents of planes and of the windows on them: int32 locals. */
export interface PlaneExtents {
  readonly planes: Local;
  readonly height: Local;
  readonly width: Local;
  readonly outHeight: Local;
  readonly outWidth: Local;
}

/** Parameters of all pooling functions after their addresses, in this order. */
export function planeExtents(first: Local): PlaneExtents {
  return { planes: first, height: first + 1, width: first + 2, outHeight: first + 3, outWidth: first + 4 };
}

/** Where a window begins; may be outside the plane. */
export interface Corner {
  readonly row: Local;
  readonly column: Local;
}

/** Runs `body` for every window, in row-major order; `nextPlane` after each plane. */
export function emitWindows(
  code: Code,
  { stride, padding }: Window2d,
  { planes, outHeight, outWidth }: PlaneExtents,
  body: (corner: Corner) => void,
  nextPlane: () => void,
): void {
  const [row, column, y, x] = code.locals("i32", 4) as [Local, Local, Local, Local];
  code.repeat(planes, () => {
    code.i32(-padding[0]).set(row).get(outHeight).set(y);
    code.repeat(y, () => {
      code.i32(-padding[2]).set(column).get(outWidth).set(x);
      code.repeat(x, () => {
        body({ row, column });
        code.increase(column, stride[1]);
      });
      code.increase(row, stride[0]);
    });
    nextPlane();
  });
}

/** Runs `body` with the position in the plane of each element of a window that is not padding. */
export function emitElements(
  code: Code,
  { size, dilation }: Window2d,
  { height, width }: PlaneExtents,
  corner: Corner,
  [row, column, i, j, position]: readonly [Local, Local, Local, Local, Local],
  body: (position: Local) => void,
): void {
  code.get(corner.row).set(row).i32(size[0]).set(i);
  code.repeat(i, () => {
    // Unsigned, what is less than 0 is too large.
    code.get(row).get(height).op("i32.lt_u").if(() => {
      code.get(corner.column).set(column).i32(size[1]).set(j);
      code.repeat(j, () => {
        code.get(column).get(width).op("i32.lt_u").if(() => {
          code.get(row).get(width).op("i32.mul").get(column).op("i32.add").set(position);
          body(position);
        });
        code.increase(column, dilation[1]);
      });
    });
    code.increase(row, dilation[0]);
  });
}

/** Locals for {@linkcode emitElements}. */
export function elementLocals(code: Code): [Local, Local, Local, Local, Local] {
  return code.locals("i32", 5) as [Local, Local, Local, Local, Local];
}

/** Pushes the address of the element at `position` of the plane at `plane`. */
export function elementAt(code: Code, plane: Local, position: Local): Code {
  return code.get(plane).get(position).i32(2).op("i32.shl", "i32.add");
}

/** Moves to the plane after the one at `plane`. */
export function nextPlane(code: Code, plane: Local, { height, width }: PlaneExtents): void {
  code.get(plane).get(height).get(width).op("i32.mul").i32(2).op("i32.shl", "i32.add").set(plane);
}

/** Windows of 2 by 2 without gap, overlap or padding, of which a vector's worth fits in a row. */
export function isPairwise({ size, stride, padding, dilation }: Window2d, outWidth: number): boolean {
  return [...size, ...stride].every((n) => n === 2) && padding[0] === 0 && padding[2] === 0 &&
    dilation.every((n) => n === 1) && padding[1] === 0 && padding[3] === 0 && outWidth >= 4;
}

/**
 * Runs `body` for every four neighbouring windows of 2 by 2, given the column and
 * row of the first. A rest of fewer is done together with those before it. The
 * pointers are at the first element of the row, of the planes and of the output.
 */
export function emitPairwise(
  code: Code,
  { planes, height, width, outHeight, outWidth }: PlaneExtents,
  pointers: { readonly wide: readonly Local[]; readonly narrow: readonly Local[] },
  body: (x: Local, y: Local) => void,
): void {
  const [x, y] = code.locals("i32", 2) as [Local, Local];
  code.repeat(planes, () => {
    code.i32(0).set(y);
    code.countTo(y, outHeight, 1, () => {
      code.i32(0).set(x);
      code.loop((again) => {
        body(x, y);
        code.get(x).i32(4).op("i32.add").get(outWidth).op("i32.lt_s").if(() => {
          code.get(x).i32(4).op("i32.add").get(outWidth).i32(4).op("i32.sub");
          code.get(x).i32(8).op("i32.add").get(outWidth).op("i32.le_s", "select").set(x).br(again);
        });
      });
      for (const wide of pointers.wide) code.get(wide).get(width).i32(3).op("i32.shl", "i32.add").set(wide);
      for (const narrow of pointers.narrow) {
        code.get(narrow).get(outWidth).i32(2).op("i32.shl", "i32.add").set(narrow);
      }
    });
    // Rows that no window reaches.
    for (const wide of pointers.wide) {
      code.get(wide).get(height).get(outHeight).i32(1).op("i32.shl", "i32.sub");
      code.get(width).op("i32.mul").i32(2).op("i32.shl", "i32.add").set(wide);
    }
  });
}

/** A pooling function, and how many bytes each of its operands has for a plane. */
export interface PlaneRun {
  readonly window: Window2d;
  readonly pairwise: boolean;
  /** The calls for `planes` planes whose operands begin at `pointers`. */
  calls(pointers: readonly number[], planes: number): Call[];
  readonly planeBytes: readonly number[];
  /** Windows of a plane. */
  readonly windows: number;
}

/** Runs it on `planes` planes, by several threads if there are so many. */
export function runPlanes(
  context: KernelContext,
  { window, pairwise, calls, planeBytes, windows }: PlaneRun,
  planes: number,
  pointers: readonly number[],
): void {
  const nanoseconds = planes * windows * window.size[0] * window.size[1] * (pairwise ? PAIRWISE : VISIT);
  const tasks = pieces(planes, context.parts(nanoseconds)).map(({ start, size }) =>
    calls(pointers.map((pointer, i) => pointer + start * planeBytes[i]!), size)
  );
  context.run(tasks, nanoseconds);
}

/** Loops over the windows of planes, and over what of the plane lies in a window. */
import type { Window2d } from "@troodon/core";
import type { KernelContext } from "../kernel.ts";
import { type Call, pieces } from "../threads/task.ts";
import type { Code, Local } from "../targets/wasm/assembler.ts";
import { loadPairs } from "./pairs.ts";

/** Nanoseconds for an element of a window. */
const [PAIRWISE, VISIT] = [0.2, 0.6] as const;

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

/** How four neighboring windows are done at once. */
export interface FourWindows {
  /** Pointers to the windows' results, of 4 bytes each, that `emit` moves on. */
  readonly outputs: readonly Local[];
  emit(corner: Corner): void;
}

/**
 * Runs `body` for every window, in row-major order; `nextPlane` after each plane. Where the columns of four
 * neighboring windows lie within the plane, `fours` does them in its place; a rest of fewer is done together with
 * those before it.
 */
export function emitWindows(
  code: Code,
  { size, stride, padding, dilation }: Window2d,
  { planes, width, outHeight, outWidth }: PlaneExtents,
  body: (corner: Corner) => void,
  nextPlane: () => void,
  fours?: FourWindows,
): void {
  const [row, column, y, x, back, first] = code.locals("i32", 6) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const span = (size[1] - 1) * dilation[1] + 3 * stride[1] + 1;
  const step = (windows: number): void => {
    code.increase(column, windows * stride[1]).increase(x, -windows);
  };
  const one = (): void => {
    body({ row, column });
    step(1);
  };
  const next = ({ outputs, emit }: FourWindows): void => {
    code.i32(4).get(x).op("i32.sub").tee(back).i32(0).get(back).i32(0).op("i32.gt_s", "select").tee(back);
    code.i32(-stride[1]).op("i32.mul").get(column).op("i32.add").tee(first).i32(0).op("i32.ge_s");
    code.get(first).i32(span).op("i32.add").get(width).op("i32.le_s", "i32.and").if(() => {
      code.get(first).set(column).advance(x, back);
      for (const output of outputs) code.get(output).get(back).i32(2).op("i32.shl", "i32.sub").set(output);
      emit({ row, column });
      step(4);
    }, one);
  };
  code.repeat(planes, () => {
    code.i32(-padding[0]).set(row).get(outHeight).set(y);
    code.repeat(y, () => {
      code.i32(-padding[2]).set(column).get(outWidth).set(x);
      code.block((exit) =>
        code.loop((again) => {
          code.get(x).op("i32.eqz").brIf(exit);
          if (fours === undefined) one();
          else next(fours);
          code.br(again);
        })
      );
      code.increase(row, stride[0]);
    });
    nextPlane();
  });
}

/**
 * Runs `body` for each row of elements of four neighboring windows whose columns lie within the plane, with a vector
 * for each column of the windows, and the position of the first window's first element.
 */
export function emitFours(
  code: Code,
  window: Window2d,
  { height, width }: PlaneExtents,
  { row: top, column }: Corner,
  plane: Local,
  body: (elements: readonly Local[], position: Local) => void,
): void {
  const [row, i, position, at] = code.locals("i32", 4) as [Local, Local, Local, Local];
  const { size, dilation } = window, elements = code.locals("v128", size[1]);
  code.get(top).set(row).i32(size[0]).set(i);
  code.repeat(i, () => {
    code.get(row).get(height).op("i32.lt_u").if(() => {
      code.get(row).get(width).op("i32.mul").get(column).op("i32.add").set(position);
      elementAt(code, plane, position).set(at);
      loadColumns(code, window, at, elements);
      body(elements, position);
    });
    code.increase(row, dilation[0]);
  });
}

/** Loads a row of elements of a vector of neighboring windows that begin `from` bytes after `at`: a vector for each column of the windows. */
export function loadColumns(
  code: Code,
  { size, stride, dilation }: Window2d,
  at: Local,
  elements: readonly Local[],
  from = 0,
): void {
  const [low, high] = code.locals("v128", 2) as [Local, Local];
  /** Every second element from `offset` bytes on; the last vector does not go beyond the last of them. */
  const pick = (offset: number, odd: number): void => {
    loadPairs(code, at, low, high, offset);
    code.get(low).get(high).shuffle32(odd, 2 + odd, 4 + odd, 6 + odd);
  };
  elements.forEach((vector, j) => {
    const offset = from + 4 * j * dilation[1];
    if (stride[1] === 1) code.get(at).memory("v128.load", offset, 2);
    else if (stride[1] === 2 && j === 1 && dilation[1] === 1) code.get(low).get(high).shuffle32(1, 3, 5, 7);
    else if (stride[1] === 2 && size[1] > 1) pick(j === 0 ? offset : offset - 4, j === 0 ? 0 : 1);
    else {
      for (let lane = 0; lane < code.vectorBytes / 4; lane++) {
        code.get(at).get(vector).laneMemory("v128.load32_lane", lane, offset + 4 * lane * stride[1]);
        code.set(vector);
      }
      code.get(vector);
    }
    code.set(vector);
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

/** Whether one window is all of a plane. */
export function isWhole({ size, padding, dilation }: Window2d, height: number, width: number): boolean {
  return size[0] === height && size[1] === width && dilation[0] === 1 && dilation[1] === 1 &&
    padding[0] + padding[1] + padding[2] + padding[3] === 0;
}

/** Text that is equal for equal windows. */
export function windowKey({ size: [h, w], stride, padding, dilation }: Window2d): string {
  const [top, bottom, left, right] = padding;
  return `${h},${w},${stride[0]},${stride[1]},${top},${bottom},${left},${right},${dilation[0]},${
    dilation[1]
  }`;
}

/**
 * Runs `body` for every vector of neighboring windows of 2 by 2, given the column and
 * row of the first. A rest of fewer is done together with those before it. The
 * pointers are at the first element of the row, of the planes and of the output.
 */
export function emitPairwise(
  code: Code,
  { planes, height, width, outHeight, outWidth }: PlaneExtents,
  pointers: { readonly wide: readonly Local[]; readonly narrow: readonly Local[] },
  body: (x: Local, y: Local) => void,
): void {
  const [x, y] = code.locals("i32", 2) as [Local, Local], lanes = code.vectorBytes / 4;
  code.repeat(planes, () => {
    code.i32(0).set(y);
    code.countTo(y, outHeight, 1, () => {
      code.i32(0).set(x);
      code.loop((again) => {
        body(x, y);
        code.get(x).i32(lanes).op("i32.add").get(outWidth).op("i32.lt_s").if(() => {
          code.get(x).i32(lanes).op("i32.add").get(outWidth).i32(lanes).op("i32.sub");
          code.get(x).i32(2 * lanes).op("i32.add").get(outWidth).op("i32.le_s", "select").set(x).br(again);
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
  /** Nanoseconds for a plane. */
  readonly cost: number;
  /** The calls for `planes` planes whose operands begin at `pointers`. */
  calls(pointers: readonly number[], planes: number): Call[];
  readonly planeBytes: readonly number[];
}

/** Nanoseconds for so many windows. */
export function durationOf({ size }: Window2d, windows: number, pairwise: boolean): number {
  return windows * size[0] * size[1] * (pairwise ? PAIRWISE : VISIT);
}

/** Runs it on `planes` planes, by several threads if there are so many. */
export function runPlanes(
  context: KernelContext,
  { cost, calls, planeBytes }: PlaneRun,
  planes: number,
  pointers: readonly number[],
): void {
  const nanoseconds = planes * cost;
  const tasks = pieces(planes, context.parts(nanoseconds)).map(({ start, size }) =>
    calls(pointers.map((pointer, i) => pointer + start * planeBytes[i]!), size)
  );
  context.run(tasks, nanoseconds);
}

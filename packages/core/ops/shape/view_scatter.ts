/** A part of a tensor replaced, as a new tensor. */
import type { CompositeOp } from "../../op.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { diagonal } from "./diagonal.ts";
import { select, slice } from "./slice.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface ViewScatterParams {
  /** Shows the part of a tensor: a view without repetition. */
  readonly look: (x: Tensor) => Tensor;
}

/** x and a part of it, with the part put into its place. */
function viewScatter(name: string): CompositeOp<ViewScatterParams> {
  const op: CompositeOp<ViewScatterParams> = {
    kind: "composite",
    name,
    infer: ([x]) => [x!],
    composite([x, part], { look }) {
      const output = x!.packedCopy();
      look(output).copy_(part!);
      return output;
    },
    vjp: ([g], { params }) => [
      () => g!.apply(op, params, g!.newEmpty([]).zero_()),
      () => params.look(g!),
    ],
  };
  return op;
}

const SLICE_SCATTER = viewScatter("sliceScatter");
const SELECT_SCATTER = viewScatter("selectScatter");
const DIAGONAL_SCATTER = viewScatter("diagonalScatter");

function scattered(
  op: CompositeOp<ViewScatterParams>,
  x: Tensor,
  part: Tensor,
  look: (x: Tensor) => Tensor,
): Tensor {
  return called(op.name, [x, part], () => {
    const { shape } = look(x.detach());
    if (!sameShape(shape, part.shape)) {
      throw new RangeError(
        `Cannot apply ${op.name}() as the source must have the shape ${
          showShape(shape)
        } of the part that it replaces: ` +
          `current shape is ${showShape(part.shape)}`,
      );
    }
    return x.apply(op, { look }, part.to(x.dtype));
  });
}

/** Options of {@linkcode sliceScatter}. */
export interface SliceScatterOptions {
  /** The axis; 0 by default. */
  readonly dim?: number;
  /** The first position; 0 by default. */
  readonly start?: number;
  /** The position behind the last; the end by default. */
  readonly end?: number;
  /** From one position to the next; 1 by default. */
  readonly step?: number;
}
const SLICE_SCATTER_OPTIONS: OptionKeys<SliceScatterOptions> = {
  dim: true,
  start: true,
  end: true,
  step: true,
};

/**
 * `x` with `source` in the place of the positions that {@linkcode slice} names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend, sliceScatter, zeros } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = zeros([5], { device });
 * assertEquals(sliceScatter(x, ones([2], { device }), { start: 1, step: 2, end: 4 }).tolist(), [0, 1, 0, 1, 0]);
 * ```
 */
export function sliceScatter(
  x: Tensor,
  source: Tensor,
  options?: SliceScatterOptions,
): Tensor {
  checkCall("sliceScatter", arguments, "xx.");
  const { dim = 0, start, end, step } = readOptions("sliceScatter()", options, SLICE_SCATTER_OPTIONS);
  return scattered(SLICE_SCATTER, x, source, (into) => slice(into, dim, start, end, step));
}

/** `x` with `source` in the place of position `index` of axis `dim`; see {@linkcode select}. */
export function selectScatter(x: Tensor, source: Tensor, dim: number, index: number): Tensor {
  checkCall("selectScatter", arguments, "xxdd");
  return scattered(SELECT_SCATTER, x, source, (into) => select(into, dim, index));
}

/** Options of {@linkcode diagonalScatter}. */
export interface DiagonalScatterOptions {
  /** Which diagonal: those above the main one are positive, those below negative; 0 by default. */
  readonly offset?: number;
  /** The axis of the rows; 0 by default. */
  readonly dim1?: number;
  /** The axis of the columns; 1 by default. */
  readonly dim2?: number;
}
const DIAGONAL_SCATTER_OPTIONS: OptionKeys<DiagonalScatterOptions> = { offset: true, dim1: true, dim2: true };

/** `x` with `source` in the place of a diagonal; see {@linkcode diagonal}. */
export function diagonalScatter(
  x: Tensor,
  source: Tensor,
  options?: DiagonalScatterOptions,
): Tensor {
  checkCall("diagonalScatter", arguments, "xx.");
  const { offset = 0, dim1 = 0, dim2 = 1 } = readOptions(
    "diagonalScatter()",
    options,
    DIAGONAL_SCATTER_OPTIONS,
  );
  return scattered(DIAGONAL_SCATTER, x, source, (into) => diagonal(into, offset, dim1, dim2));
}

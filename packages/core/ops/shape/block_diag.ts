/** Matrices along the diagonal of one. */
import type { CompositeOp } from "../../op.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { promoteSpecs } from "../base/elementwise.ts";
import { atleast2d } from "./stack.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Matrices to one of zeros that has them as blocks on its diagonal. */
const BLOCK_DIAG: CompositeOp<{ readonly count: number }> = {
  kind: "composite",
  name: "blockDiag",
  infer: (blocks) => [{
    shape: [0, 1].map((axis) => blocks.reduce((n, { shape }) => n + shape[axis]!, 0)),
    dtype: promoteSpecs(blocks),
  }],
  composite(blocks, params) {
    const [spec] = BLOCK_DIAG.infer(blocks, params),
      output = blocks[0]!.newEmpty(spec!.shape, spec!.dtype).zero_();
    let row = 0, column = 0;
    for (const block of blocks) {
      const [rows, columns] = block.shape as [number, number];
      output.narrow(0, row, rows).narrow(1, column, columns).copy_(block);
      row += rows;
      column += columns;
    }
    return output;
  },
  vjp([g], saved) {
    const parts: (() => Tensor)[] = [];
    let row = 0, column = 0;
    while (parts.length < saved.params.count) {
      const [rows, columns] = saved.spec(parts.length).shape as [number, number], [top, left] = [row, column];
      parts.push(() => g!.narrow(0, top, rows).narrow(1, left, columns));
      row += rows;
      column += columns;
    }
    return parts;
  },
};

/**
 * The matrix of zeros that has `tensors` (matrices; vectors are rows) as blocks on its diagonal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blockDiag, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2], [3, 4]], { device }), y = tensor([5], { device });
 * assertEquals(blockDiag([x, y]).tolist(), [[1, 2, 0], [3, 4, 0], [0, 0, 5]]);
 * ```
 */
export function blockDiag(tensors: readonly Tensor[]): Tensor {
  checkCall("blockDiag", arguments, "l");
  if (tensors.length === 0) {
    throw new RangeError("Cannot apply blockDiag() as there must be a tensor: current list is empty");
  }
  for (const { shape } of tensors) {
    if (shape.length > 2) {
      throw new RangeError(
        `Cannot apply blockDiag() as there must be matrices or vectors: current shape is ${showShape(shape)}`,
      );
    }
  }
  return called("blockDiag", [...tensors], () => {
    const [first, ...rest] = atleast2d(tensors);
    return first!.apply(BLOCK_DIAG, { count: tensors.length }, ...rest);
  });
}

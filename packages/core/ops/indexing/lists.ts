/** Lists of positions and masks, as tensors. */
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { upload } from "../base/upload.ts";
import type { IndexList } from "./index.ts";

/** The elements of nested lists and their shape; a TypeError where they are ragged. */
function flattened(op: string, list: IndexList): { values: (number | boolean)[]; shape: Shape } {
  const shape: number[] = [];
  for (let at: IndexList | number | boolean | undefined = list; Array.isArray(at); at = at[0]) {
    shape.push(at.length);
  }
  const values: (number | boolean)[] = [];
  collect(list, 0);
  return { values, shape };

  function collect(part: IndexList | number | boolean, depth: number): void {
    if (!Array.isArray(part)) {
      if (depth !== shape.length) refuse();
      values.push(part as number | boolean);
      return;
    }
    if (part.length !== shape[depth]) refuse();
    for (const inner of part) collect(inner, depth + 1);
  }

  function refuse(): never {
    throw new TypeError(`Cannot apply ${op}() as nested lists of an index must be equally long`);
  }
}

/** A list as a tensor on the device of `x`: bool, or int32. */
export function listTensor(op: string, x: Tensor, list: IndexList): Tensor {
  const { values, shape } = flattened(op, list);
  const masks = values.some((v) => typeof v === "boolean");
  if (masks ? values.some((v) => typeof v !== "boolean") : !values.every(Number.isInteger)) {
    throw new TypeError(
      `Cannot apply ${op}() as a list must hold integers, or true and false: current list is ${
        JSON.stringify(list)
      }`,
    );
  }
  return upload(
    x,
    masks ? Uint8Array.from(values, Number) : Int32Array.from(values as number[]),
    shape,
    masks ? "bool" : "int32",
  );
}

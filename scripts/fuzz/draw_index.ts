/** Draws reads and writes by index: `x[1:, None]`, `x[mask] = 2`. */
import type { Tensor } from "@troodon/core";
import type { Draft, Variable } from "./draw.ts";
import type { Argument } from "./program.ts";

/** Adds a read of part of a tensor. */
export function drawIndexing(draft: Draft): void {
  const { name, tensor } = draft.choose(draft.variables);
  draft.add({ as: draft.name(), call: "at", args: [{ v: name }, ...indices(draft, tensor)] });
}

/** Adds a write to part of a tensor. */
export function drawAssignment(draft: Draft): void {
  const { name: chosen, tensor } = draft.choose(draft.variables), list = indices(draft, tensor);
  let name = chosen;
  if (draft.leaves.length > 0 && draft.chance(0.9)) {
    name = draft.name();
    draft.add({ as: name, call: "Tensor.clone", args: [{ v: chosen }] });
  }
  const ng = tensor.requiresGrad && tensor.isLeaf && draft.chance(0.85);
  const value: Argument = draft.chance(0.5)
    ? draft.between(tensor.dtype === "uint8" ? 0 : -8, 8) / 4
    : valueFor(draft, name, list);
  draft.add({
    as: draft.name(),
    call: "set",
    args: [{ v: name }, list, value],
    ...(ng ? { ng: true } : {}),
  }, false);
}

/** Draws a tensor that broadcasts to the indexed part. */
function valueFor(draft: Draft, name: string, list: readonly Argument[]): Argument {
  const as = draft.name();
  if (!draft.add({ as, call: "at", args: [{ v: name }, ...list] }, false)) return 1;
  const { shape, dtype } = draft.valueOf(as) as Variable["tensor"];
  const cut = draft.chance(0.5) ? shape : shape.slice(1);
  return { v: draft.fresh({ shape: cut.map((n) => draft.chance(0.1) ? 1 : n), dtype }) };
}

function indices(draft: Draft, { shape }: Tensor): Argument[] {
  const list: Argument[] = [];
  let axis = 0, dots = false;
  while (axis < shape.length && (list.length === 0 || draft.chance(0.6))) {
    const extent = shape[axis]!, way = draft.generator.integer(12);
    if (way < 3) list.push(draft.between(-extent, Math.max(extent - 1, 0)));
    else if (way < 7) {
      const start = draft.chance(0.6) ? draft.between(-extent, extent) : null;
      const end = draft.chance(0.5) ? draft.between(-extent, extent + 1) : null;
      list.push({ slice: [start, end, draft.chance(0.3) ? draft.between(1, 3) : null] });
    } else if (way === 7) {
      list.push(null);
      continue;
    } else if (way === 8 && !dots) {
      list.push({ dots: true });
      dots = true;
      axis = Math.max(axis, shape.length - draft.between(0, 1));
      continue;
    } else if (way === 9 && extent > 0) {
      list.push(Array.from({ length: draft.between(1, 3) }, () => draft.between(-extent, extent - 1)));
    } else if (way === 10 && extent > 0) {
      const range = [-extent, extent - 1] as const;
      list.push({ v: draft.fresh({ shape: [draft.between(1, 3)], dtype: "int64", range }) });
    } else list.push({ v: draft.fresh({ shape: [extent], dtype: "bool" }) });
    axis++;
  }
  return list.length > 0 ? list : [{ dots: true }];
}

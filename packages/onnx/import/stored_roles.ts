/** Roles of the stored tensors of a graph. */
import { isFloating } from "@troodon/core";
import type { OnnxTensor } from "../model/types.ts";
import { allNodes, type PlannedModel } from "./plan.ts";
import { countOf, dtypeOf } from "./stored_tensor.ts";
import { HOST_ELEMENTS } from "./value.ts";

/** Role of a stored tensor: a parameter, a buffer such as statistics, or arithmetic of shapes. */
export type Role = "parameter" | "buffer" | "constant";

/** The places that take a stored tensor. */
interface Uses {
  /** Inputs whose elements must be known. */
  known: number;
  /** Inputs that are statistics. */
  statistics: number;
  all: number;
}

/** Counts the places that take each stored tensor. */
function usesOf({ plan, stored }: PlannedModel): ReadonlyMap<string, Uses> {
  const uses = new Map(
    [...stored.keys()].map((name): [string, Uses] => [name, { known: 0, statistics: 0, all: 0 }]),
  );
  for (const { operator: { known, statistics }, inputs } of allNodes(plan)) {
    inputs.forEach((name, i) => {
      const found = uses.get(name);
      if (found === undefined) return;
      found.all++;
      if (known?.includes(i)) found.known++;
      if (statistics?.includes(i)) found.statistics++;
    });
  }
  for (const name of plan.outputs) {
    const found = uses.get(name);
    if (found !== undefined) found.all++;
  }
  return uses;
}

/** Says of each stored tensor of a graph what it is for. */
export function rolesOf(model: PlannedModel, file: string): ReadonlyMap<string, Role> {
  const uses = usesOf(model);
  return new Map(
    [...model.stored].map((
      [name, { tensor, isNode }],
    ) => [name, roleOf(tensor, isNode, uses.get(name)!, `"${name}" of ${file}`)]),
  );
}

function roleOf(
  tensor: OnnxTensor,
  isNode: boolean,
  { known, statistics, all }: Uses,
  what: string,
): Role {
  const dtype = dtypeOf(tensor.dataType),
    isSmall = tensor.dims.length < 9 && countOf(tensor, what) <= HOST_ELEMENTS;
  // A single number is an exponent or a factor of a formula, which training must leave alone.
  if (tensor.dims.length === 0 || (all > 0 && known === all)) return "constant";
  if (dtype === undefined || !isFloating(dtype) || isNode) return isSmall ? "constant" : "buffer";
  return all > 0 && statistics === all ? "buffer" : "parameter";
}

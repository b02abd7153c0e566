/** Draws dtypes for the type letters of signatures. */
import type { Draft } from "./draw.ts";
import { isFloat } from "./numbers.ts";

/** Context that determines the dtype of an argument. */
export interface Meant {
  readonly draft: Draft;
  /** Floating dtype of most tensors of the call. */
  readonly floating: string;
  /** Dtype of the call's first tensor. */
  readonly first: string | undefined;
}

/** Draws a dtype for a type letter. */
export function drawDtype(type: string, { draft, floating, first }: Meant): string {
  const ints = ["int64", "int64", "int32", "uint8"];
  switch (type) {
    case "f":
      return draft.chance(0.999) ? floating : draft.anyDtype();
    case "s":
      return first ?? draft.dtype;
    case "F":
      return draft.dtype === "float64" ? "float64" : "float32";
    case "i":
      return draft.choose(ints);
    case "D":
      return "float64";
    case "I":
      return "int32";
    case "L":
      return draft.chance(0.998) ? "int64" : "int32";
    case "n":
      return draft.chance(0.7) ? draft.dtype : draft.choose(ints);
    case "b":
      return "bool";
    case "a":
      return draft.anyDtype();
  }
  if (first !== undefined && draft.chance(0.8)) return first;
  return draft.chance(0.75)
    ? draft.dtype
    : draft.chance(0.7)
    ? draft.choose(draft.chance(0.2) ? [...ints, "bool"] : ints)
    : draft.anyDtype();
}

/** Returns true if a type letter accepts a variable of a dtype. */
export function takesDtype(type: string, dtype: string, { draft, floating, first }: Meant): boolean {
  const float = isFloat(dtype);
  switch (type) {
    case "f":
      return dtype === floating || float && draft.chance(0.002);
    case "F":
      return dtype === "float32" || dtype === "float64";
    case "D":
      return dtype === "float64";
    case "b":
      return dtype === "bool";
    case "L":
      return dtype === "int64";
    case "I":
      return dtype === "int32";
    case "i":
      return !float && dtype !== "bool";
    case "n":
      return dtype !== "bool";
    case "s":
      return first === undefined || dtype === first;
    case "":
      return first === undefined || dtype === first || draft.chance(0.3);
  }
  return true;
}

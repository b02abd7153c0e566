/** Divisors and exponents that whole numbers do not have. */
import type { Refusal } from "../backend/refusal.ts";
import { refusalError } from "../backend/refusal.ts";
import { isFloating } from "../dtype.ts";
import * as e from "../expr/expr.ts";
import type { Tensor } from "../tensor.ts";
import { type ElementCheck, elementCheck } from "./refuse.ts";

/** The ops that round quotients, or give what is left. */
export type Division = "div" | "floorDivide" | "remainder" | "fmod";

const isZero = (op: Refusal): ElementCheck => elementCheck(op, e.equal(e.input(0), 0));
const ZERO: Readonly<Record<Division, ElementCheck>> = {
  div: isZero("div"),
  floorDivide: isZero("floorDivide"),
  remainder: isZero("remainder"),
  fmod: isZero("fmod"),
};

const isWhole = (x: Tensor | number): boolean =>
  typeof x === "number" ? Number.isInteger(x) : !isFloating(x.dtype);

/** Refuses to divide whole numbers by 0: a number at once, and a tensor that holds one as soon as the device sees it. */
export function checkDivisor(op: Division, x: Tensor | number, y: Tensor | number): void {
  if (!isWhole(x) || !isWhole(y)) return;
  if (typeof y !== "number") ZERO[op](y);
  else if (y === 0) throw refusalError(op);
}

/** Refuses negative numbers as exponents of whole ones. */
export function checkExponent(x: Tensor | number, y: Tensor | number): void {
  if (typeof y === "number" && y < 0 && isWhole(x) && isWhole(y)) throw refusalError("pow");
}

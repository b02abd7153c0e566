/** Divisors and powers that integers do not have. */
import type { Refusal } from "../../backend/refusal.ts";
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
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

/** Refuses to divide integers by 0: a number at once, and a tensor that holds one as soon as the device sees it. */
export function checkDivisor(op: Division, x: Tensor | number, y: Tensor | number): void {
  if (!isWhole(x) || !isWhole(y)) return;
  if (typeof y !== "number") return ZERO[op](y);
  if (y === 0 && typeof x !== "number") {
    throw new RangeError(
      `Cannot apply ${op}() as integers must not be divided by 0: current dtype is ${x.dtype}, ` +
        'convert it with .to("float32")',
    );
  }
}

/** Refuses negative numbers as powers of integers, which are no integers. */
export function checkExponent(x: Tensor | number, y: Tensor | number): void {
  if (typeof x !== "number" && typeof y === "number" && y < 0 && isWhole(x) && isWhole(y)) {
    throw new RangeError(
      `Cannot apply pow() as powers of integers must not be negative: current power is ${y}, dtype ${x.dtype}, ` +
        'convert it with .to("float32")',
    );
  }
}

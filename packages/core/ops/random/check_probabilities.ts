import * as e from "../../expr/expr.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";

/** Refuses probabilities that are below 0, above 1 or NaN, as soon as the device sees them. */
export const checkProbabilities: ElementCheck = elementCheck(
  "bernoulli",
  e.sub(1, e.mul(e.lessEqual(0, e.input(0)), e.lessEqual(e.input(0), 1))),
);

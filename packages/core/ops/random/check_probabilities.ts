import * as e from "../../expr/expr.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";

/** Throws if probabilities are below 0, above 1 or NaN, as soon as the device has processed them. */
export const checkProbabilities: ElementCheck = elementCheck(
  "bernoulli",
  e.sub(1, e.mul(e.lessEqual(0, e.input(0)), e.lessEqual(e.input(0), 1))),
);

import type { ComputeType } from "../dtype.ts";
import type { Arithmetic } from "../expr/arithmetic.ts";
import type { Body } from "../expr/body.ts";
import { compileBody, type EvaluatedBody } from "../expr/evaluate.ts";

const compiled = new WeakMap<Body, Map<ComputeType, unknown>>();

/** {@linkcode compileBody}, once for each body and type. */
export function evaluatorOf<T extends number | bigint>(
  body: Body,
  arithmetic: Arithmetic<T>,
): EvaluatedBody<T> {
  let versions = compiled.get(body);
  if (versions === undefined) compiled.set(body, versions = new Map());
  const known = versions.get(arithmetic.compute);
  // There is one arithmetic for each type.
  if (known !== undefined) return known as EvaluatedBody<T>;
  const made = compileBody(body, arithmetic);
  versions.set(arithmetic.compute, made);
  return made;
}

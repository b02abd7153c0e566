import type { ComputeType } from "../dtype.ts";
import type { Body } from "../expr/body.ts";
import { compileReference, type ReferenceBody } from "../expr/evaluate.ts";

const compiled = new WeakMap<Body, Map<ComputeType, ReferenceBody>>();

/** {@linkcode compileReference}, once for each body and type. */
export function evaluatorOf(body: Body, compute: ComputeType): ReferenceBody {
  let versions = compiled.get(body);
  if (versions === undefined) compiled.set(body, versions = new Map());
  let evaluate = versions.get(compute);
  if (evaluate === undefined) versions.set(compute, evaluate = compileReference(body, compute));
  return evaluate;
}

/** What merged launches are put together from. */
import type { DType, Expr, ScalarFunction } from "@troodon/core";
import {
  type Body,
  body,
  bytesOf,
  type ComputeType,
  computeType,
  expr,
  type LiveValue,
  type MapCall,
  type ProgramLaunch,
  type ProgramView,
} from "@troodon/core/kernel";
import { sameView } from "../layout/regions.ts";

/** A launch of a map. */
export type MapLaunch = ProgramLaunch & { readonly call: MapCall };

/** True of launches of maps. */
export function isMap(launch: ProgramLaunch): launch is MapLaunch {
  return launch.call.kernel === "map";
}

/** Why launches were not merged, for people. */
export class Refused {
  /** The reason, as a clause: "the intermediate is read by 2 launches". */
  readonly reason: string;

  /** A reason. */
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The input that is a view: the one that there is, or a new one. */
export function inputOf(inputs: ProgramView[], view: ProgramView): number {
  const found = inputs.findIndex((input) => sameView(input, view));
  return found >= 0 ? found : inputs.push(view) - 1;
}

/** Replacements for the leaves of an expression; null where a leaf has none. */
export interface Leaves {
  /** In place of an input. */
  input(index: number): Expr;
  /** In place of a coordinate. */
  coordinate(axis: number): Expr | null;
  /** Added to the numbers of scalars. */
  readonly scalars: number;
}

/** `of` with other leaves; null where one of them has no replacement. */
export function withLeaves(of: Expr, { input, coordinate, scalars }: Leaves): Expr | null {
  let missing = false;
  const result = expr.rewrite(of, (node) => {
    switch (node.kind) {
      case "input":
        return input(node.index);
      case "scalar":
        return expr.scalar(node.index + scalars);
      case "coordinate": {
        const other = coordinate(node.axis);
        missing ||= other === null;
        return other ?? node;
      }
      default:
        return undefined;
    }
  });
  return missing ? null : result;
}

/** Live values of two launches whose scalars follow one another; `before` are the scalars of the first. */
export function joinLive(
  first: readonly LiveValue[],
  second: readonly LiveValue[],
  before: number,
): LiveValue[] {
  const moved = second.map((live): LiveValue =>
    live.kind === "scalar" ? { ...live, index: live.index + before } : live
  );
  return [...first, ...moved];
}

/** What two launches that become one were made for. */
export function originsOf(first: ProgramLaunch, second: ProgramLaunch): Pick<ProgramLaunch, "origins"> {
  const origins = [...first.origins ?? [], ...second.origins ?? []];
  return origins.length === 0 ? {} : { origins };
}

/** A launch of a map that reads each view once, and none that its body does not use. */
export function withUsedInputs(launch: MapLaunch): MapLaunch {
  const used = new Set<number>();
  for (const step of launch.call.body.program.steps) if (step.kind === "input") used.add(step.index);
  const inputs: ProgramView[] = [];
  const numbers = launch.inputs.map((view, i) => used.has(i) ? inputOf(inputs, view) : -1);
  if (inputs.length === launch.inputs.length) return launch;
  const outputs = launch.call.body.outputs.map((of) =>
    expr.substitute(of, (index) => expr.input(numbers[index]!))
  );
  return { ...launch, call: { ...launch.call, body: body(...outputs) }, inputs };
}

/** True if all that a type can hold comes back from memory of another as it was. */
export function keepsValues(compute: ComputeType, dtype: DType): boolean {
  return computeType(dtype) === compute && bytesOf(dtype) === bytesOf(compute);
}

const COMPARISONS: ReadonlySet<ScalarFunction> = new Set(["less", "lessEqual", "equal", "notEqual", "isNan"]);

/** True of a map that writes its only input as it is. */
export function isCopy({ call, inputs, outputs }: ProgramLaunch): boolean {
  return call.kernel === "map" && call.body === COPY && inputs[0]!.dtype === outputs[0]!.dtype;
}
const COPY: Body = body(expr.input(0));

/** What is read back from memory of `dtype` after `value` was stored there. */
export function storedAs(value: Expr, dtype: DType, compute: ComputeType): Expr | Refused {
  if (keepsValues(compute, dtype)) return value;
  if (dtype === "bool") {
    const isBool = value.kind === "call" && COMPARISONS.has(value.fn);
    return isBool ? value : expr.notEqual(value, 0);
  }
  return new Refused(`the intermediate is rounded to ${dtype}`);
}

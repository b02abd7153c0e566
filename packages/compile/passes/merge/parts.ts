/** Building blocks of merged launches. */
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

/** Launch of a map. */
export type MapLaunch = ProgramLaunch & { readonly call: MapCall };

/** Returns true if a launch is a map. */
export function isMap(launch: ProgramLaunch): launch is MapLaunch {
  return launch.call.kernel === "map";
}

/** Reason why launches were not merged, as text for the user. */
export class Refused {
  /** The reason, as a clause: "the intermediate is read by 2 launches". */
  readonly reason: string;

  /** Creates a refusal with this reason. */
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Index of the input that equals `view`, which is added if there is none. */
export function inputOf(inputs: ProgramView[], view: ProgramView): number {
  const found = inputs.findIndex((input) => sameView(input, view));
  return found >= 0 ? found : inputs.push(view) - 1;
}

/** Replacements for the leaves of an expression; null if a leaf has none. */
export interface Leaves {
  /** Returns the replacement of an input. */
  input(index: number): Expr;
  /** Returns the replacement of a coordinate. */
  coordinate(axis: number): Expr | null;
  /** Offset added to the indices of scalars. */
  readonly scalars: number;
}

/** Replaces the leaves of `of`; null if one of them has no replacement. */
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

/** Live values of two launches whose scalars are concatenated; `before` is the number of scalars of the first. */
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

/** Origins of the launch that two launches are merged into. */
export function originsOf(first: ProgramLaunch, second: ProgramLaunch): Pick<ProgramLaunch, "origins"> {
  const origins = [...first.origins ?? [], ...second.origins ?? []];
  return origins.length === 0 ? {} : { origins };
}

/** Map without duplicate inputs and without inputs that its body does not use. */
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

/** Returns true if values of the type `compute` survive a round trip through memory of `dtype`. */
export function keepsValues(compute: ComputeType, dtype: DType): boolean {
  return computeType(dtype) === compute && bytesOf(dtype) === bytesOf(compute);
}

const COMPARISONS: ReadonlySet<ScalarFunction> = new Set(["less", "lessEqual", "equal", "notEqual", "isNan"]);

/** Returns true if a map copies its only input unchanged. */
export function isCopy({ call, inputs, outputs }: ProgramLaunch): boolean {
  return call.kernel === "map" && call.body === COPY && inputs[0]!.dtype === outputs[0]!.dtype;
}
const COPY: Body = body(expr.input(0));

/** Value that is loaded after `value` was stored in memory of `dtype`. */
export function storedAs(value: Expr, dtype: DType, compute: ComputeType): Expr | Refused {
  if (keepsValues(compute, dtype)) return value;
  if (dtype === "bool") {
    const isBool = value.kind === "call" && COMPARISONS.has(value.fn);
    return isBool ? value : expr.notEqual(value, 0);
  }
  return new Refused(`the intermediate is rounded to ${dtype}`);
}

/** Merges two maps with a common operand. */
import { body, type Expr, expr, type ProgramLaunch, type ProgramView } from "@troodon/core/kernel";
import { coordinateAfterCut, cutView, keepsOrder, towardsReader } from "../layout/carry.ts";
import { type Correspondence, correspondenceOf, cutShape, isOneToOne } from "../layout/correspondence.ts";
import { expressionsAt } from "./into_reader.ts";
import {
  inputOf,
  joinLive,
  type MapLaunch,
  originsOf,
  Refused,
  withLeaves,
  withUsedInputs,
} from "./parts.ts";

/** Map that computes both `first` and `second`, which share only the operand `shared`. */
export function besideEachOther(
  first: MapLaunch,
  second: MapLaunch,
  shared: { readonly first: ProgramView; readonly second: ProgramView },
): ProgramLaunch | Refused {
  if (first.call.compute !== second.call.compute) {
    return new Refused(`one calculates in ${first.call.compute}, the other in ${second.call.compute}`);
  }
  const correspondence = correspondenceOf(shared.second, shared.first);
  if (correspondence === null || !isOneToOne(correspondence, first.call.shape)) {
    return new Refused("they visit other positions");
  }
  return joined(first, second, correspondence);
}

function joined(
  first: MapLaunch,
  second: MapLaunch,
  correspondence: Correspondence,
): ProgramLaunch | Refused {
  const { random } = first.call, other = second.call.random;
  if (random && other) return new Refused("both draw random numbers");
  if (random && !keepsOrder(correspondence, first.call.shape)) {
    return new Refused("random numbers would be drawn for other elements");
  }
  const inputs: ProgramView[] = [];
  const own = second.inputs.map((view) => inputOf(inputs, cutView(view, correspondence)));
  const scalars = first.call.scalars.length;
  const outputs = second.call.body.outputs.map((of) =>
    withLeaves(of, {
      input: (index) => expr.input(own[index]!),
      coordinate: (axis) => coordinateAfterCut(axis, correspondence),
      scalars,
    })
  );
  const values = expressionsAt(first, correspondence, inputs);
  if (values instanceof Refused) return values;
  if (outputs.includes(null)) return new Refused("coordinates cannot be translated to the other shape");
  return withUsedInputs({
    call: {
      ...second.call,
      body: body(...values, ...outputs as Expr[]),
      scalars: [...first.call.scalars, ...second.call.scalars],
      shape: cutShape(correspondence),
      ...(random && { random }),
    },
    inputs,
    outputs: [
      ...first.outputs.map((view) => towardsReader(view, correspondence)),
      ...second.outputs.map((view) => cutView(view, correspondence)),
    ],
    live: joinLive(first.live, second.live, scalars),
    ...originsOf(first, second),
  });
}

/** Moves a map into the kernel that reads its result. */
import type { Expr, RandomState } from "@troodon/core";
import {
  body,
  type ComputeType,
  expr,
  type ProgramLaunch,
  type ProgramView,
  type ReduceCall,
} from "@troodon/core/kernel";
import {
  coordinateAfterCut,
  coordinateInReader,
  cutView,
  keepsOrder,
  towardsReader,
} from "../layout/carry.ts";
import { type Correspondence, correspondenceOf, cutShape, isOneToOne } from "../layout/correspondence.ts";
import { meets, sameView } from "../layout/regions.ts";
import {
  inputOf,
  isCopy,
  isMap,
  joinLive,
  type MapLaunch,
  originsOf,
  Refused,
  storedAs,
  withLeaves,
  withUsedInputs,
} from "./parts.ts";
import { DECIDES, decidingInputs, roundsOutput } from "./rounding.ts";

/** Launch that evaluates a body at each position of its inputs. */
type Reader = ProgramLaunch & { readonly call: MapLaunch["call"] | ReduceCall };

/** Returns true if a launch applies a body to its inputs. */
export function readsByBody(launch: ProgramLaunch): launch is Reader {
  return isMap(launch) || launch.call.kernel === "reduce";
}

/**
 * Replaces inputs of `reader` that `maker` wrote by the body of `maker`. Outputs of `maker` in `kept` become outputs of
 * the merged launch, which requires a map as the reader.
 */
export function intoReader(
  maker: MapLaunch,
  reader: Reader,
  kept: readonly boolean[],
): ProgramLaunch | Refused {
  if (maker.inputs.some((view) => maker.outputs.some((made) => meets(view, made)))) {
    return new Refused("the intermediate takes the place of an operand");
  }
  let merged: Reader = reader, last: Inlined | Refused | null = null;
  for (;;) {
    const read = merged.inputs.find((view) => maker.outputs.some((made) => meets(view, made)));
    if (read === undefined) break;
    last = inlined(maker, merged, read);
    if (last instanceof Refused) return last;
    merged = last.launch;
  }
  if (last === null || !kept.includes(true)) return isMap(merged) ? withUsedInputs(merged) : merged;
  return withKept(maker, merged, last.correspondence, kept);
}

interface Inlined {
  readonly launch: Reader;
  readonly correspondence: Correspondence;
}

/** Outputs of a maker as expressions over the inputs of a launch at the positions of the reader. */
export function expressionsAt(
  maker: MapLaunch,
  correspondence: Correspondence,
  inputs: ProgramView[],
): readonly Expr[] | Refused {
  const views = maker.inputs.map((view) => inputOf(inputs, towardsReader(view, correspondence)));
  const found: Expr[] = [];
  for (const output of maker.call.body.outputs) {
    const moved = withLeaves(output, {
      input: (index) => expr.input(views[index]!),
      coordinate: (axis) => coordinateInReader(axis, correspondence),
      scalars: 0,
    });
    if (moved === null) return new Refused(COORDINATES);
    found.push(moved);
  }
  return found;
}
const COORDINATES = "coordinates cannot be translated to the other shape";

function inlined(maker: MapLaunch, reader: Reader, read: ProgramView): Inlined | Refused {
  const output = maker.outputs.findIndex((made) => meets(read, made)), made = maker.outputs[output]!;
  if (read.dtype !== made.dtype) return new Refused("the intermediate is read as another dtype");
  const correspondence = correspondenceOf(read, made);
  if (correspondence === null) return new Refused("the intermediate is read in another order");
  const draws = drawsOf(maker, reader, correspondence);
  if (draws instanceof Refused) return draws;
  const inputs = reader.inputs.filter((view) => !sameView(view, read)).map((view) =>
    cutView(view, correspondence)
  );
  const own = reader.inputs.map((view) =>
    sameView(view, read) ? -1 : inputOf(inputs, cutView(view, correspondence))
  );
  const values = expressionsAt(maker, correspondence, inputs);
  if (values instanceof Refused) return values;
  const value = valueAs(maker, output, values[output]!, reader.call.compute);
  if (value instanceof Refused) return value;
  if (roundsOutput(maker.call.body, output, maker.call.compute) && decides(reader, read)) {
    return new Refused(DECIDES);
  }
  const leaves = {
    input: (index: number) => own[index]! < 0 ? value : expr.input(own[index]!),
    coordinate: (axis: number) => coordinateAfterCut(axis, correspondence),
    scalars: maker.call.scalars.length,
  };
  const bodies = reader.call.body.outputs.map((of) => withLeaves(of, leaves));
  if (bodies.includes(null)) return new Refused(COORDINATES);
  const base = {
    inputs,
    outputs: reader.outputs.map((view) => cutView(view, correspondence)),
    live: joinLive(maker.live, reader.live, leaves.scalars),
    ...originsOf(maker, reader),
  };
  const call = {
    ...reader.call,
    ...draws,
    body: body(...bodies as Expr[]),
    scalars: [...maker.call.scalars, ...reader.call.scalars],
    shape: cutShape(correspondence),
  };
  if (call.kernel === "map") return { launch: { ...base, call }, correspondence };
  const reduced = reducedBy(call, correspondence, leaves.scalars);
  return reduced === null ? new Refused(COORDINATES) : { launch: { ...base, call: reduced }, correspondence };
}

/** Returns true if a last digit of what is read from `view` may decide between results of `reader` far apart. */
function decides({ call, inputs }: Reader, view: ProgramView): boolean {
  const deciding = decidingInputs(call.body);
  return deciding.size > 0 && inputs.some((input, i) => deciding.has(i) && sameView(input, view));
}

/** Reduction over split axes, with its `post` body adapted; null if that is not possible. */
function reducedBy(call: ReduceCall, correspondence: Correspondence, scalars: number): ReduceCall | null {
  const { cuts } = correspondence, axes: number[] = [];
  let next = 0;
  cuts.forEach((extents, axis) => {
    for (let i = 0; i < extents.length; i++, next++) if (call.axes.includes(axis)) axes.push(next);
  });
  if (call.post === undefined) return { ...call, axes };
  const post = withLeaves(call.post.outputs[0]!, {
    input: expr.input,
    coordinate: (axis) => coordinateAfterCut(axis, correspondence),
    scalars,
  });
  return post && { ...call, axes, post: body(post) };
}

/** Random state of the merged launch. Random numbers depend on the number of an element, which must not change. */
function drawsOf(
  maker: MapLaunch,
  reader: Reader,
  correspondence: Correspondence,
): { random?: RandomState } | Refused {
  const own = reader.call.kernel === "map" ? reader.call.random : undefined, { random } = maker.call;
  if (random === undefined) return own ? { random: own } : {};
  if (own !== undefined || reader.call.kernel !== "map") return new Refused("both draw random numbers");
  const { shape } = maker.call;
  return isOneToOne(correspondence, shape) && keepsOrder(correspondence, shape)
    ? { random }
    : new Refused("random numbers would be drawn for other elements");
}

/** Value that the reader loads from an output of the maker. */
function valueAs(
  maker: MapLaunch,
  output: number,
  value: Expr,
  compute: ComputeType,
): Expr | Refused {
  if (isCopy(maker)) return value;
  const { call, outputs } = maker;
  if (call.compute !== compute) {
    return new Refused(`one calculates in ${call.compute}, the other in ${compute}`);
  }
  return storedAs(value, outputs[output]!.dtype, compute);
}

/** Merged map that also writes the outputs of the maker which other launches read. */
export function withKept(
  maker: MapLaunch,
  merged: ProgramLaunch,
  correspondence: Correspondence,
  kept: readonly boolean[],
): ProgramLaunch | Refused {
  if (!isMap(merged) || merged.call.compute !== maker.call.compute) {
    return new Refused("other launches read the intermediate too");
  }
  if (!isOneToOne(correspondence, maker.call.shape)) {
    return new Refused("other launches read the intermediate too, and the reader has other positions");
  }
  const inputs = [...merged.inputs], values = expressionsAt(maker, correspondence, inputs);
  if (values instanceof Refused) return values;
  const outputs = maker.outputs.map((view) => towardsReader(view, correspondence));
  return withUsedInputs({
    ...merged,
    call: { ...merged.call, body: body(...merged.call.body.outputs, ...values.filter((_, i) => kept[i])) },
    inputs,
    outputs: [...merged.outputs, ...outputs.filter((_, i) => kept[i])],
  });
}

/** Moves a map into the kernel whose result it reads. */
import type { Expr, MatmulCall } from "@troodon/core";
import {
  type Body,
  body,
  computeType,
  expr,
  FAMILIES,
  isContiguous,
  type ProgramLaunch,
  type ProgramView,
  type ReduceCall,
} from "@troodon/core/kernel";
import { coordinateInMaker, towardsMaker } from "../layout/carry.ts";
import { type Correspondence, correspondenceOf, isOneToOne } from "../layout/correspondence.ts";
import { meets, sameView } from "../layout/regions.ts";
import { isCopy, joinLive, keepsValues, type MapLaunch, originsOf, Refused, withLeaves } from "./parts.ts";
import { DECIDES, decidingInputs } from "./rounding.ts";

/** Map expressed over the positions of the kernel that it is merged into. */
interface Part {
  readonly reader: MapLaunch;
  readonly correspondence: Correspondence;
  /** Inputs that the maker did not write, by their index in the reader. */
  readonly others: ReadonlyMap<number, ProgramView>;
  readonly to: ProgramView;
}

/**
 * Appends the body of `reader`, which reads the output `output`, to `maker`: as the epilogue of a product or the `post`
 * body of a reduction. For other families only copies are merged, by changing the destination.
 */
export function intoMaker(maker: ProgramLaunch, reader: MapLaunch, output: number): ProgramLaunch | Refused {
  const part = partOf(maker, reader, output);
  if (part instanceof Refused) return part;
  const { call } = maker;
  if (call.kernel === "matmul") return withEpilogue(maker, call, part);
  if (call.kernel === "reduce") return withPost(maker, call, part);
  if (!isCopy(reader)) return new Refused(`${call.kernel} has no epilogue`);
  if (call.kernel === "scatter") return new Refused("a scatter depends on the contents of its output");
  if (!FAMILIES[call.kernel].mandatory && !isContiguous(part.to)) {
    return new Refused(`${call.kernel} writes contiguous results`);
  }
  return { ...maker, outputs: maker.outputs.with(output, part.to) };
}

function partOf(maker: ProgramLaunch, reader: MapLaunch, output: number): Part | Refused {
  const made = maker.outputs[output]!, { outputs, inputs, call } = reader;
  if (outputs.length > 1) return new Refused("the reader has several results");
  if (call.random !== undefined) return new Refused("the reader draws random numbers");
  const reads = inputs.filter((view) => maker.outputs.some((one) => meets(view, one)));
  if (!reads.every((view) => sameView(view, reads[0]!))) return new Refused("the intermediate is read twice");
  if (reads[0]!.dtype !== made.dtype) return new Refused("the intermediate is read as another dtype");
  const correspondence = correspondenceOf(reads[0]!, made);
  if (correspondence === null || !isOneToOne(correspondence, made.shape)) {
    return new Refused("the intermediate is read in another order");
  }
  const to = towardsMaker(outputs[0]!, correspondence, made.shape);
  if (to === null) return new Refused("the layouts of the result and the intermediate differ");
  const deciding = isCopy(reader) ? null : decidingInputs(call.body);
  if (deciding !== null && inputs.some((view, i) => deciding.has(i) && sameView(view, reads[0]!))) {
    return new Refused(DECIDES);
  }
  const others = new Map<number, ProgramView>();
  for (const [i, view] of inputs.entries()) {
    if (sameView(view, reads[0]!)) continue;
    const moved = towardsMaker(view, correspondence, made.shape);
    if (moved === null) return new Refused("the layouts of another operand and the intermediate differ");
    others.set(i, moved);
  }
  return { reader, correspondence, others, to };
}

/** The reader's expression over `value`, computed by the maker; other operands follow after `before` inputs. */
function finished(
  { reader, correspondence, others }: Part,
  value: Expr,
  made: ProgramView,
  before: number,
  scalars: number,
): Body | Refused {
  const numbers = new Map([...others.keys()].map((input, i) => [input, before + i]));
  const result = withLeaves(reader.call.body.outputs[0]!, {
    input: (index) => numbers.has(index) ? expr.input(numbers.get(index)!) : value,
    coordinate: (axis) => coordinateInMaker(axis, correspondence, made.shape),
    scalars,
  });
  return result === null ? new Refused("coordinates cannot be translated to the other shape") : body(result);
}

function withEpilogue(maker: ProgramLaunch, call: MatmulCall, part: Part): ProgramLaunch | Refused {
  const { reader, others, to } = part, made = maker.outputs[0]!, compute = computeType(made.dtype);
  const rounded = roundedBetween(made, compute, reader);
  if (rounded !== null) return rounded;
  const operands = [...others.values()];
  if ([to, ...operands].some(({ dtype }) => dtype !== made.dtype)) {
    return new Refused("operands of a product have one dtype");
  }
  const value = call.epilogue?.outputs[0] ?? expr.input(0), scalars = call.scalars.length;
  const epilogue = finished(part, value, made, maker.inputs.length - 1, scalars);
  if (epilogue instanceof Refused) return epilogue;
  const { epilogue: _, ...plain } = call;
  return {
    call: {
      ...plain,
      ...(epilogue !== ITSELF && { epilogue }),
      scalars: [...call.scalars, ...reader.call.scalars],
    },
    inputs: [...maker.inputs, ...operands],
    outputs: [to],
    live: joinLive(maker.live, reader.live, scalars),
    ...originsOf(maker, reader),
  };
}
const ITSELF = body(expr.input(0));

function withPost(maker: ProgramLaunch, call: ReduceCall, part: Part): ProgramLaunch | Refused {
  const { reader, others, to } = part, made = maker.outputs[0]!;
  const rounded = roundedBetween(made, call.compute, reader);
  if (rounded !== null) return rounded;
  if (others.size > 0) return new Refused("the end of a reduction has no other operands");
  const value = call.post?.outputs[0] ?? expr.input(0), scalars = call.scalars.length;
  const post = finished(part, value, made, 1, scalars);
  if (post instanceof Refused) return post;
  return {
    call: {
      ...call,
      ...(post !== ITSELF && { post }),
      scalars: [...call.scalars, ...reader.call.scalars],
    },
    inputs: maker.inputs,
    outputs: [to],
    live: joinLive(maker.live, reader.live, scalars),
    ...originsOf(maker, reader),
  };
}

/** Reason why the reader cannot use the maker's value before it is stored; null if it can. */
function roundedBetween(
  made: ProgramView,
  compute: ReduceCall["compute"],
  reader: MapLaunch,
): Refused | null {
  if (!keepsValues(compute, made.dtype)) return new Refused(`the intermediate is rounded to ${made.dtype}`);
  if (reader.call.compute === compute) return null;
  return new Refused(`one calculates in ${compute}, the other in ${reader.call.compute}`);
}

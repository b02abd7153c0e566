/** Lets kernels read the source of a copy instead of the copy. */
import { FAMILIES, isContiguous, type ProgramLaunch } from "@troodon/core/kernel";
import { towardsReader } from "../layout/carry.ts";
import { correspondenceOf } from "../layout/correspondence.ts";
import { meets } from "../layout/regions.ts";
import { Refused } from "./parts.ts";

/** Version of `reader`, of any family, that reads the source of a copy. */
export function throughCopy(copy: ProgramLaunch, reader: ProgramLaunch): ProgramLaunch | Refused {
  const made = copy.outputs[0]!, source = copy.inputs[0]!;
  if (reader.call.kernel === "scatter" && reader.outputs.some((view) => meets(view, made))) {
    return new Refused("the reader changes the copy in place");
  }
  const inputs = [...reader.inputs];
  for (const [i, view] of reader.inputs.entries()) {
    if (!meets(view, made)) continue;
    const correspondence = view.dtype === made.dtype ? correspondenceOf(view, made) : null;
    if (correspondence === null || correspondence.cuts.some(({ length }) => length !== 1)) {
      return new Refused("the copy has other axes than its source");
    }
    const read = towardsReader(source, correspondence);
    if (!FAMILIES[reader.call.kernel].mandatory && !isContiguous(read)) {
      return new Refused(`${reader.call.kernel} reads contiguous operands`);
    }
    inputs[i] = read;
  }
  return { ...reader, inputs };
}

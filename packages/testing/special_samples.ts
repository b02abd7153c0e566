/** Samples about NaN and infinities. */
import { Generator } from "@troodon/core";
import type { OpCase } from "./case.ts";

/** The cases of `cases` that have samples with NaN or infinities among their values, with these samples alone. */
export function specialSamples(cases: readonly OpCase[]): OpCase[] {
  return cases.flatMap((op) => {
    const samples = op.samples.filter((sample) =>
      sample.some((operand) => !operand.draw(new Generator(0)).every(Number.isFinite))
    );
    return samples.length > 0 ? [{ ...op, samples }] : [];
  });
}

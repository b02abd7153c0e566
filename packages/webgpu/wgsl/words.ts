/** The numbers of a dispatch. */
import { type Body, type ComputeType, toInt32 } from "@troodon/core";
import type { Operands } from "../operands.ts";

const floats = new Float32Array(1), bits = new Uint32Array(floats.buffer);

/** The numbers of a dispatch, with those of `bodies` made of `scalars`, in the order that {@linkcode ShaderText} lays them out in. */
export function wordsOf(
  operands: Operands,
  count = 0,
  own: readonly number[] = [],
  bodies: readonly Body[] = [],
  scalars: readonly number[] = [],
  compute: ComputeType = "float32",
  random?: { readonly seed: readonly [number, number]; readonly offset: readonly [number, number] },
): Uint32Array {
  const words: number[] = [0x7f800000, 0x7fc00000, 0, count];
  if (random) words.push(...random.seed, ...random.offset);
  else words.push(0, 0, 0, 0);
  for (const { offset } of operands.views) if (offset !== 0) words.push(offset);
  words.push(...own);
  for (const body of bodies) {
    const values = body.hostScalars(scalars);
    for (let i = 0; i < body.hostScalarCount; i++) {
      const value = values[i]!;
      if (compute === "int32") {
        words.push(toInt32(value));
      } else {
        floats[0] = value;
        words.push(bits[0]!);
      }
    }
  }
  return Uint32Array.from(words);
}

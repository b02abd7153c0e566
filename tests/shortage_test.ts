/** Calls that find no memory on the way: at each allocation in turn. */
import { CASES, checkShortages, draw } from "@troodon/testing";

/** Ops whose samples make what they change, which is not theirs to free. */
const CHANGING: readonly string[] = ["set"];

for (const [name, cases] of Map.groupBy(CASES, ({ name }) => name)) {
  if (CHANGING.includes(name)) continue;
  Deno.test(`${name}() leaves nothing behind where it finds no memory`, () => {
    for (const op of cases) {
      for (const [seed, sample] of op.samples.slice(0, 2).entries()) {
        checkShortages(`${name}() of sample ${seed}`, op, draw(sample, seed, "float32"));
      }
    }
  });
}

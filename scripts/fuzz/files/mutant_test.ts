import { assert, assertEquals } from "@std/assert";
import { mutantOf, sameBytes } from "./mutant.ts";
import { FORMATS } from "./table.ts";

Deno.test("mutantOf() draws the same files for a seed and a number, others for others, and reaches every structure", async () => {
  const chosen = FORMATS.filter(({ name }) => ["torch", "PNG", "idx in gzip", "safetensors"].includes(name));
  for (const format of chosen) {
    const samples = await format.samples(), others = [new Uint8Array(100)], found = new Set<string>();
    let unlike = 0;
    for (let n = 0; n < 60; n++) {
      const [a, b, c] = [
        await mutantOf(format, samples, others, { seed: 1, n }),
        await mutantOf(format, samples, others, { seed: 1, n }),
        await mutantOf(format, samples, others, { seed: 2, n }),
      ];
      const bytes = a.files.get(a.changed)!;
      assert(sameBytes(bytes, b.files.get(b.changed)!), format.name);
      if (!sameBytes(bytes, c.files.get(c.changed)!)) unlike++;
      for (const done of a.done) found.add(done);
      for (const sample of samples) for (const [name, whole] of sample.files) assert(whole.length > 0, name);
    }
    assert(unlike > 50, format.name);
    assertEquals(format.structures.filter(({ name }) => !found.has(name)), []);
  }
});

/** The same numbers on every backend, also where the counter carries. */
import { assert, assertEquals } from "@std/assert";
import { dropout, ones, rand, randint, randn, Scope, type Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

const read = (t: Tensor): number[] => [...t.dataSync()].map(Number);

const [reference, ...others] = [...DEVICES, ...GPU_DEVICES];

for (const device of others) {
  for (const offset of [0, 5, 2 ** 32 - 3, 2 ** 32, 2 ** 40 - 1]) {
    Deno.test(`draws on ${device.name} are the reference's from block ${offset} on`, () => {
      const draw = (from: typeof device): Tensor[] => {
        from.generator.setState({ seed: [7, 9], offset, used: 4 });
        const options = { device: from };
        return [
          rand([7], options),
          rand([3, 5], options),
          randint(-9, 9, [33], options),
          dropout(ones([65], options), { p: 0.3 }),
          ones([4, 3], options).t().uniform_(),
          randn([9], options),
        ];
      };
      using _ = new Scope();
      const expected = draw(reference!).map(read), found = draw(device).map(read);
      assertEquals(found.slice(0, -1), expected.slice(0, -1));
      found.at(-1)!.forEach((v, i) => assert(Math.abs(v - expected.at(-1)![i]!) < 1e-5));
    });
  }
}

/** Changes in place that read another window of the memory they write: as if all was read first. */
import { assertEquals } from "@std/assert";
import { type Device, Scope, type Tensor, tensor, where } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

const backwards = (x: Tensor): Tensor => x.slice(0, undefined, undefined, -1);

/** What [1, 2, 3, 4] becomes. */
const ROWS: Readonly<Record<string, readonly [change: (x: Tensor) => unknown, expected: readonly number[]]>> =
  {
    "the window before": [(x) => x.slice(0, 1).add_(x.slice(0, 0, 3)), [1, 3, 5, 7]],
    "the window behind": [(x) => x.slice(0, 0, 3).add_(x.slice(0, 1)), [3, 5, 7, 4]],
    "the window before, copied": [(x) => x.slice(0, 1).copy_(x.slice(0, 0, 3)), [1, 1, 2, 3]],
    "itself backwards": [(x) => x.copy_(backwards(x)), [4, 3, 2, 1]],
    "itself backwards, added": [(x) => x.add_(backwards(x)), [5, 5, 5, 5]],
    "into itself backwards": [(x) => backwards(x).sub_(x), [-3, -1, 1, 3]],
    "one of its elements": [(x) => x.mul_(x.at({ start: 1, end: 2 })), [2, 4, 6, 8]],
    "its first element": [(x) => x.sub_(x.at({ end: 1 })), [0, 1, 2, 3]],
    "itself": [(x) => x.mul_(x), [1, 4, 9, 16]],
    "every other element": [(x) => x.slice(0, 0, 4, 2).add_(x.slice(0, 1, 4, 2)), [3, 2, 7, 4]],
    "itself twice": [(x) => x.addcmul_(backwards(x), x), [5, 8, 9, 8]],
  };

for (const device of [...DEVICES, ...GPU_DEVICES] satisfies readonly Device[]) {
  for (const [name, [change, expected]] of Object.entries(ROWS)) {
    Deno.test(`a change in place reads ${name} as it was, on ${device.name}`, () => {
      using _ = new Scope();
      const x = tensor([1, 2, 3, 4], { device }), { buffers } = device.memory;
      {
        using _inner = new Scope();
        change(x);
      }
      assertEquals(x.tolist(), [...expected]);
      assertEquals(device.memory.buffers, buffers);
    });
  }

  Deno.test(`a change in place reads its transpose as it was, on ${device.name}`, () => {
    using _ = new Scope();
    const x = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]], { device });
    x.add_(x.t());
    assertEquals(x.tolist(), [[2, 6, 10], [6, 10, 14], [10, 14, 18]]);
    const y = tensor([[1, 2], [3, 4]], { device });
    y.t().copy_(y);
    assertEquals(y.tolist(), [[1, 3], [2, 4]]);
    // A row that is repeated over the rows, of which it is one.
    const z = tensor([[1, 2], [3, 4]], { device });
    z.mul_(z.select(0, 1));
    assertEquals(z.tolist(), [[3, 8], [9, 16]]);
    assertEquals(where(z.gt(8), z.t(), z).tolist(), [[3, 8], [8, 16]]);
  });
}

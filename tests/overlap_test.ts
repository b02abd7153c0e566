/** Changes in place that read the memory they write: as if all was read first, or refused where PyTorch refuses. */
import { assertEquals, assertThrows } from "@std/assert";
import { type Device, Scope, type Tensor, tensor, where } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

const backwards = (x: Tensor): Tensor => x.slice(0, undefined, undefined, -1);

/** What [1, 2, 3, 4] becomes. */
const ROWS: Readonly<Record<string, readonly [change: (x: Tensor) => unknown, expected: readonly number[]]>> =
  {
    "itself backwards": [(x) => x.copy_(backwards(x)), [4, 3, 2, 1]],
    "itself backwards, added": [(x) => x.add_(backwards(x)), [5, 5, 5, 5]],
    "into itself backwards": [(x) => backwards(x).sub_(x), [-3, -1, 1, 3]],
    "itself": [(x) => x.mul_(x), [1, 4, 9, 16]],
    "itself by another shape": [(x) => x.mul_(x.reshape([1, 4]).select(0, 0)), [1, 4, 9, 16]],
    "every other element": [(x) => x.slice(0, 0, 4, 2).add_(x.slice(0, 1, 4, 2)), [3, 2, 7, 4]],
    "its other half": [(x) => x.slice(0, 0, 2).add_(x.slice(0, 2)), [4, 6, 3, 4]],
    "itself twice": [(x) => x.addcmul_(backwards(x), x), [5, 8, 9, 8]],
    "a column of itself": [(x) => x.view([2, 2]).mul_(x.view([2, 2]).slice(1, 0, 1)), [1, 2, 9, 12]],
    "a shifted window with gaps": [
      (x) => x.view([2, 2]).slice(1, 0, 1).copy_(x.view([2, 2]).slice(1, 1)),
      [2, 2, 4, 4],
    ],
  };

/** Windows without gaps, of which PyTorch knows that they overlap. */
const REFUSED: Readonly<Record<string, (x: Tensor) => unknown>> = {
  "the window before": (x) => x.slice(0, 1).add_(x.slice(0, 0, 3)),
  "the window behind": (x) => x.slice(0, 0, 3).add_(x.slice(0, 1)),
  "the window before, copied": (x) => x.slice(0, 1).copy_(x.slice(0, 0, 3)),
  "one of its elements": (x) => x.mul_(x.at({ start: 1, end: 2 })),
  "its first element": (x) => x.sub_(x.at({ end: 1 })),
  "its transpose": (x) => x.view([2, 2]).add_(x.view([2, 2]).t()),
  "its transpose, copied": (x) => x.view([2, 2]).t().copy_(x.view([2, 2])),
  "one of its rows": (x) => x.view([2, 2]).mul_(x.view([2, 2]).select(0, 1)),
  "what it scatters": (x) =>
    x.scatter_(0, tensor([1, 0], { device: x.device, dtype: "int32" }), x.slice(0, 0, 2)),
  "itself over several": (x) => x.slice(0, 0, 1).expand([4]).add_(1),
  "itself over overlapping windows": (x) => x.asStrided([3, 2], [1, 1]).add_(1),
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

  for (const [name, change] of Object.entries(REFUSED)) {
    Deno.test(`a change in place does not read ${name}, on ${device.name}`, () => {
      using _ = new Scope();
      const x = tensor([1, 2, 3, 4], { device });
      assertThrows(() => change(x), RangeError, "in place as");
      assertEquals(x.tolist(), [1, 2, 3, 4]);
    });
  }

  Deno.test(`a result of its own may read a tensor and its transpose, on ${device.name}`, () => {
    using _ = new Scope();
    const z = tensor([[3, 8], [9, 16]], { device });
    assertEquals(where(z.gt(8), z.t(), z).tolist(), [[3, 8], [8, 16]]);
  });
}

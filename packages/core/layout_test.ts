import { assertEquals } from "@std/assert";
import { Device, ReferenceBackend, zeros } from "./mod.ts";
import { contiguousLayout, expandStrides, isContiguous } from "./kernel.ts";

Deno.test("isContiguous() leaves axes of one position and empty ones out of account", () => {
  const cases: readonly (readonly [shape: number[], strides: number[], boolean])[] = [
    [[], [], true],
    [[3], [1], true],
    [[3], [2], false],
    [[3], [-1], false],
    [[1], [7], true],
    [[2, 3], [3, 1], true],
    [[2, 3], [1, 2], false],
    [[2, 3], [4, 1], false],
    [[1, 3], [99, 1], true],
    [[3, 1], [1, 99], true],
    [[2, 1, 3], [3, 0, 1], true],
    [[2, 2], [0, 1], false],
    [[3, 0], [5, 9], true],
  ];
  for (const [shape, strides, expected] of cases) {
    assertEquals(isContiguous({ shape, strides }), expected, `${shape} by ${strides}`);
  }
});

Deno.test("isContiguous() is true of views that need no copy, and these share their memory", () => {
  const device = new Device(new ReferenceBackend()), x = zeros([4, 1, 3], { device });
  for (
    const view of [x.at(1), x.slice(0, 1, 2), x.transpose(0, 1), x.select(0, 3).t().t(), x.slice(0, 0, 0)]
  ) {
    assertEquals(view.isContiguous(), true);
    assertEquals(view.contiguous() === view, true);
  }
  assertEquals(x.transpose(0, 2).isContiguous(), false);
});

Deno.test("expandStrides() repeats axes of extent 1 and new ones, and no others", () => {
  const of = (shape: number[], strides: number[], wanted: number[]) =>
    expandStrides({ shape, strides }, wanted);
  assertEquals(of([3], [1], [2, 3]), [0, 1]);
  assertEquals(of([2, 1], [5, 7], [2, 4]), [5, 0]);
  assertEquals(of([2, 1], [5, 7], [2, 1]), [5, 7]);
  assertEquals(of([1, 3], [5, 2], [4, 2, 3]), [0, 0, 2]);
  assertEquals(of([], [], [2, 2]), [0, 0]);
  assertEquals(of([1], [9], [1, 1]), [0, 9]);
  assertEquals(of([1], [9], [0]), [0]);
});

Deno.test("contiguousLayout() is row-major from the beginning", () => {
  assertEquals(contiguousLayout([2, 3, 4]), { shape: [2, 3, 4], strides: [12, 4, 1], offset: 0 });
  assertEquals(contiguousLayout([]), { shape: [], strides: [], offset: 0 });
});

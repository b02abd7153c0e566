import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, lpPool1d, lpPool2d, lpPool3d, ReferenceBackend, tensor } from "@troodon/core";

const device = new Device(new ReferenceBackend(), { tape });

Deno.test("lpPool1d() counts a window that reaches beyond the end as if it were whole", () => {
  const x = tensor([[1, 2, 3]], { device }).requiresGrad_(), y = lpPool1d(x, 1, 2, { ceilMode: true });
  assertEquals(y.tolist(), [[3, 6]]);
  y.sum().backward();
  assertEquals(x.grad!.tolist(), [[1, 1, 2]]);
});

Deno.test("lpPool1d() keeps the sign of sums where p is 1, and has no root of them where it is 3", () => {
  for (const [p, wanted, slopes] of [[1, [-3, 0], [1, 1, 0, 0]], [3, [NaN, 0], [NaN, NaN, 0, 0]]] as const) {
    const x = tensor([[-1, -2, 0, 0]], { device }).requiresGrad_(), y = lpPool1d(x, p, 2);
    assertEquals(y.tolist(), [[...wanted]]);
    y.sum().backward();
    assertEquals(x.grad!.tolist(), [[...slopes]]);
  }
});

Deno.test("lpPool2d() and lpPool3d() agree with lpPool1d() on one axis", () => {
  const row = tensor([[3, 4, 5]], { device }), wanted = lpPool1d(row, 2, 2, { ceilMode: true }).tolist();
  const plane = lpPool2d(row.unsqueeze(1), 2, [1, 2], { ceilMode: true }).squeeze(1);
  const volume = lpPool3d(row.reshape([1, 1, 1, 3]), 2, [1, 1, 2], { ceilMode: true }).reshape([1, 2]);
  assertEquals([plane.tolist(), volume.tolist()], [wanted, wanted]);
});

import { assertEquals } from "@std/assert";
import { avgPool2d, mseLoss, type Tensor, tensor } from "@troodon/core";
import { accumulated } from "@troodon/core/kernel";
import { DEVICES } from "./reference/devices.ts";

for (const device of DEVICES) {
  const half = (values: number[]): Tensor => tensor(values, { device, dtype: "float16" });

  Deno.test(`accumulated() gives gradients that are rounded once on ${device.name}`, () => {
    const x = half([300, 400]).requiresGrad_();
    accumulated([x], (x) => x.square().sum().sqrt()).backward();
    assertEquals([x.grad!.dtype, x.grad!.tolist()], ["float16", [Math.f16round(0.6), Math.f16round(0.8)]]);
  });

  Deno.test(`avgPool2d() has gradients where the sum overflows in float16 on ${device.name}`, () => {
    const plane = half([60000, 60000, 60000, 60000]).reshape([1, 1, 2, 2]).requiresGrad_();
    const mean = avgPool2d(plane, 2);
    mean.backward();
    assertEquals([mean.item(), plane.grad!.tolist()], [60000, [[[[0.25, 0.25], [0.25, 0.25]]]]]);
  });

  Deno.test(`mseLoss() has gradients where the loss is infinite in float16 on ${device.name}`, () => {
    const x = half([300, 0]).requiresGrad_(), loss = mseLoss(x, half([0, 0]));
    loss.backward();
    assertEquals([loss.item(), x.grad!.tolist()], [Infinity, [300, 0]]);
  });

  Deno.test(`second derivatives of a norm in float16 are rounded once on ${device.name}`, () => {
    const x = half([300, 400]).requiresGrad_(), length = x.norm();
    length.backward({ createGraph: true });
    const slope = x.grad!;
    x.grad = null;
    slope.select(0, 0).backward();
    // (1 - 0.6^2) / 500 and -0.6 * 0.8 / 500
    const [a, b] = x.grad!.tolist() as [number, number];
    assertEquals([Math.abs(a - 0.00128) < 2e-6, Math.abs(b + 0.00096) < 2e-6], [true, true], `${a}, ${b}`);
  });

  Deno.test(`logsumexp() has the gradients of results that are not rounded on ${device.name}`, () => {
    const x = half([300.5, 300, 299]).requiresGrad_();
    x.logsumexp(0).backward();
    const shares = [300.5, 300, 299].map((n) => Math.exp(n - 300.5)), sum = shares.reduce((a, b) => a + b);
    assertEquals(x.grad!.tolist(), shares.map((share) => Math.f16round(share / sum)));
  });
}

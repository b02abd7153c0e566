import { assertEquals } from "@std/assert";
import { noGrad, tape } from "@troodon/autograd";
import { Device, type Launch, tensor } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";

Deno.test("maxPool2d() keeps positions for gradients alone", () => {
  using device = new Device(new CpuBackend(), { tape });
  const x = tensor([[[[1, 5], [3, 4]]]], { device }), launches: Launch[] = [];
  using _ = device.listen((launch) => launches.push(launch));
  const plain = x.maxPool2d(2);
  x.requiresGrad_();
  const unrecorded = noGrad(() => x.maxPool2d(2)), recorded = x.maxPool2d(2);
  assertEquals([plain, unrecorded, recorded].map((y) => y.item()), [5, 5, 5]);
  const pooled = launches.filter(({ call }) => call.kernel === "maxPool2d");
  assertEquals(pooled.map(({ outputs }) => outputs.length), [1, 1, 2]);
  recorded.backward();
  assertEquals(x.grad!.tolist(), [[[[0, 1], [0, 0]]]]);
});

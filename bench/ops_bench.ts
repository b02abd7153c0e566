/** What an op costs beside its kernel, by `deno bench`: tensors of four elements on one thread. */
import { noGrad, tape } from "@troodon/autograd";
import { Device, Scope, tensor, tidySync } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";

const device = new Device(new CpuBackend({ threads: 1, blas: "off" }), { tape });
const x = tensor([1, 2, 3, 4], { device }), y = tensor([5, 6, 7, 8], { device });
const weight = tensor([1, 2, 3, 4], { device, requiresGrad: true });
const matrix = tensor([[1, 2], [3, 4]], { device });

Deno.bench("add of 4 elements", { group: "add", baseline: true }, () => {
  x.add(y).dispose();
});

Deno.bench("add of 4 elements, recorded", { group: "add" }, () => {
  tidySync(() => void weight.add(y));
});

Deno.bench("10 adds of 4 elements in a Scope", { group: "scope" }, () => {
  using _ = new Scope();
  for (let i = 0; i < 10; i++) x.add(y);
});

Deno.bench("10 adds of 4 elements in tidySync()", { group: "scope" }, () => {
  tidySync(() => {
    for (let i = 0; i < 10; i++) x.add(y);
  });
});

Deno.bench("product of 2x2 matrices", () => {
  matrix.matmul(matrix).dispose();
});

Deno.bench("a step of 4 weights", () => {
  using _ = new Scope();
  weight.mul(x).add(y).tanh().sum().backward();
  noGrad(() => weight.sub_(weight.grad!.mul(0.1)));
  weight.grad!.dispose();
  weight.grad = null;
});

/** Counts and positions beyond 2^24, where float32 has no odd numbers. */
import { assert, assertEquals } from "@std/assert";
import { arange, Device, Generator, ones, Scope, tensor, zeros } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";

const N = 2 ** 24 + 3;

const device = new Device(new CpuBackend(), { generator: new Generator(1) });

Deno.test("counts and sums of whole numbers are exact beyond 2^24", () => {
  using _ = new Scope();
  const x = ones([N], { device, dtype: "bool" });
  assertEquals([x.countNonzero().item(), x.sum().item(), x.to("uint8").sum().item()], [N, N, N]);
  assertEquals(x.sum(undefined, { dtype: "float64" }).item(), N);
  assertEquals(x.cumsum(0).at(-1).item(), N);
});

Deno.test("positions are exact beyond 2^24", () => {
  using _ = new Scope();
  const x = zeros([N], { device, dtype: "uint8" }), last = x.slice(0, N - 2, N - 1);
  last.fill_(1);
  assertEquals([x.argmax().item(), x.max(0).indices.item()], [N - 2, N - 2]);
  assertEquals(x.nonzero().tolist(), [[N - 2]]);
  const places = arange(0, N, 1, { device });
  assertEquals([places.at(-1).item(), places.at(-2).item(), places.amax().item()], [N - 1, N - 2, N - 1]);
  assertEquals(places.indexSelect(0, tensor([N - 2, 3], { device, dtype: "int32" })).tolist(), [N - 2, 3]);
  assertEquals(x.flip(0).argmax().item(), 1);
});

Deno.test("sums and means of very many float32 do not drift", () => {
  using _ = new Scope();
  const x = ones([N], { device }).mul(0.1);
  const exact = N * Math.fround(0.1);
  assert(Math.abs(x.sum().item() / exact - 1) < 1e-5, String(x.sum().item()));
  assert(Math.abs(x.mean().item() - 0.1) < 1e-6, String(x.mean().item()));
  // The variance of equal elements is 0, however many.
  assertEquals(x.var().item(), 0);
});

Deno.test("draws beyond 2^24 are blocks of their own", () => {
  using _ = new Scope();
  const state = device.generator.getState();
  const x = zeros([N], { device }).uniform_();
  device.generator.setState({ ...state, offset: state.offset + N - 3 });
  assertEquals(x.slice(0, N - 3).tolist(), zeros([3], { device }).uniform_().tolist());
});

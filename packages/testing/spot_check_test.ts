import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, type KernelCall, ReferenceBackend, type ReferenceView } from "@troodon/core";
import { makeOracle, type OpCase, spotCheck, uniform } from "./mod.ts";

const sine: OpCase = { name: "sin", op: (x) => x!.sin(), samples: [[uniform([2, 3])], [uniform([4])]] };

/** Calculates 1 % too much. */
class Faulty extends ReferenceBackend {
  override launch(call: KernelCall, inputs: readonly ReferenceView[], outputs: readonly ReferenceView[]) {
    super.launch(call, inputs, outputs);
    if (call.kernel === "map") {
      for (const { buffer } of outputs) new Float32Array(buffer.bytes.buffer)[0]! *= 1.01;
    }
  }
}

Deno.test("spotCheck() names the kernels and the largest error", async () => {
  const found = await spotCheck([sine], makeOracle(), makeOracle());
  assertEquals([found.name, found.kernels, found.faults, found.skipped], ["sin", ["map"], [], null]);
  assert(found.error < 1e-7);
});

Deno.test("spotCheck() finds a wrong result, on as many samples as were asked for", async () => {
  const device = new Device(new Faulty(), { tape });
  const once = await spotCheck([sine], makeOracle(), device);
  const twice = await spotCheck([sine], makeOracle(), device, { samples: 2 });
  assertEquals([once.faults.length, twice.faults.length], [1, 2]);
  assertStringIncludes(once.faults[0]!, "sin() of sample 0 on reference: result 0 at [0, 0] is");
  assert(once.error > 1e-3);
});

Deno.test("spotCheck() leaves large samples out", async () => {
  const found = await spotCheck([sine], makeOracle(), makeOracle(), { elements: 5 });
  assertEquals(found.kernels, ["map"]);
  assertEquals((await spotCheck([sine], makeOracle(), makeOracle(), { elements: 3 })).kernels, []);
});

Deno.test("spotCheck() says so where a device cannot wait for operands", async () => {
  class Async extends ReferenceBackend {}
  Object.defineProperty(Async.prototype, "readSync", { value: undefined });
  const waits: OpCase = { ...sine, name: "det", op: (x) => x!.det(), samples: [[uniform([2, 2])]] };
  const found = await spotCheck([waits], makeOracle(), new Device(new Async(), { tape }));
  assertEquals(found.faults, []);
  assertStringIncludes(found.skipped!, "cannot wait here");
});

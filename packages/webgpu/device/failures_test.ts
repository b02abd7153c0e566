import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fakeDevice } from "../fake_device.ts";
import { Failures } from "./failures.ts";
import { GpuError } from "./gpu_error.ts";

const task = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("Failures.check() throws the first error, once", () => {
  const { device, fail, counts } = fakeDevice(), failures = new Failures(device);
  failures.check();
  fail(" first ");
  fail("second");
  assertEquals(counts.events, ["prevented", "prevented"]);
  const error = assertThrows(() => failures.check(), GpuError);
  assertEquals([error.message, error.lost], ["Cannot run a kernel on the GPU: first", false]);
  failures.check();
  fail("third");
  assertThrows(() => failures.check(), GpuError, "third");
});

Deno.test("Failures.settle() waits for scopes, whose errors name what was done", async () => {
  const { device, scopes } = fakeDevice(), failures = new Failures(device);
  await failures.settle();
  scopes.push(null, "no such thing", "more");
  for (const what of ["one()", "two()", "three()"]) {
    failures.enter();
    failures.leave(what);
  }
  failures.check();
  const error = await assertRejects(() => failures.settle(), GpuError);
  assertEquals(error.message, "Cannot run two() on the GPU: no such thing");
  await failures.settle();
  // Scopes that began meanwhile are waited for as well.
  scopes.push(null, new Promise((resolve) => setTimeout(resolve, 1, "late")));
  failures.leave("first()");
  const settled = failures.settle();
  failures.leave("second()");
  await assertRejects(() => settled, GpuError, "second()");
});

Deno.test("Failures leaves scopes alone that a lost device refuses", async () => {
  const { device, scopes } = fakeDevice(), failures = new Failures(device);
  scopes.push(new DOMException("lost"));
  failures.leave("kernel()");
  await failures.settle();
});

Deno.test("Failures.lost stays, and its error is thrown every time", async () => {
  const { device, lose, fail } = fakeDevice(), failures = new Failures(device);
  await failures.hear();
  assert(!failures.lost);
  fail("before");
  lose("unknown", "");
  await assertRejects(() => failures.hear(), GpuError, "was lost (unknown): no cause was given");
  assert(failures.lost);
  for (let i = 0; i < 2; i++) {
    const error = assertThrows(
      () => failures.check(),
      GpuError,
      "open another and go on from the last checkpoint",
    );
    assert(error.lost);
  }
  fail("after");
  assertThrows(() => failures.check(), GpuError, "was lost");
});

Deno.test("Failures.close() makes the loss of a device no error", async () => {
  const { device, lose } = fakeDevice(), failures = new Failures(device);
  failures.close();
  lose("destroyed", "as asked for");
  await task();
  assert(!failures.lost);
  failures.check();
  await failures.settle();
});

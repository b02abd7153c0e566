import { assertEquals } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import { lossBehind } from "./device_loss.ts";

/** A device that says that it is lost when it is asked for the `n`-th time. */
function lostAt(n: number, finish: () => Promise<void> = () => Promise.resolve()): Device {
  const backend = new ReferenceBackend();
  let asked = 0;
  Object.defineProperties(backend, { lost: { get: () => ++asked >= n }, finish: { value: finish } });
  return new Device(backend);
}

Deno.test("lossBehind() asks the device ten times whether it is lost, a task apart", async () => {
  const error = new DOMException("Buffer is not mapped");
  // Once for what it is, at the beginning, after each task, and at the end.
  for (const n of [1, 2, 13]) assertEquals(await lossBehind(error, lostAt(n)), { error });
  assertEquals(await lossBehind(error, lostAt(14)), null);
  assertEquals(await lossBehind(error, new Device(new ReferenceBackend())), null);
});

Deno.test("lossBehind() gives what the device says of its loss", async () => {
  const said = new RangeError("taken");
  assertEquals(await lossBehind(new TypeError("x"), lostAt(1, () => Promise.reject(said))), { error: said });
});

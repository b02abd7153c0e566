import { assertEquals } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import { lossBehind } from "./device_loss.ts";

/** Creates a device that reports itself as lost from the `n`-th query on. */
function lostAt(n: number, finish: () => Promise<void> = () => Promise.resolve()): Device {
  const backend = new ReferenceBackend();
  let asked = 0;
  Object.defineProperties(backend, { lost: { get: () => ++asked >= n }, finish: { value: finish } });
  return new Device(backend);
}

Deno.test("lossBehind() asks the device ten times whether it is lost, a task apart", async () => {
  const error = new DOMException("Buffer is not mapped");
  // One query for the error itself, one at the start, one after each task, and one at the end.
  for (const n of [1, 2, 13]) assertEquals(await lossBehind(error, lostAt(n)), { error });
  assertEquals(await lossBehind(error, lostAt(14)), null);
  assertEquals(await lossBehind(error, new Device(new ReferenceBackend())), null);
});

Deno.test("lossBehind() gives what the device says of its loss", async () => {
  const said = new RangeError("taken");
  assertEquals(await lossBehind(new TypeError("x"), lostAt(1, () => Promise.reject(said))), { error: said });
});

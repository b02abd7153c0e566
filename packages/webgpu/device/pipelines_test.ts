import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { fakeDevice } from "../fake_device.ts";
import { Bindings } from "./bindings.ts";
import { Failures } from "./failures.ts";
import { Pipelines } from "./pipelines.ts";

const source = (code: string, words = 8) => ({ label: `of ${code}`, code, written: [true], words });

Deno.test("Pipelines compiles a source once, and keeps it for as many users as took it", () => {
  const { device, counts } = fakeDevice(),
    bindings = new Bindings(device, device.createBuffer({ size: 16, usage: 0 }));
  const pipelines = new Pipelines(device, new Failures(device), bindings, { unused: 0 });
  const a = pipelines.take(source("a")), b = pipelines.take(source("b", 100));
  assertStrictEquals(pipelines.take(source("a")), a);
  assertNotStrictEquals(a, b);
  assertEquals([a.label, a.layout.slots, b.layout.slots], ["of a", 1, 2]);
  assertEquals([pipelines.made, pipelines.held, counts.pipelines], [2, 2, ["of a", "of b"]]);
  pipelines.release(a);
  assertStrictEquals(pipelines.take(source("a")), a);
  pipelines.release(a);
  pipelines.release(a);
  assertEquals([pipelines.made, pipelines.held], [2, 1]);
  assertNotStrictEquals(pipelines.take(source("a")), a);
  assertStrictEquals(pipelines.take(source("b", 100)), b);
  assertEquals([pipelines.made, pipelines.held], [3, 2]);
});

Deno.test("Pipelines keeps some that nobody uses, and lets the one go that was left first", () => {
  const { device } = fakeDevice(), numbers = device.createBuffer({ size: 16, usage: 0 });
  const bindings = new Bindings(device, numbers);
  const pipelines = new Pipelines(device, new Failures(device), bindings, { unused: 2 });
  const [a, b, c] = ["a", "b", "c"].map((code) => pipelines.take(source(code)));
  pipelines.release(a!);
  pipelines.release(b!);
  assertStrictEquals(pipelines.take(source("a")), a);
  pipelines.release(a!);
  pipelines.release(c!);
  // Of b, a and c, in the order in which they were left, b had to go.
  assertEquals([pipelines.made, pipelines.held], [3, 2]);
  assertStrictEquals(pipelines.take(source("a")), a);
  assertStrictEquals(pipelines.take(source("c")), c);
  assertNotStrictEquals(pipelines.take(source("b")), b);
});

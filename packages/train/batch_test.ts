import { assert, assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, setDefaultDevice, zeros } from "@troodon/core";
import { countSamples, inputAndTarget, ownedBatch } from "./batch.ts";

setDefaultDevice(new Device(new ReferenceBackend()));

Deno.test("countSamples() is the length of the first tensor, wherever it is", () => {
  const x = zeros([5, 2]), y = zeros([3]);
  assertEquals(countSamples([x, y]), 5);
  assertEquals(countSamples({ name: "graph", nodes: { left: [y], right: x } }), 3);
  assertEquals(countSamples(x), 5);
  assertEquals([zeros([]), { name: null }, null, "text"].map(countSamples), [1, 1, 1, 1]);
});

Deno.test("inputAndTarget() takes pairs and images with labels, and refuses the rest", () => {
  const image = zeros([2, 1]), label = zeros([2]);
  assertEquals(inputAndTarget([image, label]), [image, label]);
  assertEquals(inputAndTarget({ label, image }), [image, label]);
  for (const wrong of [[image], { image }, { x: image, y: label }, null, 3]) {
    assertThrows(() => inputAndTarget(wrong), TypeError, "must be a pair or have image and label");
  }
});

Deno.test("ownedBatch() has batches of an async iterable disposed of, and leaves those of an array", () => {
  const batch = { [Symbol.dispose]: () => {} };
  const loader = { length: 1, async *[Symbol.asyncIterator]() {} };
  assert(ownedBatch(loader, batch) === batch);
  assertEquals([ownedBatch(loader, [1]), ownedBatch(loader, null), ownedBatch([batch], batch)], [
    null,
    null,
    null,
  ]);
});

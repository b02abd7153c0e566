import { assertEquals, assertThrows } from "@std/assert";
import { Device, LeNet, randn, ReferenceBackend, setDefaultDevice, tape } from "@troodon/troodon";
import { createModel, MODEL_NAMES } from "./create_model.ts";

setDefaultDevice(new Device(new ReferenceBackend(), { tape }));

Deno.test("createModel() makes networks of the sizes they are known for", () => {
  const sizes = MODEL_NAMES.map((name) => {
    const parameters = [...createModel(name).parameters()];
    return [name, parameters.reduce((n, p) => n + p.numel(), 0)];
  });
  // LeNet-5 as in PyTorch's tutorial has 61,706 parameters.
  assertEquals(sizes, [["mlp", 203530], ["lenet", 61706], ["cnn", 80202], ["cnn-bn", 80250]]);
});

Deno.test("createModel() makes networks that map images to logits", () => {
  for (const name of MODEL_NAMES) {
    const logits = createModel(name, { channels: 2, classes: 3 }).forward(randn([2, 2, 28, 28]));
    assertEquals(logits.shape, [2, 3]);
  }
  assertEquals(new LeNet({ size: 32 }).forward(randn([1, 1, 32, 32])).shape, [1, 10]);
  assertThrows(() => createModel("lenet", { size: 33 }), RangeError, "33");
  assertThrows(() => createModel("cnn", { size: 8 }), RangeError, "16 or more");
});

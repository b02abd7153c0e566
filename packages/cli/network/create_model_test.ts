import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CpuBackend,
  Device,
  manualSeed,
  type models,
  randn,
  save,
  setDefaultDevice,
  tape,
} from "@troodon/troodon";
import { createModel, createPretrained, defaultSize, modelNames, SMALL_NAMES } from "./create_model.ts";
import { type ImageShape, MNIST_SHAPE } from "../images/image_shape.ts";

setDefaultDevice(new Device(new CpuBackend(), { tape }));

const shapeOf = (rows: number, columns: number, channels: 1 | 3 = 1): ImageShape => ({
  ...MNIST_SHAPE,
  size: [rows, columns],
  channels,
});

Deno.test("createModel() makes networks of the sizes they are known for", () => {
  const sizes = SMALL_NAMES.map((name) => {
    const parameters = [...createModel(name).parameters()];
    return [name, parameters.reduce((n, p) => n + p.numel(), 0)];
  });
  // LeNet-5 as in PyTorch's tutorial has 61,706 parameters.
  assertEquals(sizes, [["mlp", 203530], ["lenet", 61706], ["cnn", 80202], ["cnn-bn", 80250]]);
});

Deno.test("createModel() makes networks that map images of any size to logits", () => {
  for (const name of [...SMALL_NAMES, "squeezenet1_1"]) {
    const model = createModel(name, { classes: 3, shape: shapeOf(24, 32, 3) });
    assertEquals([model(randn([2, 3, 24, 32])).shape, model.training], [[2, 3], true]);
  }
  assertEquals(modelNames().length, 60);
  assertEquals(
    createModel("vit_b_32", { classes: 2, shape: shapeOf(32, 32, 3) })(randn([1, 3, 32, 32])).shape,
    [1, 2],
  );
});

Deno.test("createModel() refuses images that a network cannot take, in one line that names it", () => {
  for (
    const [name, shape, message] of [
      ["lenet", shapeOf(33, 33), "33 x 33"],
      ["cnn", shapeOf(8, 28), "16 or more"],
      ["vit_b_32", shapeOf(32, 64), "vit_b_32 as it takes square images: current size is 32 x 64"],
      ["vit_b_32", shapeOf(28, 28), "multiple of patchSize"],
      ["squeezenet1_1", shapeOf(8, 8), "Cannot make squeezenet1_1 for images of 8 x 8 as they are too small"],
      ["resnet19", shapeOf(28, 28), "did you mean resnet"],
    ] as const
  ) {
    const { message: said } = assertThrows(() => createModel(name, { shape }), RangeError, message);
    assertEquals(said.includes("\n"), false, said);
  }
});

Deno.test("createPretrained() loads all but a head for other classes, and says which", async () => {
  const file = await Deno.makeTempFile({ suffix: ".pth" });
  manualSeed(1);
  for (const [name, head, bodies] of [["squeezenet1_1", "classifier.1", 50], ["lenet", "fc3", 8]] as const) {
    const first = createModel(name, { classes: 3 });
    await save(first.stateDict(), file);
    for (const classes of [3, 5]) {
      const said: models.OtherHead[] = [];
      const model = await createPretrained(name, file, { classes }, (head) => said.push(head));
      assertEquals(said, classes === 3 ? [] : [{ name: head, found: 3, classes: 5 }]);
      const before = first.stateDict(),
        same = [...model.stateDict()].filter(([key, value]) =>
          String(value.shape) === String(before.get(key)!.shape) && value.equal(before.get(key)!)
        );
      assertEquals(same.length, classes === 3 ? bodies + 2 : bodies);
      assertEquals(model(randn([1, 1, 28, 28])).shape, [1, classes]);
    }
  }
  await assertRejects(
    () => createPretrained("mlp", file, {}, () => {}),
    RangeError,
    `Cannot load weights of ${file} into Mlp`,
  );
  await Deno.remove(file);
});

Deno.test("defaultSize() is 224 for torchvision's networks and image folders alone", () => {
  assertEquals(defaultSize("resnet18", "image-folder"), [224, 224]);
  assertEquals(defaultSize("resnet18", undefined), [28, 28]);
  assertEquals(defaultSize("cnn", "image-folder"), [28, 28]);
});

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng, Image, LabelledImages } from "@troodon/troodon";
import { fitted, normalizationOf, openImages } from "./image_data.ts";

Deno.test("openImages() reads the folders train and test, resized and grey", async () => {
  const root = await Deno.makeTempDir();
  const write = async (path: string, image: Image) => {
    await Deno.mkdir(join(root, path), { recursive: true });
    await Deno.writeFile(join(root, path, "1.png"), encodePng(image));
  };
  await write("training/cat", new Image(28, 28, 1, new Uint8Array(784).fill(7)));
  await write("training/dog", new Image(56, 56, 3, new Uint8Array(56 * 56 * 3).fill(200)));
  await write("test/cat", new Image(28, 28, 1, new Uint8Array(784)));
  const { images, classes, paths } = await openImages("image-folder", "train", { root });
  assertEquals(classes, ["cat", "dog"]);
  assertEquals(paths, [`${root}/training/cat/1.png`, `${root}/training/dog/1.png`]);
  assertEquals([...images.labels], [0, 1]);
  assertEquals([images.images[0], images.images[784], images.images.length], [7, 200, 1568]);
  assertEquals((await openImages("image-folder", "test", { root })).images.length, 1);
  await Deno.remove(join(root, "test"), { recursive: true });
  await assertRejects(
    () => openImages("image-folder", "test", { root }),
    Deno.errors.NotFound,
    "test or testing",
  );
  await assertRejects(() => openImages("mnist", "test", { root, offline: true }), Deno.errors.NotFound);
  await assertRejects(() => openImages("mnist", "test"), TypeError, "folder");
  await Deno.remove(root, { recursive: true });
});

Deno.test("normalizationOf() is the mean and the deviation of all pixels", () => {
  const of = (bytes: number[]) =>
    normalizationOf(
      new LabelledImages({
        images: new Uint8Array(bytes),
        labels: new Uint8Array(1),
        height: 1,
        width: bytes.length,
      }),
    );
  const { mean, std } = of([0, 255, 255, 255]);
  assertEquals(mean, 0.75);
  assertAlmostEquals(std, Math.sqrt(3) / 4, 1e-4);
  assertEquals(of([9, 9]).std, 1);
});

Deno.test("fitted() leaves images of the right size alone", () => {
  const image = new Image(28, 28, 1, new Uint8Array(784));
  assert(fitted(image) === image);
  assertEquals(fitted(new Image(10, 20, 4, new Uint8Array(800))).data.length, 784);
});

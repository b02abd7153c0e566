import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng, Image } from "@troodon/troodon";
import { openImages } from "./image_data.ts";

Deno.test("openImages() reads the folders train and test, fitted and gray by default", async () => {
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
  const read = async (channels: 1 | 3 | undefined, split: "train" | "test" = "train") => {
    const shape = { size: [14, 7], channels, augment: true } as const;
    const { images } = await openImages("image-folder", split, { root, shape });
    return [images.height, images.width, images.channels];
  };
  assertEquals(await read(3), [16, 8, 3]);
  assertEquals(await read(undefined), [16, 8, 1]);
  await write("training/dog", new Image(1, 1, 3, new Uint8Array([1, 1, 2])));
  assertEquals(await read(undefined), [16, 8, 3]);
  const large = { size: [40000, 40000], channels: 3, augment: false } as const;
  await assertRejects(
    () => openImages("image-folder", "test", { root, shape: large }),
    RangeError,
    "4.5 GiB",
  );
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

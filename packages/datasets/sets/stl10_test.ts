import { assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "./support_test.ts";
import { Stl10 } from "./stl10.ts";

const PIXELS = 96 * 96;
/** Images whose bytes tell their places: the red ones the row, the green ones the column, the blue ones the sample. */
const planes = (count: number): Uint8Array =>
  Uint8Array.from({ length: count * 3 * PIXELS }, (_, i) => {
    const place = i % PIXELS, x = Math.floor(place / 96), y = place % 96;
    return [y, x, Math.floor(i / (3 * PIXELS))][Math.floor(i / PIXELS) % 3]!;
  });

Deno.test("Stl10.open() turns planes of columns upright, and counts labels from 0", () =>
  withFolder({
    "stl10_binary/train_X.bin": planes(3),
    "stl10_binary/train_y.bin": Uint8Array.of(1, 10, 3),
    "stl10_binary/fold_indices.txt": new TextEncoder().encode("2 0 \n1 7\n"),
  }, async (root) => {
    const dataset = await Stl10.open({ root });
    const { image, label } = dataset.get(1), at = 3 * (5 * 96 + 9);
    assertEquals([[...image.data.subarray(at, at + 3)], dataset.classes[label]], [[5, 9, 1], "truck"]);
    const fold = await Stl10.open({ root, fold: 0 });
    assertEquals([[...fold.labels], fold.get(0).image.data[2]], [[2, 0], 2]);
    await assertRejects(
      () => Stl10.open({ root, fold: 1 }),
      TypeError,
      "line 2 must have numbers of samples, below 3",
    );
    await assertRejects(() => Stl10.open({ root, fold: 10 }), RangeError, "current fold is 10");
    await assertRejects(
      () => Stl10.open({ root, train: false }),
      Deno.errors.NotFound,
      "stl10_binary.tar.gz",
    );
    await Deno.writeFile(`${root}/stl10_binary/train_y.bin`, Uint8Array.of(1, 11, 3));
    await assertRejects(() => Stl10.open({ root }), RangeError, "that of sample 1 is 11");
    await Deno.writeFile(`${root}/stl10_binary/train_y.bin`, Uint8Array.of(1));
    await assertRejects(() => Stl10.open({ root }), TypeError, "train_y.bin need 27648 bytes");
  }));

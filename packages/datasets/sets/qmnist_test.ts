import { assertEquals, assertRejects } from "@std/assert";
import { writeIdx } from "../files/idx.ts";
import { Qmnist, type QmnistPart } from "./qmnist.ts";
import { images, withFolder } from "./support_test.ts";

const info = (classes: readonly number[]): Uint8Array =>
  writeIdx({
    data: Int32Array.from({ length: 8 * classes.length }, (_, i) => i % 8 ? 100 + i : classes[i >> 3]!),
    shape: [classes.length, 8],
  });

Deno.test("Qmnist.open() reads the classes and the origin of each digit", () =>
  withFolder({
    "qmnist-train-images-idx3-ubyte": images(2),
    "QMNIST/raw/qmnist-train-labels-idx2-int": info([7, 2]),
  }, async (root) => {
    const dataset = await Qmnist.open({ root });
    assertEquals([dataset.length, dataset.get(1).label, dataset.info[9]], [2, 2, 109]);
    assertEquals([...dataset.get(1).image.data.subarray(0, 2)], [784 % 251, 785 % 251]);
    const wrong = { root, what: "nist" as QmnistPart };
    await assertRejects(() => Qmnist.open(wrong), TypeError, "one of train, test, test10k, test50k");
    await Deno.writeFile(`${root}/qmnist-train-labels-idx2-int`, info([7, 10]));
    await assertRejects(() => Qmnist.open({ root }), RangeError, "number 1 is 10");
    await Deno.writeFile(`${root}/qmnist-train-labels-idx2-int`, info([7]));
    await assertRejects(() => Qmnist.open({ root }), RangeError, "has 2 images and");
    await Deno.writeFile(`${root}/qmnist-train-labels-idx2-int`, images(1));
    await assertRejects(() => Qmnist.open({ root }), TypeError, "it must hold int32 of 2 dimensions");
  }));

Deno.test("Qmnist.open() divides the test samples as torchvision does", () => {
  const classes = Array.from({ length: 10_003 }, (_, i) => i % 10);
  return withFolder({
    "qmnist-test-images-idx3-ubyte": writeIdx({
      data: Uint8Array.from({ length: 4 * classes.length }, (_, i) => i >> 2 & 255),
      shape: [classes.length, 2, 2],
    }),
    "qmnist-test-labels-idx2-int": info(classes),
  }, async (root) => {
    for (
      const [what, length, first] of [["test", 10_003, 0], ["test10k", 10_000, 0], [
        "test50k",
        3,
        10_000,
      ]] as const
    ) {
      const dataset = await Qmnist.open({ root, what });
      assertEquals([dataset.length, dataset.info.length], [length, 8 * length]);
      assertEquals([dataset.get(1).label, dataset.get(1).image.data[0]], [(first + 1) % 10, first + 1 & 255]);
    }
  });
});

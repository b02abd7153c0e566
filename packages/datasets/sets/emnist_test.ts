import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { Emnist, type EmnistSplit } from "./emnist.ts";
import { Kmnist } from "./mnist.ts";
import { images, labels, withFolder } from "./support_test.ts";

Deno.test("Emnist.open() reads a part, as stored or upright", () =>
  withFolder({
    "EMNIST/raw/emnist-letters-train-images-idx3-ubyte": images(2),
    "EMNIST/raw/emnist-letters-train-labels-idx1-ubyte.gz": gzipSync(labels(1, 26)),
  }, async (root) => {
    const stored = await Emnist.open({ root, split: "letters" });
    assertEquals([stored.length, stored.classes[stored.get(1).label]], [2, "z"]);
    const upright = await Emnist.open({ root, split: "letters", upright: true });
    const a = stored.get(1).image.data, b = upright.get(1).image.data;
    assertEquals([b[1], b[28]], [a[28], a[1]]);
    await assertRejects(
      () => Emnist.open({ root, split: "letters", train: false }),
      Deno.errors.NotFound,
      "gzip.zip",
    );
    await assertRejects(
      () => Emnist.open({ root, split: "words" as EmnistSplit }),
      TypeError,
      "one of byclass",
    );
  }));

Deno.test("Emnist.open() knows the classes of its parts", () =>
  withFolder({
    "emnist-balanced-test-images-idx3-ubyte": images(1),
    "emnist-balanced-test-labels-idx1-ubyte": labels(47),
    "emnist-byclass-test-images-idx3-ubyte": images(1),
    "emnist-byclass-test-labels-idx1-ubyte": labels(61),
  }, async (root) => {
    const balanced = () => Emnist.open({ root, split: "balanced", train: false });
    await assertRejects(balanced, RangeError, "labels must be in 0 to 46 but number 0 is 47");
    await Deno.writeFile(`${root}/emnist-balanced-test-labels-idx1-ubyte`, labels(36));
    assertEquals((await balanced()).classes[36], "a");
    const byclass = await Emnist.open({ root, split: "byclass", train: false });
    assertEquals([byclass.classes.length, byclass.classes[61], byclass.classes[10]], [62, "z", "A"]);
  }));

Deno.test("Kmnist.open() reads files in the form of MNIST", () =>
  withFolder({
    "KMNIST/raw/t10k-images-idx3-ubyte": images(1),
    "KMNIST/raw/t10k-labels-idx1-ubyte": labels(9),
  }, async (root) => {
    const dataset = await Kmnist.open({ root, train: false });
    assertEquals(dataset.classes[dataset.get(0).label], "wo");
  }));

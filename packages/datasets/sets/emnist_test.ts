import { assertEquals, assertRejects } from "@std/assert";
import { writeZip } from "@troodon/io";
import { gzipSync } from "node:zlib";
import { Emnist, type EmnistSplit } from "./emnist.ts";
import { unpackEmnist } from "./emnist_archive.ts";
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
      "{ download: true } fetches it",
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

Deno.test("Emnist.open() refuses an archive with another MD5, and asks for none where it is offline", () =>
  withFolder({}, async (root) => {
    const asked: string[] = [];
    const server = Deno.serve({ port: 0, onListen: () => {} }, ({ url }) => {
      asked.push(new URL(url).pathname);
      return new Response(writeZip([]));
    });
    const options = {
      root,
      split: "digits",
      download: true,
      mirrors: [`http://localhost:${server.addr.port}/x/`],
    } as const;
    try {
      await assertRejects(() => Emnist.open({ ...options, offline: true }), Deno.errors.NotFound, "forbids");
      assertEquals(asked, []);
      const wrong = "its MD5 must be 58c8d27c78d21e728a6bc7b3cc06412e";
      await assertRejects(() => Emnist.open(options), Deno.errors.NotFound, wrong);
      assertEquals([asked, [...Deno.readDirSync(root)]], [["/x/gzip.zip"], []]);
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("unpackEmnist() unpacks the files of all parts, and nothing that lies elsewhere", () => {
  const packed = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(bytes));
  const data = packed(images(2));
  const archive = writeZip([
    { name: "gzip/emnist-digits-test-images-idx3-ubyte.gz", data },
    { name: "gzip/emnist-digits-test-labels-idx1-ubyte.gz", data: packed(labels(3, 4)) },
    { name: "gzip/emnist-digits-mapping.txt", data },
    { name: "a/b/emnist-mnist-test-images-idx3-ubyte.gz", data },
    { name: "__MACOSX/._emnist-mnist-test-images-idx3-ubyte.gz", data },
  ]);
  return withFolder({ "gzip.zip": archive }, async (root) => {
    await unpackEmnist(`${root}/gzip.zip`, root);
    assertEquals([...Deno.readDirSync(root)].length, 3);
    const dataset = await Emnist.open({ root, split: "digits", train: false });
    assertEquals([dataset.length, dataset.get(1).label], [2, 4]);
  });
});

import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { FashionMnist, Mnist } from "./mnist.ts";
import { images, labels, withFolder } from "./support_test.ts";

type Files = Readonly<Record<string, Uint8Array>>;

Deno.test("Mnist.open() reads plain and gzip files of either split", () =>
  withFolder({
    "train-images-idx3-ubyte": images(3),
    "train-labels-idx1-ubyte.gz": gzipSync(labels(7, 0, 9)),
    "t10k-images-idx3-ubyte.gz": gzipSync(images(2)),
    "t10k-labels-idx1-ubyte": labels(1, 2),
  }, async (root) => {
    const train = await Mnist.open({ root });
    assertEquals([train.length, train.height, train.width], [3, 28, 28]);
    assertEquals([...train.labels], [7, 0, 9]);
    assertEquals(train.get(1).image.data[0], 784 % 251);
    assertEquals([...(await Mnist.open({ root, train: false })).labels], [1, 2]);
  }));

Deno.test("Mnist.open() and FashionMnist.open() look where torchvision keeps its files", () =>
  withFolder({
    "MNIST/raw/t10k-images-idx3-ubyte": images(1),
    "MNIST/raw/t10k-labels-idx1-ubyte": labels(1),
    "FashionMNIST/raw/t10k-images-idx3-ubyte": images(1),
    "FashionMNIST/raw/t10k-labels-idx1-ubyte": labels(9),
  }, async (root) => {
    assertEquals((await Mnist.open({ root, train: false })).get(0).label, 1);
    const fashion = await FashionMnist.open({ root, train: false });
    assertEquals(fashion.classes[fashion.get(0).label], "Ankle boot");
  }));

Deno.test("Mnist.open() says what is missing, and how to get it", () =>
  withFolder({ "train-images-idx3-ubyte": images(1) }, async (root) => {
    const { NotFound } = Deno.errors;
    await assertRejects(
      () => Mnist.open({ root }),
      NotFound,
      "nor train-labels-idx1-ubyte.gz: { download: true }",
    );
    const offline = () => Mnist.open({ root, download: true, offline: true });
    await assertRejects(offline, NotFound, "{ offline: true } forbids downloading it");
  }));

Deno.test("Mnist.open() refuses files that do not belong together", async () => {
  const cases: readonly (readonly [Files, typeof RangeError | typeof TypeError, string])[] = [
    [
      { "train-images-idx3-ubyte": images(2), "train-labels-idx1-ubyte": labels(1) },
      RangeError,
      "train-images-idx3-ubyte has 2 images and ",
    ],
    [
      { "train-images-idx3-ubyte": images(2), "train-labels-idx1-ubyte": labels(1, 10) },
      RangeError,
      "labels must be in 0 to 9 but number 1 is 10",
    ],
    [
      { "train-images-idx3-ubyte": labels(1, 2), "train-labels-idx1-ubyte": labels(1, 2) },
      TypeError,
      "it must hold uint8 of 3 dimensions but holds Uint8Array of shape 2",
    ],
    [
      { "train-images-idx3-ubyte": images(2).subarray(0, 1000), "train-labels-idx1-ubyte": labels(1, 2) },
      TypeError,
      "train-images-idx3-ubyte: header says 2x28x28 = 1568 bytes but only 984 follow it",
    ],
  ];
  for (const [files, type, message] of cases) {
    await withFolder(files, async (root) => {
      await assertRejects(() => Mnist.open({ root }), type, message);
    });
  }
});

Deno.test("Mnist.open() downloads nothing that has other bytes than MNIST, and leaves no folder behind", () =>
  withFolder({}, async (outer) => {
    const root = `${outer}/data/mnist`;
    const body = new Uint8Array(gzipSync(images(1)));
    const server = Deno.serve({ port: 0, onListen: () => {} }, ({ url }) => {
      return url.includes("/good/") ? new Response(body) : new Response("no gzip");
    });
    const host = `http://localhost:${server.addr.port}`;
    try {
      const open = () => Mnist.open({ root, download: true, mirrors: [`${host}/bad/`, `${host}/good/`] });
      const error = await assertRejects(open, Deno.errors.NotFound, "as no mirror has it");
      assertEquals(error.message.split("\n").map((line) => /gzip file$|but is [0-9a-f]{64}$/.test(line)), [
        false,
        true,
        true,
      ]);
      const fashion = () => FashionMnist.open({ root, download: true, mirrors: [`${host}/good/`] });
      await assertRejects(fashion, Deno.errors.NotFound, "its MD5 must be 8d4fb7e6c68d591d4c3dfef9ec88bf0d");
      assertEquals([...Deno.readDirSync(outer)], []);
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("Mnist.open() leaves mirrors that give more than its files have", () =>
  withFolder({}, async (root) => {
    const endless = () =>
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20)) });
    const server = Deno.serve(
      { port: 0, onListen: () => {} },
      ({ url }) =>
        url.includes("/endless/")
          ? new Response(endless())
          : new Response(endless(), { headers: { "content-length": "9000000" } }),
    );
    const host = `http://localhost:${server.addr.port}`, mirrors = [`${host}/endless/`, `${host}/large/`];
    try {
      // Header and 10,000 images of 28 x 28, plus a thousandth and 1,024 bytes.
      await assertRejects(
        () => Mnist.open({ root, train: false, download: true, mirrors }),
        Deno.errors.NotFound,
        "it has more than 7848881 bytes\n",
      );
      const { message } = await assertRejects(
        () => Mnist.open({ root, train: false, download: true, mirrors: [mirrors[1]!] }),
        Deno.errors.NotFound,
      );
      assertEquals(
        message.includes("it has more than 7848881 bytes: the server says 9000000"),
        true,
        message,
      );
      assertEquals([...Deno.readDirSync(root)], []);
    } finally {
      await server.shutdown();
    }
  }));

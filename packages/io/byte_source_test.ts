import { assertEquals, assertRejects } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { openBytes } from "./byte_source.ts";

const BYTES = Uint8Array.from({ length: 100 }, (_, i) => i);

Deno.test("openBytes() reads parts of files, Blobs and bytes", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "a b.bin");
  try {
    await Deno.writeFile(path, BYTES);
    const shared = new Uint8Array(new SharedArrayBuffer(100));
    shared.set(BYTES);
    const files = [path, toFileUrl(path), new Blob([BYTES]), BYTES, BYTES.buffer, shared];
    const names = [path, path, "the Blob", "the bytes", "the bytes", "the bytes"];
    for (const [i, file] of files.entries()) {
      using source = await openBytes(file);
      assertEquals([source.size, source.name], [100, names[i]]);
      // All at once, though an open file has one place only.
      const parts = await Promise.all([[90, 100], [0, 3], [50, 50]].map(([a, b]) => source.read(a!, b!)));
      assertEquals(parts.map((part) => [...part]), [[...BYTES.slice(90)], [0, 1, 2], []]);
    }
    using named = await openBytes(new File([BYTES], "x.bin"));
    assertEquals(named.name, "x.bin");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openBytes() opens another file of the same folder, where there is a folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["a", "b"]) await Deno.writeTextFile(join(folder, name), name);
    using a = await openBytes(join(folder, "a"));
    using b = await a.beside("b");
    assertEquals(new TextDecoder().decode(await b.read(0, 1)), "b");
    using bytes = await openBytes(BYTES);
    await assertRejects(() => bytes.beside("b"), TypeError, "it has no folder");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openBytes() fetches what comes from the network", async () => {
  const server = Deno.serve({ port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    return pathname === "/none" ? new Response("", { status: 404 }) : new Response(pathname);
  });
  const root = `http://localhost:${server.addr.port}`;
  try {
    using source = await openBytes(`${root}/folder/weights`);
    assertEquals(new TextDecoder().decode(await source.read(1, 7)), "folder");
    using other = await source.beside("more");
    assertEquals(other.name, `${root}/folder/more`);
    await assertRejects(() => openBytes(new URL(`${root}/none`)), TypeError, "HTTP status 404");
  } finally {
    await server.shutdown();
  }
});

Deno.test("openBytes() gives a server up that does not answer, or stops sending", async () => {
  const silent = Promise.withResolvers<Response>();
  const server = Deno.serve({ port: 0, onListen: () => {} }, ({ url }) => {
    if (url.endsWith("/silent")) return silent.promise;
    if (url.endsWith("/list")) return new Response("list");
    return new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) }),
    );
  });
  const root = `http://localhost:${server.addr.port}`, limits = { answerWithin: 50, finishWithin: 60 };
  const failure = (name: string, why: string) =>
    `Cannot read ${root}/${name} as the server must send it: ${why}`;
  try {
    await assertRejects(
      () => openBytes(`${root}/silent`, undefined, limits),
      TypeError,
      failure("silent", "no answer in 0.05 s"),
    );
    await assertRejects(
      () => openBytes(`${root}/stalled`, undefined, { finishWithin: 60 }),
      TypeError,
      failure("stalled", "no complete answer in 0.06 s"),
    );
    using list = await openBytes(`${root}/list`, undefined, { ...limits, finishWithin: Infinity });
    await assertRejects(() => list.beside("silent"), TypeError, "no answer in 0.05 s");
    await assertRejects(
      () => openBytes(`${root}/list`, undefined, { answerWithin: NaN }),
      RangeError,
      "answerWithin must be a number above 0: current one is NaN",
    );
    await assertRejects(
      () => openBytes("http://localhost:1/closed"),
      TypeError,
      "Cannot read http://localhost:1",
    );
  } finally {
    silent.resolve(new Response());
    await server.shutdown();
  }
});

Deno.test("openBytes() refuses folders and what is not there, and reads of a file that became shorter", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "a");
  try {
    await assertRejects(() => openBytes(folder), TypeError, "it is a folder");
    await assertRejects(() => openBytes(path), Deno.errors.NotFound, path);
    await Deno.writeFile(path, BYTES);
    using source = await openBytes(path);
    await Deno.truncate(path, 10);
    await assertRejects(
      () => source.read(5, 20),
      RangeError,
      `Cannot read ${path} as it must have 100 bytes`,
    );
    assertEquals((await source.read(0, 3)).length, 3);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

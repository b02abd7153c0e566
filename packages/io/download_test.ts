import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { download } from "./download.ts";

Deno.test("download() goes on to the next mirror until one is right", async () => {
  const root = await Deno.makeTempDir();
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    if (pathname === "/missing") return new Response("", { status: 404 });
    return new Response(pathname);
  });
  const host = `http://localhost:${server.addr.port}`;
  const check = (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes);
    return Promise.resolve(text === "/right" ? null : `it is ${text}`);
  };
  try {
    const path = `${root}/new/folder/file`;
    const urls = ["/missing", "/wrong", "/right", "/never"].map((name) => host + name);
    await download({ urls: ["http://localhost:1/closed", ...urls], path, check });
    assertEquals(await Deno.readTextFile(path), "/right");
    assertEquals(asked, ["/missing", "/wrong", "/right"]);
    const error = await assertRejects(
      () => download({ urls: urls.slice(0, 2), path: `${root}/other/file`, check }),
      Deno.errors.NotFound,
    );
    assertEquals(
      error.message,
      `Cannot download ${root}/other/file as no mirror has it:\n` +
        `  ${host}/missing: HTTP status 404\n  ${host}/wrong: it is /wrong`,
    );
    assertEquals([...Deno.readDirSync(root)].map(({ name }) => name), ["new"]);
  } finally {
    await server.shutdown();
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("download() gives up a mirror that does not answer, or not completely", async () => {
  const root = await Deno.makeTempDir();
  const pending = Promise.withResolvers<Response>();
  const server = Deno.serve({ port: 0, onListen: () => {} }, ({ url }) => {
    if (url.endsWith("/silent")) return pending.promise;
    return new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) }),
    );
  });
  const urls = ["silent", "stalled"].map((name) => `http://localhost:${server.addr.port}/${name}`);
  const check = () => Promise.resolve(null);
  try {
    const error = await assertRejects(
      () => download({ urls, path: `${root}/file`, check, answerWithin: 50, finishWithin: 60 }),
      Deno.errors.NotFound,
    );
    assertEquals(error.message.split("\n").slice(1), [
      `  ${urls[0]}: no answer in 0.05 s`,
      `  ${urls[1]}: no complete answer in 0.06 s`,
    ]);
  } finally {
    pending.resolve(new Response());
    await server.shutdown();
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("download() leaves a mirror that gives more than there can be", async () => {
  const root = await Deno.makeTempDir();
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1000)) });
  const server = Deno.serve(
    { port: 0, onListen: () => {} },
    ({ url }) => new Response(url.endsWith("/endless") ? endless : new Uint8Array(5000)),
  );
  const host = `http://localhost:${server.addr.port}`;
  const fetched = (urls: string[], limit: number) =>
    download({ urls, path: `${root}/file`, check: () => Promise.resolve(null), limit });
  try {
    await assertRejects(
      () => fetched([`${host}/endless`, `${host}/large`], 4999),
      Deno.errors.NotFound,
      `${host}/endless: it has more than 4999 bytes\n  ${host}/large: it has more than 4999 bytes`,
    );
    await fetched([`${host}/large`], 5000);
    assertEquals((await Deno.readFile(`${root}/file`)).length, 5000);
  } finally {
    await server.shutdown();
    await Deno.remove(root, { recursive: true });
  }
});

/** Starts a server that answers each connection with `text` and closes it. */
function rawServer(text: string): { readonly url: string; close(): Promise<void> } {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const served = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(10_000));
      await connection.write(new TextEncoder().encode(text));
      connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}/file`,
    close: async () => {
      listener.close();
      await served;
    },
  };
}

Deno.test("download() refuses an answer that is shorter than it says, follows redirects, and leaves circles", async () => {
  const root = await Deno.makeTempDir(), path = `${root}/file`;
  const short = rawServer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.");
  const server = Deno.serve({ port: 0, onListen: () => {} }, ({ url }) => {
    if (url.endsWith("/circle")) return Response.redirect(url);
    return url.endsWith("/moved") ? Response.redirect(url.replace("moved", "there")) : new Response("right");
  });
  const host = `http://localhost:${server.addr.port}`;
  const fetched = (...urls: string[]) => download({ urls, path, check: () => Promise.resolve(null) });
  try {
    const { message } = await assertRejects(() => fetched(short.url, `${host}/circle`), Deno.errors.NotFound);
    assertStringIncludes(message, short.url);
    assertStringIncludes(message, `${host}/circle: `);
    assertEquals([...Deno.readDirSync(root)], []);
    await fetched(short.url, `${host}/moved`);
    assertEquals([await Deno.readTextFile(path), [...Deno.readDirSync(root)].length], ["right", 1]);
  } finally {
    await Promise.all([server.shutdown(), short.close()]);
    await Deno.remove(root, { recursive: true });
  }
});

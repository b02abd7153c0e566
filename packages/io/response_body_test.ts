import { assertEquals, assertRejects } from "@std/assert";
import { bodyWithin, statedSize } from "./response_body.ts";

/** Endless body that records how much of it was read and whether it was canceled. */
function endless(): {
  readonly body: ReadableStream<Uint8Array>;
  readonly seen: { given: number; left: boolean };
} {
  const seen = { given: 0, left: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(1000));
      seen.given += 1000;
    },
    cancel: () => void (seen.left = true),
  }, { highWaterMark: 0 });
  return { body, seen };
}

Deno.test("bodyWithin() leaves a body as soon as it is too large, or said to be", async () => {
  const { body, seen } = endless();
  await assertRejects(() => bodyWithin(new Response(body), 4999), RangeError, "it has more than 4999 bytes");
  assertEquals(seen, { given: 5000, left: true });
  const said = endless();
  await assertRejects(
    () => bodyWithin(new Response(said.body, { headers: { "content-length": "5000" } }), 4999),
    RangeError,
    "it has more than 4999 bytes: the server says 5000",
  );
  assertEquals(said.seen, { given: 0, left: true });
});

Deno.test("bodyWithin() gives what has the size that it may have, and tells what has come", async () => {
  const come: number[] = [];
  const blob = await bodyWithin(new Response("12345"), 5, (received) => come.push(received));
  assertEquals([await blob.text(), come.at(-1)], ["12345", 5]);
  assertEquals((await bodyWithin(new Response(null), 0)).size, 0);
});

Deno.test("statedSize() is what the server says, unless that is of compressed bytes", () => {
  const stated = (headers: Record<string, string>) => statedSize(new Response("", { headers }));
  assertEquals(stated({ "content-length": "7" }), 7);
  assertEquals(stated({}), null);
  assertEquals(stated({ "content-length": "7", "content-encoding": "gzip" }), null);
});

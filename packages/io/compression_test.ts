import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { gunzipSync, gzipSync } from "node:zlib";
import { deflateZlib, inflateGzip, inflateGzipSync, inflateZlib, isGzip } from "./compression.ts";
import { runtimeZlib } from "./runtime.ts";

const DATA = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
const PACKED = new Uint8Array(gzipSync(DATA));

/** The zlib of this runtime, and none, as in a page. */
const ZLIBS = [runtimeZlib(), null];

Deno.test("runtimeZlib() is that of the runtime", () => {
  assertEquals(runtimeZlib()!.gunzipSync(PACKED, { maxOutputLength: 1e6 }).length, gunzipSync(PACKED).length);
});

Deno.test("inflateGzip() unpacks up to a limit", async () => {
  assert(isGzip(PACKED) && !isGzip(DATA) && !isGzip(new Uint8Array(1)));
  assertEquals(await inflateGzip(PACKED, "a.gz"), DATA);
  assertEquals(await inflateGzip(PACKED, "a.gz", DATA.length), DATA);
  await assertRejects(
    () => inflateGzip(PACKED, "a.gz", DATA.length - 1),
    TypeError,
    "Cannot read a.gz: its gzip data is damaged or truncated (it unpacks to more than 99999 bytes)",
  );
});

Deno.test("inflateGzip() refuses what is damaged, cut short or no gzip file", async () => {
  const flipped = PACKED.slice();
  flipped[flipped.length - 8]! ^= 1;
  for (
    const bytes of [
      flipped,
      PACKED.slice(0, -9),
      PACKED.slice(0, 15),
      new Uint8Array([0x1f, 0x8b, 1]),
      new Uint8Array(),
    ]
  ) {
    await assertRejects(
      () => inflateGzip(bytes, "a.gz"),
      TypeError,
      "Cannot read a.gz: its gzip data is damaged",
    );
  }
});

for (const zlib of ZLIBS) {
  const by = zlib === null ? "without a zlib" : "by the zlib of the runtime";

  Deno.test(`inflateGzipSync() unpacks up to a limit ${by}`, () => {
    assertEquals(inflateGzipSync(PACKED, "a.gz", undefined, zlib), DATA);
    // Of a part of a buffer.
    const within = new Uint8Array(PACKED.length + 7);
    within.set(PACKED, 5);
    assertEquals(inflateGzipSync(within.subarray(5, -2), "a.gz", DATA.length, zlib), DATA);
    for (
      const [bytes, limit] of [[PACKED, 99_999], [PACKED.slice(0, -9), 1e6], [
        new Uint8Array(3),
        1e6,
      ]] as const
    ) {
      assertThrows(
        () => inflateGzipSync(bytes, "a.gz", limit, zlib),
        TypeError,
        "Cannot read a.gz: its gzip data is damaged",
      );
    }
  });

  Deno.test(`inflateZlib() gives back what deflateZlib() packed, if it has the right size, ${by}`, () => {
    const packed = deflateZlib(DATA, zlib);
    assert(packed.length < DATA.length);
    assertEquals(inflateZlib(packed, "a.png", DATA.length, zlib), DATA);
    assertEquals(inflateZlib(deflateZlib(new Uint8Array(), zlib), "a.png", 0, zlib), new Uint8Array());
    for (const size of [0, DATA.length - 1, DATA.length + 1]) {
      assertThrows(
        () => inflateZlib(packed, "a.png", size, zlib),
        TypeError,
        "Cannot read a.png: its compressed data",
      );
    }
    assertThrows(() => inflateZlib(packed.subarray(0, 50), "a.png", DATA.length, zlib), TypeError, "a.png");
    assertThrows(() => inflateZlib(DATA, "a.png", DATA.length, zlib), TypeError, "a.png");
  });
}

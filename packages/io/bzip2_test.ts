import { assert, assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import { inflateBzip2 } from "./bzip2.ts";
import { sha256 } from "./digest.ts";
import { fromBase64 } from "./encodings.ts";

/** Numbers, then 700 letters, compressed by the bz2 of Python. */
const FILE = fromBase64([
  "QlpoOTFBWSZTWe5lVmYAALQZCMADf/AgAAAQAAgwAPSrDIQ2hFANDITJIMJSPSBoAmA7OcOTAc5qe3cOQuuVYhA85wIeEXlRzejT",
  "0pWtzECdJ+Vx0phSaoIgnwAIsAEYDEAAjyx86Ozrot/EDCwSUEE+5jL1y8LQwYfiL85AwHO1D5VkifNAZh2zVQknsS/AwaTSthoQ",
  "3mGwtc428d1bO1RFAqbyLQuHl6qLYKzWwNeOi2buraw2RebyQ8vRlLKTyE84AYwAx4jwN8XckU4UJDuZVZmA",
].join(""));
/** Three streams in a row, the first of nothing. */
const STREAMS = fromBase64(
  "QlpoORdyRThQkAAAAABCWmg5MUFZJlNZdmng1AAAAREAQAACRKAAMM0Aw0YplxdyRThQkHZp4NRCWmg5MUFZJlNZWc57ywAAAgGABASQgCAAMM0AwaTAcXckU4UJBZznvLA=",
);

Deno.test("inflateBzip2() unpacks blocks, long runs and streams in a row", async () => {
  const bytes = inflateBzip2(FILE, "x.bz2");
  assertEquals(bytes.length, 1340);
  assertEquals(await sha256(bytes), "fa5b254688a8e802a939725f6f9bc961242f805e4bad861ffc75008f621d7666");
  assertEquals(new TextDecoder().decode(inflateBzip2(STREAMS, "x.bz2")), "hello world");
});

Deno.test("inflateBzip2() refuses wrong bits, unless nothing depends on them, and every beginning of a file", () => {
  const whole = inflateBzip2(FILE, "x.bz2");
  let same = 0;
  for (let i = 0; i < FILE.length; i++) {
    const bytes = FILE.slice();
    bytes[i]! ^= 1 << i % 8;
    try {
      assertEquals(inflateBzip2(bytes, "x.bz2"), whole);
      same++;
    } catch (error) {
      assertInstanceOf(error, TypeError);
      assertStringIncludes(error.message, "Cannot read x.bz2: its bzip2 data is damaged");
    }
    assertThrows(
      () => inflateBzip2(FILE.subarray(0, i), "x.bz2"),
      TypeError,
      "Cannot read x.bz2: its bzip2 data",
    );
  }
  // The size of blocks, codes that no symbol has, and bits that fill a byte up.
  assert(same < 12, `${same} of ${FILE.length}`);
  assertThrows(() => inflateBzip2(FILE, "x.bz2", 1000), TypeError, "it unpacks to more than 1000 bytes");
});

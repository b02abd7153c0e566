import { assertEquals } from "@std/assert";
import { philox } from "./philox.ts";

// Random123 1.14, tests/kat_vectors, "philox4x32 10".
const KNOWN_ANSWERS = [
  ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
  ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
] as const;

const words = (text: string): number[] => text.split(" ").map((word) => parseInt(word, 16));

Deno.test("philox() gives the known answers of Random123", () => {
  for (const [counter, key, expected] of KNOWN_ANSWERS) {
    const out = new Uint32Array(4);
    philox(words(counter), words(key), out);
    assertEquals([...out], words(expected));
  }
});

Deno.test("philox() may write over its counter", () => {
  const [counter, key, expected] = KNOWN_ANSWERS[2];
  const block = new Uint32Array(words(counter));
  philox(block, new Uint32Array(words(key)), block);
  assertEquals([...block], words(expected));
});

Deno.test("philox() agrees with exact integer arithmetic", () => {
  const exact = (counter: readonly number[], key: readonly number[]): number[] => {
    let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
    let [k0, k1] = key.map(BigInt) as [bigint, bigint];
    const mask = 0xffffffffn;
    for (let round = 0; round < 10; round++) {
      const p = a * 0xd2511f53n, q = c * 0xcd9e8d57n;
      [a, b, c, d] = [(q >> 32n) ^ b ^ k0, q & mask, (p >> 32n) ^ d ^ k1, p & mask];
      [k0, k1] = [(k0 + 0x9e3779b9n) & mask, (k1 + 0xbb67ae85n) & mask];
    }
    return [a, b, c, d].map(Number);
  };
  const out = new Uint32Array(4);
  let block = [1, 2, 3, 4];
  for (let i = 0; i < 500; i++) {
    const key = [block[3]!, 0xffffffff - i];
    philox(block, key, out);
    assertEquals([...out], exact(block, key));
    block = [...out];
  }
});

import { assertEquals } from "@std/assert";
import { md5, sha256 } from "./digest.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

Deno.test("sha256() gives the digest of FIPS 180-2, however the bytes are cut", async () => {
  const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals(await sha256(bytes("abc")), digest);
  assertEquals(await sha256(bytes("a"), bytes(""), bytes("bc")), digest);
  assertEquals(await sha256(bytes("xabcx").subarray(1, 4)), digest);
  assertEquals(await sha256(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

Deno.test("md5() gives the digests of RFC 1321", () => {
  assertEquals(md5(bytes("")), "d41d8cd98f00b204e9800998ecf8427e");
  assertEquals(md5(bytes("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
});

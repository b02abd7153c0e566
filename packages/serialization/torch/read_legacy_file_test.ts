import { assertEquals, assertRejects } from "@std/assert";
import { load } from "../mod.ts";
import { device } from "../testdata/layer.ts";
import { Pickler } from "./pickle.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;

/** Creates a file of consecutive pickles followed by bytes. */
const fileOf = (values: readonly unknown[], ...rest: readonly number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.of(...values.flatMap((value) => [...new Pickler().pickle(value)]), ...rest);

const refused = async (bytes: Uint8Array<ArrayBuffer>, message: string): Promise<void> =>
  void await assertRejects(() => load(bytes, { device }), TypeError, message);

const SYSTEM = { protocol_version: 1001, little_endian: true };

Deno.test("load() reads files of before version 1.6, and refuses what is none", async () => {
  const value = { epoch: 3, rates: [0.1, 0.2] };
  assertEquals(await load<unknown>(fileOf([MAGIC, 1001, SYSTEM, value, []]), { device }), value);
  await refused(fileOf([MAGIC + 1n, 1001, SYSTEM, value, []]), "it is a pickle of something else");
  await refused(fileOf([MAGIC, 1002, SYSTEM, value, []]), "its version must be 1001: current one is 1002");
  await refused(fileOf([MAGIC, 1001, 5, value, []]), "its version must be 1001");
  for (const little_endian of [false, 1]) {
    await refused(fileOf([MAGIC, 1001, { little_endian }, value, []]), "of a little-endian computer");
  }
  await refused(fileOf([MAGIC, 1001, SYSTEM, value, 7]), "their list is missing");
  await refused(fileOf([MAGIC, 1001, SYSTEM, value, ["0"]]), 'no tensor has the storage "0"');
  const whole = fileOf([MAGIC, 1001, SYSTEM, value, []]).length;
  await refused(
    fileOf([MAGIC, 1001, SYSTEM, value, []], 0),
    `its storages must be whole: they end at byte ${whole} of ${whole + 1}`,
  );
});

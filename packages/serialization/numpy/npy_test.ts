import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Tensor, tensor } from "@troodon/core";
import { load, serialize } from "../mod.ts";
import { device } from "../testdata/layer.ts";
import { LONGEST_NPY_HEADER, readNpyHeader } from "./npy_header.ts";

/** Creates a file with a header of the given text and version, followed by elements. */
function fileOf(text: string, elements: readonly number[] = [], version = 1): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(text),
    view = new DataView(new ArrayBuffer(version === 1 ? 10 : 12));
  [0x93, ...new TextEncoder().encode("NUMPY"), version, 0].forEach((byte, i) => view.setUint8(i, byte));
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  return Uint8Array.of(...new Uint8Array(view.buffer), ...header, ...elements);
}

const header = (descr: string, shape: string, order = "False"): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

Deno.test("serialize() writes arrays as NumPy does, to the byte", async () => {
  using x = tensor([1, 2], { device, dtype: "uint8" });
  const bytes = await serialize(x, { format: "npy" });
  const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }";
  assertEquals(bytes, fileOf(`${text.padEnd(117)}\n`, [1, 2]));
  for (const [shape, length] of [[[], 128], [[1, 1], 128]] as const) {
    using one = tensor(new Uint8Array(1), { device }).reshape([...shape]);
    assertEquals((await serialize(one, { format: "npy" })).length, length + 1);
  }
});

Deno.test("load() reads arrays of all versions, orders and byte orders", async () => {
  const read = async (bytes: Uint8Array<ArrayBuffer>): Promise<unknown> => {
    using t = await load<Tensor>(bytes, { device });
    return t.tolist();
  };
  const six = [1, 2, 3, 4, 5, 6];
  for (const version of [1, 2, 3]) {
    assertEquals(await read(fileOf(header("'|u1'", "(2, 3)"), six, version)), [[1, 2, 3], [4, 5, 6]]);
  }
  assertEquals(await read(fileOf(header("'|u1'", "(2, 3)", "True"), six)), [[1, 3, 5], [2, 4, 6]]);
  assertEquals(await read(fileOf(header("'>i4'", "(1,)"), [0, 0, 1, 2])), [258]);
  assertEquals(await read(fileOf(header("'<i4'", "(1,)"), [2, 1, 0, 0])), [258]);
  assertEquals(await read(fileOf(header("'|u1'", "()"), [7])), 7);
  assertEquals(await read(fileOf(header("'|u1'", "(0, 3)"))), []);
  const shuffled = "{'shape': (2,), 'descr': '|u1', 'fortran_order': False}";
  assertEquals(await read(fileOf(shuffled, [8, 9])), [8, 9]);
});

Deno.test("readNpyHeader() refuses what is no header of an array of numbers", () => {
  const good = fileOf(header("'|u1'", "(2,)"));
  const refused = (bytes: Uint8Array, why: string): void =>
    void assertThrows(
      () => readNpyHeader(bytes, "x.npy"),
      TypeError,
      `Cannot read x.npy as it must be an array of NumPy: ${why}`,
    );
  assertEquals(readNpyHeader(good, "x.npy").start, good.length);
  for (let i = 0; i < 6; i++) refused(good.with(i, good[i]! ^ 1), "it does not begin like one");
  refused(good.slice(0, 11), "it does not begin like one");
  for (const [at, byte] of [[6, 0], [6, 4], [7, 1]] as const) {
    refused(good.with(at, byte), "its version must be 1.0, 2.0 or 3.0");
  }
  refused(fileOf(header("'|u1'", `(${"1, ".repeat(65)})`)), "it may have 64 axes: it has 65");
  assertEquals(readNpyHeader(fileOf(header("'|u1'", `(${"1, ".repeat(64)})`)), "x.npy").shape.length, 64);
  refused(good.slice(0, -1), "it breaks off within its header");
  const long = (size: number): Uint8Array => fileOf(header("'|u1'", "(2,)").padEnd(size - 12), [], 2);
  assertEquals(readNpyHeader(long(LONGEST_NPY_HEADER), "x.npy").start, 2 ** 16);
  refused(long(LONGEST_NPY_HEADER + 1), "its header may have 65536 bytes: it ends at byte 65537");
  refused(fileOf("[1]"), "its header must be a dictionary");
  const text = "'descr': '|u1', 'fortran_order': False";
  for (
    const inner of [
      `${text}, 'shape': (2,), 'shape': (2,)`,
      `${text}, 'shape': f(2)`,
      `${text} 'shape': (2,)`,
    ]
  ) {
    refused(fileOf(`{${inner}}`), "its header must have plain values, each once");
  }
  for (
    const inner of [
      text,
      `${text}, 'shape': True`,
      `${text}, 'shape': (2,), 'more': True`,
      "'descr': True, 'fortran_order': False, 'shape': ()",
      "'descr': '|u1', 'fortran_order': (), 'shape': ()",
    ]
  ) refused(fileOf(`{${inner}}`), "its header must say descr, fortran_order, shape");
  refused(fileOf(header("'|u1'", "(9007199254740992,)")), "its shape is (9007199254740992,)");
  for (
    const [descr, why] of [
      ["'|O'", "its elements are Python objects"],
      ["'<U8'", "its elements are strings"],
      ["'|S8'", "its elements are strings"],
      ["'<M8[ns]'", "its elements are dates"],
      ["'<m8[ns]'", "its elements are spans of time"],
      ["'|V8'", "its elements are records"],
      ["[('a', '<f4')]", "its elements are records"],
      ["'<f3'", "there is no element type '<f3'"],
      ["'f4,f4'", "there is no element type"],
    ] as const
  ) refused(fileOf(header(descr, "(2,)")), why);
});

Deno.test("load() refuses arrays that end before or after their elements", async () => {
  for (const elements of [[1], [1, 2, 3], []]) {
    await assertRejects(
      () => load(fileOf(header("'|u1'", "(2,)"), elements), { device }),
      TypeError,
      "it must end with its array",
    );
  }
});

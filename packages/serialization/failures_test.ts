/** Loading and saving leave no buffers behind if they fail, and no additional handles if they succeed. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type StateDict, Tensor, tensor, zeros } from "@troodon/core";
import { join } from "@std/path";
import {
  decodeSafetensors,
  encodeSafetensors,
  load,
  openTensors,
  save,
  type SaveFormat,
  serialize,
} from "./mod.ts";
import { HEADER_LIMIT, headerEnd } from "./safetensors/header.ts";
import { device, Layer } from "./testdata/layer.ts";

const FORMATS = ["pth", "safetensors", "npz"] as const satisfies readonly SaveFormat[];

/** Number of live buffers, plus those of earlier tests that the garbage collector released. */
const count = (): number => device.memory.buffers + device.memory.lost;

/** Returns the number of buffers that `act` leaves behind. */
async function leftBy(act: () => Promise<unknown>): Promise<number> {
  const before = count();
  await act();
  return count() - before;
}

/** Creates a file of three tensors whose values differ in the last byte of an element. */
async function fileOf(format: SaveFormat): Promise<Uint8Array<ArrayBuffer>> {
  const state = new Map(["a", "b", "c"].map((name, i) => [name, tensor([1, 2, i + 3], { device })]));
  const bytes = await serialize(state, { format });
  for (const t of state.values()) t.dispose();
  return bytes;
}

for (const format of FORMATS) {
  Deno.test(`load() leaves the tensors of a .${format} alone, and nothing where their memory runs out`, async () => {
    const bytes = await fileOf(format);
    assertEquals(await leftBy(async () => assertEquals((await load(bytes, { device })).size, 3)), 3);
    // Memory for the description of the tensors and for two of the three.
    const least = async (limit: number): Promise<boolean> =>
      await load(bytes, { device, limit }).then(
        (state) => (state.forEach((t) => t.dispose()), true),
        () => false,
      );
    let limit = 0;
    while (!await least(limit)) limit++;
    const left = await leftBy(() =>
      assertRejects(() => load(bytes, { device, limit: limit - 1 }), RangeError)
    );
    assertEquals(left, 0);
  });
}

Deno.test("load() leaves nothing behind where the last tensor is damaged", async () => {
  for (const format of ["pth", "npz"] as const) {
    const bytes = await fileOf(format), five = new Uint8Array(Float32Array.of(5).buffer);
    const at = bytes.findLastIndex((_, i) => five.every((byte, k) => bytes[i + k] === byte));
    bytes[at + 2]! ^= 1;
    assertEquals(await leftBy(() => assertRejects(() => load(bytes, { device }), TypeError, "CRC-32")), 0);
  }
});

Deno.test("load() leaves nothing behind where a shard is missing or cut", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "model.safetensors.index.json");
  try {
    const part = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
      using t = tensor([1, 2], { device });
      return await serialize({ [name]: t }, { format: "safetensors" });
    };
    await Deno.writeFile(join(folder, "a.safetensors"), await part("a"));
    const map = { a: "a.safetensors", b: "b.safetensors" };
    await Deno.writeTextFile(path, JSON.stringify({ weight_map: map }));
    assertEquals(await leftBy(() => assertRejects(() => load(path, { device }), Error, "b.safetensors")), 0);
    await Deno.writeFile(join(folder, "b.safetensors"), (await part("b")).slice(0, -1));
    assertEquals(await leftBy(() => assertRejects(() => load(path, { device }), RangeError)), 0);
    await Deno.writeFile(join(folder, "b.safetensors"), await part("b"));
    const left = await leftBy(async () => (await load(path, { device })).forEach((t) => t.dispose()));
    assertEquals(left, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Module with a tensor among its arguments, which may reject them. */
class Scaled extends Layer {
  static refuses = false;

  constructor(size: number, readonly scale: Tensor) {
    super(size);
    if (!Scaled.refuses) return;
    this.weight.dispose();
    throw new RangeError("Cannot make it");
  }
  override describe(): readonly unknown[] {
    return [this.size, this.scale];
  }
  override dispose(): void {
    super.dispose();
    this.scale.dispose();
  }
}

/** Creates another handle to the memory of a tensor, as parameters have. */
class Param extends Tensor {
  constructor(data: Tensor) {
    super(data.device, data.storage.retain(), data, data.dtype);
  }
}

Deno.test("load() leaves nothing behind of a module that is made, or not made, but itself", async () => {
  const modules = { Scaled, Parameter: Param };
  const two = tensor([2], { device }), original = new Scaled(3, new Param(two));
  const bytes = await serialize({ module: original, list: [tensor([1], { device })] }, { format: "pth" });
  const made = () => load<{ module: Scaled; list: Tensor[] }>(bytes, { device, modules });
  const whole = await leftBy(async () => {
    const { module, list } = await made();
    assertEquals(module.scale.tolist(), [2]);
    module.dispose();
    for (const t of list) t.dispose();
  });
  assertEquals(whole, 0);
  assertEquals(await leftBy(() => assertRejects(() => load(bytes, { device, modules: {} }), TypeError)), 0);
  Scaled.refuses = true;
  try {
    assertEquals(await leftBy(() => assertRejects(made, RangeError, "Cannot make it")), 0);
  } finally {
    Scaled.refuses = false;
  }
  const states = await leftBy(async () => {
    const { module } = await load<{ module: StateDict }>(bytes, { device, weightsOnly: true });
    assertEquals([...module.keys()], ["weight"]);
  });
  assertEquals(states, 2);
});

Deno.test("save() leaves no buffers and no file behind, whether it fails or not", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const x = tensor([[1, 2], [3, 4]], { device });
    for (const format of FORMATS) {
      const path = join(folder, `a.${format}`);
      assertEquals(await leftBy(() => save({ x, t: x.detach() }, path)), 0);
      assertEquals(
        await leftBy(() => assertRejects(() => save({ x, f: () => 1 }, join(folder, `b.${format}`)))),
        0,
      );
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "a.npz",
      "a.pth",
      "a.safetensors",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("load() closes the files that it opens, whether it can read them or not", async () => {
  const folder = await Deno.makeTempDir(), { open } = Deno, files: Deno.FsFile[] = [];
  try {
    for (const name of ["a", "b"]) {
      await save({ [name]: tensor([1], { device }) }, join(folder, `${name}.safetensors`));
    }
    const map = { a: "a.safetensors", b: "b.safetensors" };
    await Deno.writeTextFile(join(folder, "all.json"), JSON.stringify({ weight_map: map }));
    await Deno.writeTextFile(join(folder, "bad.safetensors"), "no tensors");
    Deno.open = async (...args) => {
      files.push(await open(...args));
      return files.at(-1)!;
    };
    await load(join(folder, "a.safetensors"), { device });
    await load(join(folder, "all.json"), { device });
    await assertRejects(() => load(join(folder, "bad.safetensors"), { device }));
    await assertRejects(() => openTensors(join(folder, "bad.safetensors"), { device }));
    assertEquals(files.length, 6);
    for (const file of files) await assertRejects(() => file.stat(), Deno.errors.BadResource);
  } finally {
    Deno.open = open;
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("TensorFile is closed with its block, and reads no more", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "a.safetensors");
  try {
    await save({ x: zeros([3], { device }) }, path);
    const file = await openTensors(path, { device });
    (await file.get("x")).dispose();
    file[Symbol.dispose]();
    await assertRejects(() => file.get("x"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("encodeSafetensors() and decodeSafetensors() take headers of up to 100 million bytes", async () => {
  assertEquals(HEADER_LIMIT, 1e8);
  const { encode } = TextEncoder.prototype;
  /** Encodes a state whose header has a given number of bytes, without writing them. */
  const encoded = async (size: number): Promise<number> => {
    TextEncoder.prototype.encode = () => new Uint8Array(size);
    try {
      return (await encodeSafetensors(new Map())).length;
    } finally {
      TextEncoder.prototype.encode = encode;
    }
  };
  assertEquals(await encoded(1e8), 1e8 + 8);
  await assertRejects(
    () => encoded(1e8 + 1),
    RangeError,
    "at most 100000000 bytes: current length is 100000008",
  );
  const begin = (length: number): Uint8Array => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
    return bytes;
  };
  assertEquals(headerEnd(begin(1e8), 1e8 + 8, "x"), 1e8 + 8);
  assertThrows(() => headerEnd(begin(1e8 + 1), 2e8, "x"), RangeError, "at most 100000000 bytes");
  assertThrows(() => headerEnd(begin(100), 107, "x"), RangeError, "its header ends at byte 108");
});

Deno.test("decodeSafetensors() leaves nothing behind where the device has no such dtype", async () => {
  const bytes = await encodeSafetensors(new Map([["a", tensor([1], { device })]]));
  const before = count();
  const twice = new Map([["a", tensor([1], { device })], ["b", tensor([2], { device, dtype: "int32" })]]);
  const both = await encodeSafetensors(twice);
  for (const t of twice.values()) t.dispose();
  const allocate = device.backend.allocate.bind(device.backend);
  let left = 1;
  device.backend.allocate = (...args) => {
    if (left-- === 0) throw new RangeError("no more memory");
    return allocate(...args);
  };
  try {
    assertThrows(() => decodeSafetensors(both, { device }), RangeError, "no more memory");
  } finally {
    device.backend.allocate = allocate;
  }
  assertEquals(count(), before);
  assertEquals(decodeSafetensors(bytes, { device }).tensors.size, 1);
});

import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  Device,
  type DType,
  DTYPES,
  ReferenceBackend,
  StateDict,
  type Tensor,
  tensor,
  zeros,
} from "@troodon/core";
import { openBytes, ZipReader } from "@troodon/io";
import { join } from "@std/path";
import { load, openTensors, save, type SaveFormat, serialize } from "./mod.ts";
import { Layer } from "./testdata/layer.ts";

const device = new Device(new ReferenceBackend());

const again = async <T = StateDict>(value: unknown, format: SaveFormat = "pth"): Promise<T> =>
  await load<T>(await serialize(value, { format }), { device });

/** A tensor of each dtype, with an extreme element or two. */
const EXTREMES: Readonly<Record<DType, readonly (number | bigint | boolean)[]>> = {
  bool: [true, false],
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  float16: [65504, 2 ** -24, -0],
  bfloat16: [2 ** 127, -Infinity],
  float32: [Math.fround(0.1), NaN],
  float64: [0.1, Number.MIN_VALUE],
};

Deno.test("save() keeps all dtypes in all formats", async () => {
  for (const format of ["pth", "safetensors", "npz"] as const) {
    const dtypes = DTYPES.filter((dtype) => format !== "npz" || dtype !== "bfloat16");
    const state = new StateDict(
      dtypes.map((dtype) => [dtype, tensor([...EXTREMES[dtype]], { device, dtype })]),
    );
    const made = await again(state, format);
    assertEquals([...made.keys()].sort(), [...state.keys()].sort());
    for (const [name, { dtype, shape }] of state) {
      assertEquals([made.get(name)!.dtype, made.get(name)!.shape], [dtype, shape]);
      const elements = (t: Tensor) => dtype === "int64" ? t.tolist({ bigint: true }) : t.tolist();
      assertEquals(elements(made.get(name)!), elements(state.get(name)!));
    }
  }
  await assertRejects(
    () => serialize(new StateDict([["x", zeros([1], { device, dtype: "bfloat16" })]]), { format: "npz" }),
    TypeError,
    'Cannot save "x" for NumPy as it has no bfloat16',
  );
});

Deno.test("save() keeps checkpoints as they are", async () => {
  const value = {
    epoch: 3,
    ...{ negative: -70000, half: 0.5, zero: -0, none: null, yes: true, text: "模型", big: -(2n ** 70n) },
    list: [1, [2, { k: "v" }], []],
    optimizer: {
      state: { 0: { step: 1 }, 1: {} },
      paramGroups: [{ lr: 0.1, betas: [0.9, 0.999], params: [0, 1] }],
    },
    map: new Map<unknown, unknown>([["a", 1], [2, "b"]]),
    set: new Set([1, 2]),
    bytes: Uint8Array.of(0, 255),
    ["__proto__"]: "a name like others",
  };
  assertEquals(await again({ ...value, left: undefined }), value as unknown as StateDict);
  assert(Object.is((await again<typeof value>(value)).zero, -0));
});

Deno.test("save() ties what is one tensor, and packs views", async () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]], { device });
  const value = {
    a: x,
    same: x.reshape([2, 3]),
    t: x.transpose(0, 1),
    row: x.select(0, 1),
    wide: x.select(0, 0).expand([2, 3]),
  };
  const bytes = await serialize(value, { format: "pth" });
  const made = await load<typeof value>(bytes, { device });
  for (const [name, t] of Object.entries(value)) assertEquals(made[name as "a"].tolist(), t.tolist());
  assertStrictEquals(made.same, made.a);
  using source = await openBytes(bytes);
  const { entries } = await ZipReader.open(source);
  assertEquals([...entries.keys()].filter((name) => name.includes("/data/")).length, 4);
});

Deno.test("save() writes the same bytes for the same values, with elements at multiples of 64", async () => {
  const state = (): StateDict =>
    new StateDict([["weight", tensor([1.5, 2.5], { device })], ["b", zeros([100], { device })], [
      "c",
      tensor(7, { device }),
    ]]);
  for (const format of ["pth", "safetensors", "npz"] as const) {
    assertEquals(await serialize(state(), { format }), await serialize(state(), { format }));
  }
  const bytes = await serialize(state(), { format: "pth" });
  const wanted = new Uint8Array(Float32Array.of(1.5, 2.5).buffer);
  const at = bytes.findIndex((_, i) => wanted.every((byte, k) => bytes[i + k] === byte));
  assertEquals(at % 64, 0);
});

Deno.test("save() writes the records that PyTorch asks for", async () => {
  using source = await openBytes(await serialize({ x: tensor([1], { device }) }, { format: "pth" }));
  const zip = await ZipReader.open(source);
  assertEquals([...zip.entries.keys()].sort(), [
    ...["archive/.format_version", "archive/.storage_alignment", "archive/byteorder", "archive/data.pkl"],
    ...["archive/data/0", "archive/version"],
  ]);
  const text = async (name: string) => new TextDecoder().decode(await zip.read(`archive/${name}`));
  assertEquals(
    await Promise.all(["version", "byteorder", ".format_version", ".storage_alignment"].map(text)),
    [
      ...["3\n", "little", "1", "64"],
    ],
  );
});

Deno.test("save() writes a container under each of its names, a module in it too", async () => {
  const list = [1, 2], value = { a: list, b: list, both: [list, { list }] };
  assertEquals(await again<unknown>(value), value);
  const part = { layer: new Layer(2) };
  const bytes = await serialize({ a: part, b: [part] }, { format: "pth", modules: { Layer } });
  const made = await load<{ a: { layer: Layer }; b: { layer: Layer }[] }>(bytes, {
    device,
    modules: { Layer },
  });
  assertEquals([made.a.layer, made.b[0]!.layer].map((layer) => layer instanceof Layer), [true, true]);
});

Deno.test("save() takes the format of the ending, and replaces a file as a whole", async () => {
  const folder = await Deno.makeTempDir(), x = tensor([1, 2], { device });
  try {
    for (const name of ["a.pth", "a.pt", "a.PTH", "a.npy", "a.npz", "a.safetensors"]) {
      const path = join(folder, name);
      await save(name === "a.npy" ? x : { x }, path);
      await save(name === "a.npy" ? x : { x }, path);
      const made = await load<unknown>(path, { device });
      assert(typeof made === "object" && made !== null);
    }
    assertEquals([...Deno.readDirSync(folder)].length, 6);
    const other = join(folder, "a.model");
    await assertRejects(
      () => save({ x }, other),
      TypeError,
      `Cannot save to ${other} as its name must end with .pth`,
    );
    await save({ x }, other, { format: "npz" });
    assertEquals((await load(other, { device })).get("x")?.tolist(), [1, 2]);
    await assertRejects(() => save({ f: () => 1 }, join(folder, "b.pth")), TypeError, join(folder, "b.pth"));
    assertEquals([...Deno.readDirSync(folder)].length, 7);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("save() refuses what a file cannot hold, by its place", async () => {
  const x = zeros([1], { device });
  const refused = async (
    value: unknown,
    format: SaveFormat,
    message: string,
    kind: typeof RangeError | typeof TypeError = TypeError,
  ) => void await assertRejects(() => serialize(value, { format }, "a.bin"), kind, message);
  await refused({ a: [1, { f: () => 1 }] }, "pth", 'Cannot save "a.1.f" as it must be a tensor');
  await refused({ d: new Date() }, "pth", 'Cannot save "d"');
  await refused({ d: undefined, e: [undefined] }, "pth", 'Cannot save "e.0"');
  await refused(new Map([[{}, 1]]), "pth", 'Cannot save "a key"');
  const round: unknown[] = [];
  round.push(round);
  await refused({ round }, "pth", "holds itself", RangeError);
  let deep: unknown = 1;
  for (let i = 0; i < 300; i++) deep = [deep];
  await refused(deep, "pth", "may lie 200 deep", RangeError);
  await refused({ x, n: 1 }, "safetensors", "the value must be tensors by name");
  await refused([x], "npz", "the value must be tensors by name");
  await refused({ x }, "npy", "the value must be one tensor");
  await refused({ f: 1n << 5000n }, "pth", "255 at most", RangeError);
});

Deno.test("openTensors() reads one tensor of a file without the others", async () => {
  const large = zeros([250_000], { device });
  const value = { model: new StateDict([["large", large], ["small", tensor([1, 2], { device })]]), epoch: 3 };
  const folder = await Deno.makeTempDir(), path = join(folder, "a.pth");
  try {
    await save(value, path);
    using file = await openTensors(path, { device });
    assertEquals([...file.keys()], ["model.large", "model.small"]);
    assertEquals([file.has("model.small"), file.has("epoch")], [true, false]);
    assertEquals(file.info("model.large"), { shape: [250_000], dtype: "float32" });
    // The bytes of the large one are damaged, which does not show as it is not read.
    const bytes = await Deno.readFile(path);
    bytes[500_000]! ^= 1;
    await Deno.writeFile(path, bytes);
    assertEquals((await file.get("model.small")).tolist(), [1, 2]);
    await assertRejects(() => file.get("model.large"), TypeError, "CRC-32");
    await assertRejects(() => file.get("none"), RangeError, '"none"');
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openTensors() has texts that travel with the tensors, and reads a tensor as often as asked", async () => {
  const state = new StateDict([["x", zeros([1000], { device })]]);
  const bytes = await serialize(state, { format: "safetensors", metadata: { epoch: "3" } });
  using file = await openTensors(bytes, { device, limit: 5000 });
  assertEquals(file.metadata, { epoch: "3" });
  for (let i = 0; i < 3; i++) assertEquals((await file.get("x")).shape, [1000]);
  using small = await openTensors(bytes, { device, limit: 3000 });
  await assertRejects(() => small.get("x"), RangeError, "it may take 3000 bytes of memory");
});

import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Device, ReferenceBackend, StateDict, tensor, zeros } from "@troodon/core";
import { writeZip } from "@troodon/io";
import { join } from "@std/path";
import { load, openTensors, serialize } from "./mod.ts";

const device = new Device(new ReferenceBackend());

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A file of PyTorch with a pickle of such instructions, and storages. */
function torchFile(
  pickle: readonly (number | string)[],
  storages: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  const bytes = pickle.flatMap((part) => typeof part === "number" ? [part] : [...encode(part)]);
  return writeZip([
    { name: "archive/data.pkl", data: Uint8Array.from([0x80, 2, ...bytes, 0x2e]) },
    { name: "archive/version", data: encode("3\n") },
    ...Object.entries(storages).map(([key, data]) => ({
      name: key.startsWith("../") ? `archive/${key.slice(3)}` : `archive/data/${key}`,
      data,
    })),
  ]);
}

const text = (value: string): (number | string)[] => ["X", encode(value).length, 0, 0, 0, value];
const int = (
  value: number,
): number[] => [0x4a, value & 255, (value >> 8) & 255, (value >> 16) & 255, value >> 24];

/** Instructions that make a tensor of float32 of the storage "0". */
function tensorOf(
  { elements, offset = 0, shape, strides, type = "FloatStorage" }: {
    readonly elements: number;
    readonly offset?: number;
    readonly shape: readonly number[];
    readonly strides: readonly number[];
    readonly type?: string;
  },
): (number | string)[] {
  return [
    "ctorch._utils\n_rebuild_tensor_v2\n((",
    ...[...text("storage"), `ctorch\n${type}\n`, ...text("0"), ...text("cpu"), ...int(elements), "tQ"],
    ...[...int(offset), "(", ...shape.flatMap(int), "t(", ...strides.flatMap(int), "t"],
    ...[0x89, "ccollections\nOrderedDict\n)RtR"],
  ];
}

const FOUR = { 0: new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer) };

const refused = async (
  bytes: Uint8Array | Blob,
  message: string,
  kind: typeof TypeError | typeof RangeError = TypeError,
): Promise<void> => void await assertRejects(() => load(bytes, { device }), kind, message);

Deno.test("load() reads strided and overlapping views", async () => {
  const read = async (layout: Omit<Parameters<typeof tensorOf>[0], "elements">): Promise<unknown> =>
    (await load<ReturnType<typeof zeros>>(torchFile(tensorOf({ elements: 4, ...layout }), FOUR), { device }))
      .tolist();
  assertEquals(await read({ shape: [2, 2], strides: [2, 1] }), [[1, 2], [3, 4]]);
  assertEquals(await read({ shape: [2, 2], strides: [1, 2] }), [[1, 3], [2, 4]]);
  assertEquals(await read({ shape: [3, 2], strides: [1, 1] }), [[1, 2], [2, 3], [3, 4]]);
  assertEquals(await read({ shape: [2, 3], strides: [1, 0], offset: 2 }), [[3, 3, 3], [4, 4, 4]]);
  assertEquals(await read({ shape: [], strides: [], offset: 3 }), 4);
  assertEquals(await read({ shape: [2, 0], strides: [9, 9], offset: 99 }), [[], []]);
});

Deno.test("load() reads elements of a big-endian computer", async () => {
  const bytes = torchFile(tensorOf({ elements: 4, shape: [4], strides: [1] }), {
    0: Uint8Array.of(...[0x3f, 0x80, 0, 0], ...[0x40, 0, 0, 0], ...[0x40, 0x40, 0, 0], ...[0xc0, 0x80, 0, 0]),
    "../byteorder": encode("big"),
  });
  const x = await load<ReturnType<typeof zeros>>(bytes, { device });
  assertEquals(x.tolist(), [1, 2, 3, -4]);
});

Deno.test("load() leaves out what there is nothing for here: sparse and quantized tensors, complex numbers", async () => {
  const skipped: [string, string][] = [];
  const bytes = torchFile([
    ...[
      "}(",
      ...text("a"),
      "ctorch._utils\n_rebuild_sparse_tensor\n)R",
      ...text("b"),
      "ctorch._utils\n_rebuild_qtensor\n)R",
    ],
    ...[
      ...text("c"),
      "cbuiltins\ncomplex\n)R",
      ...text("d"),
      "ccollections\nCounter\n}",
      ...text("x"),
      ...int(2),
      0x73,
      0x85,
      "Ru",
    ],
  ]);
  const value = await load<unknown>(bytes, { device, onSkipped: (...of) => skipped.push(of) });
  assertEquals(value, { d: { x: 2 } });
  assertEquals(skipped, [["a", "a sparse layout"], ["b", "a quantized type"], ["c", "a complex number"]]);
});

Deno.test("load() refuses tensors that do not lie within their storage, or take far more than it", async () => {
  const file = (layout: Partial<Parameters<typeof tensorOf>[0]>): Uint8Array =>
    torchFile(tensorOf({ elements: 4, shape: [2], strides: [1], ...layout }), FOUR);
  await refused(file({ shape: [5] }), "a tensor of shape [5] must lie within its storage of 16 bytes");
  await refused(file({ offset: 3 }), "within its storage");
  await refused(file({ strides: [4] }), "within its storage");
  await refused(file({ offset: -1 }), "whole numbers");
  await refused(file({ strides: [-1] }), "whole numbers");
  await refused(file({ strides: [1, 1] }), "whole numbers");
  await refused(file({ elements: 5 }), 'its storage "0" must have 20 bytes: it has 16');
  await refused(file({ type: "DoubleStorage" }), 'its storage "0" must have 32 bytes');
  await refused(
    torchFile(tensorOf({ elements: 4, shape: [2], strides: [1] })),
    'its storage "0" must have 16 bytes: it is missing',
  );
  const wide = file({ shape: [2 ** 30, 2 ** 20], strides: [0, 0] });
  await refused(wide, "a tensor of shape [1073741824, 1048576] takes", RangeError);
  await refused(file({ shape: [2 ** 30, 2 ** 30], strides: [0, 0] }), "whole numbers");
});

Deno.test("load() takes no more memory than its limit", async () => {
  const bytes = await serialize({ x: zeros([1000], { device }) }, { format: "pth" });
  await load(bytes, { device, limit: 10_000 });
  await assertRejects(
    () => load(bytes, { device, limit: 4000 }),
    RangeError,
    "Cannot read the bytes as it may take 4000 bytes of memory: a tensor of shape [1000] takes 4000 more",
  );
});

Deno.test("load() refuses values that lie too deep or within themselves, and shares what is shared", async () => {
  await refused(
    torchFile([...new Array<string>(300).fill("("), ...new Array<string>(300).fill("t")]),
    "200 deep",
    RangeError,
  );
  await refused(torchFile(["]", 0x71, 0, "h", 0, "a"]), '"0" holds itself', RangeError);
  // Thirty lists that hold the one before twice are thirty lists, and not a billion.
  let value: unknown = await load<unknown>(
    torchFile(["]", ...Array.from({ length: 30 }, (_, i) => [0x71, i, "](h", i, "h", i, "e"]).flat()]),
    { device },
  );
  for (let depth = 0; depth < 30; depth++) {
    const [first, second]: unknown[] = value as unknown[];
    assertStrictEquals(first, second);
    value = first;
  }
});

Deno.test("load() gives records, maps and lists for what Python has", async () => {
  const dict = (
    ...items: readonly (number | string)[][]
  ): (number | string)[] => ["}(", ...items.flat(), "u"];
  const read = (...pickle: readonly (number | string)[]): Promise<unknown> =>
    load<unknown>(torchFile(pickle), { device });
  assertEquals(await read(...dict([...text("a"), ...int(1)])), { a: 1 });
  assertEquals(await read(...dict([...int(0), ...int(1)], [...int(2), ...int(3)])), { 0: 1, 2: 3 });
  assertEquals(
    await read(...dict([...int(2), ...int(1)], [...int(0), ...int(3)])),
    new Map([[2, 1], [0, 3]]),
  );
  assertEquals(
    await read(...dict([...text("a"), ...int(1)], [...int(1), ...int(2)])),
    new Map<unknown, unknown>([["a", 1], [1, 2]]),
  );
  assertEquals(
    await read("ccollections\nOrderedDict\n)R(", ...text("b"), ...int(1), "u"),
    new Map([["b", 1]]),
  );
  assertEquals(await read(...dict([...text("__proto__"), ...int(1)])), { ["__proto__"]: 1 });
  assertEquals(await read("ctorch\nfloat16\n"), "float16");
  assertEquals(await read("ctorch\ndevice\n", ...text("cuda"), ...int(1), 0x86, "R"), "cuda:1");
  await refused(torchFile(["ctorch\nTensor\n"]), "it holds torch.Tensor itself");
  await refused(torchFile(["ctorch\nTensor\n)R"]), "it calls torch.Tensor");
});

Deno.test("load() says how to save what cannot be read", async () => {
  const named = async (module: string, name: string, ...parts: readonly string[]): Promise<void> => {
    const bytes = torchFile([`c${module}\n${name}\n`]);
    for (const part of [`${module}.${name}`, ...parts]) await refused(bytes, part);
  };
  await named("__main__", "Net", "save its state dict in PyTorch");
  await named("models.resnet", "ResNet", "torch.save(model.state_dict(), path)");
  await named("numpy._core.multiarray", "scalar", "save it as a tensor or a plain number");
  await named("os", "system", "which may run whatever it likes");
  await named("torch", "load", "which may run whatever it likes");
  await named("torch.storage", "_load_from_bytes", "which may run whatever it likes");
  await refused(writeZip([{ name: "a.txt", data: encode("a") }]), "a zip archive of something else");
  await refused(encode("<!DOCTYPE html>"), "it is a web page");
  await refused(Uint8Array.of(8, 8, 0x3a, 0), "it is a model of ONNX: read it by onnx.loadOnnx()");
  await refused(
    writeZip(["data.pkl", "constants.pkl"].map((name) => ({
      name: `archive/${name}`,
      data: Uint8Array.of(0x80, 2, 0x4e, 0x2e),
    }))),
    "it is a TorchScript archive",
  );
  await refused(encode("hello"), "it is none of them");
  await refused(new Uint8Array(), "it is empty");
  await refused(
    new File([encode("hello")], "weights.npy"),
    "Cannot read weights.npy as it must be an array of NumPy",
  );
});

Deno.test("load() reads files of whatever name, by URL and of a Blob", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "weights.bin");
  try {
    for (const format of ["pth", "safetensors", "npz"] as const) {
      const bytes = await serialize(new StateDict([["x", tensor([1, 2], { device })]]), { format });
      await Deno.writeFile(path, bytes);
      for (const file of [path, new URL(`file://${path}`), new Blob([bytes]), bytes, bytes.buffer]) {
        assertEquals((await load(file, { device })).get("x")?.tolist(), [1, 2]);
      }
    }
    await assertRejects(() => load(join(folder, "none.pth")), Deno.errors.NotFound, "none.pth");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("load() reads shards that lie beside their index, and nothing elsewhere", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "model.safetensors.index.json");
  const index = (weight_map: unknown): Promise<void> =>
    Deno.writeTextFile(path, JSON.stringify({ metadata: {}, weight_map }));
  try {
    for (const name of ["a", "b"]) {
      const bytes = await serialize({ [name]: tensor([1, 2], { device }) }, { format: "safetensors" });
      await Deno.writeFile(join(folder, `${name}.safetensors`), bytes);
    }
    await index({ a: "a.safetensors", b: "b.safetensors" });
    assertEquals([...(await load(path, { device })).keys()], ["a", "b"]);
    using file = await openTensors(path, { device });
    assertEquals((await file.get("b")).tolist(), [1, 2]);
    const refusedIndex = async (map: unknown, message: string): Promise<void> => {
      await index(map);
      await assertRejects(() => load(path, { device }), TypeError, message);
    };
    await refusedIndex({ a: "b.safetensors" }, 'b.safetensors must have "a" and has not');
    for (
      const name of [
        "../a.safetensors",
        "/etc/a.safetensors",
        "x/a.safetensors",
        "c:a.safetensors",
        "a.bin",
        3,
      ]
    ) {
      await refusedIndex({ a: name }, '"a" must lie in a safetensors file of the same folder');
    }
    for (const name of ["none.safetensors", `${"x".repeat(300)}.safetensors`, "a\0.safetensors"]) {
      await refusedIndex({ a: name }, `Cannot read ${path} as it must be a list of safetensors files`);
    }
    await refusedIndex({ a: { deep: "x".repeat(9999) } }, "current file is { deep: ");
    await refusedIndex(null, "it has no weight_map");
    await Deno.writeTextFile(path, "{ no JSON");
    await assertRejects(() => load(path), TypeError, "it is no JSON");
    await refused(encode('{"weight_map":{"a":"a.safetensors"}}'), "it has no folder");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("load() tells of tensors that are left out, by a warning unless told otherwise", async () => {
  const bytes = torchFile([
    "](",
    ...tensorOf({ elements: 2, shape: [2], strides: [1], type: "ComplexFloatStorage" }),
    "e",
  ], FOUR);
  const said: unknown[] = [], { warn } = console;
  try {
    console.warn = (...texts: unknown[]) => said.push(texts);
    assertEquals(await load<unknown>(bytes, { device }), [null]);
  } finally {
    console.warn = warn;
  }
  assertEquals(said, [[
    'Left "0" of the bytes out as there are no tensors of its dtype: current dtype is complex64',
  ]]);
});

Deno.test("load() refuses archives whose records are not those of PyTorch", async () => {
  const tensor = tensorOf({ elements: 4, shape: [4], strides: [1] });
  const file = (records: Readonly<Record<string, string>>): Uint8Array =>
    torchFile(
      tensor,
      Object.fromEntries([
        ["0", FOUR[0]],
        ...Object.entries(records).map(([name, record]) => [`../${name}`, encode(record)]),
      ]),
    );
  await load(file({ byteorder: "little", ".format_version": "1", ".storage_alignment": "64" }), { device });
  await refused(file({ byteorder: "lottle" }), "its record byteorder must match");
  await refused(file({ byteorder: "l".repeat(1e6) }), "its record byteorder must match");
  await refused(file({ ".format_version": "" }), "its record .format_version must match");
  await refused(file({ ".data/serialization_id": "\u00e9" }), "its record .data/serialization_id must match");
  const pickle = { name: "a/data.pkl", data: Uint8Array.of(0x80, 2, 0x4e, 0x2e) };
  const version = (text: string, name = "a/version") => writeZip([pickle, { name, data: encode(text) }]);
  assertEquals(await load<unknown>(version("10\n"), { device }), null);
  await refused(version("11\n"), "its record version must match");
  await refused(version("3\n", "b/version"), 'all of its files must lie in a/: one is "b/version"');
  await refused(writeZip([pickle]), "it must have the record version");
});

Deno.test("load() refuses tensors, storages and containers that PyTorch would not make", async () => {
  const storage = (...parts: readonly (number | string)[]) => torchFile(["(", ...parts, "tQ"], FOUR);
  const named = text("storage"), type = "ctorch\nFloatStorage\n", zero = text("0"), cpu = text("cpu");
  await refused(storage(...named, type, ...zero, ...cpu, ...int(4)), "it holds a storage itself");
  await refused(storage(...named, type, ...zero, ...cpu), "must be storages, of 5 parts each");
  await refused(
    storage(...named, type, ...zero, ...cpu, ...int(4), "N"),
    "must be storages, of 5 parts each",
  );
  await refused(storage(...named, type, ...zero, "N", ...int(4)), "a key, a place and a size");
  for (
    const id of [
      [...text("storage"), "Q"],
      ["N", "Q"],
      ["(", ...text("module"), type, ...zero, ...cpu, ...int(4), "tQ"],
      ["(", ...named, ...text("FloatStorage"), ...zero, ...cpu, ...int(4), "tQ"],
    ]
  ) await refused(torchFile(id, FOUR), "must be storages, of 5 parts each");
  await refused(storage(...named, "ctorch\nSize\n", ...zero, ...cpu, ...int(4)), "is no class of storages");
  for (const [key, size] of [[int(0), int(4)], [zero, int(-1)], [zero, ["N"]]] as const) {
    await refused(storage(...named, type, ...key, ...cpu, ...size), "a key, a place and a size");
  }
  const rebuilt = (...rest: readonly (number | string)[]) =>
    torchFile([
      ...["ctorch._utils\n_rebuild_tensor_v2\n((", ...named, type, ...zero, ...cpu, ...int(4), "tQ"],
      ...[...int(0), "(", ...int(4), "t(", ...int(1), "t", ...rest, "tR"],
    ], FOUR);
  await load(rebuilt(0x89, "}"), { device });
  await refused(rebuilt(0x89), "a tensor is made of 6 to 7 arguments: one has 5");
  await refused(rebuilt(0x89, "}NN"), "a tensor is made of 6 to 7 arguments: one has 8");
  const said = "what is said of a tensor beside must be a dictionary of names and true or false";
  for (const metadata of [["K", 1], ["}(", ...text("neg"), "K", 1, "u"], ["}(N", 0x88, "u"]]) {
    await refused(rebuilt(0x89, "}", ...metadata), said);
  }
  await refused(rebuilt("N}"), "whether a tensor requires a gradient must be true or false");
  await refused(torchFile(["c_codecs\nencode\n)", 0x81]), "it constructs something that is no class");
  await refused(torchFile(["cbuiltins\nset\n](}e", 0x85, "R"]), "items of its sets must be names or numbers");
});

Deno.test("load() refuses texts that are no Unicode, and arrays that NumPy would not read", async () => {
  const safetensors = (header: unknown): Uint8Array => {
    const text = encode(JSON.stringify(header)), bytes = new Uint8Array(8 + text.length);
    bytes[0] = text.length;
    bytes.set(text, 8);
    return bytes;
  };
  const empty = { dtype: "F32", shape: [0], data_offsets: [0, 0] };
  const half = async (header: unknown, kind: typeof SyntaxError | typeof TypeError, message: string) =>
    void await assertRejects(() => load(safetensors(header), { device }), kind, message);
  await half({ "a\ud800": empty }, SyntaxError, "its name must be UTF-16 without halves");
  await half({ __metadata__: { a: "\udc00" }, a: empty }, TypeError, "must be an object of strings");
  const npy = (header: string, minor = 0): Uint8Array =>
    Uint8Array.of(0x93, ...encode("NUMPY"), 1, minor, header.length, 0, ...new TextEncoder().encode(header));
  const scalar = "{'descr': '|b1', 'fortran_order': False, 'shape': (), }", one = Uint8Array.of(1);
  const file = (header: string, minor?: number) =>
    new Blob([npy(header, minor), one].map((part) => part.slice()));
  assertEquals((await load<ReturnType<typeof zeros>>(file(`${scalar} \n`), { device })).tolist(), true);
  await refused(file(scalar, 8), "its version must be 1.0, 2.0 or 3.0: current one is 1.8");
  await refused(file(`${scalar}\v`), "its header must be a dictionary");
  await refused(file(scalar.replace("()", `(${"1, ".repeat(65)})`)), "it may have 64 axes: it has 65");
});

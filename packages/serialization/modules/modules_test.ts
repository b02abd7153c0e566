import { assert, assertEquals, assertRejects } from "@std/assert";
import { setDefaultDevice, StateDict, type Tensor, tensor } from "@troodon/core";
import { load, type SavableModule, save, serialize } from "../mod.ts";
import { device, Layer } from "../testdata/layer.ts";

class Named extends Layer {
  constructor() {
    super(3, { scale: 2 });
  }
}

class Sized extends Layer {
  constructor(size = 3) {
    super(size);
  }
}

class Inherited extends Layer {}

const modules = { Layer };

const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

/** The file of a Layer with another text in the place of one in it of the same length, as safetensors have no checksum. */
async function altered(from: string, to: string): Promise<Uint8Array> {
  const bytes = await serialize(new Layer(3, { scale: 2 }), { format: "safetensors", modules });
  const at = text(bytes).indexOf(from.replaceAll('"', '\\"'));
  assert(at > 0 && from.length === to.length);
  bytes.set(new TextEncoder().encode(to.replaceAll('"', '\\"')), at);
  return bytes;
}

Deno.test("save() writes modules with their arguments, and load() makes them of the classes it is given", async () => {
  setDefaultDevice(device);
  const layer = new Layer(2, { scale: NaN });
  layer.weight = tensor([1, 2]);
  layer.training = false;
  const value = { parts: [layer], by: new Map([["name", layer]]), plain: 1 };
  const made = await load<typeof value>(await serialize(value, { format: "pth", modules }), { modules });
  for (const again of [made.parts[0]!, made.by.get("name")!]) {
    assert(again instanceof Layer);
    assertEquals([again.size, again.options, again.training], [2, { scale: NaN }, false]);
    assertEquals(again.weight.tolist(), [1, 2]);
  }
});

Deno.test("load() gives the state in the place of a module with weightsOnly", async () => {
  const bytes = await serialize({ layer: new Layer(2) }, { format: "pth", modules });
  const { layer } = await load<{ layer: StateDict }>(bytes, { device, weightsOnly: true });
  assertEquals([...layer.keys()], ["weight"]);
});

Deno.test("save() needs no arguments of a class whose constructor takes none, or that inherits one", async () => {
  setDefaultDevice(device);
  for (const [module, classes] of [[new Named(), { Named }], [new Inherited(4), { Inherited }]] as const) {
    const again = await load<Layer>(await serialize(module, { format: "pth", modules }), {
      modules: classes,
    });
    assertEquals([again.constructor, again.size, again.options], [
      module.constructor,
      module.size,
      module.options,
    ]);
  }
});

Deno.test("save() refuses a class whose constructor takes arguments that it does not tell", async () => {
  setDefaultDevice(device);
  const path = await Deno.makeTempFile({ suffix: ".pth" });
  try {
    await assertRejects(
      () => save(new Sized(5), path, { modules }),
      TypeError,
      "Cannot save Sized as its constructor takes arguments (size = 3): give it a method that returns them, " +
        `describe() { return [...]; }, or save its stateDict() (saving ${path})`,
    );
    assertEquals((await Deno.stat(path)).size, 0);
  } finally {
    await Deno.remove(path);
  }
  class Told extends Sized {
    override describe(): readonly unknown[] {
      return [this.size];
    }
  }
  const again = await load(await serialize(new Told(5), { format: "pth", modules }), { modules: { Told } });
  assertEquals(again.size, 5);
});

Deno.test("save() takes what a module says of itself in a field, where its class has no constructor", async () => {
  class Fielded implements SavableModule {
    training = true;
    weight: Tensor = tensor([1, 2], { device });
    describe = (): readonly unknown[] => [];
    stateDict(): StateDict {
      return new StateDict([["weight", this.weight]]);
    }
    takeState(state: ReadonlyMap<string, Tensor>): void {
      this.weight = state.get("weight")!.alias();
    }
    dispose(): void {
      this.weight.dispose();
    }
    *namedModules(): Generator<[string, { training: boolean }]> {}
    *namedParameters(): Generator<[string, Tensor]> {}
  }
  const bytes = await serialize(new Fielded(), { format: "pth", modules });
  const state = await load(bytes, { device, weightsOnly: true });
  assertEquals(state.get("weight")?.tolist(), [1, 2]);
});

Deno.test("save() refuses arguments that are no data", async () => {
  class Odd extends Layer {
    constructor(readonly argument: unknown) {
      super(1);
    }
    override describe(): readonly unknown[] {
      return [{ list: [this.argument] }];
    }
  }
  const refused = async (argument: unknown, message: string): Promise<void> =>
    void await assertRejects(
      () => serialize(new Odd(argument), { format: "pth", modules }),
      TypeError,
      message,
    );
  await refused(() => 1, "Cannot save Odd as its arguments must be plain values, tensors or modules");
  await refused(function scale() {}, "one is the function scale");
  await refused(new Date(), "one is a Date");
  for (
    const argument of [
      undefined,
      -0,
      Infinity,
      5n,
      "$",
      { $: "module" },
      [{ $: [1] }],
      null,
      tensor([1n], { device }),
    ]
  ) {
    const bytes = await serialize(new Odd(argument), { format: "safetensors", modules });
    const made = await load(bytes, { modules: { Odd }, device }) as unknown as {
      argument: { list: unknown[] };
    };
    const [again] = made.argument.list;
    if (argument !== null && typeof argument === "object" && "dtype" in argument) {
      assertEquals([(again as Tensor).dtype, (again as Tensor).tolist()], ["int64", [1]]);
    } else assertEquals(again, argument);
  }
});

Deno.test("load() refuses classes that it is not given, by name, and whatever is no class of modules", async () => {
  const bytes = await serialize(new Layer(3), { format: "pth", modules });
  const refused = async (classes: Readonly<Record<string, unknown>>): Promise<void> =>
    void await assertRejects(
      () => load(bytes, { device, modules: classes }),
      TypeError,
      "Cannot read the bytes as the class Layer must be given: load(file, { modules: { Layer } })",
    );
  for (const other of [undefined, 3, () => 1, Date, Map, eval]) await refused({ Layer: other });
  await refused({});
  await refused(Object.create(modules));
});

Deno.test("load() refuses what a file says of its modules if it is damaged, or far larger than its state", async () => {
  setDefaultDevice(device);
  await load(await altered('"version"', '"version"'), { modules });
  const refused = async (from: string, to: string, message: string): Promise<void> => {
    const bytes = await altered(from, to);
    await assertRejects(() => load(bytes, { modules }), Error, message);
  };
  await refused('"version":1', '"version":2', "current version is 2");
  await refused('{"version"', '["version"', "it is no JSON");
  await refused('"path":[]', '"path":{}', "version 1 has a list of modules");
  await refused('"class":"Layer"', '"clasp":"Layer"', "version 1 has a list of modules");
  await refused("[3,{", "[4,{", "Cannot make Layer of the bytes as its state must be the one");
  await refused('3,{"scale":2}]', '9999999,"abc"]', "its modules are larger than their state");
  await refused('{"scale":2}', '{"$":12345}', "there is no argument of the kind");
});

/** Creates the file of a Layer with a custom description of its modules, or custom arguments of a Layer. */
async function saying(said: unknown): Promise<Uint8Array> {
  const state = new StateDict([["weight", tensor([1, 2, 3], { device })]]);
  const metadata = { troodon: typeof said === "string" ? said : JSON.stringify(said) };
  return await serialize(state, { format: "safetensors", metadata });
}

const withArguments = (args: readonly unknown[]): Promise<Uint8Array> =>
  saying({
    version: 1,
    modules: [{ path: [], module: { class: "Layer", arguments: args, evaluating: [], frozen: [] } }],
  });

Deno.test("load() refuses modules and arguments that are no data of modules, and names the file", async () => {
  setDefaultDevice(device);
  class Odd extends Layer {
    constructor(size: number, options: { readonly scale: number }) {
      super(size);
      if (options.scale !== 2) throw new RangeError("Cannot make Odd as scale must be 2");
    }
  }
  const refused = async (bytes: Promise<Uint8Array>, message: string): Promise<void> => {
    const file = new File([(await bytes).slice()], "net.safetensors");
    const { message: said } = await assertRejects(
      () => load(file, { modules: { Layer: Odd } }),
      Error,
      message,
    );
    assert(said.includes("net.safetensors"), said);
  };
  for (const said of ["null", "[]", "3"]) await refused(saying(said), "its version must be 1");
  for (const modules of [null, [null], [3], [{ path: [], module: null }], [{ path: [{}], module: {} }]]) {
    await refused(saying({ version: 1, modules }), "version 1 has a list of modules");
  }
  await refused(
    withArguments([3, { scale: 3 }]),
    "Cannot make Layer of net.safetensors as its arguments must be those",
  );
  await refused(withArguments([3, { $: "record" }]), "a record has entries");
  await refused(withArguments([3, { $: "record", entries: [["scale"]] }]), "a record has entries");
  await refused(withArguments([3, { $: "number", text: "1e999" }]), 'there is no number "1e999"');
  await refused(withArguments([3, { $: "bigint", text: "1.5" }]), 'there is no number "1.5"');
  await refused(withArguments([{ $: "tensor", dtype: "float32" }]), "must have a dtype and a shape");
  await refused(
    withArguments([{ $: "tensor", dtype: "float32", shape: [2], bytes: "AAAA" }]),
    "must have 8 bytes in Base64",
  );
  await refused(
    withArguments([{ $: "tensor", dtype: "float32", shape: [2], bytes: "?" }]),
    "must have 8 bytes",
  );
  await refused(
    withArguments([{ $: "tensor", dtype: "float32", shape: [2 ** 30] }]),
    "larger than their state",
  );
  await refused(
    withArguments(Array(9).fill({ $: "tensor", dtype: "bool", shape: [2 ** 18] })),
    "larger than their",
  );
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
  await refused(
    saying(
      `{"version":1,"modules":[{"path":[],"module":{"class":"Layer","arguments":[${deep}],"evaluating":[],"frozen":[]}}]}`,
    ),
    "arguments may lie 200 deep",
  );
});

Deno.test("load() lets a constructor take no more memory than its state could need, and draws nothing by it", async () => {
  setDefaultDevice(device);
  const before = device.memory.peakBytes, drawn = device.generator.getState();
  await assertRejects(
    async () => load(await withArguments([2 ** 28]), { modules }),
    TypeError,
    "larger than their state",
  );
  assert(device.memory.peakBytes - before <= 2 ** 30 + 2 ** 24, `${device.memory.peakBytes - before} bytes`);
  assertEquals(device.generator.getState(), drawn);
});

/** `deno task convert`, with its own permissions only. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { Embedding, Linear, Module, Sequential } from "@troodon/nn";
import { load, Mlp, onnx, openTensors, rand, save, StateDict, type Tensor, tensor } from "@troodon/troodon";
import { argumentsOf } from "./task_permissions.ts";

const FILES = new URL("testdata/torch_files/", import.meta.url);

async function convert(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...await argumentsOf("convert"), ...args],
    env: { NO_COLOR: "1" },
    cwd,
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), errors: decoder.decode(stderr) };
}

/** Creates a folder for the files of a test. */
async function folder(): Promise<{ readonly path: string } & AsyncDisposable> {
  setDefaultDevice(new Device(new ReferenceBackend()));
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

const shown = (state: Iterable<readonly [string, Tensor]>) =>
  [...state].map(([name, t]) => [name, t.dtype, t.shape, t.tolist()] as const);

Deno.test("convert writes every format, dtypes kept", async () => {
  await using dir = await folder();
  const state = new StateDict([
    ["b", tensor([[1.5, -2]], { dtype: "float16" })],
    ["a", tensor([3], { dtype: "int64" })],
    ["c", tensor([[true], [false]])],
    ["d", tensor([0.1], { dtype: "float64" })],
  ]);
  await save(state, join(dir.path, "0.pth"));
  const order = ["0.pth", "1.safetensors", "2.npz", "3.pt", "4.npz", "5.safetensors"];
  for (let i = 1; i < order.length; i++) {
    const { code, out, errors } = await convert(dir.path, order[i - 1]!, order[i]!);
    assertEquals([code, out, errors], [0, `Wrote ${order[i]}: 4 tensors\n`, ""]);
    const found = await load(join(dir.path, order[i]!));
    assertEquals(shown(found).toSorted(), shown(state).toSorted());
  }
  await save(tensor([1, 2]), join(dir.path, "one.npy"));
  assertEquals((await convert(dir.path, "one.npy", "one.pth")).code, 0);
  assertEquals((await load<Tensor>(join(dir.path, "one.pth"))).tolist(), [1, 2]);
});

Deno.test("convert gives tensors other names, and takes a part of a checkpoint", async () => {
  await using dir = await folder();
  const model = new StateDict([["module.fc.weight", tensor([[1]])], ["module.fc.bias", tensor([2])]]);
  await save({ epoch: 3, model }, join(dir.path, "a.pth"));
  const { code, errors } = await convert(
    dir.path,
    "a.pth",
    "b.safetensors",
    "--part",
    "model",
    "--map",
    "module.=,fc=head",
  );
  assertEquals([code, errors], [0, ""]);
  assertEquals([...(await load(join(dir.path, "b.safetensors"))).keys()], ["head.bias", "head.weight"]);
  assertEquals((await convert(dir.path, "a.pth", "c.pt")).code, 0);
  assertEquals((await load<{ epoch: number }>(join(dir.path, "c.pt"))).epoch, 3);
});

class Own extends Module {
  fc = new Linear(1, 1);
  override forward(x: Tensor): Tensor {
    return this.fc(x);
  }
}

Deno.test("convert keeps architectures and metadata, and says where it cannot", async () => {
  await using dir = await folder();
  const net = new Sequential(new Linear(2, 1));
  await save(net, join(dir.path, "a.pth"));
  assertEquals((await convert(dir.path, "a.pth", "b.safetensors")).code, 0);
  assert(await load<Sequential>(join(dir.path, "b.safetensors")) instanceof Sequential);
  await save(new Own(), join(dir.path, "own.pth"));
  const own = await convert(dir.path, "own.pth", "own.safetensors");
  assertEquals([own.code, own.errors], [
    0,
    "Left the architecture of own.pth out, as Own is no class of the library\n",
  ]);
  assertEquals([...(await load(join(dir.path, "own.safetensors"))).keys()], ["fc.bias", "fc.weight"]);
  await save(net.stateDict(), join(dir.path, "m.safetensors"), { metadata: { made: "today" } });
  assertEquals((await convert(dir.path, "m.safetensors", "n.safetensors")).errors, "");
  {
    using file = await openTensors(join(dir.path, "n.safetensors"));
    assertEquals(file.metadata, { made: "today" });
  }
  assertMatch((await convert(dir.path, "m.safetensors", "n.pth")).errors, /^Left the metadata .*: made\n$/);
});

Deno.test("convert writes the network of a run as tensors, and as ONNX with its normalization and classes", async () => {
  await using dir = await folder();
  const run = join(dir.path, "run"), usual = new Mlp({ classes: 2 });
  await Deno.mkdir(run);
  const config = {
    model: "mlp",
    dataset: "mnist",
    classes: ["no", "yes"],
    normalization: { mean: 0.2, std: 0.4 },
    seed: 7,
  };
  await save(usual.stateDict(), join(run, "model.safetensors"));
  await Deno.writeTextFile(join(run, "config.json"), JSON.stringify(config));
  assertEquals((await convert(dir.path, "run", "a.pth")).out, "Wrote a.pth: 4 tensors\n");
  const { code, out, errors } = await convert(dir.path, "run", "a.onnx");
  assertEquals([code, out, errors], [0, "Wrote a.onnx\n", ""]);
  const refused = await convert(dir.path, "run", "b.onnx", "--input", "3x8x8");
  assertEquals([refused.code, refused.out], [1, ""]);
  assertEquals(
    refused.errors,
    "Error: Cannot write b.onnx as --input is for files: the run run says what it takes\n",
  );
  const model = onnx.decodeOnnx(await Deno.readFile(join(dir.path, "a.onnx")));
  assertEquals(Object.fromEntries(model.metadataProps!.map(({ key, value }) => [key, value])), {
    mean: "0.2",
    std: "0.4",
    classes: '["no","yes"]',
    model: "mlp",
    dataset: "mnist",
    seed: "7",
  });
  const dims = (list: readonly onnx.OnnxValueInfo[]) =>
    list.map((
      { name, type },
    ) => [name, ...type!.tensorType!.shape!.dim.map((d) => d.dimParam ?? d.dimValue)]);
  assertEquals(dims(model.graph.input), [["input", "N", 1, 28, 28]]);
  assertEquals(dims(model.graph.output), [["output", "N", 2]]);
  const again = await onnx.loadOnnx(join(dir.path, "a.onnx"));
  const x = rand([3, 1, 28, 28]);
  const found = again(x) as Tensor;
  assert(found.sub(usual(x)).abs().amax().item() < 1e-5);
});

Deno.test("convert writes a saved module as ONNX, for inputs that it describes or --input says", async () => {
  await using dir = await folder();
  await save(new Sequential(new Embedding(5, 2), new Linear(2, 1)), join(dir.path, "ids.pth"));
  await save(new Mlp({ size: 4, hidden: 2, classes: 3 }), join(dir.path, "mlp.safetensors"));
  const input = async (...args: string[]) => {
    const { code, errors } = await convert(dir.path, ...args);
    assertEquals([code, errors], [0, ""]);
    const { graph } = onnx.decodeOnnx(await Deno.readFile(join(dir.path, args[1]!)));
    const { elemType, shape } = graph.input[0]!.type!.tensorType!;
    return [elemType, ...shape!.dim.map((d) => d.dimParam ?? d.dimValue)];
  };
  const { FLOAT, INT64 } = onnx.ONNX_DATA_TYPES;
  assertEquals(await input("ids.pth", "ids.onnx", "--input", "int64:7"), [INT64, "N", 7]);
  assertEquals(await input("mlp.safetensors", "mlp.onnx"), [FLOAT, "N", 1, 4, 4]);
});

Deno.test("convert fails with one line that names the file, and leaves nothing behind", async () => {
  await using dir = await folder();
  const file = (name: string): string => fromFileUrl(new URL(name, FILES));
  await save(new StateDict([["a", tensor([1])]]), join(dir.path, "a.pth"));
  await save({ a: 1 }, join(dir.path, "number.pth"));
  await save(new Linear(3, 2), join(dir.path, "net.pth"));
  class Own extends Linear {}
  await save(new Own(3, 2), join(dir.path, "own.pth"));
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["none.pth", "x.pth"], /none\.pth/],
    [[file("bitflip_in_tensor_data.pth"), "x.safetensors"], /bitflip_in_tensor_data\.pth/],
    [[file("bad_truncated.safetensors"), "x.pth"], /bad_truncated\.safetensors/],
    [[file("array_i2.npy"), "x.pth"], /array_i2\.npy .*int16/],
    [["a.pth", "x.npy"], /x\.npy/],
    [["a.pth", "x.onx"], /Cannot write x\.onx as its name must end with/],
    [["a.pth", "x.pth", "--map", "b=c"], /each rule must fit one/],
    [["a.pth", "x.pth", "--part", "b"], /the part "b" of a\.pth .*there are a/],
    [["number.pth", "x.pth", "--map", "a=c"], /Cannot map names of number\.pth/],
    [["number.pth", "x.safetensors"], /x\.safetensors/],
    [["a.pth", "none/x.pth"], /none\/x\.pth/],
    [["a.pth", "x.onnx"], /Cannot write x\.onnx as a\.pth must hold a module: .*save\(net, file\)/],
    [["net.pth", "x.onnx"], /the shape of the inputs must be known: .*--input 1x28x28/],
    [["own.pth", "x.onnx"], /the class Own of own\.pth must be one of the library: .*saveOnnx/],
  ];
  const before = [...Deno.readDirSync(dir.path)].map(({ name }) => name).toSorted();
  for (const [args, wanted] of cases) {
    const { code, out, errors } = await convert(dir.path, ...args);
    assertEquals([code, out], [1, ""], args.join(" "));
    assertMatch(errors, /^Error: [^\n]+\n$/);
    assertMatch(errors, wanted);
    assertEquals([...Deno.readDirSync(dir.path)].map(({ name }) => name).toSorted(), before);
  }
  assertEquals((await convert(dir.path, "a.pth")).code, 2);
});

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { Device, manualSeed, setDefaultDevice, StateDict } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { sha256 } from "@troodon/io";
import { serialize } from "@troodon/serialization";
import { getModel, SqueezeNet, squeezenet1_1 } from "../mod.ts";
import { DenseBlock, DenseLayer } from "../vision/densenet.ts";
import { loadWeights, type WeightsOptions } from "./load_weights.ts";

function useReference(): void {
  setDefaultDevice(new Device(new CpuBackend()));
  manualSeed(0);
}

/** Creates a small model and its file. */
async function savedNet(): Promise<{ readonly net: SqueezeNet; readonly file: Uint8Array<ArrayBuffer> }> {
  const net = squeezenet1_1({ numClasses: 3 });
  return { net, file: await serialize(net.stateDict(), { format: "pth" }) };
}

const values = (net: SqueezeNet): number[] =>
  net.classifier.at(1).stateDict().get("weight")!.flatten().tolist() as number[];

Deno.test("a network takes the weights of a file", async () => {
  useReference();
  const { net, file } = await savedNet();
  const again = await squeezenet1_1({ numClasses: 3, weights: file });
  assertEquals(values(again), values(net));
  const checkpoint = await serialize({ epoch: 3, state_dict: net.stateDict() }, { format: "pth" });
  assertEquals(values(await squeezenet1_1({ numClasses: 3, weights: checkpoint })), values(net));
  const plain = Object.fromEntries(net.stateDict());
  for (const value of [plain, { model: plain, epoch: 3 }]) {
    const weights = await serialize(value, { format: "pth" });
    assertEquals(values(await squeezenet1_1({ numClasses: 3, weights })), values(net));
  }
});

Deno.test("a network refuses the weights of another, and what are none", async () => {
  useReference();
  const { file } = await savedNet();
  await assertRejects(
    async () => await squeezenet1_1({ weights: file }),
    RangeError,
    "classifier.1.weight is [3, 512, 1, 1]",
  );
  await assertRejects(
    () => loadWeights(new SqueezeNet({ version: "1_0", numClasses: 3 }), { weights: file }),
    RangeError,
    "Cannot load the state into SqueezeNet as names differ: missing: features.5.squeeze.weight",
  );
  for (const value of [[1, 2], {}, { epoch: 3, model: { lr: 0.1 } }]) {
    const none = await serialize(value, { format: "pth" });
    await assertRejects(
      async () => await squeezenet1_1({ weights: none }),
      TypeError,
      "the file must hold a state dict",
    );
  }
  const misspelt: object = { numClases: 3 };
  await assertRejects(
    async () => await squeezenet1_1({ ...misspelt, weights: file }),
    TypeError,
    "did you mean numClasses?",
  );
});

Deno.test("loadWeights() takes files of older versions", async () => {
  useReference();
  const make = () =>
    new DenseBlock([new DenseLayer({ inChannels: 2, growthRate: 2, bnSize: 1, dropRate: 0 })]);
  const block = make();
  const old = new StateDict(
    [...block.stateDict()].filter(([name]) => !name.endsWith("num_batches_tracked"))
      .map(([name, t]) => [name.replace(/(norm|conv)([12])/, "$1.$2"), t]),
  );
  const weights = await serialize(old, { format: "pth" });
  const rename = (name: string) => name.replace(/(norm|conv)\.([12])/, "$1$2");
  const again = await loadWeights(make(), { weights }, rename);
  const conv = "denselayer1.conv1.weight";
  assertEquals(again.stateDict().get(conv)!.tolist(), block.stateDict().get(conv)!.tolist());
  await assertRejects(
    () => loadWeights(make(), { weights }),
    RangeError,
    "missing: denselayer1.norm1.weight",
  );
});

Deno.test("loadWeights() verifies a local file too, and says what to write for torchvision's names", async () => {
  useReference();
  const net = new SqueezeNet({ version: "1_1", numClasses: 3 }), bytes = new Uint8Array([1, 2, 3]);
  const refused = async (options: object, message: string): Promise<void> => {
    await assertRejects(() => loadWeights(net, options as WeightsOptions), TypeError, message);
  };
  await refused(
    { weights: bytes, sha256: "00000000" },
    "Cannot load weights of the file: its SHA-256 must be 00000000",
  );
  await refused({ weights: bytes, sha256: (await sha256(bytes)).slice(0, 8) }, "Cannot read the bytes");
  await refused({ weights: null }, "current ones are null, without the option they are drawn at random");
  for (const weights of ["DEFAULT", "ResNet18_Weights.IMAGENET1K_V1", true]) {
    await refused({ weights }, "torchvision says the URL of its files by ResNet18_Weights.DEFAULT.url");
  }
});

Deno.test("weights come from the network once, with a digest and a limit", async () => {
  useReference();
  const { net, file } = await savedNet(), digest = await sha256(file);
  const cache = await Deno.makeTempDir();
  let requests = 0;
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    requests++;
    return new Response(file, { headers: { "content-length": `${file.length}` } });
  });
  const weights = new URL(`http://127.0.0.1:${server.addr.port}/models/squeeze..net.pth?x=1`);
  const received: (readonly [number, number | null])[] = [];
  const options = { numClasses: 3, weights, cache, sha256: digest.slice(0, 8) };
  const found = await squeezenet1_1({ ...options, onProgress: (...numbers) => received.push(numbers) });
  assertEquals(values(found), values(net));
  assertEquals(received.at(-1), [file.length, file.length]);
  await squeezenet1_1(options);
  assertEquals(requests, 1);
  const [kept] = [...Deno.readDirSync(cache)];
  assert(/^[0-9a-f]{8}-squeeze\.\.net\.pth$/.test(kept!.name), kept!.name);

  await Deno.writeFile(join(cache, kept!.name), file.with(file.length >> 1, file[file.length >> 1]! ^ 1));
  await assertRejects(async () => await squeezenet1_1(options), TypeError, "remove it to fetch it again");
  await Deno.remove(join(cache, kept!.name));
  await assertRejects(
    async () => await squeezenet1_1({ ...options, sha256: "00000000" }),
    Deno.errors.NotFound,
    "its SHA-256 must be 00000000 but is",
  );
  await assertRejects(
    async () => await squeezenet1_1({ ...options, limit: 1000 }),
    Deno.errors.NotFound,
    "1000 bytes",
  );
  assertEquals([...Deno.readDirSync(cache)], []);
  await assertRejects(
    async () => await squeezenet1_1({ ...options, sha256: "none" }),
    RangeError,
    "hexadecimal",
  );
  await assertRejects(
    async () => await squeezenet1_1({ ...options, weights: "http://example.com/net.pth" }),
    RangeError,
    "must begin with https:",
  );
  await Deno.remove(cache, { recursive: true });
});

Deno.test("getModel() names the networks, or the one that may be meant", () => {
  assertThrows(() => getModel("resnet19"), RangeError, "did you mean resnet");
  assertThrows(() => getModel("perceptron"), RangeError, "the names are alexnet, convnext_base");
});

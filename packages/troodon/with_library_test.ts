import { assertEquals, assertRejects } from "@std/assert";
import { chooseDevice, load, nn, save, serialize } from "./mod.ts";

Deno.test("load() and save() refuse what is no options, and options that they do not have", async () => {
  const careless = (value: unknown): never => value as never;
  for (const options of [true, "pth", ["pth"], { formats: "pth" }]) {
    await assertRejects(() => load(new Uint8Array(9), careless(options)), TypeError, "load()");
    await assertRejects(() => save(null, "never.pth", careless(options)), TypeError, "save()");
  }
});

Deno.test("load() knows the modules of the library beside those that are given", async () => {
  await chooseDevice("reference");
  class Net extends nn.Sequential {
    constructor() {
      super(new nn.Linear(1, 1));
    }
  }
  const file = await serialize([new Net(), new nn.ReLU()], { format: "pth" });
  const [net, relu] = await load<[Net, nn.ReLU]>(file, { modules: { Net } } as object);
  assertEquals([net instanceof Net, relu instanceof nn.ReLU], [true, true]);
});

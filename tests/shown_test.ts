/** Objects of the library as consoles show them, and as JSON has them. */
import { assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { Linear, Sequential } from "@troodon/nn";
import { bundle, findChromium, NoBundlerError, runInChromium } from "../scripts/browser/chromium.ts";
import { things } from "./shown/things.ts";

const PAGE = "tests/shown/page.ts";
const expected = Object.entries(things());

for (const [name, { thing, text }] of expected) {
  Deno.test(`console.log() shows ${name} in Deno`, () => assertEquals(Deno.inspect(thing), text));
}

/** The output of a command; null where it cannot run here. */
async function run(command: string, args: string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(command, { args, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

Deno.test("console.log() shows the same in Node", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [module, lowered] = [`${folder}/module.mjs`, `${folder}/lowered.mjs`];
    await Deno.writeTextFile(module, await bundle(PAGE));
    // Node 20 has no `using`; deno.lock is not to know of this tool.
    const esbuild = [
      "run",
      "-A",
      "--no-lock",
      "npm:esbuild@0.28.2",
      module,
      "--target=node18",
      "--keep-names",
    ];
    if (await run(Deno.execPath(), [...esbuild, `--outfile=${lowered}`]) === null) {
      return console.log("SKIP Node: esbuild is neither in Deno's cache nor reachable");
    }
    const script = `import { inspect } from "node:util"; import { main } from ${JSON.stringify(lowered)};` +
      "console.log(JSON.stringify(main((thing) => inspect(thing))));";
    await Deno.writeTextFile(`${folder}/run.mjs`, script);
    if (await run("node", ["--version"]) === null) return console.log("SKIP Node: there is none");
    const shown = JSON.parse(await run("node", [`${folder}/run.mjs`]) ?? "{}");
    assertEquals(shown, Object.fromEntries(expected.map(([name, { text }]) => [name, text])));
  } catch (error) {
    if (!(error instanceof NoBundlerError)) throw error;
    console.log(`SKIP Node: ${error.message}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const chromium = findChromium();

Deno.test({
  name: "String() gives the same text in a page",
  ignore: chromium === undefined,
  async fn() {
    const shown = await runInChromium(chromium!, PAGE).catch((error) => {
      if (!(error instanceof NoBundlerError)) throw error;
      console.log(`SKIP browser: ${error.message}`);
    }) as Record<string, string> | undefined;
    if (!shown) return;
    // Lists and records have no text but that of consoles.
    const wanted = Object.fromEntries(
      expected.flatMap(([name, { text }]) => /^[[{]/.test(text) ? [] : [[name, text]]),
    );
    assertEquals(Object.fromEntries(Object.keys(wanted).map((name) => [name, shown[name]])), wanted);
  },
});

const device = new Device(new ReferenceBackend(), { tape });

Deno.test("JSON.stringify() writes tensors as nested arrays, and a loss as a number", () => {
  const loss = tensor([1, 2], { device, requiresGrad: true }).sum();
  const x = tensor([[1, 2], [3, 4]], { device }), flags = tensor([true, false], { device });
  const line = JSON.stringify({ loss, x, flags, big: tensor([2 ** 40], { device, dtype: "int64" }) });
  assertEquals(line, '{"loss":3,"x":[[1,2],[3,4]],"flags":[true,false],"big":[1099511627776]}');
});

Deno.test("JSON.stringify() of a tensor that is disposed of is refused", () => {
  const x = tensor([1], { device });
  x.dispose();
  assertThrows(() => JSON.stringify({ x }), ReferenceError, "disposed");
});

Deno.test("JSON.stringify() writes modules and their states as nested arrays by name", () => {
  const net = new Sequential(new Linear(1, 1, { device }));
  const [weight, bias] = [...net.parameters()].map((p) => p.tolist());
  for (const thing of [net, net.stateDict()]) {
    assertEquals(JSON.parse(JSON.stringify({ thing })), { thing: { "0.weight": weight, "0.bias": bias } });
  }
});

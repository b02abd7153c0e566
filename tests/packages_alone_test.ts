/** Packages each by itself: in a program of somebody else's folder, and in what a page loads. */
import { assert, assertEquals } from "@std/assert";
import { bundle, NoBundlerError } from "../scripts/browser/chromium.ts";

const ROOT = new URL("../", import.meta.url);

const PACKAGES = [...Deno.readDirSync(new URL("packages/", ROOT))]
  .filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();

/** Runs `work` with a folder that is removed after it. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a program in an empty folder can import each package alone", () =>
  inFolder(async (folder) => {
    for (const name of PACKAGES) {
      const file = `${folder}/${name}.ts`;
      await Deno.writeTextFile(
        file,
        `import * as all from "@troodon/${name}"; console.log(Object.keys(all).length > 0);`,
      );
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "--config", new URL("deno.json", ROOT).pathname, file],
        cwd: folder,
      }).output();
      const decoder = new TextDecoder();
      assertEquals([code, decoder.decode(stdout)], [0, "true\n"], `${name}: ${decoder.decode(stderr)}`);
    }
  }));

const PAGES: Readonly<Record<string, readonly string[]>> = {
  "the facade": ["troodon"],
  "what trains on the CPU": ["core", "cpu", "autograd", "nn", "optim"],
};

for (const [title, names] of Object.entries(PAGES)) {
  Deno.test(`a page that loads ${title} needs no module of node:`, () =>
    inFolder(async (folder) => {
      const file = `${folder}/page.ts`;
      const url = (name: string) => new URL(`packages/${name}/mod.ts`, ROOT).href;
      await Deno.writeTextFile(
        file,
        names.map((name) => `export * as ${name} from "${url(name)}";\n`).join(""),
      );
      let text: string;
      try {
        text = await bundle(file);
      } catch (error) {
        if (!(error instanceof NoBundlerError)) throw error;
        console.log(`SKIP ${error.message}`);
        return;
      }
      assert(text.length > 200_000);
      assertEquals(text.match(/["'`]node:\w+/g), null);
    }));
}

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { findChromium, runTextInChromium } from "../scripts/browser/chromium.ts";
import { tryCommand } from "../scripts/npm/command.ts";
import { consumeByDeno } from "../scripts/npm/consume.ts";
import { bundleForPage, bundlePage, stopBundling, writePrograms } from "../scripts/npm/programs.ts";
import { isThere, mustRun } from "../scripts/npm/runtimes.ts";
import { measurePages } from "../scripts/npm/sizes.ts";

/** True if a Node that has `process.getBuiltinModule` is in the path. */
async function hasNode(): Promise<boolean> {
  if (!await isThere("node")) return false;
  const [major = 0, minor = 0] = (await mustRun(["node", "--version"], Deno.cwd())).slice(1).split(".").map(
    Number,
  );
  return major > 20 || (major === 20 && minor >= 16);
}

Deno.test("packages for npm run README's example, load in a page, and are as small as they were", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "troodon-npm-" }), project = join(folder, "project");
  try {
    const built = await consumeByDeno(folder).catch((error) => {
      if (!/registry\.npmjs\.org|error sending request/.test(String(error))) throw error;
      console.log(`SKIP packages for npm: npm's registry cannot be reached`);
    });
    if (!built) return;
    await writePrograms(project);

    await t.step("package.json names versions alone, and nothing of JSR", async () => {
      for (const { name, folder } of built) {
        const text = await Deno.readTextFile(join(folder, "package.json"));
        const { version, sideEffects, dependencies, exports } = JSON.parse(text);
        assertEquals([version, sideEffects], ["0.1.0", false], name);
        for (const wanted of Object.values(dependencies)) {
          assertMatch(String(wanted), /^\d+\.\d+\.\d+$/, name);
        }
        assert(!text.includes("@jsr/") && !text.includes("@std/"), name);
        for (const file of Object.values(exports["."])) {
          assert((await Deno.stat(join(folder, String(file)))).isFile);
        }
      }
      const folders = Array.from(Deno.readDirSync(new URL("../packages", import.meta.url)))
        .filter(({ isDirectory }) => isDirectory);
      assertEquals(built.map(({ name }) => name), folders.map(({ name }) => name).sort());
    });

    const programs: Readonly<Record<string, readonly string[] | null>> = {
      Deno: [Deno.execPath(), "run", "-A", "--quiet"],
      Node: await hasNode() ? ["node"] : null,
    };
    for (const [name, command] of Object.entries(programs)) {
      if (command === null) console.log(`SKIP ${name}: it is not in the path, or older than 20.16`);
      await t.step({
        name: `README's example learns in ${name}`,
        ignore: command === null,
        fn: async () => {
          const lines = (await mustRun([...command!, "readme.mjs"], project)).trim().split("\n");
          assertEquals(lines.map((line) => line.replace(/loss .*/, "loss")), [
            "step 50: loss",
            "step 100: loss",
          ]);
          const [first, last] = lines.map((line) => Number(line.match(/[\d.]+$/)![0])) as [number, number];
          assert(last < 0.02 && last < first, lines.join());
        },
      });
    }

    await t.step({
      name: "the command trains, scores and predicts in Node",
      ignore: programs["Node"] === null,
      fn: async () => {
        const place = join(folder, "node");
        await Deno.mkdir(place);
        const accuracy = await tryCommand(["node", join(project, "node_modules/@troodon/cli/bin.js")], place);
        assert(accuracy > 0.3, `${accuracy}`);
      },
    });

    const chromium = findChromium();
    if (chromium === undefined) console.log("SKIP a page with the packages: no Chromium");
    await t.step({
      name: "a page keeps files of its own, and says what it cannot do",
      ignore: chromium === undefined,
      fn: async () => {
        const { text, modules } = await bundlePage(project);
        const answer = await runTextInChromium(chromium!, text, "page.ts", { modules }) as Record<
          string,
          unknown
        >;
        assertEquals(answer["opfs"], [true, [0.0999755859375, 2], "float16"]);
        assertEquals([answer["blob"], answer["url"], answer["png"]], [true, true, true]);
        assertEquals(answer["webp"], [16, 8, 3, true, true]);
        assertMatch(String(answer["missing"]), /^NotFound: .*nowhere\.pth/);
        assertMatch(String(answer["folder"]), /^NotFound: .*images/);
        assertEquals([answer["isNotFound"], answer["item"]], [true, 2]);
        const images = [["cat", "dog"], [[7, 0], [9, 1]]];
        assertEquals(answer["images"], [...images, ...images]);
        assertEquals(answer["workers"], [8, true, "RangeError: sample 4 is broken"]);
        // Resumed after the page was loaded again, to the same bits as a run that was not.
        assertEquals(answer["run"], [true, "Busy", { lr: 0.1 }]);
        assertEquals(answer["batches"], [[0, 1], [4, 9], [0, 1], [4, 9]]);
        assertEquals(answer["said"], [
          "A DataLoader loads without its workers, in the thread of the program: this platform has no " +
          "node:worker_threads. In a page give { workerModule: () => new Worker(...) }: see serveWorker()",
        ]);
      },
    });

    await t.step("a bundler leaves out the classes and constants that a page does not name", async () => {
      const source = `import { softmax, ReferenceBackend } from "@troodon/core"; console.log(softmax);`;
      const words = ["plain TypeScript in float64", "featureAlphaDropout"];
      const { text } = await bundleForPage(project, source);
      assertEquals(words.filter((word) => text.includes(word)), []);
      const whole = `import * as core from "@troodon/core"; console.log(core);`;
      const { text: all } = await bundleForPage(project, whole);
      assertEquals(words.filter((word) => all.includes(word)), words);
    });

    await t.step("pages load no more than they did", async () => {
      for (const { title, packed, most } of await measurePages(project)) {
        assert(packed <= most, `${title}: ${packed} bytes, and at most ${most}`);
        assert(packed > most / 2, `${title} is far below its limit of ${most}: lower that`);
      }
    });
  } finally {
    await stopBundling();
    await Deno.remove(folder, { recursive: true });
  }
});

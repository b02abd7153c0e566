import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { residentBytes, runBounded } from "./bounded_run.ts";
import { ProjectCopy } from "./copy.ts";
import { chooseMutants, findMutants } from "./find.ts";
import { KINDS, type Mutant } from "./mutant.ts";
import { stagesOf } from "./stages.ts";
import { Trials } from "./trial.ts";

const FILES = {
  "packages/nn/a.ts": `export function sum(n: number): number {
  if (n < 0) throw new RangeError("n < 0");
  let total = 0;
  for (let i = 0; i < n; i++) total += i;
  return total;
}
`,
  "packages/nn/a_test.ts": `import { sum } from "./a.ts";
Deno.test("sum()", () => {
  if (sum(4) !== 6) throw new RangeError("sum");
});
`,
  "packages/nn/b_test.ts": `import "./a.ts";\nDeno.test("nothing", () => {});\n`,
  "packages/nn/c_test.ts": `Deno.test("nothing", () => {});\n`,
  "packages/optim/a_test.ts": `Deno.test("nothing", () => {});\n`,
  "deno.json": "{}",
  ".gitignore": "left/\n",
  "left/out.ts": "",
};

/** A project of {@linkcode FILES} in a folder of its own. */
async function withProject(run: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await new Deno.Command("git", { args: ["init", "-q"], cwd: root }).output();
    for (const [path, text] of Object.entries(FILES)) {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    await run(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const modules = new Map(Object.entries(FILES).filter(([path]) => path.startsWith("packages/")));
const PATH = "packages/nn/a.ts", SOURCE = FILES[PATH];

function change(before: string, after: string): Mutant {
  const start = SOURCE.indexOf(before);
  return { path: PATH, kind: "guard", start, end: start + before.length, after };
}

Deno.test("ProjectCopy copies what git does not ignore, puts texts back, and goes", async () => {
  await withProject(async (root) => {
    let place: string;
    {
      using copy = await ProjectCopy.create(root);
      place = copy.root;
      assertEquals([...Deno.readDirSync(place)].map(({ name }) => name).sort(), [
        ".gitignore",
        "deno.json",
        "packages",
      ]);
      const read = () => Deno.readTextFile(join(place, PATH));
      await assertRejects(() =>
        copy.with(PATH, "changed", async () => {
          assertEquals(await read(), "changed");
          throw new RangeError("stop");
        }), RangeError);
      assertEquals(await read(), SOURCE);
      assertEquals(await Deno.readTextFile(join(root, PATH)), SOURCE);
    }
    await assertRejects(() => Deno.stat(place), Deno.errors.NotFound);
  });
});

Deno.test("findMutants() finds changes of modules, and chooseMutants() takes kinds in turn", async () => {
  await withProject(async (root) => {
    using copy = await ProjectCopy.create(root);
    const found = await findMutants(copy.root, [PATH]);
    assertEquals(found.map(({ kind }) => kind), ["guard", "guard", "boundary", "boundary", "reset"]);
    assertEquals(found.map(({ path, start, end }) => [path, SOURCE.slice(start, end)])[2], [PATH, "<"]);
    const chosen = chooseMutants(found, { seed: 1, count: 4 });
    assertEquals(chosen.map(({ kind }) => kind), ["guard", "boundary", "reset", "guard"]);
    assertEquals(chooseMutants(found, { seed: 1, count: 4 }), chosen);
    assertEquals(chooseMutants(found, { seed: 1, count: 99 }).length, 5);
    assertEquals(chooseMutants(found, { seed: 1, count: 99, kinds: ["reset"] }), [found[4]]);
    const first = new Set(
      Array.from({ length: 20 }, (_, seed) => chooseMutants(found, { seed, count: 1 })[0]),
    );
    assertEquals(first.size, 2);
    assertEquals(KINDS.length, new Set(KINDS).size);
    await Deno.writeTextFile(join(copy.root, PATH), "const a = ;");
    await assertRejects(() => findMutants(copy.root, [PATH]), TypeError, "Cannot parse the modules");
    await assertRejects(() => findMutants(copy.root, ["nothing.ts"]), TypeError, "Cannot parse the modules");
  });
});

Deno.test("stagesOf() takes the tests beside, then the package's, then those asked for", () => {
  assertEquals(stagesOf(PATH, modules, ["tests"]), [
    { name: "beside", paths: ["packages/nn/a_test.ts", "packages/nn/b_test.ts"] },
    { name: "package", paths: ["packages/nn/c_test.ts"] },
    { name: "tests", paths: ["tests"] },
  ]);
  const conformance = "tests/conformance_test.ts";
  assertEquals(stagesOf(PATH, modules, [conformance]).at(-1), {
    name: conformance,
    paths: [conformance],
    filter: "/^(sum)\\(\\) conforms/",
  });
  const scripts = new Map([["scripts/a/b.ts", ""], ["scripts/a/c_test.ts", ""], ["scripts/d_test.ts", ""]]);
  assertEquals(stagesOf("scripts/a/b.ts", scripts, []), [{
    name: "package",
    paths: ["scripts/a/c_test.ts"],
  }]);
  assertEquals(stagesOf("packages/optim/b.ts", modules, []), [{
    name: "package",
    paths: ["packages/optim/a_test.ts"],
  }]);
});

Deno.test("Trials tell what is caught, survives, does not end or does not parse", async () => {
  await withProject(async (root) => {
    using copy = await ProjectCopy.create(root);
    const options = { also: [], timeout: 4, bytes: 2 ** 30, signal: new AbortController().signal };
    const trials = new Trials(copy, modules, options);
    const endOf = async (before: string, after: string) => {
      const { end, by } = await trials.try(change(before, after));
      return [end, by];
    };
    assertEquals(await endOf("i < n", "i <= n"), ["caught", "beside"]);
    assertEquals(await endOf("n < 0", "n <= 0"), ["survived", ""]);
    assertEquals(await endOf("i++", ""), ["caught", "beside, timeout"]);
    assertEquals(await endOf("total += i;", "total += ;"), ["invalid", ""]);
    assertEquals(await endOf("let total = 0;", 'let total = JSON.parse("{");'), ["caught", "beside"]);
    assertEquals(await Deno.readTextFile(join(copy.root, PATH)), SOURCE);
    await Deno.writeTextFile(join(copy.root, "packages/nn/c_test.ts"), 'Deno.test("x", () => { throw 1; });');
    const failing = new Trials(copy, modules, options);
    await assertRejects(
      () => failing.try(change("n < 0", "n <= 0")),
      RangeError,
      "tests must pass unchanged",
    );
  });
});

Deno.test("runBounded() ends what takes too long or too much, with all that it started", async () => {
  const code = async (text: string, bounds: { seconds?: number; bytes?: number; signal?: AbortSignal }) => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(join(folder, "a.ts"), text);
      return await runBounded(["run", "-A", "a.ts"], folder, { seconds: 60, bytes: 2 ** 40, ...bounds });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
  const done = await code('console.log("out"); console.error("err");', {});
  assertEquals(done.end, "success");
  assertStringIncludes(done.output, "out");
  assertStringIncludes(done.output, "err");
  assertEquals((await code("Deno.exit(3);", {})).end, "failure");
  assertEquals((await code("for (;;);", { seconds: 1 })).end, "timeout");
  assertEquals((await code("for (;;);", { signal: AbortSignal.timeout(500) })).end, "timeout");
  // A child of the child is ended, which else would keep the streams open for its 60 s.
  const nested = 'new Deno.Command("sleep", { args: ["60"] }).spawn().unref(); Deno.exit(0);';
  const { end, seconds } = await code(nested, {});
  assertEquals(end, "success");
  assert(seconds < 30, `took ${seconds} s`);
  if (residentBytes(Deno.pid) === 0) return;
  const hoard = "const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1));";
  assertEquals((await code(hoard, { bytes: 300 * 2 ** 20 })).end, "memory");
});

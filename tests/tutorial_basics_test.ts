/** The chapters of the basics: what they print is what their pages say, and that is what PyTorch prints. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../scripts/run_deno.ts";
import { outputOf, readPages } from "../scripts/tutorials/pages.ts";

const CHAPTERS = "examples/tutorials/2_basics";

const pages = new Map((await readPages()).map((page) => [page.name, page]));
const shownFor = (chapter: string, command: string): string =>
  outputOf(pages.get(`2_basics/${chapter}`)!, command);

/** Output of the program of a chapter, and of PyTorch's program, as the page shows them. */
const shown = (chapter: string): string => shownFor(chapter, `deno run -A ${CHAPTERS}/${chapter}.ts`);
const expected = (chapter: string): string => shownFor(chapter, `python ${chapter}.py`);

/** The numbers of an output, but for those in names. */
const numbersIn = (output: string): number[] =>
  [...output.replaceAll(/\w+Array\(\d+\)|0x\w+/g, "").matchAll(/(?<![\w.])-?\d+\.?\d*(e[+-]?\d+)?(?!\w)/g)]
    .map(([number]) => Number(number));

/** Lines that depend on a choice of the library, on random numbers, or on which thread is faster. */
const differs = (line: string): boolean => /^(Muon|worker) /.test(line);

const SAME = [
  "tensors",
  "autograd",
  "datasets",
  "saving",
  "linear_regression",
  "logistic_regression",
  "activations",
  "optimizers",
  "preprocessing",
  "batch_norm",
  "regularization",
];

for (const chapter of SAME) {
  Deno.test(`tutorial 2_basics: ${chapter} prints the numbers that PyTorch prints`, () => {
    const [ours, theirs] = [shown(chapter), expected(chapter)].map((output) =>
      numbersIn(output.split("\n").filter((line) => !differs(line)).join("\n"))
    );
    assert(theirs!.length > 5);
    assertEquals(ours!.length, theirs!.length);
    for (const [i, number] of theirs!.entries()) {
      // Four digits are printed, or five of large numbers.
      assertAlmostEquals(ours![i]!, number, 6e-5 * Math.max(1, Math.abs(number)));
    }
  });
}

/** Compares deviations and orders of magnitude with those of PyTorch's initializations. */
function assertInitialized(output: string): void {
  const lines = [output, expected("initialization")].map((text) => text.split("\n"));
  assertEquals(lines.map(({ length }) => length), [17, 17]);
  for (const [i, line] of lines[0]!.entries()) {
    const [ours, theirs] = [line, lines[1]![i]!].map((line) => numbersIn(line));
    for (const [k, number] of theirs!.entries()) {
      if (i < 9) assertAlmostEquals(ours![k]!, number, 0.03, line);
      else assertAlmostEquals(Math.log10(ours![k]!), Math.log10(number), 0.4, line);
    }
  }
}

Deno.test("tutorial 2_basics: initialization has the deviations and orders of magnitude that PyTorch has", () => {
  assertInitialized(shown("initialization"));
});

Deno.test("tutorial 2_basics: the networks of the last chapter are as accurate as PyTorch's", () => {
  const [ours, theirs] = [`deno run -A ${CHAPTERS}/mnist.ts --data DIR`, "python mnist.py --data DIR"].map(
    (command) => numbersIn(shownFor("mnist", command).split("\n").at(-1)!),
  );
  assert(theirs![1]! > 0.97);
  assertAlmostEquals(ours![1]!, theirs![1]!, 0.004);
});

/** Runs all chapters on small settings; returns what they print and the pictures that they draw. */
async function runAll(): Promise<{ printed: Map<string, string>; pictures: Map<string, string> }> {
  const out = await Deno.makeTempDir();
  try {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `${CHAPTERS}/2_basics.ts`, "--quick", "--out", out],
      cwd: ROOT,
      // On the CPU, as the pages have it: this is a backend of browsers, which finds no GPU here.
      env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "webgpu" },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const [, ...parts] = new TextDecoder().decode(stdout).split(/^== (\w+) ==\n/m);
    const printed = new Map<string, string>();
    for (let i = 0; i < parts.length; i += 2) printed.set(parts[i]!, parts[i + 1]!.trimEnd());
    const pictures = new Map<string, string>();
    for await (const { name } of Deno.readDir(out)) {
      if (name.endsWith(".svg")) pictures.set(name, await Deno.readTextFile(join(out, name)));
    }
    return { printed, pictures };
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

Deno.test("tutorial 2_basics: all chapters print what their pages say, and draw their pictures", async (t) => {
  const { printed, pictures } = await runAll();
  for (const chapter of SAME) {
    await t.step(chapter, () => {
      const lines = (output: string): string[] => output.split("\n").filter((line) => !differs(line));
      const ours = lines(printed.get(chapter)!), wanted = lines(shown(chapter));
      // With --quick there are fewer steps; the line comes out elsewhere then.
      const compared = chapter === "logistic_regression" ? 8 : wanted.length;
      assertEquals(ours.slice(0, compared), wanted.slice(0, compared));
      if (chapter !== "logistic_regression") assertEquals(ours.length, wanted.length);
    });
  }
  await t.step("initialization", () => assertInitialized(printed.get("initialization")!));
  await t.step("mnist", () => {
    assert(numbersIn(printed.get("mnist")!).at(-1)! > 0.8, printed.get("mnist"));
  });
  await t.step("pictures", () => {
    const count = (name: string, part: string): number => pictures.get(name)!.split(part).length - 1;
    assertEquals([...pictures.keys()].sort(), [
      "activations.svg",
      "linear_regression.svg",
      "logistic_regression.svg",
      "optimizers.svg",
    ]);
    // Each function and its slope; each path; points with two of the legend; the line between the classes.
    assertEquals(count("activations.svg", "<polyline"), 14);
    assertEquals(count("optimizers.svg", "<polyline"), 15);
    assertEquals(count("linear_regression.svg", "<circle"), 16);
    assertEquals(count("logistic_regression.svg", "<polyline"), 2);
    assertEquals(count("logistic_regression.svg", "<circle"), 102);
  });
});

Deno.test("tutorial 2_basics: exam_scores.txt is drawn by its rule", async () => {
  // Lehmer's generator.
  let seed = 1;
  const uniform = (): number => (seed = seed * 48271 % 2147483647) / 2147483647;
  const lines = Array.from({ length: 100 }, () => {
    const [first, second] = [30 + 70 * uniform(), 30 + 70 * uniform()];
    const noise = 30 * (uniform() + uniform() + uniform() - 1.5);
    return `${first.toFixed(4)},${second.toFixed(4)},${first + second + noise > 130 ? 1 : 0}\n`;
  });
  assertEquals(await Deno.readTextFile(join(ROOT, CHAPTERS, "exam_scores.txt")), lines.join(""));
});

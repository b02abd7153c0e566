import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readSavedConfig } from "./saved_run.ts";

Deno.test("readSavedConfig() refuses what no model can be used with, and names the run", async () => {
  const path = await Deno.makeTempDir();
  const read = async (change: Readonly<Record<string, string>>) => {
    const parts = {
      ...{ model: '"mlp"', dataset: '"mnist"', data: "null", classes: '["0", "1"]' },
      ...{ normalization: '{ "mean": 0.5, "std": 0.25 }', ...change },
    };
    const text = Object.entries(parts).map(([name, value]) => `"${name}": ${value}`).join(", ");
    await Deno.writeTextFile(join(path, "config.json"), `{${text}}`);
    return await readSavedConfig(path);
  };
  assertEquals((await read({})).normalization, { mean: 0.5, std: 0.25 });
  assertEquals((await read({})).shape, { size: [28, 28], channels: 1, augment: false });
  const colored = { size: "[32, 48]", channels: "3", augment: "true" };
  const normalization = '{ "mean": [0, 0.5, 1], "std": [1, 1, 2] }';
  const { shape, normalization: { mean } } = await read({ ...colored, normalization });
  assertEquals([shape, mean], [{ size: [32, 48], channels: 3, augment: true }, [0, 0.5, 1]]);
  const wrong: [string, string, string][] = [
    ...[
      "[1e999, 1]",
      '{ "mean": 1e999, "std": 1 }',
      '{ "mean": 0, "std": -1e999 }',
      '{ "mean": 0, "std": 0 }',
    ]
      .map((
        value,
      ): [string, string, string] => ["normalization", value, "a finite mean and a finite std above 0"]),
    ["normalization", '{ "mean": "0", "std": 1 }', "a finite mean"],
    ["classes", "[]", "an array of names"],
    ["classes", "[1]", "an array of names"],
    ["normalization", '{ "mean": [0, 0, 0], "std": 1 }', "a finite mean"],
    ["size", "[28, 2000000]", "rows and columns up to 1024"],
    ["size", "28", "rows and columns up to 1024"],
    ["model", '"vgg"', "one of mlp"],
    ["dataset", "7", "one of mnist"],
    ["data", "7", "a path or null"],
  ];
  for (const [name, value, message] of wrong) {
    const { message: said } = await assertRejects(() => read({ [name]: value }), TypeError, message);
    assertEquals(
      said.startsWith(`Cannot use the run ${path} as its config.json must have "${name}"`),
      true,
      said,
    );
  }
  await Deno.remove(path, { recursive: true });
});

Deno.test("readSavedConfig() reads or refuses a configuration with any byte changed, by its path", async () => {
  const path = await Deno.makeTempDir(), file = join(path, "config.json");
  const config = {
    ...{ model: "mlp", dataset: "mnist", data: null, classes: ["0", "1"] },
    normalization: { mean: 0.5, std: 0.25 },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(config));
  for (let i = 0; i < bytes.length; i++) {
    for (const bit of [1, 4, 128]) {
      const wrong = bytes.slice();
      wrong[i]! ^= bit;
      await Deno.writeFile(file, wrong);
      try {
        const { classes, normalization: { mean, std } } = await readSavedConfig(path);
        assertEquals([classes.length > 0, Number.isFinite(mean), Number(std) > 0], [true, true, true]);
      } catch (error) {
        assertStringIncludes(String(error), path);
        assertStringIncludes(String(error), "config.json");
      }
    }
  }
  await Deno.remove(path, { recursive: true });
});

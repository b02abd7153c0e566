import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CsvDataset, type CsvDatasetOptions } from "./csv_dataset.ts";

const columnOf = (cells: readonly string[], options: CsvDatasetOptions = {}): number[] => {
  const text = `x;y\n${cells.map((cell) => `${cell};k\n`).join("")}`;
  return [...CsvDataset.parse(text, { separator: ";", ...options }).features.data];
};

Deno.test("CsvDataset takes the texts of pandas for a missing cell", () => {
  for (const token of ["NaN", "NA", "null", "N/A", "None", "#N/A", " nan ", '""', ""]) {
    assertEquals(columnOf(["1", token, "3", "10"], { missing: NaN }), [1, NaN, 3, 10]);
    assertThrows(() => columnOf(["1", token]), TypeError, 'row 2 has nothing in the column "x"');
    assertEquals(columnOf(["1", token, "3"], { missing: "skip" }), [1, 3]);
  }
  assertEquals(columnOf(["1", "-", "3"], { naValues: ["-"], missing: 0 }), [1, 0, 3]);
  assertEquals(columnOf(["None", "Gas"], { naValues: [] }), [1, 0]);
});

Deno.test("CsvDataset names the row and the text among numbers", () => {
  for (const token of ["1,000", "5%", "0x10", "2,5", "$3", "1 000", "oops", "1.2.3"]) {
    assertThrows(
      () => columnOf(["1", token, "3", "10"]),
      TypeError,
      `row 2 has ${JSON.stringify(token)} in the column "x", which has mostly numbers: { naValues`,
    );
    // A column that has only such texts is none of categories either.
    if (token !== "oops") assertThrows(() => columnOf([token, token]), TypeError, "row 1 has");
    assertEquals(columnOf(["1", token, "1"], { categorical: ["x"] }).length, 3);
  }
  assertEquals(columnOf(["b", "7", "a", "c"]), [2, 0, 1, 3]);
  const labels = (kind?: "class") => CsvDataset.parse("x,y\n1,1\n1,2\n1,k\n", kind ? { kind } : {}).classes;
  assertThrows(() => labels(), TypeError, '{ kind: "class" } makes classes of all texts');
  assertEquals(labels("class"), ["1", "2", "k"]);
});

Deno.test("CsvDataset reads infinities, and numbers with other marks if it is told so", () => {
  assertEquals(columnOf(["inf", "-Infinity", "+1e3", ".5"]), [Infinity, -Infinity, 1000, 0.5]);
  assertEquals(columnOf(["1.000,5", "-2,25", "7"], { decimal: ",", thousands: "." }), [1000.5, -2.25, 7]);
  assertEquals(columnOf(["1,234,567", "12"], { thousands: "," }), [1234567, 12]);
  assertThrows(() => columnOf(["1,23", "12"], { thousands: "," }), TypeError, 'row 1 has "1,23"');
  assertThrows(() => columnOf(["1.5", "12"], { decimal: "," }), TypeError, 'row 1 has "1.5"');
  assertThrows(() => columnOf(["1"], { decimal: "" }), RangeError, "decimal must be one character");
});

Deno.test("CsvDataset numbers categories and classes as another dataset does", () => {
  const { categories, classes } = CsvDataset.parse("c,n,y\nblue,1,no\ngreen,2,yes\nred,3,maybe\n");
  const parse = (text: string) => CsvDataset.parse(text, { categories, classes });
  const test = parse("c,n,y\nred,4,yes\n");
  assertEquals([[...test.features.data], test.get(0).target, test.classes], [[2, 4], 2, [
    "maybe",
    "no",
    "yes",
  ]]);
  assertThrows(
    () => parse("c,n,y\nred,4,yes\npink,1,no\n"),
    RangeError,
    'row 2 has "pink" in the column "c"',
  );
  assertThrows(() => parse("c,n,y\nred,4,perhaps\n"), RangeError, 'row 1 has "perhaps" in the column "y"');
  assertThrows(
    () => parse("c,n,y\nred,many,yes\n"),
    TypeError,
    '"many" in the column "n", which must have numbers',
  );
  const numbers = CsvDataset.parse("c,y\nred,1\nred,2\n", { classes: null });
  assertEquals([numbers.classes, [...numbers.targets.data]], [null, [1, 2]]);
});

Deno.test("CsvDataset keeps class labels apart that are one number, or one in float32", () => {
  assertEquals(CsvDataset.parse("x,y\n0,1\n0,01\n0,10\n0,2\n").classes, ["01", "1", "2", "10"]);
  const wide = CsvDataset.parse("x,y\n0,16777217\n0,16777216\n");
  assertEquals([wide.classes, [...wide.targets.data]], [["16777216", "16777217"], [1, 0]]);
});

Deno.test("CsvDataset refuses a number for missing cells that a category has", () => {
  const text = "c,y\nred,0.5\n,0.5\n";
  assertThrows(() => CsvDataset.parse(text, { missing: 0 }), RangeError, 'the number of its category "red"');
  assertEquals([...CsvDataset.parse(text, { missing: -1 }).features.data], [0, -1]);
});

Deno.test("CsvDataset refuses a header that has a name twice, and reads rows of empty quotes", () => {
  assertThrows(() => CsvDataset.parse("a,b,a\n1,2,3\n"), TypeError, 'more than one column with the name "a"');
  const lone = CsvDataset.parse('y\n1\n""\n2.5\n', { features: ["y"], missing: "skip" });
  assertEquals([lone.length, lone.skipped], [2, 1]);
});

Deno.test("CsvDataset.open() reads encodings by their marks or names, and names the byte that is of another", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  const open = async (bytes: readonly number[], encoding?: string): Promise<readonly string[] | null> => {
    await Deno.writeFile(path, Uint8Array.from(bytes));
    return (await CsvDataset.open(path, encoding === undefined ? {} : { encoding })).classes;
  };
  const text = "x,y\n1,é\n2,z\n";
  const utf16 = [...text].flatMap((letter) => [letter.charCodeAt(0), 0]);
  try {
    const latin1 = [...text].map((letter) => letter.charCodeAt(0));
    await assertRejects(
      () => open(latin1),
      TypeError,
      `${path}: byte 6 (0xe9, in line 2) is not of the encoding utf-8`,
    );
    assertEquals(await open(latin1, "latin1"), ["z", "é"]);
    await assertRejects(() => open(latin1.slice(0, 7)), TypeError, "byte 6 (0xe9");
    await assertRejects(() => open([...text].map((c) => c.charCodeAt(0) & 0x7f | 0x80)), TypeError, "byte ");
    await assertRejects(() => open(utf16), TypeError, "byte 1 (0x00, in line 1) is no text");
    assertEquals(await open(utf16.slice(0, 8 * 2), "utf-16le"), ["é"]);
    await assertRejects(() => open([...latin1.slice(0, 5), 0, 10]), TypeError, "it has zero bytes");
    assertEquals(await open([0xff, 0xfe, ...utf16]), ["z", "é"]);
    assertEquals(await open([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(text)]), ["z", "é"]);
    await assertRejects(() => open(latin1, "klingon"), RangeError, 'there is no encoding "klingon"');
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("CsvDataset.summary prints the columns as they were read", () => {
  const text = "length,color,y\n5.5,red,a\n,blue,b\n-7,NA,a\n2,red,c\n";
  const { summary } = CsvDataset.parse(text, { missing: "skip" });
  assertEquals(
    String(summary),
    [
      "Table of 2 rows, 2 left out",
      "    column      kind      missing  values",
      "    length      number          1  2 to 5.5",
      "    color       category        1  1: red",
      "    y (target)  class           0  2: a, c",
    ].join("\n"),
  );
  const [length, color] = summary.columns;
  assertEquals([length!.min, length!.max, color!.categories, color!.missing], [2, 5.5, ["red"], 1]);
});

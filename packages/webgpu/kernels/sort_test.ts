import { assertThrows } from "@std/assert";
import { compare, noise, openBackend, picks, type Plan } from "../test_support.ts";

/** Keys of three lines of 8, or of 16 and more of one word. */
const BYTES = 3 * 8 * 16;
const backend = await openBackend({}, { work: { bytes: BYTES } });
const test = (name: string, fn: () => Promise<void> | void) => Deno.test({ name, ignore: !backend, fn });

test("sort() of more lines than there is memory for keys sorts them in turns", async () => {
  for (const descending of [false, true]) {
    // Three lines at once: four turns of three, and one of two.
    for (const [shape, axis] of [[[14, 11], 1], [[11, 14], 0], [[2, 9, 7], 1], [[3, 16], 1]] as const) {
      const values: Plan = { dtype: "float32", shape, data: noise(shape.reduce<number>((n, e) => n * e, 1)) };
      const places: Plan = { dtype: "int32", shape };
      await compare(backend!, { kernel: "sort", axis, descending }, [values], [
        { dtype: "float32", shape },
        places,
      ]);
    }
    const shape = [7, 5], places: Plan = { dtype: "int32", shape }, output: Plan = { dtype: "int64", shape };
    const long: Plan = { ...output, data: picks(35, 9).map((x) => (x - 4) * 2 ** 33) };
    await compare(backend!, { kernel: "sort", axis: 1, descending }, [long], [output, places]);
  }
});

test("sort() of lines whose keys have no memory is refused", () => {
  const view = (bytes: number, dtype: "float32" | "int32") => (
    { buffer: backend!.allocate(bytes), dtype, shape: [49], strides: [1], offset: 0 }
  );
  const call = { kernel: "sort", axis: 0, descending: false } as const;
  assertThrows(
    () => backend!.launch(call, [view(196, "float32")], [view(196, "float32"), view(196, "int32")]),
    RangeError,
    "Cannot run sort() on this GPU as its temporary memory of 512 bytes must be at most 384",
  );
});

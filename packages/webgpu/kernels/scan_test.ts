import { assert, assertEquals } from "@std/assert";
import { openBackend } from "../test_support.ts";

const backend = await openBackend();

/** Running sums of `data` along its one axis. */
async function sums(data: Float32Array<ArrayBuffer>, reverse = false): Promise<Float32Array> {
  const shape = [data.length], dtype = "float32" as const;
  const [x, y] = [0, 1].map(() => ({
    buffer: backend!.allocate(data.byteLength),
    dtype,
    shape,
    strides: [1],
    offset: 0,
  }));
  backend!.write(x!.buffer, new Uint8Array(data.buffer));
  backend!.launch({ kernel: "scan", op: "sum", axis: 0, reverse }, [x!], [y!]);
  const found = new Float32Array((await backend!.read(y!.buffer)).slice().buffer);
  for (const { buffer } of [x!, y!]) backend!.release(buffer);
  return found;
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: backend === undefined, fn });
}

for (const reverse of [false, true]) {
  test(`scan() adds up a million float32 to 1e-6${reverse ? ", from the end" : ""}`, async () => {
    const tenths = await sums(new Float32Array(10 ** 6).fill(0.1), reverse), tenth = Math.fround(0.1);
    for (const i of [0, 1, 1000, 500_000, 999_999]) {
      const wanted = tenth * (reverse ? 10 ** 6 - i : i + 1), found = tenths[i]!;
      assert(Math.abs(found - wanted) <= 1e-6 * wanted, `sum ${i} is ${found} and not ${wanted}`);
    }
  });
}

test("scan() gives sums of numbers of all sizes as float64 has them, rounded once", async () => {
  const data = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * i) * 10 ** (i % 9 - 4));
  let sum = 0;
  const found = await sums(data);
  data.forEach((x, i) => {
    sum += x;
    const wanted = Math.fround(sum), unit = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(sum), 1e-3))) - 23);
    assert(Math.abs(found[i]! - wanted) <= unit, `sum ${i} is ${found[i]} and not ${wanted}`);
  });
});

test("scan() goes on with infinity and NaN", async () => {
  assertEquals([...await sums(Float32Array.of(1, Infinity, 2, -Infinity, 3))], [
    1,
    Infinity,
    Infinity,
    NaN,
    NaN,
  ]);
  const large = await sums(Float32Array.of(3e38, 3e38, -3e38));
  assertEquals([...large], [Math.fround(3e38), Infinity, Infinity]);
});

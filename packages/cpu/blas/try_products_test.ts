import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CpuBackend } from "../backend.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import { faultOf } from "./try_products.ts";

/** Products as they must be, but for what `spoil` makes of the sums. */
function products(
  memory: ArrayBuffer,
  spoil: (sum: number, turned: number, beta: number) => number,
): WasmFunction[] {
  return [new Float32Array(memory), new Float64Array(memory)].map((x): WasmFunction => (...numbers) => {
    const [turned, m, n, k, a, strideA, b, strideB, beta, c, strideC] = numbers as [
      ...[number, number, number, number, number, number, number, number, number, number, number],
    ];
    const at = (address: number): number => address / x.BYTES_PER_ELEMENT;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) {
          sum += x[at(a) + (turned & 1 ? l * strideA + i : i * strideA + l)]! *
            x[at(b) + (turned & 2 ? j * strideB + l : l * strideB + j)]!;
        }
        const to = at(c) + i * strideC + j;
        x[to] = spoil(sum + beta * x[to]!, turned, beta);
      }
    }
    return 0;
  });
}

Deno.test("faultOf() finds products that are wrong, in whichever type and layout", () => {
  const memory = new ArrayBuffer(8 * 192);
  assertEquals(faultOf(products(memory, (sum) => sum), memory), null);
  assertStringIncludes(String(faultOf([() => 0, () => 0], memory)), "its products of float32 are wrong: ");
  const right = products(memory, (sum) => sum);
  assertStringIncludes(String(faultOf([right[0]!, () => 0], memory)), "its products of float64 are wrong: ");
  for (const wrong of [0, 1, 2, 3]) {
    assert(faultOf(products(memory, (sum, turned) => turned === wrong ? sum + 1 : sum), memory) !== null);
  }
  assert(faultOf(products(memory, (sum, _, beta) => beta === 1 ? sum + 1 : sum), memory) !== null);
});

const compiles = await new Deno.Command("cc", { args: ["--version"], stdout: "null", stderr: "null" })
  .output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: `CpuBackend does not use a library whose products do nothing${
    compiles ? "" : " (skipped without cc)"
  }`,
  ignore: !compiles,
  async fn() {
    const folder = await Deno.makeTempDir(), path = `${folder}/libidle.so`;
    await Deno.writeTextFile(`${folder}/idle.c`, "void cblas_sgemm() {}\nvoid cblas_dgemm() {}\n");
    const args = ["-shared", "-fPIC", "-o", path, `${folder}/idle.c`];
    assert((await new Deno.Command("cc", { args }).output()).success);
    assertThrows(() => new CpuBackend({ blas: path }), TypeError, "libidle.so");
    assertThrows(() => new CpuBackend({ blas: path }), TypeError, "its products of float32 are wrong: ");
    await Deno.remove(folder, { recursive: true });
  },
});

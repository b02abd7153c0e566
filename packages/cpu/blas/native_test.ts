import { assertEquals, assertThrows } from "@std/assert";
import { CpuMemory } from "../memory.ts";
import * as native from "./native.ts";
import * as inPage from "./native_in_page.ts";

/** Compiles only if the page module has all exports that kernels import. */
const standIn: { readonly [K in keyof typeof native]: unknown } = inPage;

Deno.test("openBlas() opens nothing in a page, and refuses paths as everywhere", () => {
  assertEquals(Object.keys(standIn).sort(), Object.keys(native).sort());
  for (const choice of ["off", "/nowhere/libblas.so"]) {
    const here = () => native.openBlas(choice, new CpuMemory()).blas,
      there = () => inPage.openBlas(choice).blas;
    if (choice === "off") assertEquals([here(), there()], [null, null]);
    else {for (const open of [here, there]) {
        assertThrows(open, TypeError, `Cannot use the BLAS library "${choice}"`);
      }}
  }
  assertEquals(inPage.openBlas().blas, null);
});

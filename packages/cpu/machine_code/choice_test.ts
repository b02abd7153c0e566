import { assertEquals, assertThrows } from "@std/assert";
import { CpuMemory } from "../memory.ts";
import type { Target } from "../targets/target.ts";
import { findTarget, type Targets } from "./choice.ts";
import * as open from "./open.ts";
import * as inPage from "./open_in_page.ts";

const target: Target = { name: "TEST", vectorBytes: 16, compile: () => "a test" };
const targets: Targets = { avx2: target, neon: target };
/** Instruction sets that this machine has, and another one. */
const [here, elsewhere] = Deno.build.arch === "x86_64"
  ? ["avx2", "neon"] as const
  : ["neon", "avx2"] as const;

Deno.test("findTarget() refuses words that it does not know", () => {
  for (const choice of ["AVX2", "on", " "]) {
    const message = `one of auto, off, avx2, avx512, neon: current one is "${choice}"`;
    assertThrows(() => findTarget(targets, choice), TypeError, message);
  }
});

Deno.test({
  name: "findTarget() takes targets that are tested and that the processor has",
  ignore: Deno.build.os !== "linux",
  fn() {
    for (const choice of ["auto", here]) {
      const found = findTarget(targets, choice);
      assertEquals([found.target, found.why], [target, "native TEST code by --allow-ffi"]);
    }
    assertEquals(findTarget({}, here, targets).target, target);
    assertEquals(findTarget({}, "auto", targets).target, null);
    assertEquals(findTarget({}, "auto"), { target: null, why: "no native code for this processor" });
    assertEquals(findTarget(targets, "off"), { target: null, why: "no native code as it is off" });
    assertThrows(() => findTarget(targets, elsewhere), TypeError, `which does not have ${elsewhere}`);
    assertThrows(() => findTarget(targets, "avx512"), TypeError, "has not been tested on such a processor");
  },
});

Deno.test({
  name: "findTarget() reads the variable where it may",
  ignore: Deno.build.os !== "linux",
  fn() {
    const before = Deno.env.get("TROODON_NATIVE");
    try {
      for (const [value, found] of [["off", null], ["", target], ["auto", target]] as const) {
        Deno.env.set("TROODON_NATIVE", value);
        assertEquals(findTarget(targets).target, found);
      }
      Deno.env.set("TROODON_NATIVE", "fast");
      assertThrows(() => findTarget(targets), TypeError, 'current one is "fast"');
    } finally {
      if (before === undefined) Deno.env.delete("TROODON_NATIVE");
      else Deno.env.set("TROODON_NATIVE", before);
    }
  },
});

Deno.test({
  name: "findTarget() never asks for a permission",
  permissions: { ffi: false, env: false },
  fn() {
    assertEquals(findTarget(targets), { target: null, why: "no native code without --allow-ffi" });
    assertThrows(() => findTarget(targets, here), TypeError, "no native code without --allow-ffi");
  },
});

/** Type-checks only if the page module has all exports that kernels import. */
const standIn: { readonly [K in keyof typeof open]: unknown } = inPage;

Deno.test("openNative() opens nothing in a page, and refuses named instructions", () => {
  assertEquals(Object.keys(standIn), Object.keys(open));
  assertEquals(inPage.openNative("off"), open.openNative("off", new CpuMemory()));
  assertEquals(inPage.openNative(), { code: null, why: "native code needs Deno" });
  assertThrows(() => inPage.openNative("avx2"), TypeError, 'native code for "avx2" as it needs Deno');
});

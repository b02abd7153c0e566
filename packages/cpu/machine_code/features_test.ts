import { assertEquals } from "@std/assert";
import { openCLibrary } from "./c_library.ts";
import { detectFeatures } from "./features.ts";

const library = openCLibrary();

Deno.test({
  name: "detectFeatures() finds what the system tells of the processor",
  ignore: library === null || Deno.build.arch !== "x86_64",
  fn() {
    const flags = new Set(/^flags\s*:(.*)$/m.exec(Deno.readTextFileSync("/proc/cpuinfo"))![1]!.split(" "));
    const all = (names: string): boolean => names.split(" ").every((name) => flags.has(name));
    const avx2 = all("fma sse4_2 movbe popcnt avx f16c bmi1 avx2 bmi2 abm");
    assertEquals(detectFeatures(library!), {
      avx2,
      avx512: avx2 && all("avx512f avx512dq avx512bw avx512vl"),
      neon: false,
    });
  },
});

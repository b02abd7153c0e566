import { assertEquals } from "@std/assert";
import { countTests } from "./count_tests.ts";

Deno.test("countTests() reads the last summary", () => {
  const count = (output: string, success: boolean): number[] => {
    const { passed, failed } = countTests({ output, success });
    return [passed, failed];
  };
  assertEquals(count("a ... ok (1ms)\n\nok | 12 passed (3 steps) | 0 failed | 2 ignored (1s)\n", true), [
    12,
    0,
  ]);
  assertEquals(count("ok | 9 passed | 0 failed\n\nFAILED | 1 passed | 2 failed (1 step) (1s)\n", false), [
    1,
    2,
  ]);
  assertEquals(count("ok | 3 passed | 0 failed (1s)\nerror: no more memory", false), [3, 1]);
  assertEquals(count("error: Module not found", false), [0, 1]);
  assertEquals(count("", true), [0, 0]);
});

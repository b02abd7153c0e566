import { assertEquals } from "@std/assert";
import { evenly, runsAlone } from "./groups.ts";

Deno.test("runsAlone() holds for modules that choose a device as they are loaded", () => {
  const alone = [
    "setDefaultDevice(device);",
    'import "a";\nsetDefaultDevice(new Device(new ReferenceBackend()));\n',
    "const device = await chooseDevice();",
    "performance.now = () => 1;",
  ];
  const together = [
    "Deno.test('a', () => {\n  setDefaultDevice(device);\n});",
    "const choose = () => chooseDevice();",
    "// setDefaultDevice(device);",
  ];
  assertEquals(alone.filter((text) => !runsAlone({ path: "a_test.ts", text })), []);
  assertEquals(together.filter((text) => runsAlone({ path: "a_test.ts", text })), []);
});

Deno.test("evenly() splits into lists of about equal length, each item once", () => {
  assertEquals(evenly([1, 2, 3, 4, 5], 2), [[1], [2, 3], [4, 5]]);
  assertEquals(evenly([1, 2], 2), [[1, 2]]);
  assertEquals(evenly([], 2), []);
});

import { assertEquals } from "@std/assert";
import { LiveScreen } from "./live_screen.ts";

/** Screen on a terminal with `columns` columns, and its output. */
function setUp(columns: number) {
  const written: string[] = [], size = { columns, rows: 24 };
  const screen = new LiveScreen({ size: () => size, write: (text) => void written.push(text) });
  return { screen, size, taken: () => written.splice(0).join("") };
}

Deno.test("LiveScreen draws over its last lines, and shows the cursor again", () => {
  const { screen, taken } = setUp(80);
  screen.draw(["one", "two"]);
  assertEquals(taken(), "\x1b[?25lone\x1b[K\ntwo\x1b[K\n\x1b[J\x1b[?25h");
  screen.draw(["three"]);
  assertEquals(taken(), "\x1b[?25l\x1b[2Fthree\x1b[K\n\x1b[J\x1b[?25h");
  screen.clear();
  screen.clear();
  assertEquals(taken(), "\x1b[1F\x1b[J");
});

Deno.test("LiveScreen goes up as many rows as its lines take in a window that has become narrower", () => {
  const { screen, size, taken } = setUp(80);
  screen.draw(["x".repeat(79), "\x1b[31mshort\x1b[0m", ""]);
  taken();
  size.columns = 25;
  screen.clear();
  assertEquals(taken(), "\x1b[6F\x1b[J");
});

Deno.test("LiveScreen.leave() draws the next lines below the last ones", () => {
  const { screen, taken } = setUp(80);
  screen.draw(["one"]);
  screen.leave();
  taken();
  screen.draw(["two"]);
  assertEquals([taken(), screen.isShown], ["\x1b[?25ltwo\x1b[K\n\x1b[J\x1b[?25h", true]);
});

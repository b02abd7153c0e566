import { assertEquals } from "@std/assert";
import { cutText, sideBySide, styled, visibleWidth, wrapWords } from "./ansi.ts";

Deno.test("styled() adds escape sequences only where there are colors, and none to nothing", () => {
  assertEquals([styled("a", "red", true), styled("a", "red", false)], ["\x1b[31ma\x1b[0m", "a"]);
  assertEquals(styled("", "red", true), "");
});

Deno.test("visibleWidth() and cutText() count characters, not escape sequences", () => {
  const text = `${styled("abc", "bold", true)}⠁⠂`;
  assertEquals(visibleWidth(text), 5);
  assertEquals(cutText(text, 5), text);
  assertEquals(cutText(text, 4), "\x1b[1mabc\x1b[0m⠁\x1b[0m");
  assertEquals(cutText(text, 2), "\x1b[1mab\x1b[0m");
  assertEquals([cutText("abc", 2), cutText("abc", 0)], ["ab", ""]);
});

Deno.test("wrapWords() begins a line where the next word has no room", () => {
  assertEquals(wrapWords(["ab", "c", "defg", "h"], 5), ["ab  c", "defg", "h"]);
  assertEquals(wrapWords([], 5), []);
});

Deno.test("sideBySide() fills each block to its width", () => {
  assertEquals(sideBySide([["ab", "c"], ["d", "e", "fgh"]], [3, 2]), ["ab   d", "c    e", "     fg"]);
  assertEquals(sideBySide([], []), []);
});

import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { folderOf, joinPath, pathOf } from "./path.ts";

Deno.test("joinPath() and folderOf() take a path together and apart", () => {
  assertEquals(joinPath("runs", "a.json"), "runs/a.json");
  assertEquals(joinPath("runs/", "a.json"), "runs/a.json");
  assertEquals(joinPath("C:\\runs\\", "a.json"), "C:\\runs\\a.json");
  assertEquals([joinPath(".", "a"), joinPath("", "a"), joinPath("/", "a")], ["a", "a", "/a"]);
  assertEquals([folderOf("a"), folderOf("/a"), folderOf("b/c/a"), folderOf("C:\\b\\a")], [
    ".",
    "/",
    "b/c",
    "C:\\b",
  ]);
});

Deno.test("pathOf() gives the path of a URL as it was written", () => {
  for (const path of ["/data/a b/100%.pth", "/ä/#1?.npy", "/data/%41"]) {
    const url = new URL("file:///");
    url.pathname = path.replaceAll("%", "%25").replaceAll("#", "%23").replaceAll("?", "%3F");
    assertEquals(pathOf(url), fromFileUrl(url));
    assertEquals(pathOf(url), path);
  }
  assertEquals(pathOf("a/b"), "a/b");
  assertEquals(pathOf(new URL("file:///C:/data/a.pth")), "C:/data/a.pth");
  assertThrows(() => pathOf(new URL("https://example.org/a")), TypeError, "must begin with file:");
});

import { assertEquals, assertRejects } from "@std/assert";
import { withRuntimeFolder } from "./runtime_folder.ts";

const VARIABLE = "XDG_RUNTIME_DIR";
const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "withRuntimeFolder() names a folder for as long as it asks, where there is none",
  ignore,
  async fn() {
    const before = Deno.env.get(VARIABLE), seen = () => Promise.resolve(Deno.env.get(VARIABLE));
    try {
      Deno.env.delete(VARIABLE);
      assertEquals(await withRuntimeFolder(seen), "/tmp");
      assertEquals(await seen(), undefined);
      await assertRejects(() => withRuntimeFolder(() => Promise.reject(new RangeError("none"))), RangeError);
      assertEquals(await seen(), undefined);
      Deno.env.set(VARIABLE, "/run/user/7");
      assertEquals(await withRuntimeFolder(seen), "/run/user/7");
      assertEquals(await seen(), "/run/user/7");
    } finally {
      if (before === undefined) Deno.env.delete(VARIABLE);
      else Deno.env.set(VARIABLE, before);
    }
  },
});

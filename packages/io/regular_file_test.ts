import { assertRejects, assertThrows } from "@std/assert";
import { toFileUrl } from "@std/path";
import { requireFile, requireFileSync } from "./regular_file.ts";

Deno.test({
  name: "requireFile() refuses what is no regular file, without opening it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const root = await Deno.makeTempDir();
    try {
      await Deno.writeFile(`${root}/file`, new Uint8Array(1));
      await Deno.symlink(`${root}/file`, `${root}/link`);
      for (const name of ["file", "link"]) {
        await requireFile(`${root}/${name}`);
        requireFileSync(toFileUrl(`${root}/${name}`));
      }
      await new Deno.Command("mkfifo", { args: [`${root}/fifo`] }).output();
      await Deno.symlink(`${root}/fifo`, `${root}/to fifo`);
      await Deno.symlink(`${root}/none`, `${root}/broken`);
      using _socket = Deno.listen({ transport: "unix", path: `${root}/socket` });
      const kinds = { ".": "a folder", fifo: "a FIFO", "to fifo": "a FIFO", socket: "a socket" };
      for (
        const [name, kind] of [
          ...Object.entries(kinds).map(([n, k]) => [`${root}/${n}`, k] as const),
          ["/dev/null", "a device"] as const,
        ]
      ) {
        const message = `Cannot read ${name} as it must be a file: it is ${kind}`;
        await assertRejects(() => requireFile(name), TypeError, message);
        assertThrows(() => requireFileSync(name), TypeError, message);
        await assertRejects(() => requireFile(name, "the weights"), TypeError, "Cannot read the weights as");
      }
      for (const name of ["none", "broken"]) {
        await assertRejects(() => requireFile(`${root}/${name}`), Deno.errors.NotFound, `${root}/${name}`);
      }
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

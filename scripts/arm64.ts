/**
 * Runs the tests of the arm64 target on another processor by qemu-user: every instruction, and kernels of every family,
 * compared with V8. Needs `qemu-aarch64`, the C library of arm64, and a Deno for it:
 *
 *     apt-get install qemu-user libc6-arm64-cross libgcc-s1-arm64-cross
 *     npm pack @deno/linux-arm64-glibc@2.9.6 && tar xzf deno-linux-arm64-glibc-2.9.6.tgz
 *     deno run -A scripts/arm64.ts --deno package/deno
 *
 * @module
 */
import { parseArgs } from "@std/cli";

const { deno, root, instructions } = parseArgs(Deno.args, {
  string: ["deno", "root"],
  boolean: ["instructions"],
  default: { deno: "package/deno", root: "/usr/aarch64-linux-gnu", instructions: true },
  negatable: ["instructions"],
});

const FOLDER = new URL("../packages/cpu/targets/arm64/", import.meta.url).pathname;
const files = ["kernels_test.ts", ...instructions ? ["operations_test.ts"] : []].map((name) => FOLDER + name);
const { code } = await new Deno.Command("qemu-aarch64", {
  args: ["-L", root, deno, "test", "-A", "--no-check", ...files],
}).spawn().status;
Deno.exit(code);

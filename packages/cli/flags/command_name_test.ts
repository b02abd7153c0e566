import { assertEquals } from "@std/assert";
import { type Host, runtimeHost } from "@troodon/io";
import { commandName } from "./command_name.ts";

Deno.test("commandName() is the command line that the user typed", () => {
  const started = (runtime: Host["runtime"], program: string, npm?: string) =>
    commandName("train", {
      ...runtimeHost(),
      ...{ runtime, program, folder: () => "/home/ada/net", variable: () => npm },
    });
  assertEquals(started("Deno", "file:///home/ada/net/scripts/train.ts"), "deno task train");
  const npx = { ...runtimeHost(), executable: "/home/ada/.npm/_npx/7a40/node_modules/deno/deno" };
  assertEquals(
    commandName("evaluate", { ...npx, program: "file:///home/ada/net/scripts/train.ts" }),
    `npx --yes deno@${Deno.version.deno} task evaluate`,
  );
  assertEquals(
    started("Deno", "file:///home/ada/troodon/packages/cli/mod.ts"),
    "deno run -A ../troodon/packages/cli/mod.ts train",
  );
  assertEquals(
    started("Deno", "https://jsr.io/@troodon/cli/0.1.0/mod.ts"),
    "deno run -A jsr:@troodon/cli train",
  );
  assertEquals(
    started("Deno", "file:///home/ada/.cache/@troodon/cli/bin.js"),
    "deno run -A npm:@troodon/cli train",
  );
  assertEquals(started("Node", "/home/ada/net/node_modules/.bin/troodon", "exec"), "npx @troodon/cli train");
  assertEquals(started("Node", "/usr/local/bin/troodon"), "troodon train");
  assertEquals(started("Bun", "/home/ada/net/node_modules/.bin/troodon"), "bunx @troodon/cli train");
});

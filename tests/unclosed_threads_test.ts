import { assertEquals } from "@std/assert";

Deno.test("a program that closes no loader, no thread and no page ends by itself", async () => {
  const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", import.meta.resolve("./unclosed_threads_program.ts")],
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(240_000),
  }).output();
  const [said, wrong] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  const lines = [
    "a whole pass 1 5 9 13 17",
    "left early 1",
    "never left 1",
    "never left 1",
    "a loop 1",
    "nothing 1",
  ];
  assertEquals([said, wrong, code], [[...lines, "threads 262144", "page 127.0.0.1", ""].join("\n"), "", 0]);
});

import { fromFileUrl } from "@std/path";

const ROOT = new URL("..", import.meta.url);

/** The lines of the tasks in deno.json, by their names. */
export async function readTasks(): Promise<Readonly<Record<string, string>>> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  return tasks;
}

/** The flags of `deno run` in the line of a task. */
export function flagsOf(line: string): string[] {
  return line.split(" ").filter((word) => word.startsWith("-"));
}

/** Arguments for `deno` that run a program with the permissions of its task and no others, and without questions. */
export async function argumentsOf(task: string): Promise<string[]> {
  const flags = flagsOf((await readTasks())[task]!);
  const script = fromFileUrl(new URL(`scripts/${task}.ts`, ROOT));
  return ["run", "--no-check", "--no-prompt", ...flags, script];
}

/** The commit that a repository is at, read from its files: programs may start no others. */
import { dirname, isAbsolute, join } from "@std/path";
import { readText } from "../flags/read_text.ts";

const attempt = (path: string): Promise<string | null> => readText(path).catch(() => null);

/** The folder with the references of a repository: another one for a worktree. */
async function gitFolder(root: string): Promise<string> {
  const path = join(root, ".git"), text = await attempt(path);
  const linked = text?.match(/^gitdir: (.+)$/m)?.[1]?.trim();
  if (linked === undefined) return path;
  return isAbsolute(linked) ? linked : join(root, linked);
}

/** The commit of the repository that `folder` is in, as 40 or more digits; null if it is in none. */
export async function commitOf(folder: string): Promise<string | null> {
  const git = await gitFolder(folder), head = await attempt(join(git, "HEAD"));
  if (head === null) return dirname(folder) === folder ? null : await commitOf(dirname(folder));
  const name = head.match(/^ref: (.+)$/m)?.[1]?.trim();
  if (name === undefined) return commitIn(head);
  const common = (await attempt(join(git, "commondir")))?.trim() ?? ".";
  const shared = isAbsolute(common) ? common : join(git, common);
  for (const place of [git, shared]) {
    const commit = commitIn(await attempt(join(place, name)) ?? "");
    if (commit !== null) return commit;
  }
  const packed = (await attempt(join(shared, "packed-refs")) ?? "").split("\n");
  return commitIn(packed.find((line) => line.endsWith(` ${name}`)) ?? "");
}

function commitIn(text: string): string | null {
  return text.match(/^[0-9a-f]{40,64}\b/)?.[0] ?? null;
}

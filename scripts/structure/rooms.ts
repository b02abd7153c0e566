/** Folders that have folders of their own, and which of these import from which. */
import { isTest, targetOf } from "../check_layers.ts";
import { importsOf } from "../imports.ts";

/** The folders whose rooms import in one direction only. */
export const WINGS = ["packages/core/ops", "packages/cpu/kernels", "packages/datasets"] as const;

/** Modules of each folder, tests, benchmarks and test data left out, the largest first. */
export function modulesOf(paths: Iterable<string>): { path: string; modules: number }[] {
  const modules = new Map<string, number>();
  for (const path of paths) {
    if (!path.startsWith("packages/") || !path.endsWith(".ts") || isTest(path) || /\/testdata\//.test(path)) {
      continue;
    }
    const folder = path.slice(0, path.lastIndexOf("/"));
    modules.set(folder, (modules.get(folder) ?? 0) + 1);
  }
  return [...modules].map(([path, modules]) => ({ path, modules }))
    .sort((a, b) => b.modules - a.modules || (a.path < b.path ? -1 : 1));
}

/** The rooms of a wing that a room imports from, of values or of types; what lies in the wing itself is in no room. */
export function roomsOf(
  files: ReadonlyMap<string, string>,
  wing: string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const rooms = new Map<string, Set<string>>();
  const roomOf = (path: string): string | undefined =>
    path.startsWith(`${wing}/`) ? path.slice(wing.length + 1).match(/^([^/]+)\//)?.[1] : undefined;
  for (const [path, source] of files) {
    const room = roomOf(path);
    if (room === undefined || isTest(path) || room === "testdata") continue;
    const leads = rooms.getOrInsertComputed(room, () => new Set());
    for (const { specifier } of importsOf(source)) {
      const other = roomOf(targetOf(path, specifier) ?? "");
      if (other !== undefined && other !== room) leads.add(other);
    }
  }
  return rooms;
}

/** Arrows that lead back to the room that they start from, by way of others: "a -> b". */
export function arrowsBack(rooms: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...rooms.get(from) ?? []].some((next) => reaches(next, to, seen));
  };
  return [...rooms].flatMap(([from, leads]) =>
    [...leads].filter((to) => reaches(to, from)).map((to) => `${from} -> ${to}`)
  );
}

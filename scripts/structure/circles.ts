/** Circles of imports: sets of modules each of which leads to all others. */
import { targetOf } from "../check_layers.ts";
import { importsOf } from "../imports.ts";

/** Which imports count: those that load a module, or those of types as well. */
export type ImportKind = "value" | "type";

function edgesOf(files: ReadonlyMap<string, string>, kind: ImportKind): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  for (const [path, source] of files) {
    const wanted = importsOf(source).filter((found) => found.kind === "value" || found.kind === kind);
    const targets = wanted.map(({ specifier }) => targetOf(path, specifier) ?? "");
    edges.set(path, targets.filter((target) => files.has(target)));
  }
  return edges;
}

/**
 * The circles of imports among `files`, which are given by their paths from the root of the project: the strongly connected
 * components of more than one module (Tarjan 1972), each sorted, the largest first.
 */
export function findCircles(files: ReadonlyMap<string, string>, kind: ImportKind): string[][] {
  const edges = edgesOf(files, kind);
  const circles: string[][] = [], open: string[] = [];
  const order = new Map<string, number>(), lowest = new Map<string, number>();
  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path)!);
    open.push(path);
    for (const next of edges.get(path)!) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
    }
    if (lowest.get(path) !== order.get(path)) return;
    const circle = open.splice(open.indexOf(path));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const path of edges.keys()) if (!order.has(path)) visit(path);
  return circles.sort((a, b) => b.length - a.length);
}

/** The rows of a summary: a network and the modules within it. */
import type { AnyModule } from "@troodon/nn";
import type { CallLog } from "./call_log.ts";
import type { LayerSummary } from "./model_summary.ts";

/** A row whose counts are not complete yet. */
type OpenRow = { -readonly [K in keyof LayerSummary]: LayerSummary[K] };

/** Lists `model` and the modules within it down to `depth`; what lies deeper is counted in the row above it. */
export function moduleRows(model: AnyModule, calls: CallLog, depth: number): LayerSummary[] {
  const rows: OpenRow[] = [], seen = new Set<AnyModule>(), own = ownParameters(model);
  const visit = (module: AnyModule, name: string, level: number, above: OpenRow | null): void => {
    const shared = seen.has(module), { count, outputs, multiplyAdds } = calls.of(module);
    let row = above;
    if (level <= depth || row === null) {
      const type = module.constructor.name;
      row = { name, type, depth: level, calls: count, outputs, parameters: 0, multiplyAdds: 0, shared };
      rows.push(row);
    }
    if (shared) return;
    seen.add(module);
    row.parameters += own.get(module) ?? 0;
    row.multiplyAdds += multiplyAdds;
    for (const [child, within] of module.namedChildren()) {
      visit(within, name === "" ? child : `${name}.${child}`, level + 1, row);
    }
  };
  visit(model, "", 0, null);
  return rows;
}

/** Numbers of parameters by the module that has them, each counted where it comes first. */
function ownParameters(model: AnyModule): Map<AnyModule, number> {
  const modules = new Map(model.namedModules()), own = new Map<AnyModule, number>();
  for (const [name, parameter] of model.namedParameters()) {
    // Parameters in an array have names of two parts: "weights.0".
    let path = name;
    do path = path.slice(0, Math.max(path.lastIndexOf("."), 0)); while (!modules.has(path));
    const module = modules.get(path)!;
    own.set(module, (own.get(module) ?? 0) + parameter.numel());
  }
  return own;
}

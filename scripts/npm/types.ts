/** The declarations of the packages, checked as compilers of users do. */

import { join } from "@std/path";
import ts from "npm:typescript@6.0.3";

/** Ways to resolve modules: of bundlers, and of Node. */
const RESOLUTIONS = [
  ["bundler", ts.ModuleResolutionKind.Bundler, ts.ModuleKind.ESNext],
  ["nodenext", ts.ModuleResolutionKind.NodeNext, ts.ModuleKind.NodeNext],
] as const;

/**
 * Checks `readme.ts` of a project and all declarations that it imports under `--strict`, as bundlers and as Node resolve modules.
 *
 * @throws {TypeError} If there is an error; the message has all.
 */
export function checkTypes(project: string): string {
  for (const [name, moduleResolution, module] of RESOLUTIONS) {
    const program = ts.createProgram([join(project, "readme.ts")], {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: [],
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      module,
      moduleResolution,
    });
    const faults = ts.getPreEmitDiagnostics(program);
    if (faults.length > 0) {
      throw new TypeError(
        `Cannot check the types by ${name}: ${
          ts.formatDiagnostics(faults, {
            getCurrentDirectory: () => project,
            getCanonicalFileName: (file) => file,
            getNewLine: () => "\n",
          })
        }`,
      );
    }
  }
  return `Types hold under --strict by ${RESOLUTIONS.map(([name]) => name).join(" and ")}`;
}

/** A plugin of `deno lint` that reports, as JSON, each change that may be made to a module: its parser is Deno's own. */
import { changesOf, isErrorText } from "./operators.ts";

const NODES = [
  "IfStatement",
  "ConditionalExpression",
  "BinaryExpression",
  "LogicalExpression",
  "UnaryExpression",
  "AssignmentPattern",
  "ExpressionStatement",
  "VariableDeclaration",
  "BlockStatement",
  "ObjectExpression",
] as const;

/** The plugin: its one rule reports changes. */
const PLUGIN: Deno.lint.Plugin = {
  name: "mutate",
  rules: {
    changes: {
      create(context) {
        const { sourceCode } = context;
        const text = ({ range }: { readonly range: Deno.lint.Range }) => sourceCode.text.slice(...range);
        const visit = (node: Deno.lint.Node): void => {
          if (isErrorText(node)) return;
          for (const change of changesOf(node, text)) {
            context.report({ node, message: JSON.stringify(change) });
          }
        };
        return Object.fromEntries(NODES.map((name) => [name, visit]));
      },
    },
  },
};

export default PLUGIN;

/** What may be changed at each node of a module's syntax tree. */
import type { Kind } from "./mutant.ts";

/** A change at a node: a piece of the text and what comes in its place. */
export interface Change {
  readonly kind: Kind;
  readonly range: readonly [start: number, end: number];
  readonly after: string;
}

type Node = Deno.lint.Node;
type TextOf = (node: { readonly range: Deno.lint.Range }) => string;

const MOVED: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const OPPOSITE: Readonly<Record<string, string>> = { "===": "!==", "!==": "===", "&&": "||", "||": "&&" };
const RESETS = /^(clear|delete|reset|fill|pop|shift|splice)$/;
const RELEASES =
  /^(dispose|release|free|destroy|close|unref|unmap|remove|terminate|unwatch|drop|trim|stop|abort)$/;

/** Statements of a branch: those of its block, or the one that it is. */
const statementsOf = (branch: Deno.lint.Statement): readonly Deno.lint.Statement[] =>
  branch.type === "BlockStatement" ? branch.body : [branch];

/** Whether `node` is part of what an error says. */
export function isErrorText(node: Node): boolean {
  for (let at: Node | undefined = node; at && at.type !== "Program"; at = (at as { parent?: Node }).parent) {
    if (at.type === "ThrowStatement") return true;
    if (at.type === "NewExpression" && /Error$/.test(nameOf(at.callee))) return true;
  }
  return false;
}

/** The last name of a callee or of a member: `dispose` of `a.b.dispose`. */
function nameOf(node: Node): string {
  if (node.type === "Identifier" || node.type === "PrivateIdentifier") return node.name;
  if (node.type === "MemberExpression") return nameOf(node.property);
  return node.type === "ChainExpression" ? nameOf(node.expression) : "";
}

/** Where the operator between two operands is. */
function operatorRange(left: Node, right: Node, operator: string, text: TextOf): readonly [number, number] {
  const between = text({ range: [left.range[1], right.range[0]] });
  const at = left.range[1] + between.indexOf(operator);
  return [at, at + operator.length];
}

function ofIf(node: Deno.lint.IfStatement, text: TextOf): Change[] {
  const { test, range } = node;
  const inverted = { range: test.range, after: `!(${text(test)})` };
  const last = statementsOf(node.consequent).at(-1)?.type ?? "";
  if (node.alternate !== null) return [{ kind: "negation", ...inverted }];
  if (last === "ThrowStatement") {
    return [{ kind: "guard", range, after: ";" }, { kind: "guard", ...inverted }];
  }
  if (/^(Return|Continue|Break)Statement$/.test(last)) {
    return [{ kind: "return", range, after: ";" }, { kind: "negation", ...inverted }];
  }
  return [{ kind: "negation", ...inverted }];
}

function ofBinary(node: Deno.lint.BinaryExpression | Deno.lint.LogicalExpression, text: TextOf): Change[] {
  const { left, right, operator } = node;
  const range = operatorRange(left, right, operator, text);
  const moved = MOVED[operator], opposite = OPPOSITE[operator];
  if (moved !== undefined) return [{ kind: "boundary", range, after: moved }];
  if (opposite !== undefined) return [{ kind: "negation", range, after: opposite }];
  if (operator === "??" && right.type === "Literal") return ofValue("default", right);
  const isOne = right.type === "Literal" && right.value === 1;
  if (!isOne || (operator !== "+" && operator !== "-")) return [];
  return [{ kind: "boundary", range: [left.range[1], right.range[1]], after: "" }];
}

/** Another value in the place of a number or a boolean. */
function ofValue(kind: Kind, node: Node): Change[] {
  if (node.type === "UnaryExpression" && node.operator === "-") {
    return [{ kind, range: node.range, after: "0" }];
  }
  if (node.type !== "Literal") return [];
  const { value, range } = node;
  if (typeof value === "boolean") return [{ kind, range, after: String(!value) }];
  if (typeof value !== "number") return [];
  if (kind === "default") return [{ kind, range, after: value === 0 ? "1" : `${value} * 2` }];
  const half = Number.isInteger(value) ? Math.floor(value / 2) : value / 2;
  return [{ kind, range, after: String(half) }, { kind, range, after: `${value} * 2` }];
}

function ofStatement(node: Deno.lint.ExpressionStatement): Change[] {
  const { range } = node, call = calledBy(node.expression);
  const without = (kind: Kind): Change[] => [{ kind, range, after: ";" }];
  if (call.type === "CallExpression") {
    if (call.callee.type === "Super") return [];
    const name = nameOf(call.callee);
    return without(RELEASES.test(name) ? "release" : RESETS.test(name) ? "reset" : "call");
  }
  if (call.type === "UpdateExpression") return without("reset");
  if (call.type !== "AssignmentExpression") return [];
  // What a constructor sets is read at once: every test would tell.
  const isInitial = call.left.type === "MemberExpression" && isInConstructor(node);
  return isInitial ? [] : without("reset");
}

/** Returns the call in `await a?.b()`. */
function calledBy(expression: Deno.lint.Expression): Node {
  if (expression.type === "AwaitExpression") return calledBy(expression.argument);
  return expression.type === "ChainExpression" ? expression.expression : expression;
}

function isInConstructor(node: Node): boolean {
  for (let at: Node | undefined = node; at && at.type !== "Program"; at = (at as { parent?: Node }).parent) {
    if (at.type === "MethodDefinition") return at.kind === "constructor";
  }
  return false;
}

/** Swaps neighboring statements of a block, calls or assignments, whose order may matter. */
function ofBlock({ body }: { readonly body: readonly Deno.lint.Statement[] }, text: TextOf): Change[] {
  const changes: Change[] = [];
  for (let i = 1; i < body.length; i++) {
    const first = body[i - 1]!, second = body[i]!;
    if (first.type !== "ExpressionStatement" || second.type !== "ExpressionStatement") continue;
    if (areApart(first.expression, second.expression, text)) continue;
    const between = text({ range: [first.range[1], second.range[0]] });
    const after = text(second) + between + text(first);
    changes.push({ kind: "swap", range: [first.range[0], second.range[1]], after });
  }
  return changes;
}

/**
 * Returns true if the order of two statements does not matter: two checks, either of which may throw first,
 * or two assignments without calls, neither of which mentions the target of the other.
 */
function areApart(first: Node, second: Node, text: TextOf): boolean {
  const isCheck = (node: Node): boolean =>
    node.type === "CallExpression" && /^check/.test(nameOf(node.callee));
  if (isCheck(first) && isCheck(second)) return true;
  if (first.type !== "AssignmentExpression" || second.type !== "AssignmentExpression") return false;
  const mentions = (node: Node, { left }: Deno.lint.AssignmentExpression): boolean =>
    new RegExp(`\\b${targetOf(left)}\\b`).test(text(node));
  return !/[(`]/.test(text(first) + text(second)) && !mentions(first, second) && !mentions(second, first);
}

/** Returns the name of an assignment target: `b` of `a.b` and of `a.b[i]`. */
function targetOf(left: Node): string {
  return left.type === "MemberExpression" && left.computed ? targetOf(left.object) : nameOf(left);
}

/** Changes values before a spread, which may override them: `{ lr: 0.1, ...options }`. */
function ofObject({ properties }: Deno.lint.ObjectExpression): Change[] {
  const last = properties.findLastIndex(({ type }) => type === "SpreadElement");
  return properties.slice(0, Math.max(last, 0)).flatMap((property) =>
    property.type === "Property" ? ofValue("default", property.value) : []
  );
}

function ofDeclaration(node: Deno.lint.VariableDeclaration, text: TextOf): Change[] {
  if (node.kind === "using" || node.kind === "await using") {
    const [start] = node.range, word = node.kind;
    return [{ kind: "release", range: [start, start + word.length], after: "const" }];
  }
  return node.declarations.flatMap(({ id, init }) => {
    if (init === null || !isConstant(text(id))) return [];
    return init.type === "ArrayExpression"
      ? init.elements.flatMap((element) => element === null ? [] : ofValue("limit", element))
      : ofValue("limit", init);
  });
}

const isConstant = (name: string): boolean => /^\[?[A-Z][A-Z0-9_]+\b/.test(name);

/** All changes at `node`. */
export function changesOf(node: Node, text: TextOf): Change[] {
  switch (node.type) {
    case "IfStatement":
      return ofIf(node, text);
    case "ConditionalExpression":
      return [{ kind: "negation", range: node.test.range, after: `!(${text(node.test)})` }];
    case "BinaryExpression":
    case "LogicalExpression":
      return ofBinary(node, text);
    case "UnaryExpression":
      return node.operator === "!"
        ? [{ kind: "negation", range: node.range, after: text(node.argument) }]
        : [];
    case "AssignmentPattern":
      return ofValue("default", node.right);
    case "ExpressionStatement":
      return ofStatement(node);
    case "VariableDeclaration":
      return ofDeclaration(node, text);
    case "BlockStatement":
      return ofBlock(node, text);
    case "ObjectExpression":
      return ofObject(node);
    default:
      return [];
  }
}

/** Expressions of WGSL as trees that know their types. */
import type { TokenReader } from "./tokens.ts";
import {
  builtinType,
  canonical,
  elementOf,
  isNumberType,
  literalType,
  merged,
  readType,
  TEMPLATES,
  withElements,
} from "./types.ts";

/** An expression. */
export interface Expression {
  readonly kind: "literal" | "name" | "unary" | "binary" | "call" | "index" | "member" | "group";
  /** The literal, name, operator, function or field. */
  readonly text: string;
  /** Its type. */
  readonly type: string;
  readonly parts: readonly Expression[];
  /** True for a name that is never assigned again. */
  readonly fixed?: boolean;
}

/** Types of what an expression may name. */
export interface Names {
  /** The type of a value. */
  value(name: string): string | undefined;
  /** True for a value that is never assigned again. */
  isFixed(name: string): boolean;
  /** The type that a function of the shader returns. */
  result(name: string): string | undefined;
  /** The type of a field of a structure. */
  field(structure: string, name: string): string | undefined;
}

/** Binary operators, those that bind least first. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!=", "<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Operators that compare. */
export const COMPARISONS: ReadonlySet<string> = new Set(LEVELS[5]);

/** Reads an expression. */
export function readExpression(reader: TokenReader, names: Names, level = 0): Expression {
  if (level === LEVELS.length) return readUnary(reader, names);
  let left = readExpression(reader, names, level + 1);
  for (;;) {
    const op = operatorAt(reader);
    if (!LEVELS[level]!.includes(op)) return left;
    takeOperator(reader, op);
    left = binary(op, left, readExpression(reader, names, level + 1));
  }
}

/** The operator that comes next. */
export function operatorAt(reader: TokenReader): string {
  let op = reader.peek();
  if (op !== ">") return op;
  for (let n = 0; reader.touches(n) && /^[>=]/.test(reader.peek(n + 1)) && op.length < 3; n++) {
    op += reader.peek(n + 1);
    if (op.endsWith("=")) break;
  }
  return op;
}

/** Reads an operator; those that begin with ">" are several words. */
export function takeOperator(reader: TokenReader, op: string): void {
  for (let n = op.startsWith(">") ? op.length : 1; n > 0; n--) reader.take();
}

/** The expression of two operands. */
export function binary(op: string, left: Expression, right: Expression): Expression {
  const type = op === "<<" || op === ">>" ? left.type : merged([left.type, right.type]);
  const compares = COMPARISONS.has(op) || op === "&&" || op === "||";
  return {
    kind: "binary",
    text: op,
    type: compares ? withElements(type, "bool") : type,
    parts: [left, right],
  };
}

function readUnary(reader: TokenReader, names: Names): Expression {
  const op = reader.peek();
  if (!["-", "!", "~", "&"].includes(op)) return readPostfix(reader, names);
  reader.take();
  const part = readUnary(reader, names);
  return { kind: "unary", text: op, type: part.type, parts: [part] };
}

function readPostfix(reader: TokenReader, names: Names): Expression {
  let value = readPrimary(reader, names);
  for (;;) {
    if (reader.accept("[")) {
      const index = readExpression(reader, names);
      reader.expect("]");
      value = { kind: "index", text: "", type: elementOf(value.type), parts: [value, index] };
    } else if (reader.accept(".")) {
      const text = reader.take();
      value = { kind: "member", text, type: memberType(value.type, text, names), parts: [value] };
    } else return value;
  }
}

function memberType(type: string, name: string, names: Names): string {
  if (type.startsWith("vec")) {
    return name.length === 1 ? elementOf(type) : `vec${name.length}<${elementOf(type)}>`;
  }
  const found = names.field(type, name);
  if (found === undefined) throw new TypeError(`Cannot read WGSL as ${type} has no field ${name}`);
  return found;
}

function readPrimary(reader: TokenReader, names: Names): Expression {
  if (reader.accept("(")) {
    const inner = readExpression(reader, names);
    reader.expect(")");
    return { kind: "group", text: "", type: inner.type, parts: [inner] };
  }
  const first = reader.peek();
  if (/^\d/.test(first)) {
    const text = reader.take();
    return { kind: "literal", text, type: literalType(text), parts: [] };
  }
  if (first === "true" || first === "false") {
    return { kind: "literal", text: reader.take(), type: "bool", parts: [] };
  }
  const text = TEMPLATES.has(first) ? readType(reader) : reader.take();
  if (!reader.accept("(")) {
    const type = names.value(text);
    if (type === undefined) throw new TypeError(`Cannot read WGSL as there is no value called ${text}`);
    return { kind: "name", text, type, parts: [], fixed: names.isFixed(text) };
  }
  const parts: Expression[] = [];
  while (!reader.accept(")")) {
    parts.push(readExpression(reader, names));
    reader.accept(",");
  }
  return { kind: "call", text, type: callType(text, parts, names), parts };
}

function callType(name: string, parts: readonly Expression[], names: Names): string {
  const own = names.result(name);
  if (own !== undefined) return own;
  if (name.startsWith("bitcast<")) return canonical(name.slice(8, -1));
  if (name.startsWith("array<")) return name;
  if (/^vec[234]$/.test(name)) return `${name}<${elementOf(merged(parts.map(({ type }) => type)))}>`;
  if (isNumberType(name)) return canonical(name);
  return builtinType(name, parts.map(({ type }) => type));
}

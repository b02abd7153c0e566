/** Shaders read statement by statement and written again, with expressions replaced. */
import {
  binary,
  type Expression,
  type Names,
  operatorAt,
  readExpression,
  takeOperator,
} from "./expression.ts";
import { TokenReader, tokensOf } from "./tokens.ts";
import { isFloat, readType } from "./types.ts";

/** A transformation of the expressions of a shader. */
export interface Writer {
  /** The text of an expression within the function called `within`. */
  expression(expression: Expression, within: string): string;
  /** Statements for `let name = value;` that replace it. */
  binding?(name: string, value: Expression, within: string): string;
}

/** The text of an expression, whose parts `part` gives. */
export function textOf(
  { kind, text, parts }: Expression,
  part: (expression: Expression) => string,
): string {
  const [a, b] = parts;
  switch (kind) {
    case "literal":
    case "name":
      return text;
    case "unary":
      return `${text}${part(a!)}`;
    case "binary":
      return `${part(a!)} ${text} ${part(b!)}`;
    case "call":
      return `${text}(${parts.map(part).join(", ")})`;
    case "index":
      return `${part(a!)}[${part(b!)}]`;
    case "member":
      return `${part(a!)}.${text}`;
    case "group":
      return `(${part(a!)})`;
  }
}

/** Writes `code` again, with the expressions inside of functions as `writer` has them. */
export function rewrite(code: string, writer: Writer): string {
  return new ModuleWriter(code, writer).write();
}

const ASSIGNMENTS = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);

class ModuleWriter implements Names {
  readonly #reader: TokenReader;
  readonly #writer: Writer;
  readonly #results = new Map<string, string>();
  readonly #fields = new Map<string, string>();
  readonly #scopes: Map<string, string>[] = [new Map()];
  readonly #variables: Set<string> = new Set();
  readonly #parameters = new Map<string, Map<string, string>>();
  #within = "";

  constructor(code: string, writer: Writer) {
    this.#writer = writer;
    const tokens = tokensOf(code);
    this.#declare(new TokenReader(tokens));
    this.#reader = new TokenReader(tokens);
  }

  value(name: string): string | undefined {
    return this.#scopes.findLast((scope) => scope.has(name))?.get(name);
  }

  isFixed(name: string): boolean {
    return !this.#variables.has(name);
  }

  result(name: string): string | undefined {
    return this.#results.get(name);
  }

  field(structure: string, name: string): string | undefined {
    return this.#fields.get(`${structure}.${name}`);
  }

  write(): string {
    const r = this.#reader, out: string[] = [];
    while (!r.done) {
      const word = r.take();
      out.push(word);
      // A directive ends its line.
      if (word === ";") out.push("\n");
      if (word !== "fn") continue;
      this.#within = r.peek();
      while (r.peek() !== "{") out.push(r.take());
      this.#scopes.push(this.#parameters.get(this.#within)!);
      out.push(this.#block(), "\n");
      this.#scopes.pop();
    }
    return out.join(" ");
  }

  /** Takes note of functions, structures and variables of the module. */
  #declare(r: TokenReader): void {
    let depth = 0;
    while (!r.done) {
      const word = r.take();
      if (word === "{") depth++;
      else if (word === "}") depth--;
      else if (word === "struct") {
        const name = r.take();
        for (const [field, type] of this.#fieldsOf(r, "{", "}")) this.#fields.set(`${name}.${field}`, type);
        this.#results.set(name, name);
      } else if (word === "fn") {
        const name = r.take();
        this.#parameters.set(name, this.#fieldsOf(r, "(", ")"));
        this.#results.set(name, r.accept("->") ? readType(r) : "nothing");
      } else if (word === "var" && depth === 0) {
        if (r.accept("<")) { while (!r.accept(">")) r.take(); }
        const name = r.take();
        r.expect(":");
        this.#scopes[0]!.set(name, readType(r));
        this.#variables.add(name);
      }
    }
  }

  /** Names and types of a list. */
  #fieldsOf(r: TokenReader, open: string, close: string): Map<string, string> {
    const found = new Map<string, string>();
    r.expect(open);
    while (!r.accept(close)) {
      while (r.accept("@")) {
        r.take();
        if (r.accept("(")) { while (!r.accept(")")) r.take(); }
      }
      const name = r.take();
      r.expect(":");
      found.set(name, readType(r));
      r.accept(",");
    }
    return found;
  }

  #expression(): Expression {
    return readExpression(this.#reader, this);
  }

  #text(expression: Expression): string {
    return this.#writer.expression(expression, this.#within);
  }

  #block(): string {
    const r = this.#reader, out = ["{"];
    r.expect("{");
    this.#scopes.push(new Map());
    while (!r.accept("}")) out.push(this.#statement());
    this.#scopes.pop();
    return [...out, "}"].join("\n");
  }

  #statement(): string {
    const r = this.#reader;
    switch (r.peek()) {
      case "{":
        return this.#block();
      case "if":
      case "while":
        return `${r.take()} (${this.#text(this.#expression())}) ${this.#block()} ${this.#otherwise()}`;
      case "for":
        return this.#loop();
      case "return":
        r.take();
        if (r.accept(";")) return "return;";
        return `return ${this.#closed(this.#text(this.#expression()))}`;
      default:
        return this.#closed(this.#simple());
    }
  }

  #otherwise(): string {
    const r = this.#reader;
    if (!r.accept("else")) return "";
    return `else ${r.peek() === "if" ? this.#statement() : this.#block()}`;
  }

  #loop(): string {
    const r = this.#reader;
    r.expect("for");
    r.expect("(");
    this.#scopes.push(new Map());
    const first = r.peek() === ";" ? "" : this.#simple();
    r.expect(";");
    const until = r.peek() === ";" ? "" : this.#text(this.#expression());
    r.expect(";");
    const next = r.peek() === ")" ? "" : this.#simple();
    r.expect(")");
    const body = this.#block();
    this.#scopes.pop();
    return `for (${first}; ${until}; ${next}) ${body}`;
  }

  #closed(text: string): string {
    this.#reader.expect(";");
    return text.endsWith(";") ? text : `${text};`;
  }

  /** A statement without its semicolon: a declaration, an assignment, a call. */
  #simple(): string {
    const r = this.#reader, word = r.peek();
    if (word === "let" || word === "var") return this.#declaration();
    if (word === "continue" || word === "break") return r.take();
    const target = this.#expression(), operator = operatorAt(r);
    if (operator === "++" || operator === "--") return this.#text(target) + r.take();
    if (!ASSIGNMENTS.has(operator)) return this.#text(target);
    takeOperator(r, operator);
    const value = this.#expression();
    if (operator === "=" || !isFloat(target.type)) {
      return `${this.#text(target)} ${operator} ${this.#text(value)}`;
    }
    const group: Expression = { kind: "group", text: "", type: value.type, parts: [value] };
    return `${this.#text(target)} = ${this.#text(binary(operator[0]!, target, group))}`;
  }

  #declaration(): string {
    const r = this.#reader, word = r.take(), name = r.take();
    const given = r.accept(":") ? readType(r) : undefined;
    const value = r.accept("=") ? this.#expression() : undefined;
    const text = word === "let" && this.#writer.binding !== undefined && value !== undefined
      ? this.#writer.binding(name, value, this.#within)
      : `${word} ${name}${given ? `: ${given}` : ""}${value ? ` = ${this.#text(value)}` : ""}`;
    this.#scopes.at(-1)!.set(name, given ?? value!.type);
    // A name that is a variable anywhere counts as one.
    if (word === "var") this.#variables.add(name);
    return text;
  }
}

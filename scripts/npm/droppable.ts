/** Marks classes and constants so that bundlers leave them out of a page that does not use them. */

import ts from "npm:typescript@6.0.3";

/** Helper in {@linkcode HELPERS} for disposable classes. */
export const DISPOSABLE: string = "__disposable";

/**
 * Adds the dispose method under a symbol that engines without `Symbol.dispose` (Firefox ESR) lack, where its key is
 * "undefined".
 */
export const DISPOSABLE_SOURCE: string = `function ${DISPOSABLE}({ prototype }, name) {
  if (Symbol[name] === undefined) {
    Object.defineProperty(prototype, Symbol.for("Symbol." + name), Object.getOwnPropertyDescriptor(prototype, "undefined"));
  }
}
`;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Static field that is never read, which bundlers drop together with its class only. */
const field = (number: number, value: string): string =>
  `static #_static${number} = /* @__PURE__ */ ${value};`;

/** Name of a method `Symbol.dispose` or `Symbol.asyncDispose`. */
function disposal(member: ts.ClassElement): string | undefined {
  if (!ts.isMethodDeclaration(member) || !ts.isComputedPropertyName(member.name)) return undefined;
  return /^Symbol\.(dispose|asyncDispose)\b/.exec(member.name.expression.getText())?.[1];
}

function editsOf(type: ts.ClassLikeDeclaration): Edit[] {
  const edits: Edit[] = [];
  const names = type.members.flatMap((member) => disposal(member) ?? []);
  for (const member of type.members) {
    const { end } = member, name = disposal(member), number = edits.length;
    // Without the symbols, the keys of two ways of disposal are the same.
    if (name !== undefined && names.length === 1) {
      edits.push({ start: member.name!.getStart(), end: member.name!.end, text: `[Symbol.${name}]` });
      edits.push({ start: end, end, text: `\n  ${field(number, `${DISPOSABLE}(this, "${name}")`)}` });
    } else if (ts.isClassStaticBlockDeclaration(member)) {
      edits.push({
        start: member.getStart(),
        end,
        text: field(number, `(() => ${member.body.getText()})()`),
      });
    }
  }
  return edits;
}

/** True if bundlers cannot tell by themselves that the expression does nothing: it calls something, or reads a property. */
function runs(node: ts.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isSpreadElement(node)) return true;
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return true;
  if (ts.isSpreadAssignment(node) || ts.isTemplateExpression(node)) return true;
  return ts.forEachChild(node, (child) => runs(child) || undefined) ?? false;
}

const pure = (expression: string): string => `/* @__PURE__ */ (() => ${expression})()`;

/** The initializer as a call that bundlers leave out with its constant. */
function initializer(node: ts.Expression): string {
  const text = node.getText();
  return runs(node) ? pure(ts.isObjectLiteralExpression(node) ? `(${text})` : text) : text;
}

/** Rewrites a declaration: `[A, B] = [f(), g()]` becomes two, which are left out one by one. */
function declarations({ name, initializer: value }: ts.VariableDeclaration): string | null {
  if (value === undefined) return null;
  if (ts.isIdentifier(name)) return `${name.text} = ${initializer(value)}`;
  if (!ts.isArrayBindingPattern(name) || !ts.isArrayLiteralExpression(value)) return null;
  const names = name.elements, values = value.elements;
  const plain = names.every((x) =>
    ts.isBindingElement(x) && ts.isIdentifier(x.name) && !x.initializer && !x.dotDotDotToken
  );
  if (!plain || names.length !== values.length || values.some(ts.isSpreadElement)) return null;
  return names.map((x, i) => `${x.getText()} = ${initializer(values[i]!)}`).join(", ");
}

function constants(source: ts.SourceFile): Edit[] {
  return source.statements.flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.flatMap((declaration): Edit[] => {
        const text = declarations(declaration);
        return text === null ? [] : [{ start: declaration.getStart(), end: declaration.end, text }];
      })
      : []
  );
}

/**
 * Marks definitions of a module that run code (constants, static blocks, methods with symbols that some engines lack),
 * so that bundlers may drop them. Modules of this project have no other effects when imported.
 */
export function makeDroppable(code: string): string {
  const source = ts.createSourceFile("module.js", code, ts.ScriptTarget.ESNext, true);
  const edits: Edit[] = constants(source),
    within = (node: ts.Node): boolean =>
      edits.some(({ start, end }) => start <= node.getStart() && node.end <= end && end > start);
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node) && !within(node)) edits.push(...editsOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  let made = code;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
    made = made.slice(0, start) + text + made.slice(end);
  }
  return made;
}

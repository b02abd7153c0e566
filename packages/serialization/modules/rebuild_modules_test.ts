import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { StateDict, type Tensor, zeros } from "@troodon/core";
import { device, Layer } from "../testdata/layer.ts";
import { rebuildModules } from "./rebuild_modules.ts";

const stateOf = (size: number): StateDict => new StateDict([["weight", zeros([size], { device })]]);

const text = (...modules: readonly (readonly [path: readonly string[], size: number])[]): string =>
  JSON.stringify({
    version: 1,
    modules: modules.map(([path, size]) => ({
      path,
      module: { class: "Layer", arguments: [size], evaluating: [], frozen: [] },
    })),
  });

const rebuild = (value: unknown, said: string): unknown =>
  rebuildModules(value, said, { file: "a.pth", classes: { Layer }, device });

Deno.test("rebuildModules() puts modules in the place of their states alone", () => {
  const loose = zeros([1], { device });
  const value = { list: [stateOf(2)], map: new Map<unknown, unknown>([["b", stateOf(3)]]), loose };
  const made = rebuild(value, text([["list", "0"], 2], [["map", "b"], 3])) as unknown as {
    list: Layer[];
    map: Map<string, Layer>;
    loose: Tensor;
  };
  assert(made.list[0] instanceof Layer && made.map.get("b") instanceof Layer);
  assertEquals([made.list[0].size, made.map.get("b")!.size, made.loose.isDisposed], [2, 3, false]);
  for (
    const [path, wrong] of [[["a"], 1], [["a"], [1]], [["a"], new Map([["weight", 1]])], [
      ["b"],
      null,
    ]] as const
  ) {
    assertThrows(() => rebuild({ a: wrong }, text([path, 2])), TypeError, "a module must have a state");
  }
});

/** Module with two child modules. */
class Pair extends Layer {
  constructor(readonly left: Layer, readonly right: Layer, readonly deep: unknown) {
    super(2);
  }
}

Deno.test("rebuildModules() makes a module among arguments once, however often it is named, and takes 200 levels", () => {
  const layer = (size: number) => ({ $: "module", class: "Layer", arguments: [size] });
  const nested = (depth: number): unknown => depth === 0 ? 7 : [nested(depth - 1)];
  const pair = (depth: number, ...parts: readonly unknown[]) => {
    const module = { class: "Pair", arguments: [...parts, nested(depth)], evaluating: [], frozen: [] };
    const said = JSON.stringify({ version: 1, modules: [{ path: [], module }] });
    return rebuildModules(stateOf(2), said, { file: "a.pth", classes: { Layer, Pair }, device }) as Pair;
  };
  const twins = pair(199, layer(2), { $: "same", number: 0 });
  assertStrictEquals(twins.left, twins.right);
  const others = pair(0, layer(2), layer(2));
  assert(others.left !== others.right);
  // The list of all arguments is the first level.
  assertThrows(() => pair(200, layer(2), layer(2)), TypeError, "arguments may lie 200 deep");
  assertThrows(() => pair(0, layer(2), { $: "same", number: 1 }), TypeError, "no argument of the kind");
});

Deno.test("rebuildModules() makes modules of three times their state and 2^20 elements at most", () => {
  const most = 3 * 5 + 2 ** 20;
  assertThrows(() => rebuild(stateOf(5), text([[], most])), RangeError, "Cannot make Layer of a.pth");
  assertThrows(() => rebuild(stateOf(5), text([[], most + 1])), TypeError, "larger than their state");
});

/** Module whose constructor makes tensors of one element, all of which live until the last one is made. */
class Scattered extends Layer {
  constructor(size: number, count: number) {
    super(size);
    for (const t of Array.from({ length: count }, () => zeros([1], { device }))) t.dispose();
  }
}

/** Module whose constructor allocates and frees a given number of four-byte elements. */
class Hungry extends Layer {
  constructor(size: number, count: number) {
    super(size);
    zeros([count], { device }).dispose();
  }
}

Deno.test("rebuildModules() lets constructors take eight bytes for each element that modules may have", () => {
  const hungry = (count: number): unknown => {
    const module = { class: "Hungry", arguments: [5, count], evaluating: [], frozen: [] };
    const said = JSON.stringify({ version: 1, modules: [{ path: [], module }] });
    return rebuildModules(stateOf(5), said, { file: "a.pth", classes: { Hungry }, device });
  };
  // In addition to the five elements of the module itself.
  const most = 2 * (3 * 5 + 2 ** 20) - 5;
  assert(hungry(most) instanceof Hungry);
  assertThrows(() => hungry(most + 1), TypeError, "larger than their state");
});

Deno.test("rebuildModules() lets constructors make no more small tensors than a state may have use for", () => {
  const many = (count: number): unknown => {
    const module = { class: "Scattered", arguments: [5, count], evaluating: [], frozen: [] };
    const said = JSON.stringify({ version: 1, modules: [{ path: [], module }] });
    return rebuildModules(stateOf(5), said, { file: "a.pth", classes: { Scattered }, device });
  };
  // The module itself has one, as has its state.
  assert(many(2 ** 12 + 1) instanceof Scattered);
  assertThrows(() => many(2 ** 12 + 2), TypeError, "larger than their state");
});

Deno.test("rebuildModules() counts the memory of constructors alone, and not what is made later", () => {
  const made = rebuild(stateOf(5), text([[], 5])) as unknown as Layer;
  // More than a module with such a state may allocate.
  zeros([2 ** 22], { device }).dispose();
  made.dispose();
});

Deno.test("rebuildModules() leaves nothing behind, whether it makes the modules or not", () => {
  const count = (): number => device.memory.buffers + device.memory.lost, before = count();
  const made = rebuild({ a: stateOf(2), b: stateOf(3) }, text([["a"], 2], [["b"], 3])) as unknown as Record<
    string,
    Layer
  >;
  assertEquals(count(), before + 2);
  for (const layer of Object.values(made)) layer.dispose();
  assertEquals(count(), before);
  for (
    const [modules, message] of [
      [text([["a"], 2], [["b"], 4]), "Cannot make Layer"],
      [text([["a"], 2], [["c"], 3]), "must have a state"],
      [text([["a"], 2], [["b"], 2 ** 22]), "larger than their state"],
      [text([["a"], 2]).replace("[2]", '[{"$":"other"}]'), "no argument of the kind"],
      ["{", "it is no JSON"],
    ] as const
  ) {
    assertThrows(() => rebuild({ a: stateOf(2), b: stateOf(3) }, modules), Error, message);
    assertEquals(count(), before, message);
  }
});

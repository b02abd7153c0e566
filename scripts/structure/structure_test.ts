import { assertEquals, assertStringIncludes } from "@std/assert";
import { findCircles } from "./circles.ts";
import { countCaches, faultsOf, LIMITS, type Limits } from "./limits.ts";
import { countOf, type Structure, structureOf } from "./structure.ts";

const of = (files: Readonly<Record<string, string>>): Structure =>
  structureOf(new Map(Object.entries(files)));

Deno.test("structureOf() counts files and folders of each folder", () => {
  const { folders } = of({
    "packages/nn/d.ts": "",
    "packages/core/ops/b.ts": "",
    "packages/core/ops/c.ts": "",
    "packages/core/ops/d.ts": "",
    "packages/core/a.ts": "",
  });
  assertEquals(folders.map(({ path, entries }) => [path, entries]), [
    ["packages/core/ops", 3],
    ["packages", 2],
    ["packages/core", 2],
    ["packages/nn", 1],
  ]);
});

Deno.test("structureOf() counts modules besides tests, and arrows between the rooms of a wing", () => {
  const { modules, wings } = of({
    "packages/core/ops/shape/a.ts": 'import { b } from "../base/b.ts"; import "../../a.ts"; import "./c.ts";',
    "packages/core/ops/shape/c.ts": 'import type { b } from "../base/deep/b.ts";',
    "packages/core/ops/shape/a_test.ts": 'import "../loss/d.ts";',
    "packages/core/ops/loss/d.ts": 'import "../shape/a.ts";',
    "packages/core/ops/base/b.ts": "",
    "packages/datasets/codec/a.ts": 'import type { B } from "../sets/b.ts";',
    "packages/datasets/sets/b.ts": 'import "../files/c.ts";',
    "packages/datasets/files/c.ts": 'import "../codec/a.ts"; import "../other/d.ts";',
    "packages/datasets/testdata/e.ts": 'import "../codec/a.ts";',
    "scripts/a.ts": "",
  });
  assertEquals(modules.slice(0, 2).map(({ path, modules }) => [path, modules]), [
    ["packages/core/ops/shape", 2],
    ["packages/core/ops/base", 1],
  ]);
  assertEquals(modules.length, 6);
  assertEquals(wings["packages/core/ops"], { rooms: 3, arrows: 2, back: [] });
  assertEquals(wings["packages/datasets"], {
    rooms: 3,
    arrows: 4,
    back: ["codec -> sets", "sets -> files", "files -> codec"],
  });
});

Deno.test("structureOf() finds caches of plans, maps by calls, and keys of text", () => {
  const { planCaches } = of({
    "packages/cpu/a.ts": "export class PlanCache<P> { #all = new Map<Body, P>(); } // class PlanCache",
    "packages/cpu/b.ts":
      'const known = new WeakMap<KernelContext, Plan[]>(), a = "class PlanCache", b = new Map<string, A>();',
    "packages/cpu/c.ts":
      "readonly #plans: KeyedCache<Plan>; readonly #groups: KeyedCache<Group>; new PlanCache();",
    "packages/webgpu/c.ts": "context.plan(`map${id}`, f); context.plan(`fill`, f); context.plan(call, f);",
    "packages/webgpu/d.ts": 'context.plan(key, f); context.plan("e", f);',
    "packages/webgpu/c_test.ts": "context.plan(`map`, f);",
    "packages/core/d.ts": "class PlanCache {}",
  });
  const place = (path: string, count = 1) => ({ path, count });
  assertEquals(planCaches, {
    cpu: {
      "a cache of plans": [place("packages/cpu/a.ts"), place("packages/cpu/c.ts")],
      "a map by calls": [place("packages/cpu/a.ts"), place("packages/cpu/b.ts")],
      "a key of text": [],
    },
    webgpu: {
      "a cache of plans": [],
      "a map by calls": [],
      "a key of text": [place("packages/webgpu/c.ts", 2), place("packages/webgpu/d.ts", 2)],
    },
  });
  assertEquals([countCaches(planCaches["cpu"]!), countCaches(planCaches["webgpu"]!)], [3, 1]);
});

Deno.test("structureOf() finds launches, writes and reads outside of backends and of the device", () => {
  const source =
    "x.device.launch(a); device.launchAll(b); this.device.backend.write(c); backend.readSync(d);";
  const { doors } = of({
    "packages/core/ops/a.ts": source,
    "packages/core/device.ts": source,
    "packages/core/reference/b.ts": source,
    "packages/cpu/c.ts": source,
    "packages/core/ops/a_test.ts": source,
  });
  const path = "packages/core/ops/a.ts";
  assertEquals(doors, {
    launch: [{ path, count: 2 }],
    write: [{ path, count: 1 }],
    read: [{ path, count: 1 }],
  });
});

Deno.test("structureOf() tells temporaries from modes, scopes, declarations and methods", () => {
  const { temporaries } = of({
    "packages/nn/a.ts": `
      using _ = noGrad(); using scope = new Scope(); using file = await open(); using all = averages.applied();
      const named = new DisposableStack(); using _layer = enterLayer(layer);
      using y = x.exp(); using z = add(x, noise), w = 1;
      using made = new DisposableStack(); steps((use) => y); optimizer.steps(2); function steps() {}
      return tidySync(() => tidy(f)); y.dispose(); made.dispose(y);`,
    "packages/cpu/b.ts": "using y = x.exp();",
  });
  const counts = Object.entries(temporaries).map(([name, places]) => [name, countOf(places)]);
  assertEquals(counts, [
    ["tidySync", 1],
    ["tidy", 1],
    ["using", 2],
    ["DisposableStack", 1],
    ["steps", 1],
    ["dispose()", 1],
  ]);
});

Deno.test("findCircles() finds circles of types where those of values are none", () => {
  const files = new Map([
    ["packages/nn/a.ts", 'import { b } from "./b.ts";'],
    ["packages/nn/b.ts", 'import type { C } from "./c.ts";'],
    ["packages/nn/c.ts", 'import { a } from "./a.ts"; import "./d.ts";'],
    ["packages/nn/d.ts", 'import { e } from "./e.ts";'],
    ["packages/nn/e.ts", 'import { d } from "./d.ts"; import "./e.ts";'],
  ]);
  const circle = ["packages/nn/a.ts", "packages/nn/b.ts", "packages/nn/c.ts"];
  const other = ["packages/nn/d.ts", "packages/nn/e.ts"];
  assertEquals(findCircles(files, "type"), [circle, other]);
  assertEquals(findCircles(files, "value"), [other]);
  const { circles } = structureOf(files);
  assertEquals(circles, { values: { nn: [other] }, types: { nn: [circle, other] } });
});

Deno.test("faultsOf() names what is beyond each limit, and nothing else", () => {
  const limits: Limits = { ...LIMITS, launchModules: ["packages/core/launch.ts"], typeCircles: { nn: 0 } };
  const fault = (message: string, files: Readonly<Record<string, string>>): void => {
    const faults = faultsOf(of(files), limits);
    assertEquals(faults.length, 1, faults.join("\n"));
    assertStringIncludes(faults[0]!, message);
  };
  assertEquals(
    faultsOf(
      of({
        "packages/cpu/a.ts": "class PlanCache {}",
        "packages/core/launch.ts": "device.launch(a);",
        "packages/train/b.ts": "using y = x.exp();",
        "packages/core/c.ts": 'import type { D } from "./d.ts";',
        "packages/core/d.ts": 'import { c } from "./c.ts";',
      }),
      limits,
    ),
    [],
  );
  const twice = {
    "packages/cpu/a.ts": "class PlanCache {}",
    "packages/cpu/b.ts": "a: ACache<Plan>; b: BCache<Plan>;",
  };
  assertEquals(faultsOf(of(twice), limits), [
    "cpu must have at most 1 cache of plans: current ones are a cache of plans in packages/cpu/a.ts, " +
    "packages/cpu/b.ts (2)",
  ]);
  fault("webgpu must have at most 0 keys of text: current ones are in packages/webgpu/b.ts", {
    "packages/webgpu/a.ts": "class PlanCache {}",
    "packages/webgpu/b.ts": "context.plan(`b`, f);",
  });
  fault("Only packages/core/launch.ts may launch: current modules that do as well are packages/nn/a.ts (2)", {
    "packages/nn/a.ts": "device.launch(a); device.launchAll(a);",
  });
  fault("steps may free temporaries in at most 0 places", { "packages/core/a.ts": "return steps(f);" });
  fault("DisposableStack may free", { "packages/nn/a.ts": "using s = new DisposableStack();" });
  fault("tidy may free", { "packages/optim/a.ts": "return tidy(f);" });
  fault("using may free", { "packages/optim/a.ts": "using y = x.exp();" });
  fault("At most 0 modules may be in circles of values", {
    "packages/core/a.ts": 'import { b } from "./b.ts";',
    "packages/core/b.ts": 'import { a } from "./a.ts";',
  });
  fault("A folder may have at most 40 modules: packages/nn has 41", {
    ...Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`packages/nn/a${i}.ts`, ""])),
    "packages/nn/a_test.ts": "",
  });
  fault("Rooms of packages/cpu/kernels may import in one direction: current arrows back are a -> b, b -> a", {
    "packages/cpu/kernels/a/c.ts": 'import type { d } from "../b/d.ts";',
    "packages/cpu/kernels/b/d.ts": "",
    "packages/cpu/kernels/b/e.ts": 'import { f } from "../a/f.ts";',
  });
  fault("circles of types in nn", {
    "packages/nn/a.ts": 'import { b } from "./b.ts";',
    "packages/nn/b.ts": 'import type { a } from "./a.ts";',
  });
});

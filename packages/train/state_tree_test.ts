import { assert, assertEquals } from "@std/assert";
import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { currentState, joinState, splitState } from "./state_tree.ts";

const device = new Device(new ReferenceBackend());
const [a, b] = [tensor([1, 2], { device }), tensor([3], { device })];

function split(state: unknown): { plain: unknown; tensors: Map<string, Tensor> } {
  const tensors = new Map<string, Tensor>();
  return { plain: splitState(state, "keep.0", tensors), tensors };
}

Deno.test("splitState() names tensors by their place, and leaves JSON-able data that joinState() takes back", () => {
  const state = {
    epoch: 3,
    best: null,
    rates: [0.1, 0.2],
    averages: [a, b],
    model: new Map([["fc.weight", b]]),
  };
  const { plain, tensors } = split(state);
  assertEquals([...tensors.keys()], ["keep.0.averages.0", "keep.0.averages.1", "keep.0.model.fc.weight"]);
  assert(tensors.get("keep.0.averages.1") === b);
  const read: unknown = JSON.parse(JSON.stringify(plain));
  assertEquals(read, plain);
  const joined = joinState(read, (name) => tensors.get(name)!);
  assertEquals(joined, state);
});

Deno.test("splitState() and joinState() leave plain values alone", () => {
  for (const value of [7, null, "text", true, [1, [2]], { x: {} }]) {
    const { plain, tensors } = split(value);
    assertEquals([plain, tensors.size], [value, 0]);
    assertEquals(joinState(plain, () => a), value);
  }
});

Deno.test("currentState() makes states of averages as earlier versions had them current ones", () => {
  const names = new Map([["keep.1.0", 0], ["keep.1.1", 0], ["keep.10.0", 0]]);
  const current = currentState(5, "keep.1", names);
  const joined = joinState(current, (name) => name === "keep.1.0" ? a : b);
  assertEquals(joined, { nAveraged: 5, averages: [a, b] });
  // A number without tensors, and everything else, is a state of its own.
  assertEquals(currentState(5, "keep.2", names), 5);
  assertEquals(currentState({ best: 1 }, "keep.1", names), { best: 1 });
});

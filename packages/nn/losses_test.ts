import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "@troodon/core";
import { BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, MultiMarginLoss, NLLLoss } from "./mod.ts";
import { useReference } from "./support_test.ts";

Deno.test("weights of losses are buffers, which move with the module", () => {
  useReference();
  const weight = tensor([0.5, 2]);
  for (const Loss of [BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, MultiMarginLoss, NLLLoss]) {
    const loss = new Loss({ weight: weight.clone() }).to("float64");
    assertEquals(
      [...loss.stateDict()].map(([name, t]) => [name, t.dtype]),
      [["weight", "float64"]],
      Loss.name,
    );
    assertEquals([...new Loss().stateDict()], []);
    assertEquals([...loss.parameters()], []);
  }
  const logits = new BCEWithLogitsLoss({ posWeight: weight.clone() });
  assertEquals([...logits.stateDict().keys()], ["pos_weight"]);
});

Deno.test("losses refuse weights that are no tensors", () => {
  useReference();
  const given = { weight: [1, 2] } as unknown as { weight: never };
  for (const Loss of [BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, MultiMarginLoss, NLLLoss]) {
    assertThrows(() => new Loss(given), TypeError, "Cannot ");
  }
});

/** The page that sets Troodon beside PyTorch says what the code says. */
import { assert, assertEquals } from "@std/assert";
import { PAGE, torchNames } from "../scripts/torch_names.ts";

Deno.test("packages/PYTORCH.md is what the code says", () => {
  assertEquals(
    Deno.readTextFileSync(PAGE) === torchNames(),
    true,
    "deno run -A scripts/torch_names.ts writes it anew",
  );
});

Deno.test("every scheduler of PyTorch is there", () => {
  assert(torchNames().includes("torch.optim.lr_scheduler: 16 of 16"));
});

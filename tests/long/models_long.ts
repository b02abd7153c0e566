/**
 * All classifiers of a file of the form of `tests/reference/models.json` have PyTorch's logits in float64 and float32. The
 * variable `TROODON_MODELS` names another file, such as one that `scripts/torch/models.py` wrote with other weights.
 */
import { DEVICES } from "../reference/devices.ts";
import { checkModel, readModels } from "../reference/model_logits.ts";

const { models, rule: { salt } } = await readModels(Deno.env.get("TROODON_MODELS"));

for (const reference of models) {
  for (const dtype of ["float64", "float32"] as const) {
    Deno.test(`getModel("${reference.name}") has PyTorch's logits in ${dtype}`, () => {
      const worst = checkModel(reference, { device: DEVICES[1]!, dtype, salt });
      console.log(`largest difference: ${worst.toPrecision(2)} of the tolerance`);
    });
  }
}
